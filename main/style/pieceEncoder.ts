/** Styled frames into pieces of a render: near-lossless, at the source's own ticks, in its colours. */
import type { Media, VideoStream } from '../../shared/media.ts';
import { flicks, frameDuration, subtract, type Flicks, type Rational } from '../../shared/time.ts';
import { matrixOf } from '../media/forms.ts';
import { fileUrl, startTool, type ToolRun } from '../media/process.ts';
import { RawFrameWriter, rawInput } from '../media/rawMatroska.ts';
import { uprightSize } from '../media/rgbFrames.ts';
import type { StyledFrame } from './types.ts';

/** How all pieces of a render are encoded: one stream can be made of them without encoding again. */
export interface PieceFormat {
  /** As the frames come. */
  width: number;
  height: number;
  alpha: boolean;
  timeBase: Rational;
  usualDuration: Flicks;
  filters: readonly string[];
  encoder: readonly string[];
}

export interface PieceSource {
  media: Media;
  video: VideoStream;
  /** The frames were mapped from HDR to BT.709. */
  toneMapped: boolean;
  /** Some frame may have transparent parts. */
  alpha: boolean;
  /** An ffmpeg filter that draws the label; null: none. */
  label: string | null;
}

/** Above this x264 gets a faster preset. */
const LARGE_PIXELS = 1920 * 1088;
/** x264 holds two frames a thread. */
const MOST_THREADS = 4;
/** Visually lossless with room for the export's own encoding: PSNR above 45 dB on film. */
const CRF = '11';

/** The format for frames of `size`. */
export function pieceFormat({ video, toneMapped, alpha, label }: PieceSource, size: { width: number; height: number }): PieceFormat {
  const upright = uprightSize(video);
  const colours = coloursOf(video, toneMapped, alpha || size.width !== upright.width);
  const { width, height } = size;
  const pixels = alpha ? 'yuva444p10le' : chromaOf(video, size);
  const even = /420|422/.test(pixels) && (width % 2 === 1 || height % 2 === 1);
  const { num, den } = video.sampleAspect;
  const aspect = num <= 0 ? '1' : video.rotation % 180 === 0 ? `${num}/${den}` : `${den}/${num}`;
  const tags = (Object.entries({ range: colours.range, color_primaries: colours.primaries, color_trc: colours.transfer, colorspace: colours.space }) as [string, string | null][]).flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
  return {
    width,
    height,
    alpha,
    timeBase: video.timeBase,
    usualDuration: video.frameRate.num > 0 ? frameDuration(video.frameRate) : flicks(0),
    filters: [
      ...(label ? [label] : []),
      // As an exact cut does with the source.
      ...(even ? ['crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0'] : []),
      `scale=flags=bicubic+accurate_rnd:out_color_matrix=${colours.matrix}:out_range=${colours.range === 'pc' ? 'full' : 'limited'}`,
      `format=${pixels}`,
      `setsar=${aspect}`,
      `setparams=${tags.join(':')}`,
    ],
    encoder: [...encoderOf(pixels, width * height), ...colourOptions(colours)],
  };
}

/** The source's chroma where the picture can have it: 4:2:0 and 4:2:2 need two pixels across or down. */
function chromaOf(video: VideoStream, { width, height }: { width: number; height: number }): string {
  const source = video.pixelFormat ?? 'yuv420p';
  if (width < 2 || height < 2 || /444|gbr|rgb|bgr|pal8/.test(source)) return 'yuv444p';
  return /422|yuyv|uyvy/.test(source) ? 'yuv422p' : 'yuv420p';
}

function encoderOf(pixels: string, size: number): string[] {
  if (pixels.startsWith('yuva')) return ['-c:v', 'prores_ks', '-profile:v', '4444', '-alpha_bits', '16', '-qscale:v', '3', '-vendor', 'apl0'];
  const large = size > LARGE_PIXELS;
  // Threads that share a frame hold no frames of their own.
  const slices = large ? ['-x264-params', 'sliced-threads=1'] : [];
  // No frame waits for a later one, so that decoding order is the order of time.
  return ['-c:v', 'libx264', '-preset', large ? 'superfast' : 'veryfast', '-crf', CRF, '-bf', '0', '-g', '50', '-threads', String(MOST_THREADS), ...slices];
}

interface Colours {
  matrix: string;
  range: 'tv' | 'pc';
  space: string | null;
  primaries: string | null;
  transfer: string | null;
}

/** The source's colours, so that a round trip changes nothing. `explicit`: what players guess from a picture's size must be said. */
function coloursOf(video: VideoStream, toneMapped: boolean, explicit: boolean): Colours {
  if (toneMapped) return { matrix: 'bt709', range: 'tv', space: 'bt709', primaries: 'bt709', transfer: 'bt709' };
  const { space, primaries, transfer, range } = video.colour;
  const format = video.pixelFormat ?? '';
  const isRgb = /gbr|rgb|bgr|pal8/.test(format);
  const matrix = isRgb ? (video.height > 576 ? 'bt709' : 'bt601') : matrixOf(video);
  const named = matrix === 'bt601' ? 'smpte170m' : matrix;
  const own = isRgb || space === 'gbr' ? null : space;
  const full = !isRgb && (range === 'pc' || format.startsWith('yuvj'));
  return { matrix, range: full ? 'pc' : 'tv', space: own ?? (explicit || isRgb ? named : null), primaries, transfer };
}

function colourOptions({ range, space, primaries, transfer }: Colours): string[] {
  const known = (option: string, value: string | null): string[] => (value ? [option, value] : []);
  return ['-color_range', range, ...known('-colorspace', space), ...known('-color_primaries', primaries), ...known('-color_trc', transfer)];
}

/** One piece being encoded to `path`, a QuickTime file whose clock begins with its first frame. */
export class PieceEncoder {
  readonly times: Flicks[] = [];
  readonly #run: ToolRun;
  readonly #writer: RawFrameWriter;
  readonly #format: PieceFormat;

  /** Throws what `startTool` does. */
  static async start(format: PieceFormat, path: string, { media, signal }: { media: Media; signal: AbortSignal }): Promise<PieceEncoder> {
    const { num, den } = format.timeBase;
    const run = await startTool(
      'ffmpeg',
      [
        ...rawInput(), '-map', '0:v', '-vf', format.filters.join(','), '-fps_mode', 'passthrough', '-enc_time_base', `${num}:${den}`,
        ...format.encoder, '-avoid_negative_ts', 'disabled', '-video_track_timescale', String(den), '-f', 'mov', '-y', fileUrl(path),
      ],
      { pipes: 0, input: true, signal, name: media.name, target: path, targetName: media.name },
    );
    return new PieceEncoder(run, format);
  }

  private constructor(run: ToolRun, format: PieceFormat) {
    this.#run = run;
    this.#format = format;
    const { width, height, usualDuration } = format;
    this.#writer = new RawFrameWriter(run, { width, height, pixels: format.alpha ? 'rgba' : 'rgb24', usualDuration });
  }

  /** Resolves when ffmpeg took the frame. Throws ExpectedError disk_full and what else ends ffmpeg; CancelledError. */
  async write(frame: StyledFrame): Promise<void> {
    const first = this.times[0] ?? frame.time;
    this.times.push(frame.time);
    await this.#writer.write(subtract(frame.time, first), frame.duration, this.#format.alpha ? withAlpha(frame) : frame.data);
  }

  /** Resolves when the file is whole. */
  end(): Promise<void> {
    return this.#writer.end();
  }

  async stop(): Promise<void> {
    this.#run.stop();
    await this.#run.done.catch(() => undefined);
  }
}

function withAlpha({ width, height, data, alpha }: StyledFrame): Uint8Array {
  const pixels = width * height;
  const rgba = new Uint8Array(pixels * 4);
  for (let i = 0, from = 0, to = 0; i < pixels; i += 1, from += 3, to += 4) {
    rgba[to] = data[from] ?? 0;
    rgba[to + 1] = data[from + 1] ?? 0;
    rgba[to + 2] = data[from + 2] ?? 0;
    rgba[to + 3] = alpha?.[i] ?? 255;
  }
  return rgba;
}
