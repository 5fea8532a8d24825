/** Every frame of a range as rgb24, with its exact times: what pictures are made of before they are styled. */
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { add, flicks, FLICKS_PER_SECOND, frameDuration, fromSeconds, subtract, toSeconds, type Flicks } from '../../shared/time.ts';
import { matrixOf, needsToneMap, pictureFilters } from './forms.ts';
import { FrameAssembler, TimeLineReader } from './pipeReaders.ts';
import { fileUrl, inputOptions, pipeName, startTool, type ToolRun } from './process.ts';
import { cutTolerance } from './tolerance.ts';

export interface MediaFrame {
  width: number;
  height: number;
  /** width * height * 3 bytes; owns its whole ArrayBuffer. */
  data: Uint8Array<ArrayBuffer>;
  /** width * height bytes where the source has transparency and frames are of full size; else null. */
  alpha: Uint8Array<ArrayBuffer> | null;
  /** On the media's own clock. */
  time: Flicks;
  /** Until the next frame; the last one's as the file says it. */
  duration: Flicks;
}

export interface RgbFramesOptions {
  from: Flicks;
  /** End exclusive; null: the last frame. */
  to: Flicks | null;
  /** Pixels. Null: as coded and turned upright, pixels as wide as the source's. */
  size: { width: number; height: number } | null;
  signal?: AbortSignal;
  /** Called when the decoder gave up before the end; the frames before it were given out. */
  onDamaged?: () => void;
}

/** Above this many pixels the decoder gets two threads, for each holds frames of its own. */
const LARGE_PIXELS = 2560 * 1440;
/** Converting with chroma interpolated and rounding done right: there and back PSNR is 68 dB, with plain bicubic 49. */
const FULL_SIZE_FLAGS = 'bicubic+accurate_rnd+full_chroma_int';

/** Size of a frame as decoded and turned upright. */
export function uprightSize(video: VideoStream): { width: number; height: number } {
  return video.rotation % 180 === 0 ? { width: video.width, height: video.height } : { width: video.height, height: video.width };
}

/** True where `rgbFrames` at full size gives the transparency too. */
export function keepsAlpha(video: VideoStream): boolean {
  return /^(yuva|gbrap|ya\d|rgba|bgra|argb|abgr|pal8)/.test(video.pixelFormat ?? '') && video.hdr === 'none';
}

/**
 * The frames of [from, to) in order, the one shown at `from` first (the first of all where none is), each with the times that its
 * packets carry: the frames that an exact cut takes. Upright, deinterlaced, HDR mapped to BT.709. ffmpeg waits while the consumer works;
 * leaving the loop stops it. Holds two frames. Throws ExpectedError no_video, file_damaged (no frame could be decoded) and by
 * `classifyFailure`; CancelledError.
 */
export async function* rgbFrames(media: Media, options: RgbFramesOptions): AsyncGenerator<MediaFrame> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  const tolerance = cutTolerance(media);
  const to = options.to === null ? null : flicks(Math.ceil(options.to - tolerance));
  const toneMap = await needsToneMap(video);
  for (const place of placesToStart(media, video, options.from)) {
    const decoded = withDurations(decodeFrom(media, video, { ...options, to, place, toneMap }));
    let [begun, given] = [false, false];
    let before: MediaFrame | null = null;
    try {
      for await (const frame of decoded) {
        // Landed after the frame shown at `from`: once more from further before.
        if (!begun && place.seek !== null && frame.time > options.from) break;
        begun = true;
        before = add(frame.time, frame.duration) <= options.from ? frame : null;
        if (before) continue;
        given = true;
        yield frame;
      }
    } finally {
      await decoded.return(undefined);
    }
    throwIfCancelled(options.signal);
    // The last one's own length may be a guess: it is on screen until another comes.
    if (before && !given) yield before;
    if (begun) return;
  }
  throw new ExpectedError('file_damaged', { name: media.name });
}

interface Place {
  /** Where to seek; null: read from the beginning. */
  seek: Flicks | null;
  /** Frames before this are decoded, but not converted. */
  first: Flicks | null;
}

/**
 * Where to start reading, tried in turn. In Matroska and transport streams H.264 marks places where the picture is refreshed gradually
 * as sync frames too, so decoding starts a second earlier there. A frame may be on screen for long: then later tries look further before.
 */
function placesToStart(media: Media, video: VideoStream, from: Flicks): Place[] {
  const preroll = media.format.includes('mp4') ? 0 : 1;
  const usual = Math.max(0.25, video.frameRate.num > 0 ? (3 * frameDuration(video.frameRate)) / FLICKS_PER_SECOND : 0);
  const places = [usual, 4, 40].map((slack): Place => {
    const first = subtract(from, fromSeconds(slack));
    return { seek: subtract(first, fromSeconds(preroll)), first };
  });
  return [...places.filter(({ seek }) => seek !== null && seek > media.startTime), { seek: null, first: null }];
}

type Bare = Omit<MediaFrame, 'duration'> & { own: Flicks };

/** A frame is given out when the next one's time is known. */
async function* withDurations(frames: AsyncGenerator<Bare>): AsyncGenerator<MediaFrame> {
  let before: Bare | null = null;
  for await (const frame of frames) {
    if (before) yield timed(before, subtract(frame.time, before.time));
    before = frame;
  }
  if (before) yield timed(before, before.own);
}

function timed({ own: _own, ...frame }: Bare, duration: Flicks): MediaFrame {
  return { ...frame, duration };
}

interface DecodeOptions extends Omit<RgbFramesOptions, 'from'> {
  place: Place;
  toneMap: boolean;
}

async function* decodeFrom(media: Media, video: VideoStream, options: DecodeOptions): AsyncGenerator<Bare> {
  const size = options.size ?? uprightSize(video);
  const alpha = options.size === null && keepsAlpha(video);
  const times = new Times(media, video);
  const run = await startTool('ffmpeg', decodeArguments(media, video, size, alpha, options), {
    pipes: 1,
    signal: options.signal,
    name: media.name,
    logLevel: 'level+error',
    onLogLine: (line) => times.read(line),
  });
  void run.done.then(() => times.end(), () => times.end());
  const pictures: Uint8Array<ArrayBuffer>[] = [];
  const pixels = size.width * size.height;
  const assembler = new FrameAssembler(pixels * (alpha ? 4 : 3), (data) => pictures.push(data));
  let given = 0;
  try {
    for await (const chunk of run.pipes[0] ?? []) {
      assembler.push(chunk as Buffer);
      for (let data = pictures.shift(); data; data = pictures.shift()) {
        const line = await times.next();
        if (!line) break;
        given += 1;
        yield { ...size, ...(alpha ? splitAlpha(data, pixels) : { data, alpha: null }), ...line };
      }
    }
    await endOf(run, given, options);
  } catch (error) {
    // A pipe broken by cancelling says so only through the run.
    await endOf(run, given, options);
    throw error;
  } finally {
    run.stop();
    // Who cancelled may count on it that nothing runs any more.
    await run.done.catch(() => undefined);
  }
}

/** What was decoded before the decoder gave up counts. */
async function endOf(run: ToolRun, given: number, { onDamaged }: DecodeOptions): Promise<void> {
  await run.done.catch((error: unknown) => {
    if (!(error instanceof ExpectedError && error.code === 'file_damaged' && given > 0)) throw error;
    onDamaged?.();
  });
}

/** Times of the frames, which come by another way than their bytes. */
class Times {
  private readonly reader = new TimeLineReader();
  private readonly lines: { time: Flicks; own: Flicks }[] = [];
  private readonly media: Media;
  private readonly usual: Flicks;
  private last: { time: Flicks; own: Flicks } | null = null;
  private ended = false;
  private wake: () => void = () => undefined;

  constructor(media: Media, video: VideoStream) {
    this.media = media;
    this.usual = video.frameRate.num > 0 ? frameDuration(video.frameRate) : flicks(0);
  }

  read(line: string): boolean {
    const read = this.reader.read(line);
    if (read === null) return false;
    if (read === 'header') return true;
    const time = read.time ?? (this.last ? add(this.last.time, this.last.own) : this.media.startTime);
    this.last = { time, own: read.duration > 0 ? read.duration : this.usual };
    this.lines.push(this.last);
    this.wake();
    return true;
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  /** Null when the run has ended and no time is left. */
  async next(): Promise<{ time: Flicks; own: Flicks } | null> {
    while (this.lines.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    return this.lines.shift() ?? null;
  }
}

function splitAlpha(rgba: Uint8Array, pixels: number): { data: Uint8Array<ArrayBuffer>; alpha: Uint8Array<ArrayBuffer> } {
  const data = new Uint8Array(pixels * 3);
  const alpha = new Uint8Array(pixels);
  for (let i = 0, from = 0, to = 0; i < pixels; i += 1, from += 4, to += 3) {
    data[to] = rgba[from] ?? 0;
    data[to + 1] = rgba[from + 1] ?? 0;
    data[to + 2] = rgba[from + 2] ?? 0;
    alpha[i] = rgba[from + 3] ?? 0;
  }
  return { data, alpha };
}

function decodeArguments(media: Media, video: VideoStream, size: { width: number; height: number }, alpha: boolean, { place, to, toneMap, ...options }: DecodeOptions): string[] {
  const { num, den } = video.timeBase;
  const ticks = (time: Flicks, round: (value: number) => number): number => round((time / FLICKS_PER_SECOND) * (den / num));
  const start = place.first === null ? '' : `start_pts=${ticks(place.first, Math.floor)}`;
  const end = to === null ? '' : `end_pts=${ticks(to, Math.ceil)}`;
  const bounds = [start, end].filter((each) => each !== '').join(':');
  const interlaced = video.fieldOrder !== null && video.fieldOrder !== 'progressive';
  const filters = [
    `settb=expr=${num}/${den}`,
    ...(bounds === '' ? [] : [`trim=${bounds}`]),
    ...(interlaced ? ['yadif=mode=send_frame:deint=interlaced'] : []),
    toRgb(video, size, toneMap, options.size === null),
    `format=${alpha ? 'rgba' : 'rgb24'}`,
  ];
  const seek = place.seek === null ? [] : ['-ss', toSeconds(subtract(place.seek, media.startTime)).toFixed(9), '-noaccurate_seek'];
  const large = video.width * video.height > LARGE_PIXELS;
  return [
    ...(large ? ['-threads', '2'] : []), '-max_error_rate', '1', '-nostats', '-copyts', ...seek, ...inputOptions(), '-i', fileUrl(media.path),
    '-filter_complex', `[0:${video.index}]${filters.join(',')}[rgb]`,
    '-map', '[rgb]', '-c:v', 'rawvideo', '-fps_mode', 'passthrough', '-enc_time_base', `${num}:${den}`,
    // The times first: they are there when the bytes are.
    '-f', 'tee', `[f=framecrc:flush_packets=1]pipe:2|[f=rawvideo]${pipeName(0)}`,
  ];
}

function toRgb(video: VideoStream, size: { width: number; height: number }, toneMap: boolean, full: boolean): string {
  const flags = full ? FULL_SIZE_FLAGS : 'bicubic';
  if (toneMap) return `${pictureFilters(video, size, true)},scale=flags=${flags}:in_color_matrix=bt709`;
  return `scale=${size.width}:${size.height}:flags=${flags}:in_color_matrix=${matrixOf(video)}`;
}
