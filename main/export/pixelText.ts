/**
 * Text for burnt-in numbers, drawn here: ffmpeg's own text filter needs a font file, which not every machine has. Digits and the marks
 * of timecodes, 5 x 7 pixels a sign.
 */
const WIDTH = 5;
const HEIGHT = 7;

/** Rows from the top, five bits each, the left pixel the highest. */
const SIGNS: Record<string, readonly number[]> = {
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  ':': [0, 4, 4, 0, 4, 4, 0],
  ';': [0, 4, 4, 0, 4, 4, 8],
  '.': [0, 0, 0, 0, 0, 4, 4],
  '-': [0, 0, 0, 14, 0, 0, 0],
  '#': [10, 10, 31, 10, 31, 10, 10],
  ' ': [0, 0, 0, 0, 0, 0, 0],
};

/** Pixels that a line of text takes. */
export function textSize(text: string, scale: number): { width: number; height: number } {
  return { width: text.length * (WIDTH + 1) * scale - scale, height: HEIGHT * scale };
}

/**
 * Draws a line into an rgb24 picture with its top left at x, y; what lies outside is left out. Signs other than digits, "#:;.-" and
 * space are drawn as spaces.
 */
export function drawText(picture: Uint8Array, size: { width: number; height: number }, text: string, place: { x: number; y: number; scale: number }, colour: readonly [number, number, number]): void {
  [...text].forEach((sign, index) => {
    const rows = SIGNS[sign] ?? [];
    const left = place.x + index * (WIDTH + 1) * place.scale;
    for (let y = 0; y < HEIGHT * place.scale; y += 1) {
      const bits = rows[Math.floor(y / place.scale)] ?? 0;
      for (let x = 0; x < WIDTH * place.scale; x += 1) {
        if (!((bits >> (WIDTH - 1 - Math.floor(x / place.scale))) & 1)) continue;
        const [column, row] = [left + x, place.y + y];
        if (column < 0 || row < 0 || column >= size.width || row >= size.height) continue;
        picture.set(colour, (row * size.width + column) * 3);
      }
    }
  });
}
