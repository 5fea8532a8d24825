import type { Cue } from '../../../shared/captions/types.ts';

/** Pixels: the line with the times, each line of text, and the space around them. CueRow's styles say the same. */
export const HEAD = 20;
export const LINE = 16;
const AROUND = 8;

export function lineCount(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** Height of a closed row in pixels. */
export function cueHeight(cue: Cue | undefined): number {
  return HEAD + AROUND + LINE * (cue ? lineCount(cue.text) : 1);
}
