/**
 * Whether Chromium can be trusted with a file, told from ffprobe's facts: its media element shows no error for
 * several things it can't play (HEVC and ProRes give sound only, AC-3 is silent) and lands on wrong frames in Matroska.
 */
import type { AudioStream, Playability, VideoStream } from '../../shared/media.ts';
import { toSeconds } from '../../shared/time.ts';

type Reason = Extract<Playability, { how: 'proxy' }>['reasons'][number];

const PLAIN_420 = ['yuv420p', 'yuvj420p'];
const DEEP_420 = [...PLAIN_420, 'yuv420p10le'];
const PCM = ['pcm_u8', 'pcm_s16le', 'pcm_s24le', 'pcm_s32le', 'pcm_f32le', 'pcm_alaw', 'pcm_mulaw'];

interface Container {
  video: readonly string[];
  audio: readonly string[];
}
const CONTAINERS: Readonly<Record<string, Container>> = {
  mp4: { video: ['h264', 'av1', 'vp9'], audio: ['aac', 'mp3', 'opus', 'flac'] },
  webm: { video: ['vp8', 'vp9', 'av1'], audio: ['opus', 'vorbis'] },
  ogg: { video: [], audio: ['vorbis', 'opus', 'flac'] },
  mp3: { video: [], audio: ['mp3'] },
  flac: { video: [], audio: ['flac'] },
  wav: { video: [], audio: PCM },
};

/** Pixel formats that Chromium's software decoders show right, by codec. */
const PIXEL_FORMATS: Readonly<Record<string, readonly string[]>> = {
  h264: PLAIN_420,
  vp8: [...PLAIN_420, 'yuva420p'],
  vp9: [...DEEP_420, 'yuva420p'],
  av1: DEEP_420,
};

/** Seconds. Chromium takes an mp4's length for its last time, so that as much as it starts late can't be sought at its end. */
const LATEST_START = 0.1;

function startsLate(video: VideoStream | null, audio: AudioStream | null): boolean {
  const starts = [video, audio].flatMap((stream) => (stream ? [toSeconds(stream.startTime)] : []));
  return Math.min(...starts) > LATEST_START;
}

/** `format` as in Media: ffprobe's name, with "webm" told apart from "matroska". */
export function playabilityOf(format: string, video: VideoStream | null, audio: AudioStream | null, durationKnown: boolean): Playability {
  const names = format.split(',');
  const container = CONTAINERS[names.includes('mp4') ? 'mp4' : (names[0] ?? '')];
  const reasons: Reason[] = [];
  const anywhere = Object.values(CONTAINERS);
  if (!container) reasons.push('container');
  const codecs = container ? [container] : anywhere;
  if (video && !codecs.some((each) => each.video.includes(video.codec))) reasons.push('video_codec');
  else if (video && !PIXEL_FORMATS[video.codec]?.includes(video.pixelFormat ?? '')) reasons.push('pixel_format');
  if (audio && !codecs.some((each) => each.audio.includes(audio.codec))) reasons.push('audio_codec');
  // A browser's own recording has neither length nor cues: it plays, but can't be sought.
  if (container && !durationKnown) reasons.push('no_index');
  if (names.includes('mp4') && startsLate(video, audio)) reasons.push('late_start');
  return reasons.length === 0 ? { how: 'direct' } : { how: 'proxy', reasons };
}
