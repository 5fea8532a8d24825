/** A box of a picture as the reader takes it: 48 pixels high, text running to the right. */
import type { RgbPicture, TurnedBox } from './types.ts';

/** Pixels; the reader was trained at this height. */
export const LINE_HEIGHT = 48;
/** A line that is longer than 60 times its height is read squeezed. */
const MOST_WIDTH = LINE_HEIGHT * 60;
/** Samples a side for one pixel of a much larger text: more is not seen. */
const MOST_SAMPLES = 4;

export function widthOf(box: TurnedBox): number {
  return Math.min(MOST_WIDTH, Math.max(8, Math.round((LINE_HEIGHT * box.width) / box.height)));
}

/** A box that stands upright, turned so that its text runs to the right when it ran upwards. */
export function turnedUpright(box: TurnedBox): TurnedBox {
  const [ux, uy] = box.across;
  return { ...box, across: [uy, -ux], width: box.height, height: box.width };
}

/** Pixels of `widthOf(box)` x 48, averaged where the text is larger than that. */
export function cropLine(picture: RgbPicture, box: TurnedBox): Uint8Array {
  const width = widthOf(box);
  const out = new Uint8Array(width * LINE_HEIGHT * 3);
  const [ux, uy] = box.across;
  const [cx, cy] = box.centre;
  const samples = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(box.height / LINE_HEIGHT)));
  const sum = new Float32Array(3);
  for (let row = 0; row < LINE_HEIGHT; row++) {
    for (let column = 0; column < width; column++) {
      sum.fill(0);
      for (let sample = 0; sample < samples * samples; sample++) {
        const along = ((column + ((sample % samples) + 0.5) / samples) / width - 0.5) * box.width;
        const aside = ((row + (Math.floor(sample / samples) + 0.5) / samples) / LINE_HEIGHT - 0.5) * box.height;
        addSample(picture, cx + along * ux - aside * uy - 0.5, cy + along * uy + aside * ux - 0.5, sum);
      }
      const at = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) out[at + channel] = Math.round((sum[channel] ?? 0) / (samples * samples));
    }
  }
  return out;
}

/** Adds the picture's colour between pixels (bilinear); beyond its edge it goes on as it ends. */
function addSample({ width, height, pixels }: RgbPicture, x: number, y: number, sum: Float32Array): void {
  const left = Math.min(width - 1, Math.max(0, x));
  const top = Math.min(height - 1, Math.max(0, y));
  const [x0, y0] = [Math.floor(left), Math.floor(top)];
  const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
  const [fx, fy] = [left - x0, top - y0];
  for (let channel = 0; channel < 3; channel++) {
    const at = (column: number, row: number): number => pixels[(row * width + column) * 3 + channel] ?? 0;
    const upper = at(x0, y0) * (1 - fx) + at(x1, y0) * fx;
    const lower = at(x0, y1) * (1 - fx) + at(x1, y1) * fx;
    sum[channel] = (sum[channel] ?? 0) + upper * (1 - fy) + lower * fy;
  }
}
