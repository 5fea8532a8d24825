/** How lines of text are read, and which of them count. */
export const READ_RULES = {
  /** Least mean of a line's characters. Textures and branches reach 0.6; print is above 0.9, small print above 0.8. */
  line: 0.8,
  /** Likewise of a line of one or two characters, which leaves more to chance. */
  shortLine: 0.92,
  /** Lines read at once. */
  batch: 8,
  /** Pixels: narrower lines are padded to this, as in training. */
  leastWidth: 320,
  /** Batches hold lines whose widths differ by less than this. */
  widthStep: 320,
  /** A box this much higher than wide may hold turned text. */
  upright: 1.5,
} as const;
