/** Pictures cut, continued and scaled: rgb24, rows from the top. */
import type { RgbFrame } from './types.ts';

export interface Size {
  width: number;
  height: number;
}

/** The largest size of the same shape with at most `pixels` of them and at most `side` a side; never larger than `size`. */
export function sizeWithin(size: Size, { pixels = Infinity, side = Infinity }: { pixels?: number; side?: number }): Size {
  const scale = Math.min(1, Math.sqrt(pixels / (size.width * size.height)), side / Math.max(size.width, size.height));
  if (scale === 1) return { width: size.width, height: size.height };
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
}

export const sameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/** A part of the picture. It lies within. */
export function cropped(frame: RgbFrame, left: number, top: number, width: number, height: number): RgbFrame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * frame.width + left) * 3;
    data.set(frame.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

/** The picture with more at its right and bottom: its own, mirrored as often as needed. A picture of one pixel repeats it. */
export function mirroredTo(frame: RgbFrame, width: number, height: number): RgbFrame {
  if (frame.width === width && frame.height === height) return frame;
  const columns = Array.from({ length: width }, (_, x) => mirrored(x, frame.width));
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = mirrored(y, frame.height) * frame.width;
    let to = y * width * 3;
    for (const x of columns) {
      const from = (row + x) * 3;
      data[to++] = frame.data[from] ?? 0;
      data[to++] = frame.data[from + 1] ?? 0;
      data[to++] = frame.data[from + 2] ?? 0;
    }
  }
  return { width, height, data };
}

/** Index in a row of `length` that goes to and fro, without repeating its ends. */
function mirrored(index: number, length: number): number {
  if (length === 1) return 0;
  const round = index % (2 * length - 2);
  return round < length ? round : 2 * length - 2 - round;
}

/** Which two source pixels each of `to` pixels lies between, and how near to the second: bilinear, pixel centres at halves, edges continued. */
export function between(from: number, to: number): { first: Int32Array; second: Int32Array; share: Float32Array } {
  const [first, second, share] = [new Int32Array(to), new Int32Array(to), new Float32Array(to)];
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    first[i] = Math.floor(at);
    second[i] = Math.min(from - 1, Math.floor(at) + 1);
    share[i] = at - Math.floor(at);
  }
  return { first, second, share };
}

/** `channels` bytes a pixel, enlarged bilinearly. */
export function enlarged(data: Uint8Array, from: Size, to: Size, channels: 1 | 3): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(to.width * to.height * channels);
  const [columns, rows] = [between(from.width, to.width), between(from.height, to.height)];
  let at = 0;
  for (let y = 0; y < to.height; y++) {
    const [top, bottom, down] = [(rows.first[y] ?? 0) * from.width, (rows.second[y] ?? 0) * from.width, rows.share[y] ?? 0];
    for (let x = 0; x < to.width; x++) {
      const [left, right, across] = [columns.first[x] ?? 0, columns.second[x] ?? 0, columns.share[x] ?? 0];
      const [a, b, c, d] = [(top + left) * channels, (top + right) * channels, (bottom + left) * channels, (bottom + right) * channels];
      for (let k = 0; k < channels; k++) {
        const above = (data[a + k] ?? 0) * (1 - across) + (data[b + k] ?? 0) * across;
        const below = (data[c + k] ?? 0) * (1 - across) + (data[d + k] ?? 0) * across;
        out[at++] = above * (1 - down) + below * down + 0.5;
      }
    }
  }
  return out;
}

/** The frame with what `after` has over `before`, two smaller pictures of one size. */
export function changedLike(frame: RgbFrame, before: RgbFrame, after: RgbFrame): RgbFrame {
  const { width, height } = frame;
  const data = new Uint8ClampedArray(width * height * 3);
  const [columns, rows] = [between(before.width, width), between(before.height, height)];
  const change = (at: number): number => (after.data[at] ?? 0) - (before.data[at] ?? 0);
  for (let y = 0, at = 0; y < height; y++) {
    const [top, bottom, down] = [(rows.first[y] ?? 0) * before.width, (rows.second[y] ?? 0) * before.width, rows.share[y] ?? 0];
    for (let x = 0; x < width; x++) {
      const [left, right, across] = [columns.first[x] ?? 0, columns.second[x] ?? 0, columns.share[x] ?? 0];
      const [a, b, c, d] = [(top + left) * 3, (top + right) * 3, (bottom + left) * 3, (bottom + right) * 3];
      for (let k = 0; k < 3; k++, at++) {
        const above = change(a + k) * (1 - across) + change(b + k) * across;
        const below = change(c + k) * (1 - across) + change(d + k) * across;
        data[at] = (frame.data[at] ?? 0) + above * (1 - down) + below * down;
      }
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}
