/** Styled frames of previews, kept while there is room: the request that was looked at longest ago goes first. */
import type { Flicks } from '../../shared/time.ts';

export interface PreviewFrame {
  time: Flicks;
  duration: Flicks;
  jpeg: Uint8Array<ArrayBuffer>;
}

/** 64 MB hold some 1500 frames of 480 lines. */
const LIMIT = 64e6;

export class PreviewCache {
  readonly #limit: number;
  /** By request, in order of use. */
  readonly #requests = new Map<string, Map<Flicks, PreviewFrame>>();
  #bytes = 0;

  /** `limit` in bytes of JPEG. */
  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  put(key: string, frame: PreviewFrame): void {
    const frames = this.#use(key);
    const old = frames.get(frame.time);
    // To the end: the newest of a request goes last.
    frames.delete(frame.time);
    frames.set(frame.time, frame);
    this.#bytes += frame.jpeg.length - (old?.jpeg.length ?? 0);
    this.#trim();
  }

  /** The frame that is shown at `time`; null when it was not made. */
  at(key: string, time: Flicks): PreviewFrame | null {
    for (const frame of this.#use(key).values()) {
      if (frame.time <= time && time < frame.time + frame.duration) return frame;
    }
    return null;
  }

  #use(key: string): Map<Flicks, PreviewFrame> {
    const frames = this.#requests.get(key) ?? new Map<Flicks, PreviewFrame>();
    this.#requests.delete(key);
    this.#requests.set(key, frames);
    return frames;
  }

  #trim(): void {
    for (const [key, frames] of this.#requests) {
      for (const frame of frames.values()) {
        if (this.#bytes <= this.#limit) return;
        frames.delete(frame.time);
        this.#bytes -= frame.jpeg.length;
      }
      if (frames.size === 0) this.#requests.delete(key);
    }
  }
}
