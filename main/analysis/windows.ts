/**
 * Which frames TransNetV2 sees together. The reference (Souček & Lokoč 2020) feeds windows of 100, 25 copies of
 * the first frame in front of the film and copies of the last behind it, steps by 50 and keeps the middle.
 * We keep more of each window's middle; where that is unsure the reference's own window is asked.
 */
import { SMALL_BYTES } from './smallFrames.ts';

export const WINDOW = 100;
/** Frames of context the reference leaves on either side. */
export const REFERENCE_MARGIN = 25;
const REFERENCE_STRIDE = WINDOW - 2 * REFERENCE_MARGIN;
/** A segment and the reference windows of its frames need at most this many frames before and after it. */
export const REACH = WINDOW - REFERENCE_MARGIN;

/** Frames `from` to `to` (exclusive), scored together by the window that begins at `window` (negative: copies). */
export interface Segment {
  from: number;
  to: number;
  window: number;
}

/**
 * The n-th segment when `margin` frames at both ends of a window are context only. The first begins at frame 0
 * with the reference's 25 copies; where segments lie depends on nothing but the frame numbers.
 */
export function segmentAt(n: number, margin: number): Segment {
  const first = WINDOW - REFERENCE_MARGIN - margin;
  if (n === 0) return { from: 0, to: first, window: -REFERENCE_MARGIN };
  const stride = WINDOW - 2 * margin;
  const from = first + (n - 1) * stride;
  return { from, to: from + stride, window: from - margin };
}

/** Number of the segment that holds this frame. */
export function segmentOf(frame: number, margin: number): number {
  const first = WINDOW - REFERENCE_MARGIN - margin;
  return frame < first ? 0 : 1 + Math.floor((frame - first) / (WINDOW - 2 * margin));
}

/** The reference's window for a frame: `window` is where it begins. */
export function referenceSegment(frame: number): Segment {
  const from = Math.floor(frame / REFERENCE_STRIDE) * REFERENCE_STRIDE;
  return { from, to: from + REFERENCE_STRIDE, window: from - REFERENCE_MARGIN };
}

/** First frame that must be decoded again so that `frame` and all after it get the scores of an uninterrupted run. */
export function contextStart(frame: number, margin: number): number {
  return Math.max(0, segmentAt(segmentOf(frame, margin), margin).from - REACH);
}

/** The frames still needed, by index: a bounded stretch of the film. */
export class FrameStrip {
  #first: number;
  #frames: Uint8Array[] = [];

  constructor(first: number) {
    this.#first = first;
  }

  get first(): number {
    return this.#first;
  }

  /** Index after the last frame. */
  get end(): number {
    return this.#first + this.#frames.length;
  }

  push(frame: Uint8Array): void {
    this.#frames.push(frame);
  }

  /** The frame at `index`; outside the strip the nearest one. */
  at(index: number): Uint8Array | undefined {
    return this.#frames[Math.max(0, Math.min(this.#frames.length - 1, index - this.#first))];
  }

  /** 100 frames from `window` on in one buffer of their own (it is transferred to the worker), ends repeated. */
  cut(window: number): Uint8Array {
    const out = new Uint8Array(WINDOW * SMALL_BYTES);
    for (let i = 0; i < WINDOW; i++) {
      const frame = this.at(window + i);
      if (frame) out.set(frame, i * SMALL_BYTES);
    }
    return out;
  }

  dropBefore(index: number): void {
    const count = Math.min(this.#frames.length, index - this.#first);
    if (count <= 0) return;
    this.#frames.splice(0, count);
    this.#first += count;
  }
}
