/** Looks at a written file before it gets its name: streams, number and times of frames, length. */
import { basename } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import type { Media } from '../../shared/media.ts';
import { flicks, FLICKS_PER_SECOND, frameDuration, subtract, toSeconds, type Flicks } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { frameTimes } from '../media/syncFrames.ts';

export interface Expected {
  video: boolean;
  /** Number of audio streams. */
  audio: number;
  /** Times of the frames from the start of the output; null where they can't be told beforehand. */
  frames: Flicks[] | null;
  duration: Flicks;
}

/** Matroska stores milliseconds, so a time may move by half of one on the way in and out. */
const TIME_SLACK = (FLICKS_PER_SECOND / 1000) * 1.1;
/** A stream may begin this late: priming and rounding, less than two frames of sound. */
const START_SLACK = FLICKS_PER_SECOND / 25;
/** Less than the finest tick in use: a time that was rounded still finds its frame. */
const HALF_TICK = flicks(FLICKS_PER_SECOND / 196_000);
/** Sound ends on whole packets. */
const SOUND_SLACK = FLICKS_PER_SECOND / 8;

function fail(path: string, what: string): never {
  throw new ExpectedError('verify_failed', { name: basename(path), what });
}

/** Throws ExpectedError('verify_failed') when the file at `path` is not what was planned. Returns what it is. */
export async function verifyOutput(path: string, expected: Expected, signal?: AbortSignal): Promise<Media> {
  const media = await probeMedia(path, { signal }).catch((error: unknown) => {
    if (error instanceof ExpectedError) fail(path, error.code);
    throw error;
  });
  if ((media.video !== null) !== expected.video) fail(path, 'video');
  const audio = media.streams.filter((stream) => stream.kind === 'audio').length;
  if (audio !== expected.audio) fail(path, 'audio');
  if (media.video) await verifyFrames(path, media, expected, signal);
  else if (media.duration !== null && Math.abs(media.duration - expected.duration) > SOUND_SLACK) {
    fail(path, `duration ${toSeconds(media.duration)} ${toSeconds(expected.duration)}`);
  }
  return media;
}

async function verifyFrames(path: string, media: Media, expected: Expected, signal?: AbortSignal): Promise<void> {
  const far = flicks(media.startTime + (media.duration ?? expected.duration) + 10 * FLICKS_PER_SECOND);
  const times = await frameTimes(media, flicks(-10 * FLICKS_PER_SECOND), far, { signal });
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) fail(path, 'frames');
  if (expected.frames === null) return;
  if (times.length !== expected.frames.length) fail(path, `frames ${times.length} ${expected.frames.length}`);
  const shift = first - (expected.frames[0] ?? 0);
  if (Math.abs(shift) > START_SLACK) fail(path, `start ${toSeconds(flicks(shift))}`);
  const moved = times.findIndex((time, i) => Math.abs(time - shift - (expected.frames?.[i] ?? 0)) > TIME_SLACK);
  if (moved >= 0) fail(path, `time of frame ${moved}`);
  const frame = media.video && media.video.frameRate.num > 0 ? frameDuration(media.video.frameRate) : 0;
  const spread = last - first + frame - expected.duration;
  if (!media.video?.variableRate && spread > 1.5 * frame) fail(path, `duration ${toSeconds(flicks(spread))}`);
}

/** What one segment must be: the times of its frames are those of the source's packets. */
export async function expectedOf(
  segment: { from: Flicks; to: Flicks; held: Flicks | null },
  media: Media,
  streams: { video: boolean; audio: number },
  signal?: AbortSignal,
): Promise<Expected> {
  const duration = flicks(segment.to - segment.from);
  if (!streams.video) return { ...streams, frames: null, duration };
  const times = await frameTimes(media, subtract(segment.held ?? segment.from, HALF_TICK), subtract(segment.to, HALF_TICK), { signal });
  // VP8 stores frames that are never shown as packets of their own.
  const frames = media.video?.codec === 'vp8' ? null : times.map((time) => flicks(Math.max(time, segment.from) - segment.from));
  return { ...streams, frames, duration };
}
