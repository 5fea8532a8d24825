/** A cue's text cut where its looks change: words the recogniser was not sure of, italic, bold, underlined and coloured parts, the word being said. */
import type { Cue, StyleSpan, Word } from '../../../shared/captions/types.ts';
import { placeWords, type WordPlace } from '../../../shared/captions/wordPlaces.ts';

/** Below this a word is shown as doubtful: Whisper's words under one half are wrong more often than right. */
export const UNSURE = 0.5;

export interface Piece {
  readonly text: string;
  readonly italic: boolean;
  readonly bold: boolean;
  readonly underline: boolean;
  /** #rrggbb; null for the style's own. */
  readonly colour: string | null;
  /** The word it is (part of); null between words and where no times are known. */
  readonly word: Word | null;
  /** UTF-16 offset in the cue's text. */
  readonly from: number;
  readonly mark: Mark | null;
}

/** A part of the text that was found. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly current: boolean;
}

/** Pieces of each line of the text, in order; an empty line has none. */
export function piecesOf(cue: Pick<Cue, 'text' | 'words' | 'spans'>, marks: readonly Mark[] = []): Piece[][] {
  const words = placeWords(cue);
  const edges = new Set([0, cue.text.length]);
  for (const { from, to } of [...words, ...cue.spans, ...marks]) {
    edges.add(Math.min(from, cue.text.length));
    edges.add(Math.min(to, cue.text.length));
  }
  for (let at = cue.text.indexOf('\n'); at >= 0; at = cue.text.indexOf('\n', at + 1)) edges.add(at).add(at + 1);
  const sorted = [...edges].sort((a, b) => a - b);
  const lines: Piece[][] = [[]];
  for (const [index, from] of sorted.slice(0, -1).entries()) {
    const text = cue.text.slice(from, sorted[index + 1]);
    if (text === '\n') lines.push([]);
    else lines.at(-1)?.push(pieceAt(text, from, words, cue.spans, marks));
  }
  return lines;
}

function pieceAt(text: string, from: number, words: readonly WordPlace[], spans: readonly StyleSpan[], marks: readonly Mark[]): Piece {
  const here = spans.filter((span) => span.from <= from && from < span.to);
  return {
    text,
    italic: here.some((span) => span.italic === true),
    bold: here.some((span) => span.bold === true),
    underline: here.some((span) => span.underline === true),
    colour: here.findLast((span) => span.colour !== undefined)?.colour ?? null,
    word: words.find((word) => word.from <= from && from < word.to)?.word ?? null,
    from,
    mark: marks.find((mark) => mark.from <= from && from < mark.to) ?? null,
  };
}

export function isUnsure(word: Word | null): word is Word {
  return word !== null && word.confidence < UNSURE;
}
