/**
 * Raw pictures into ffmpeg with their own presentation times: a live Matroska stream (RFC 9559) of uncompressed frames, for a
 * rawvideo pipe knows no times and a variable frame rate would be lost. One tick is a nanosecond, which is finer than half a tick of
 * any time base in use, so that rounding gives back the source's ticks.
 */
import { FLICKS_PER_SECOND, type Flicks } from '../../shared/time.ts';
import { inputOptions, type ToolRun } from './process.ts';

export interface RawFormat {
  width: number;
  height: number;
  /** `rgba`: straight alpha, 4 bytes a pixel. */
  pixels: 'rgb24' | 'rgba';
  /** How long a frame usually is; only a hint for encoders. */
  usualDuration: Flicks;
}

/** ffmpeg's names of the two layouts as FourCC (libavcodec/raw.c). */
const FOURCC = { rgb24: Buffer.from([0x52, 0x47, 0x42, 24]), rgba: Buffer.from('RGBA', 'latin1') } as const;
const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

/** Options that make ffmpeg read the stream from `pipe:0`, without waiting for more than the header before it starts. */
export function rawInput(): string[] {
  return ['-probesize', '32', '-analyzeduration', '0', '-copyts', '-thread_queue_size', '1', ...inputOptions(), '-f', 'matroska', '-i', 'pipe:0'];
}

function element(id: number, content: Buffer): Buffer {
  const name = Buffer.from(id.toString(16), 'hex');
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n));
  return Buffer.concat([name, size, content]);
}

function unsigned(id: number, value: number): Buffer {
  const content = Buffer.alloc(8);
  content.writeBigUInt64BE(BigInt(value));
  return element(id, content);
}

const text = (id: number, value: string): Buffer => element(id, Buffer.from(value, 'latin1'));

function toNanoseconds(time: Flicks): number {
  return Math.round((time / FLICKS_PER_SECOND) * 1e9);
}

function header({ width, height, pixels, usualDuration }: RawFormat): Buffer {
  const ebml = element(0x1a45dfa3, Buffer.concat([
    unsigned(0x4286, 1), unsigned(0x42f7, 1), unsigned(0x42f2, 4), unsigned(0x42f3, 8), text(0x4282, 'matroska'), unsigned(0x4287, 4), unsigned(0x4285, 2),
  ]));
  const info = element(0x1549a966, Buffer.concat([unsigned(0x2ad7b1, 1), text(0x4d80, 'Rushes'), text(0x5741, 'Rushes')]));
  const picture = element(0xe0, Buffer.concat([unsigned(0xb0, width), unsigned(0xba, height), element(0x2eb524, FOURCC[pixels])]));
  const track = element(0xae, Buffer.concat([
    unsigned(0xd7, 1), unsigned(0x73c5, 1), unsigned(0x83, 1), unsigned(0x9c, 0),
    ...(usualDuration > 0 ? [unsigned(0x23e383, toNanoseconds(usualDuration))] : []), text(0x86, 'V_UNCOMPRESSED'), picture,
  ]));
  return Buffer.concat([ebml, Buffer.from('18538067', 'hex'), UNKNOWN_SIZE, info, element(0x1654ae6b, track)]);
}

/** Everything before a frame's bytes: a cluster of its own with one block. */
function frameHeader(time: Flicks, duration: Flicks, bytes: number): Buffer {
  const block = Buffer.from([0x81, 0, 0, 0]);
  const length = unsigned(0x9b, toNanoseconds(duration));
  const blockSize = block.length + bytes;
  const opened = (id: string, size: number): Buffer => {
    const start = Buffer.alloc(id.length / 2 + 8);
    start.write(id, 'hex');
    start.writeBigUInt64BE(BigInt(size) | (1n << 56n), id.length / 2);
    return start;
  };
  const groupSize = length.length + 1 + 8 + blockSize;
  const clock = unsigned(0xe7, toNanoseconds(time));
  const clusterSize = clock.length + 1 + 8 + groupSize;
  return Buffer.concat([opened('1f43b675', clusterSize), clock, opened('a0', groupSize), length, opened('a1', blockSize), block]);
}

/** Writes frames to a run that was started with `rawInput()` and `input: true`. */
export class RawFrameWriter {
  readonly #run: ToolRun;
  readonly #format: RawFormat;
  #begun = false;

  constructor(run: ToolRun, format: RawFormat) {
    this.#run = run;
    this.#format = format;
  }

  /**
   * Resolves when ffmpeg has taken the frame, so a caller that waits holds one. `time` is 0 or later and after the last one's; `data` is
   * width * height * 3 (4 for rgba) bytes. Throws what the run ends with when it no longer reads.
   */
  async write(time: Flicks, duration: Flicks, data: Uint8Array): Promise<void> {
    const { width, height, pixels } = this.#format;
    const bytes = width * height * (pixels === 'rgba' ? 4 : 3);
    if (data.length !== bytes) throw new RangeError(`a frame of ${data.length} bytes where ${bytes} are due`);
    const before = frameHeader(time, duration, bytes);
    await this.#send(this.#begun ? before : Buffer.concat([header(this.#format), before]));
    this.#begun = true;
    await this.#send(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }

  /** No more frames come; resolves when ffmpeg has ended. Throws what `done` of the run does. */
  async end(): Promise<void> {
    this.#run.input?.end();
    await this.#run.done;
  }

  async #send(chunk: Buffer): Promise<void> {
    const { input } = this.#run;
    if (!input) throw new Error('the run was started without an input');
    const failed = await new Promise<Error | null>((resolve) => {
      input.write(chunk, (error) => resolve(error ?? null));
    });
    if (!failed) return;
    // The pipe broke because ffmpeg ended: that says why.
    await this.#run.done;
    throw failed;
  }
}

