/** Pictures for networks, out of larger ones: averaged over the area that each pixel covers, so that fine detail does not flicker. */
import type { RgbPicture } from './types.ts';

/** The middle square whose side is `part` of the short side, at `side` x `side` pixels. */
export function middleSquare(picture: RgbPicture, part: number, side: number): Uint8Array<ArrayBuffer> {
  const edge = Math.min(picture.width, picture.height) * part;
  return resample(picture, { left: (picture.width - edge) / 2, top: (picture.height - edge) / 2, width: edge, height: edge }, side, side);
}

interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

function resample(picture: RgbPicture, area: Area, width: number, height: number): Uint8Array<ArrayBuffer> {
  const columns = weightsOf(area.left, area.width / width, width, picture.width);
  const rows = weightsOf(area.top, area.height / height, height, picture.height);
  const out = new Uint8Array(width * height * 3);
  const { pixels } = picture;
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      let [red, green, blue] = [0, 0, 0];
      for (const [atY, weightY] of row) {
        for (const [atX, weightX] of column) {
          const at = (atY * picture.width + atX) * 3;
          const weight = weightX * weightY;
          red += weight * (pixels[at] ?? 0);
          green += weight * (pixels[at + 1] ?? 0);
          blue += weight * (pixels[at + 2] ?? 0);
        }
      }
      out.set([Math.round(red), Math.round(green), Math.round(blue)], (y * width + x) * 3);
    }
  }
  return out;
}

/** For each of `count` pixels the source pixels that it takes of, with weights of sum 1: a triangle as wide as two of them, at least of two pixels. */
function weightsOf(from: number, step: number, count: number, limit: number): [at: number, weight: number][][] {
  const reach = Math.max(1, step);
  return Array.from({ length: count }, (_, index) => {
    const centre = from + (index + 0.5) * step - 0.5;
    const taken: [number, number][] = [];
    for (let at = Math.ceil(centre - reach); at <= Math.floor(centre + reach); at++) {
      const weight = 1 - Math.abs(at - centre) / reach;
      if (weight > 0) taken.push([Math.min(limit - 1, Math.max(0, at)), weight]);
    }
    const sum = taken.reduce((total, [, weight]) => total + weight, 0);
    return taken.map(([at, weight]) => [at, weight / sum]);
  });
}
