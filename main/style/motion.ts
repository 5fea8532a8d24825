/** Where the pixels of one small picture lie in another, and how well that explains it. */
import { MODELS } from './models.ts';
import { pictureTensor, type Networks } from './networks.ts';
import type { RgbFrame } from './types.ts';

/** float32 [2, height, width]: steps to the right, then down, in pixels, from each pixel of `from` to the same thing in `to`. */
export async function flowBetween(networks: Networks, from: RgbFrame, to: RgbFrame): Promise<Float32Array> {
  return (await networks.run(MODELS.flow, { from: pictureTensor(from), to: pictureTensor(to) })).floats('flow');
}

/** Every second row and column is looked at: a mean over a quarter of the pixels is as good. */
const STEP = 2;

/** How badly `to`, moved along `flow`, explains `from`: the mean difference of green, levels. */
export function motionError(from: RgbFrame, to: RgbFrame, flow: Float32Array): number {
  const { width, height } = from;
  const size = width * height;
  let [sum, seen] = [0, 0];
  for (let y = 0; y < height; y += STEP) {
    for (let x = 0; x < width; x += STEP, seen++) {
      const pixel = y * width + x;
      const atX = Math.min(width - 1, Math.max(0, x + (flow[pixel] ?? 0)));
      const atY = Math.min(height - 1, Math.max(0, y + (flow[size + pixel] ?? 0)));
      const [left, top] = [Math.floor(atX), Math.floor(atY)];
      const [across, down] = [atX - left, atY - top];
      const a = (top * width + left) * 3 + 1;
      const b = left + 1 < width ? a + 3 : a;
      const below = top + 1 < height ? width * 3 : 0;
      const upper = (to.data[a] ?? 0) * (1 - across) + (to.data[b] ?? 0) * across;
      const lower = (to.data[a + below] ?? 0) * (1 - across) + (to.data[b + below] ?? 0) * across;
      sum += Math.abs(upper * (1 - down) + lower * down - (from.data[pixel * 3 + 1] ?? 0));
    }
  }
  return sum / seen;
}
