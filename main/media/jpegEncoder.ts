/** Many raw pictures into JPEGs by few ffmpeg processes: one for each size met, which lives until `close`. */
import { throwIfCancelled } from '../../shared/errors.ts';
import { PacketAssembler, TimeLineReader } from './pipeReaders.ts';
import { pipeName, startTool, type ToolRun } from './process.ts';

export interface RawPicture {
  width: number;
  height: number;
  /** width * height * 3 bytes, rgb24. */
  data: Uint8Array;
}

export interface JpegEncoderOptions {
  /** On ffmpeg's scale: 2 (best) to 31. */
  quality: number;
  /** For the sentence of an error. */
  name: string;
  /** Drawn into every picture: an ffmpeg filter. */
  filter?: string;
  signal?: AbortSignal;
}

/** One ffmpeg that turns pictures of one size into JPEGs. */
class SizedEncoder {
  readonly #run: ToolRun;
  readonly #waiting: { resolve: (jpeg: Uint8Array<ArrayBuffer>) => void; reject: (error: unknown) => void }[] = [];

  private constructor(run: ToolRun) {
    this.#run = run;
  }

  static async start({ width, height }: RawPicture, targetHeight: number, { quality, name, filter, signal }: JpegEncoderOptions): Promise<SizedEncoder> {
    const reader = new TimeLineReader();
    const packets = new PacketAssembler((jpeg) => encoder?.give(jpeg));
    let encoder: SizedEncoder | null = null;
    const scale = targetHeight === height ? '' : `scale=${Math.max(1, Math.round((width * targetHeight) / height))}:${targetHeight}:flags=area,`;
    const drawn = filter ? `${filter},` : '';
    const run = await startTool(
      'ffmpeg',
      [
        '-probesize', '32', '-analyzeduration', '0', '-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${width}x${height}`, '-i', 'pipe:0',
        '-map', '0:v', '-vf', `${scale}${drawn}scale=flags=bicubic+accurate_rnd:out_color_matrix=bt601:out_range=full,format=yuvj420p`,
        '-c:v', 'mjpeg', '-q:v', String(quality), '-threads', '1', '-fps_mode', 'passthrough',
        '-f', 'tee', `[f=framecrc:flush_packets=1]pipe:2|[f=image2pipe:flush_packets=1]${pipeName(0)}`,
      ],
      {
        pipes: 1,
        input: true,
        signal,
        name,
        logLevel: 'level+error',
        onLogLine: (line) => {
          const read = reader.read(line);
          if (read !== null && read !== 'header') packets.expect(read.bytes);
          return read !== null;
        },
      },
    );
    encoder = new SizedEncoder(run);
    run.pipes[0]?.on('data', (chunk: Buffer) => packets.push(chunk));
    encoder.#failWithRun();
    return encoder;
  }

  give(jpeg: Uint8Array<ArrayBuffer>): void {
    this.#waiting.shift()?.resolve(jpeg);
  }

  #failWithRun(): void {
    const fail = (error: unknown): void => {
      for (const each of this.#waiting.splice(0)) each.reject(error);
    };
    this.#run.done.then(() => fail(new Error('the JPEG encoder ended early')), fail);
  }

  encode({ data }: RawPicture): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      // A write that fails says why through the run's end.
      this.#run.input?.write(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    });
  }

  async close(): Promise<void> {
    this.#run.stop();
    await this.#run.done.catch(() => undefined);
  }
}

/** Encodes pictures of any sizes. Call `close` at the end. */
export class JpegEncoder {
  readonly #options: JpegEncoderOptions;
  readonly #bySize = new Map<string, Promise<SizedEncoder>>();

  constructor(options: JpegEncoderOptions) {
    this.#options = options;
  }

  /** A JPEG of the picture, scaled to `height` when given. Throws ExpectedError by `classifyFailure`, CancelledError. */
  async encode(picture: RawPicture, height = picture.height): Promise<Uint8Array<ArrayBuffer>> {
    throwIfCancelled(this.#options.signal);
    const key = `${picture.width}x${picture.height} ${height}`;
    let encoder = this.#bySize.get(key);
    if (!encoder) {
      encoder = SizedEncoder.start(picture, height, this.#options);
      this.#bySize.set(key, encoder);
    }
    return (await encoder).encode(picture);
  }

  /** Ends the processes; pictures under way are lost. */
  async close(): Promise<void> {
    const encoders = await Promise.allSettled(this.#bySize.values());
    this.#bySize.clear();
    await Promise.all(encoders.map(async (each) => (each.status === 'fulfilled' ? each.value.close() : undefined)));
  }
}
