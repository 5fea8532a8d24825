/** Small grey pictures of a video at a steady pace, as cheaply as they can be had. */
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { fromSeconds, subtract, toSeconds, type Flicks } from '../../shared/time.ts';
import { everyStep } from './forms.ts';
import { FrameAssembler, TimeLineReader } from './pipeReaders.ts';
import { fileUrl, inputOptions, pipeName, startTool } from './process.ts';

export interface GreyFrame {
  /** On the media's own clock. */
  time: Flicks;
  /** width * height bytes. */
  data: Uint8Array;
}

export interface GreyFramesOptions {
  /** Pixels of the long side; the short side follows in 16:9, upright for an upright picture. */
  side: number;
  /** Seconds: the first frame of each such step is taken. */
  step: number;
  /** Frames before this are left out. */
  from?: Flicks;
  signal?: AbortSignal;
}

/** Decoded before `from` and thrown away. */
const PREROLL = fromSeconds(1);

export function greySize(video: VideoStream, side: number): { width: number; height: number } {
  const short = Math.round((side * 9) / 16);
  return video.displayHeight > video.displayWidth ? { width: short, height: side } : { width: side, height: short };
}

/**
 * Frames in order, with the times that their packets carry (variable rates need no special case). Frames that no other rests on
 * aren't decoded and none is deblocked: at this size that can't be seen, and it takes half the time. ffmpeg waits while the consumer
 * works; leaving the loop stops it. Throws ExpectedError no_video and by `classifyFailure`; CancelledError.
 */
export async function* greyFrames(media: Media, options: GreyFramesOptions): AsyncGenerator<GreyFrame> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  const size = greySize(video, options.side);
  const reader = new TimeLineReader();
  const times: Flicks[] = [];
  const pictures: Uint8Array[] = [];
  const run = await startTool('ffmpeg', greyArguments(media, video, size, options), {
    pipes: 1,
    signal: options.signal,
    name: media.name,
    logLevel: 'level+error',
    onLogLine: (line) => {
      const read = reader.read(line);
      if (read !== null && read !== 'header') times.push(read.time ?? times.at(-1) ?? media.startTime);
      return read !== null;
    },
  });
  const assembler = new FrameAssembler(size.width * size.height, (data) => pictures.push(data));
  const from = options.from ?? null;
  try {
    for await (const chunk of run.pipes[0] ?? []) {
      assembler.push(chunk as Buffer);
      yield* paired(times, pictures, from);
    }
    await run.done;
  } catch (error) {
    await run.done;
    throw error;
  } finally {
    run.stop();
    // Who cancelled may count on it that nothing runs any more.
    await run.done.catch(() => undefined);
  }
  yield* paired(times, pictures, from);
}

function* paired(times: Flicks[], pictures: Uint8Array[], from: Flicks | null): Generator<GreyFrame> {
  const count = Math.min(times.length, pictures.length);
  const [ready, data] = [times.splice(0, count), pictures.splice(0, count)];
  for (const [index, time] of ready.entries()) {
    const picture = data[index];
    if (picture && (from === null || time >= from)) yield { time, data: picture };
  }
}

function greyArguments(media: Media, video: VideoStream, { width, height }: { width: number; height: number }, { step, from }: GreyFramesOptions): string[] {
  const { num, den } = video.timeBase;
  const target = from === undefined ? null : subtract(from, PREROLL);
  // Input seeking counts from the container's start time.
  const seek = target !== null && target > media.startTime ? ['-ss', toSeconds(subtract(target, media.startTime)).toFixed(9)] : [];
  return [
    '-skip_frame', 'noref', '-skip_loop_filter', 'all', '-max_error_rate', '1', '-nostats', '-copyts', ...seek, ...inputOptions(), '-i', fileUrl(media.path),
    '-filter_complex', `[0:${video.index}]${everyStep(step)},scale=${width}:${height}:flags=fast_bilinear,format=gray[grey]`,
    '-map', '[grey]', '-c:v', 'rawvideo', '-fps_mode', 'passthrough', '-enc_time_base', `${num}:${den}`,
    '-f', 'tee', `[f=rawvideo]${pipeName(0)}|[f=framecrc:flush_packets=1]pipe:2`,
  ];
}
