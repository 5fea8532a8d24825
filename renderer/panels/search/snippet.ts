/** A found moment's words as they are shown: cut to begin near what matches, in marked and plain pieces. */
export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** UTF-16 units that may stand before the first match: what fits on a line beside a picture. */
const LEAD = 36;
/** A word is looked for this far back to begin with. */
const WORD = 16;

/** `marks`: UTF-16 ranges of `text`, in any order; those that overlap count once, those outside not at all. */
export function snippetPieces(text: string, marks: readonly (readonly [number, number])[]): Piece[] {
  const sorted = marks.map(([from, to]) => [Math.max(0, from), Math.min(text.length, to)] as const).filter(([from, to]) => from < to).sort((a, b) => a[0] - b[0]);
  const from = beginning(text, sorted[0]?.[0] ?? 0);
  const pieces: Piece[] = [];
  let at = from;
  const add = (to: number, marked: boolean): void => {
    if (to > at) pieces.push({ text: text.slice(at, to), marked });
    at = Math.max(at, to);
  };
  for (const [start, end] of sorted) {
    add(start, false);
    add(end, true);
  }
  add(text.length, false);
  const [first, ...rest] = pieces;
  return first && from > 0 ? [{ ...first, text: `…${first.text}` }, ...rest] : pieces;
}

/** Where the shown text begins: at its start, or some way before the first match, with a whole word where there are spaces. */
function beginning(text: string, match: number): number {
  if (match <= LEAD) return 0;
  const near = match - LEAD + WORD;
  const space = text.lastIndexOf(' ', near);
  if (space >= match - LEAD) return space + 1;
  // Never between the two halves of one character.
  return /[\uDC00-\uDFFF]/.test(text.charAt(near)) ? near + 1 : near;
}
