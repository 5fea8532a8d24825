/** Cheap measures on the 48x27 frames that shot detection reads. */

export const SMALL_WIDTH = 48;
export const SMALL_HEIGHT = 27;
/** Bytes of one small frame, rgb24. */
export const SMALL_BYTES = SMALL_WIDTH * SMALL_HEIGHT * 3;

/** What is remembered of a small frame after the scores are known. All in levels, 0 to 255. */
export interface FrameLook {
  /** Mean luma (Rec. 601 weights: 0.299, 0.587, 0.114). */
  luma: number;
  /** Standard deviation of luma: near 0 for a plain black, white or coloured frame. */
  spread: number;
  /** Mean absolute difference to the frame before, over all channels; 0 for the first. */
  change: number;
  /** Least mean absolute difference to the frames two to five before it: small after a flash of up to four frames. */
  returns: number;
}

/** How many frames before it a frame is compared with. */
export const LOOK_BACK = 5;

/** Measures one frame; `before`: the frames in front of it, nearest first, up to `LOOK_BACK`; fewer at the beginning. */
export function lookOf(frame: Uint8Array, before: readonly Uint8Array[]): FrameLook {
  const pixels = frame.length / 3;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < frame.length; i += 3) {
    const luma = 0.299 * (frame[i] ?? 0) + 0.587 * (frame[i + 1] ?? 0) + 0.114 * (frame[i + 2] ?? 0);
    sum += luma;
    squares += luma * luma;
  }
  const luma = sum / pixels;
  const spread = Math.sqrt(Math.max(0, squares / pixels - luma * luma));
  const [change = 0, ...earlier] = before.map((other) => meanDifference(frame, other));
  return { luma, spread, change, returns: earlier.length > 0 ? Math.min(...earlier) : change };
}

/** Mean absolute difference of two frames of the same size, in levels. */
export function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / a.length;
}
