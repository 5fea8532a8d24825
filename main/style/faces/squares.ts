/** Turned squares of a frame: cut out for a network, and put back softly. */
import type { Square } from '../questions.ts';
import type { RgbFrame } from '../types.ts';

/** Beyond the frame: `edge` continues its border, `black` is what detectors were shown. */
export type Beyond = 'edge' | 'black';

/** The square at `size` x `size` pixels: bilinear, averaged over what each pixel covers where the square is larger. */
export function cutSquare(frame: RgbFrame, square: Square, size: number, beyond: Beyond): RgbFrame {
  const data = new Uint8Array(size * size * 3);
  const samples = Math.max(1, Math.ceil(square.side / size));
  const step = square.side / size / samples;
  const [cos, sin] = [Math.cos(square.angle), Math.sin(square.angle)];
  const sum = new Float64Array(3);
  for (let y = 0, to = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      sum.fill(0);
      for (let j = 0; j < samples; j++) {
        for (let i = 0; i < samples; i++) {
          const [across, down] = [(x * samples + i + 0.5) * step - square.side / 2, (y * samples + j + 0.5) * step - square.side / 2];
          addSample(frame, square.x + across * cos - down * sin - 0.5, square.y + across * sin + down * cos - 0.5, beyond, sum);
        }
      }
      for (let k = 0; k < 3; k++) data[to++] = (sum[k] ?? 0) / (samples * samples) + 0.5;
    }
  }
  return { width: size, height: size, data };
}

function addSample({ width, height, data }: RgbFrame, x: number, y: number, beyond: Beyond, sum: Float64Array): void {
  if (beyond === 'black' && (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5)) return;
  const [atX, atY] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
  const [left, top] = [Math.floor(atX), Math.floor(atY)];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const [across, down] = [atX - left, atY - top];
  for (let k = 0; k < 3; k++) {
    const above = (data[(top * width + left) * 3 + k] ?? 0) * (1 - across) + (data[(top * width + right) * 3 + k] ?? 0) * across;
    const below = (data[(bottom * width + left) * 3 + k] ?? 0) * (1 - across) + (data[(bottom * width + right) * 3 + k] ?? 0) * across;
    sum[k] = (sum[k] ?? 0) + above * (1 - down) + below * down;
  }
}

/** The oval's half axes and where its edge begins to fade, in parts of half the square: it holds forehead and chin, and fades out before the square ends. */
const OVAL = { across: 0.8, down: 0.94, core: 0.62 };

/** Puts `face` where `square` was cut from, under a soft oval. Changes `target`. `shown` 0 to 1. */
export function pasteSquare(target: RgbFrame, face: RgbFrame, square: Square, shown: number): void {
  const { width, height, data } = target;
  const half = square.side / 2;
  const reach = half * Math.SQRT2;
  const [cos, sin] = [Math.cos(square.angle), Math.sin(square.angle)];
  const sample = new Float64Array(3);
  for (let y = Math.max(0, Math.floor(square.y - reach)); y < Math.min(height, square.y + reach); y++) {
    for (let x = Math.max(0, Math.floor(square.x - reach)); x < Math.min(width, square.x + reach); x++) {
      const [dx, dy] = [x + 0.5 - square.x, y + 0.5 - square.y];
      const [across, down] = [(dx * cos + dy * sin) / half, (dy * cos - dx * sin) / half];
      const share = shown * softness(Math.hypot(across / OVAL.across, down / OVAL.down));
      if (share <= 0) continue;
      sample.fill(0);
      addSample(face, ((across + 1) / 2) * face.width - 0.5, ((down + 1) / 2) * face.height - 0.5, 'edge', sample);
      const at = (y * width + x) * 3;
      for (let k = 0; k < 3; k++) data[at + k] = (data[at + k] ?? 0) * (1 - share) + (sample[k] ?? 0) * share + 0.5;
    }
  }
}

/** 1 within the oval's core, 0 from its edge on, smooth between. */
function softness(distance: number): number {
  const t = Math.min(1, Math.max(0, (1 - distance) / (1 - OVAL.core)));
  return t * t * (3 - 2 * t);
}
