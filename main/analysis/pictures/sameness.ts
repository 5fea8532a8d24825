/** Whether two pictures show the same text: then it is read once. */
import type { RgbPicture } from './types.ts';

export const SAME_RULES = {
  /** Cells across and down: at 1280 pixels a cell is a word of small print. */
  columns: 64,
  rows: 36,
  /** Most that any cell may differ in brightness, in levels: a new word changes its cell by 10 and more, coding noise by 1 to 3. */
  most: 6,
} as const;

export type Fingerprint = Float32Array;

/** Mean brightness (BT.709) of each cell. */
export function fingerprintOf({ width, height, pixels }: RgbPicture): Fingerprint {
  const { columns, rows } = SAME_RULES;
  const sums = new Float32Array(columns * rows);
  const counts = new Float32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const cell = row + Math.floor((x * columns) / width);
      sums[cell] = (sums[cell] ?? 0) + 0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  return sums.map((sum, cell) => sum / Math.max(1, counts[cell] ?? 1));
}

export function isSame(a: Fingerprint, b: Fingerprint): boolean {
  return a.length === b.length && a.every((value, cell) => Math.abs(value - (b[cell] ?? 0)) <= SAME_RULES.most);
}
