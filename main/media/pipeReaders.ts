/** Reading what ffmpeg writes to its pipes: raw frames, JPEGs, and the times of either. */
import { fromTicks, type Flicks, type Rational } from '../../shared/time.ts';

/** Cuts a byte stream into pieces of `size` bytes. Each piece owns its whole ArrayBuffer, so that it can be transferred. */
export class FrameAssembler {
  private frame: Uint8Array<ArrayBuffer> | null = null;
  private filled = 0;
  private readonly size: number;
  private readonly onFrame: (frame: Uint8Array<ArrayBuffer>) => void;

  constructor(size: number, onFrame: (frame: Uint8Array<ArrayBuffer>) => void) {
    this.size = size;
    this.onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let position = 0;
    while (position < chunk.length) {
      this.frame ??= new Uint8Array(this.size);
      const count = Math.min(this.size - this.filled, chunk.length - position);
      this.frame.set(chunk.subarray(position, position + count), this.filled);
      this.filled += count;
      position += count;
      if (this.filled < this.size) continue;
      const whole = this.frame;
      this.frame = null;
      this.filled = 0;
      this.onFrame(whole);
    }
  }
}

/** Cuts a byte stream into packets whose sizes are told separately, before or after their bytes arrive. */
export class PacketAssembler {
  private chunks: Buffer[] = [];
  private bytes = 0;
  private sizes: number[] = [];
  private readonly onPacket: (packet: Uint8Array<ArrayBuffer>) => void;

  constructor(onPacket: (packet: Uint8Array<ArrayBuffer>) => void) {
    this.onPacket = onPacket;
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    this.cut();
  }

  expect(size: number): void {
    this.sizes.push(size);
    this.cut();
  }

  private cut(): void {
    for (let size = this.sizes[0]; size !== undefined && this.bytes >= size; size = this.sizes[0]) {
      this.sizes.shift();
      const all = this.chunks.length === 1 && this.chunks[0] ? this.chunks[0] : Buffer.concat(this.chunks);
      this.bytes -= size;
      this.chunks = this.bytes > 0 ? [all.subarray(size)] : [];
      this.onPacket(new Uint8Array(all.subarray(0, size)));
    }
  }
}

export interface TimeLine {
  /** Null when ffmpeg knows none for this frame. */
  time: Flicks | null;
  /** 0 when unknown. */
  duration: Flicks;
  bytes: number;
}

/**
 * Reads lines of ffmpeg's `framecrc` muxer: "#tb 0: 1/30000", then "0, dts, pts, duration, size, 0xcrc" for each packet.
 * They may share a pipe with the log, and then a log line's beginning may stand before one.
 */
export class TimeLineReader {
  private base: Rational | null = null;

  /** A frame's line; 'header' for a line about the stream; null for anything else. */
  read(line: string): TimeLine | 'header' | null {
    const packet = /(?:^|[^\d])0, *(-?\d+), *(-?\d+), *(\d+), *(\d+), 0x[0-9a-f]{8}/.exec(line);
    if (packet && this.base) {
      const ticks = BigInt(packet[2] ?? '0');
      // AV_NOPTS_VALUE is the least 64-bit integer.
      const time = ticks === -(2n ** 63n) ? null : fromTicks(ticks, this.base);
      return { time, duration: fromTicks(BigInt(packet[3] ?? '0'), this.base), bytes: Number(packet[4]) };
    }
    const base = /^#tb 0: (\d+)\/(\d+)/.exec(line);
    if (base) this.base = { num: Number(base[1]), den: Number(base[2]) };
    return /^#(tb|software|media_type|codec_id|dimensions|sar|extradata)\b/.test(line) ? 'header' : null;
  }
}

/** Calls `onLine` for each whole line of the chunks pushed. */
export class LineSplitter {
  private rest = '';
  private readonly onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  push(chunk: Buffer): void {
    const lines = (this.rest + chunk.toString('latin1')).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.onLine(line);
  }
}
