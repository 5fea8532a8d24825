/** The background out of focus: blurred without the people in it, so that they leave no halo. */
import { between } from './pixels.ts';
import type { RgbFrame } from './types.ts';

/** Largest radius, in parts of the short side. */
const MOST = 0.06;
/** The blur is made at a size where its radius is about this many pixels: what is lost is finer than the blur. */
const SMALL_RADIUS = 6;
/** Three boxes one after the other are close to a Gaussian. */
const BOXES = 3;
/** What people count: enough to fill what is all person, too little to be seen elsewhere. */
const LEAST_WEIGHT = 1e-3;
const PLANES = 4;

/** rgb24 of the picture's size. `amount` 0 to 1. */
export function blurredBehind(picture: RgbFrame, alpha: Uint8Array, amount: number): Uint8Array {
  const radius = amount * MOST * Math.min(picture.width, picture.height);
  if (radius < 0.5) return picture.data;
  const factor = Math.max(1, Math.floor(radius / SMALL_RADIUS));
  const small = gathered(picture, alpha, factor);
  const box = Math.max(1, Math.round(radius / factor / BOXES));
  for (let k = 0; k < BOXES; k++) blurOnce(small, box);
  return spread(small, picture);
}

/** Weighted sums of red, green, blue and the weights, four floats a pixel. */
interface Sums {
  width: number;
  height: number;
  data: Float32Array;
}

function gathered({ width, height, data }: RgbFrame, alpha: Uint8Array, factor: number): Sums {
  const [columns, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const sums = new Float32Array(columns * rows * PLANES);
  for (let y = 0, pixel = 0; y < height; y++) {
    const row = Math.floor(y / factor) * columns;
    for (let x = 0; x < width; x++, pixel++) {
      const weight = 1 - (alpha[pixel] ?? 0) / 255 + LEAST_WEIGHT;
      const to = (row + Math.floor(x / factor)) * PLANES;
      for (let k = 0; k < 3; k++) sums[to + k] = (sums[to + k] ?? 0) + weight * (data[pixel * 3 + k] ?? 0);
      sums[to + 3] = (sums[to + 3] ?? 0) + weight;
    }
  }
  return { width: columns, height: rows, data: sums };
}

/** A box of `radius` along the rows, then along the columns. Beyond the edge there is nothing, and the weights know it. */
function blurOnce({ width, height, data }: Sums, radius: number): void {
  const line = new Float64Array(Math.max(width, height) + 1);
  const along = (start: number, step: number, length: number): void => {
    for (let i = 0; i < length; i++) line[i + 1] = (line[i] ?? 0) + (data[start + i * step] ?? 0);
    for (let i = 0; i < length; i++) data[start + i * step] = (line[Math.min(length, i + radius + 1)] ?? 0) - (line[Math.max(0, i - radius)] ?? 0);
  };
  for (let y = 0; y < height; y++) for (let k = 0; k < PLANES; k++) along(y * width * PLANES + k, PLANES, width);
  for (let x = 0; x < width; x++) for (let k = 0; k < PLANES; k++) along(x * PLANES + k, width * PLANES, height);
}

function spread(small: Sums, { width, height }: RgbFrame): Uint8Array {
  for (let at = 0; at < small.data.length; at += PLANES) {
    const weight = small.data[at + 3] ?? 1;
    for (let k = 0; k < 3; k++) small.data[at + k] = (small.data[at + k] ?? 0) / weight;
  }
  const out = new Uint8Array(width * height * 3);
  const [columns, rows] = [between(small.width, width), between(small.height, height)];
  for (let y = 0, to = 0; y < height; y++) {
    const [top, bottom, down] = [(rows.first[y] ?? 0) * small.width, (rows.second[y] ?? 0) * small.width, rows.share[y] ?? 0];
    for (let x = 0; x < width; x++) {
      const [left, right, across] = [columns.first[x] ?? 0, columns.second[x] ?? 0, columns.share[x] ?? 0];
      const [a, b, c, d] = [(top + left) * PLANES, (top + right) * PLANES, (bottom + left) * PLANES, (bottom + right) * PLANES];
      for (let k = 0; k < 3; k++) {
        const above = (small.data[a + k] ?? 0) * (1 - across) + (small.data[b + k] ?? 0) * across;
        const below = (small.data[c + k] ?? 0) * (1 - across) + (small.data[d + k] ?? 0) * across;
        out[to++] = above * (1 - down) + below * down + 0.5;
      }
    }
  }
  return out;
}
