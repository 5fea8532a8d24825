/** Text as the pieces it may be broken between. */
import { BREAK, Breaks } from './breaks.ts';
import { isWide } from './text.ts';

export interface TextPiece {
  text: string;
  /** A space (or a line's end) stands before it. */
  space: boolean;
  /** UTF-16 offset in the text that it is from. */
  from: number;
}

/** Scripts written without spaces, whose words only a dictionary parts. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

let segmenters: Map<string, Intl.Segmenter> | null = null;

/** The platform's word segmenter for a language; null where it has none. */
function segmenterFor(language: string): Intl.Segmenter | null {
  if (!('Segmenter' in Intl)) return null;
  segmenters ??= new Map();
  const known = segmenters.get(language);
  if (known) return known;
  let made: Intl.Segmenter;
  try {
    made = new Intl.Segmenter(language, { granularity: 'word' });
  } catch {
    made = new Intl.Segmenter('und', { granularity: 'word' });
  }
  segmenters.set(language, made);
  return made;
}

/** UTF-16 offsets at which the words of an unspaced text begin; every character where there is no segmenter. */
export function wordStarts(text: string, language: string): Set<number> {
  const segmenter = segmenterFor(language);
  const starts = new Set<number>();
  if (segmenter) for (const { index } of segmenter.segment(text)) starts.add(index);
  else for (let at = 0; at < text.length; at += [...text.slice(at, at + 2)][0]?.length ?? 1) starts.add(at);
  return starts;
}

/** Pieces of a text in order: what stands between white space, and in scripts without spaces the words, with their punctuation. */
export function piecesOfText(text: string, language: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    const chunk = match[0];
    const from = match.index;
    const starts = UNSPACED.test(chunk) ? chunkStarts(chunk, language) : [0];
    starts.forEach((start, i) => {
      pieces.push({ text: chunk.slice(start, starts[i + 1] ?? chunk.length), space: i === 0 && from > 0, from: from + start });
    });
  }
  return pieces;
}

/** Where pieces of an unspaced chunk begin: words, closing marks left with the word before and opening ones with the word after. */
function chunkStarts(chunk: string, language: string): number[] {
  const words = [...wordStarts(chunk, language)].sort((a, b) => a - b);
  return words.filter((start, i) => {
    if (start === 0) return true;
    const before = chunk.slice(words[i - 1] ?? 0, start);
    const after = chunk.slice(start, words[i + 1] ?? chunk.length);
    if (!/[\p{L}\p{N}]/u.test(after) && !/^[\p{Ps}\p{Pi}]/u.test(after)) return false;
    return !/[\p{Ps}\p{Pi}]$/u.test(before);
  });
}

/** Costs of a break before each piece (the first: 0). */
export function breakCosts(pieces: readonly Pick<TextPiece, 'text' | 'space'>[], breaks: Breaks): number[] {
  return pieces.map((piece, i) => {
    const before = pieces[i - 1];
    return before ? breaks.cost(before.text, piece.text, piece.space) : BREAK.sentence;
  });
}

/** Whether a dictionary is needed between two neighbours: wide, no space. */
export function isUnspacedJoint(before: string, after: string, space: boolean): boolean {
  if (space) return false;
  const last = [...before.slice(-2)].at(-1) ?? '';
  const first = [...after.slice(0, 2)].at(0) ?? '';
  return (isWide(last) || UNSPACED.test(last)) && (isWide(first) || UNSPACED.test(first));
}
