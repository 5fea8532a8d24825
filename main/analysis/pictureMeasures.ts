/** How sharp and how well exposed a picture is, measured on the 512x512 rgb24 form of a sample. */

export interface PictureMeasures {
  /** Variance of the Laplacian of luma (Pech-Pacheco et al., 2000): higher is sharper. In levels squared. */
  sharpness: number;
  /** 0 (black, burnt out or flat) to 1. */
  exposure: number;
}

/** Luma at or below, at or above these carries no detail (8-bit video black is 16, white 235). */
const CRUSHED = 16;
const BURNT = 240;
/** A mean luma between these is fine; outside, exposure falls off linearly to 0 at black and white. */
const DARK_MEAN = 48;
const BRIGHT_MEAN = 208;
/** A standard deviation of luma from here on is full contrast. */
const FULL_CONTRAST = 24;

/** Measures a square rgb24 picture of `side` pixels. */
export function measurePicture(rgb: Uint8Array, side: number): PictureMeasures {
  const luma = toLuma(rgb, side * side);
  return { sharpness: laplacianVariance(luma, side), exposure: exposure(luma) };
}

function toLuma(rgb: Uint8Array, pixels: number): Float32Array {
  const luma = new Float32Array(pixels);
  for (let i = 0, j = 0; i < pixels; i++, j += 3) {
    luma[i] = 0.299 * (rgb[j] ?? 0) + 0.587 * (rgb[j + 1] ?? 0) + 0.114 * (rgb[j + 2] ?? 0);
  }
  return luma;
}

function laplacianVariance(luma: Float32Array, side: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < side - 1; y++) {
    for (let i = y * side + 1; i < (y + 1) * side - 1; i++) {
      const centre = luma[i] ?? 0;
      const value = (luma[i - 1] ?? 0) + (luma[i + 1] ?? 0) + (luma[i - side] ?? 0) + (luma[i + side] ?? 0) - 4 * centre;
      sum += value;
      squares += value * value;
    }
  }
  const count = (side - 2) * (side - 2);
  const mean = sum / count;
  return squares / count - mean * mean;
}

function exposure(luma: Float32Array): number {
  let sum = 0;
  let squares = 0;
  let lost = 0;
  for (const value of luma) {
    sum += value;
    squares += value * value;
    if (value <= CRUSHED || value >= BURNT) lost++;
  }
  const mean = sum / luma.length;
  const contrast = Math.min(1, Math.sqrt(Math.max(0, squares / luma.length - mean * mean)) / FULL_CONTRAST);
  const level = Math.max(0, Math.min(1, mean / DARK_MEAN, (255 - mean) / (255 - BRIGHT_MEAN)));
  return (1 - lost / luma.length) * level * contrast;
}
