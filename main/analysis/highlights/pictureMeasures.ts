/** What is measured of small grey pictures: how much moves, and how sharp they are. */

/** Part of the library's key. */
export const PICTURE_RULES = { version: 1, side: 160, step: 0.25, cell: 0.5 } as const;

export interface GreySize {
  readonly width: number;
  readonly height: number;
}

/** Shift of the whole picture that is looked for between two samples, as a share of its longer side. */
const FARTHEST_SHIFT = 0.15;
/** What is left of the motion of a camera that only pans: it moves everything and shows little. */
const PAN_COUNTS = 0.3;

/**
 * Mean absolute difference of two grey pictures in levels (0 to 255), of which a shift of the whole picture counts only a part. The
 * shift is found by the sums of columns and rows (projection matching, as in electronic image stabilisation: Ratakonda 1998).
 */
export function motionOf(before: Uint8Array, after: Uint8Array, { width, height }: GreySize): number {
  const still = differenceAt(before, after, width, height, 0, 0);
  if (still < 0.5) return still;
  const reach = Math.round(FARTHEST_SHIFT * Math.max(width, height));
  const across = bestShift(columnSums(before, width, height), columnSums(after, width, height), Math.min(reach, width >> 2));
  const down = bestShift(rowSums(before, width, height), rowSums(after, width, height), Math.min(reach, height >> 2));
  if (across === 0 && down === 0) return still;
  const moved = Math.min(still, differenceAt(before, after, width, height, across, down));
  return moved + PAN_COUNTS * (still - moved);
}

/** Mean absolute difference where both pictures overlap when the second is moved back by the shift. */
function differenceAt(before: Uint8Array, after: Uint8Array, width: number, height: number, across: number, down: number): number {
  const [left, right] = [Math.max(0, -across), Math.min(width, width - across)];
  const [top, bottom] = [Math.max(0, -down), Math.min(height, height - down)];
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    const from = y * width;
    const to = (y + down) * width + across;
    for (let x = left; x < right; x++) sum += Math.abs((before[from + x] ?? 0) - (after[to + x] ?? 0));
  }
  return sum / Math.max(1, (right - left) * (bottom - top));
}

function columnSums(picture: Uint8Array, width: number, height: number): Float64Array {
  const sums = new Float64Array(width);
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) sums[x] = (sums[x] ?? 0) + (picture[i] ?? 0);
  return sums;
}

function rowSums(picture: Uint8Array, width: number, height: number): Float64Array {
  const sums = new Float64Array(height);
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) sums[y] = (sums[y] ?? 0) + (picture[i] ?? 0);
  return sums;
}

/** The shift at which the projections differ least for each element that overlaps; 0 when none is clearly better than staying. */
function bestShift(before: Float64Array, after: Float64Array, reach: number): number {
  const cost = (shift: number): number => {
    const [from, to] = [Math.max(0, -shift), Math.min(before.length, before.length - shift)];
    let sum = 0;
    for (let i = from; i < to; i++) sum += Math.abs((before[i] ?? 0) - (after[i + shift] ?? 0));
    return sum / Math.max(1, to - from);
  };
  let best = 0;
  let least = 0.8 * cost(0);
  for (let shift = -reach; shift <= reach; shift++) {
    const here = cost(shift);
    if (here < least) [best, least] = [shift, here];
  }
  return best;
}

/** Variance of the Laplacian (Pech-Pacheco et al. 2000) in levels squared, as its logarithm log10(1 + v): 0 (flat) to about 4. */
export function sharpnessOf(picture: Uint8Array, { width, height }: GreySize): number {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
      const value = (picture[i - 1] ?? 0) + (picture[i + 1] ?? 0) + (picture[i - width] ?? 0) + (picture[i + width] ?? 0) - 4 * (picture[i] ?? 0);
      sum += value;
      squares += value * value;
    }
  }
  const count = Math.max(1, (width - 2) * (height - 2));
  return Math.log10(1 + Math.max(0, squares / count - (sum / count) ** 2));
}
