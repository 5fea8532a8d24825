/** Single pictures out of a video by one ffmpeg run, each with the exact time of its frame. */
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { flicks, fromSeconds, subtract, toSeconds, type Flicks } from '../../shared/time.ts';
import { exactly, jpegFilters, matrixOf, needsToneMap, pictureFilters } from './forms.ts';
import { LineSplitter, PacketAssembler, TimeLineReader } from './pipeReaders.ts';
import { fileUrl, inputOptions, pipeName, startTool } from './process.ts';

export interface Picture {
  time: Flicks;
  data: Uint8Array<ArrayBuffer>;
}

export interface GrabOptions {
  /** Options of the input: where to seek, what to skip. */
  input: readonly string[];
  /** An ffmpeg filter that picks frames, before scaling; '' for all. */
  select: string;
  limit: number;
  size: { width: number; height: number };
  /** `rgb24`: bare pixels, rows from the top. */
  format: 'jpeg' | 'png' | 'rgb24';
  /** JPEG quality on ffmpeg's scale: 2 (best) to 31; 4 when left out. */
  quality?: number;
  threads: number;
  signal?: AbortSignal;
}

/** Pictures in time order; fewer than `limit` when there are no more. Throws ExpectedError by `classifyFailure`, CancelledError. */
export async function grabPictures(media: Media, video: VideoStream, options: GrabOptions): Promise<Picture[]> {
  const toneMap = await needsToneMap(video);
  const run = await startTool('ffmpeg', grabArguments(media, video, options, toneMap), { pipes: 2, signal: options.signal, name: media.name });
  const pictures: Picture[] = [];
  const times: Flicks[] = [];
  const packets = new PacketAssembler((data) => pictures.push({ time: times[pictures.length] ?? media.startTime, data }));
  const reader = new TimeLineReader();
  const lines = new LineSplitter((line) => {
    const read = reader.read(line);
    if (read === null || read === 'header') return;
    times.push(read.time ?? media.startTime);
    packets.expect(read.bytes);
  });
  run.pipes[0]?.on('data', (chunk: Buffer) => packets.push(chunk));
  run.pipes[1]?.on('data', (chunk: Buffer) => lines.push(chunk));
  await run.done.catch((error: unknown) => {
    // A damaged place further on does not spoil the pictures before it.
    if (!(error instanceof ExpectedError && (error.code === 'file_damaged' || error.code === 'ffmpeg_failed'))) throw error;
  });
  return pictures;
}

function grabArguments(media: Media, video: VideoStream, options: GrabOptions, toneMap: boolean): string[] {
  const { num, den } = video.timeBase;
  const matrix = toneMap ? 'bt709' : matrixOf(video);
  const picture = options.format === 'jpeg' ? jpegFilters(video, options.size, toneMap) : `${pictureFilters(video, options.size, toneMap)},scale=in_color_matrix=${matrix},format=rgb24`;
  const filters = options.select === '' ? picture : `${options.select},${picture}`;
  return [
    '-threads', String(options.threads), '-max_error_rate', '1', '-copyts', ...options.input, ...inputOptions(), '-i', fileUrl(media.path),
    '-map', `0:${video.index}`, '-vf', filters, '-frames:v', String(options.limit), ...encoderOf(options), '-threads', '1',
    '-fps_mode', 'passthrough', '-enc_time_base', `${num}:${den}`,
    '-f', 'tee', `[f=image2pipe]${pipeName(0)}|[f=framecrc]${pipeName(1)}`,
  ];
}

function encoderOf({ format, quality }: GrabOptions): string[] {
  switch (format) {
    case 'jpeg':
      return ['-c:v', 'mjpeg', '-q:v', String(quality ?? 4)];
    case 'png':
      return ['-c:v', 'png'];
    case 'rgb24':
      return ['-c:v', 'rawvideo'];
  }
}

/**
 * The frames of exactly these times (each a frame's own, in order). Where a seek lands too late, as in transport streams, it
 * is tried from further before, at last from the beginning. Fewer come back when some can't be decoded.
 */
export async function grabExactly(media: Media, video: VideoStream, times: readonly Flicks[], options: Omit<GrabOptions, 'input' | 'select' | 'limit'>): Promise<Picture[]> {
  const select = exactly(video, times);
  let best: Picture[] = [];
  for (const seek of seeksBefore(media, times[0] ?? media.startTime)) {
    const pictures = await grabPictures(media, video, { ...options, input: seekOptions(media, seek), select, limit: times.length });
    if (pictures.length > best.length) best = pictures;
    if (best.length === times.length) break;
  }
  return best;
}

/** Where to seek to find the frame of `time`: just before it, well before it, the beginning (null). */
export function seeksBefore(media: Media, time: Flicks): (Flicks | null)[] {
  const places = [flicks(time - 1000), subtract(time, fromSeconds(12))].filter((place) => place > media.startTime);
  return [...places, null];
}

/** Seeks to the first frame at or after `time`; null: to the beginning. */
export function seekOptions(media: Media, time: Flicks | null): string[] {
  return time === null ? [] : ['-ss', toSeconds(subtract(time, media.startTime)).toFixed(6)];
}

/** Seeks to the sync frame at or before `time` and gives out sync frames only. */
export function seekToSync(media: Media, time: Flicks): string[] {
  return ['-skip_frame', 'nokey', '-noaccurate_seek', ...seekOptions(media, time > media.startTime ? time : null)];
}
