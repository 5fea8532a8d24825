/** Facts of a made-up media, for tests of what the window does with them. */
import type { ShotEvent, TagEvent } from '../../shared/events.ts';
import { mediaSchema, type Media } from '../../shared/media.ts';
import { fromSeconds } from '../../shared/time.ts';

export const MEDIA_ID = 'a'.repeat(32);

export function someMedia(seconds = 60, id = MEDIA_ID, name = 'holiday.mp4'): Media {
  const rate = { num: 25, den: 1 };
  const video = {
    kind: 'video',
    index: 0,
    codec: 'h264',
    profile: 'High',
    width: 1280,
    height: 720,
    displayWidth: 1280,
    displayHeight: 720,
    rotation: 0,
    sampleAspect: { num: 1, den: 1 },
    frameRate: rate,
    variableRate: false,
    timeBase: { num: 1, den: 12_800 },
    pixelFormat: 'yuv420p',
    bitDepth: 8,
    hasAlpha: false,
    hdr: 'none',
    colour: { space: null, primaries: null, transfer: null, range: null },
    fieldOrder: null,
    startTime: 0,
    duration: fromSeconds(seconds),
    frames: seconds * 25,
    bitRate: null,
    language: null,
    isDefault: true,
  };
  return mediaSchema.parse({
    id,
    name,
    path: `/videos/${name}`,
    bytes: 1000,
    modifiedMs: 0,
    format: 'mov,mp4',
    duration: fromSeconds(seconds),
    startTime: 0,
    streams: [video],
    video,
    audio: null,
    playability: { how: 'direct' },
  });
}

/** Shot `index` of a film of shots of one second. */
export function someShot(index: number): ShotEvent {
  return {
    type: 'shot',
    index,
    start: fromSeconds(index),
    end: fromSeconds(index + 1),
    startFrame: index * 25,
    endFrame: (index + 1) * 25,
    transitionIn: index === 0 ? 'start' : 'cut',
    confidence: 1,
  };
}

export function someTag(shot: number, label: string, score: number): TagEvent {
  return { type: 'tag', shot, label, score, source: 'coco', detections: [] };
}
