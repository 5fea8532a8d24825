/** What the parts that look at pictures hand to each other. */

/** rgb24, rows from the top. */
export interface RgbPicture {
  width: number;
  height: number;
  pixels: Uint8Array<ArrayBuffer>;
}

/** A rectangle that may be turned: `across` is the unit vector along its width. Pixels. */
export interface TurnedBox {
  centre: readonly [x: number, y: number];
  across: readonly [x: number, y: number];
  width: number;
  height: number;
}

/** A line of text as read. `score`: mean of its characters, 0 to 1. */
export interface TextLine {
  box: TurnedBox;
  text: string;
  score: number;
}

/** Lines that belong together, in reading order. */
export interface TextBlock {
  text: string;
  score: number;
}

/** Models and files of the text reader. */
export const OCR = {
  program: 'picture-worker',
  detect: 'ocr-detect',
  read: 'ocr-read',
  characters: 'ocr-characters.json',
  /** Vocabulary of the English encoder: it tells where a word ends. */
  vocabulary: 'minilm-l6-v2-tokenizer.json',
} as const;
