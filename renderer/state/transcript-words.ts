/** The words of cues as the transcript shows and changes them. */
import { placeWords } from '../../shared/captions/wordPlaces.ts';
import type { Cue, Word } from '../../shared/captions/types.ts';
import { flicks, type Flicks } from '../../shared/time.ts';

/** One word of a cue, in the cue's own text. */
export interface SpokenWord {
  readonly cue: string;
  readonly text: string;
  readonly start: Flicks;
  readonly end: Flicks;
  readonly confidence: number;
  /** A space stands before it when it follows another word. */
  readonly space: boolean;
  readonly speaker: string | null;
  /** UTF-16 offsets in the cue's text, end exclusive. */
  readonly from: number;
  readonly to: number;
}

interface Piece {
  from: number;
  to: number;
  /** Null where nobody knows the times: they are then shared out. */
  word: Word | null;
}

const known = new WeakMap<Cue, readonly SpokenWord[]>();

/** Words of a cue in order of its text. Times of words that have none are shared out by length between their neighbours'. */
export function wordsOfCue(cue: Cue): readonly SpokenWord[] {
  let words = known.get(cue);
  if (!words) {
    words = timedWords(cue, piecesOf(cue));
    known.set(cue, words);
  }
  return words;
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const WIDE = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/u;

/** Words of running text as offsets. Chinese and Japanese have no spaces: their words are found by dictionary. */
function tokensOf(text: string): { from: number; to: number }[] {
  const tokens: { from: number; to: number }[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    const from = match.index;
    if (!WIDE.test(match[0])) {
      tokens.push({ from, to: from + match[0].length });
      continue;
    }
    for (const { segment, index, isWordLike } of segmenter.segment(match[0])) {
      const last = tokens.at(-1);
      // Punctuation belongs to the word before it.
      if (isWordLike === false && last && last.to === from + index) last.to += segment.length;
      else tokens.push({ from: from + index, to: from + index + segment.length });
    }
  }
  return tokens;
}

function piecesOf(cue: Cue): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const fill = (to: number): void => {
    for (const token of tokensOf(cue.text.slice(at, to))) {
      const from = token.from + at;
      const last = pieces.at(-1);
      const isWord = /[\p{L}\p{N}]/u.test(cue.text.slice(from, token.to + at));
      if (!isWord && last && last.to === from) last.to = token.to + at;
      else pieces.push({ from, to: token.to + at, word: null });
    }
  };
  for (const { word, from, to } of placeWords(cue)) {
    fill(from);
    pieces.push({ from, to, word });
    at = to;
  }
  fill(cue.text.length);
  return pieces;
}

function timedWords(cue: Cue, pieces: readonly Piece[]): SpokenWord[] {
  const words: SpokenWord[] = [];
  for (let first = 0; first < pieces.length; ) {
    const piece = pieces[first];
    if (!piece) break;
    if (piece.word) {
      words.push(spoken(cue, piece, piece.word.start, piece.word.end, piece.word.confidence));
      first += 1;
      continue;
    }
    let last = first;
    while (pieces[last + 1]?.word === null) last += 1;
    const start = words.at(-1)?.end ?? cue.start;
    const end = flicks(Math.max(start, pieces[last + 1]?.word?.start ?? cue.end));
    words.push(...shareOut(cue, pieces.slice(first, last + 1), start, end));
    first = last + 1;
  }
  return words;
}

function shareOut(cue: Cue, pieces: readonly Piece[], start: Flicks, end: Flicks): SpokenWord[] {
  const whole = pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0);
  let done = 0;
  return pieces.map((piece) => {
    const from = flicks(start + Math.round(((end - start) * done) / whole));
    done += piece.to - piece.from;
    return spoken(cue, piece, from, flicks(start + Math.round(((end - start) * done) / whole)), 1);
  });
}

function spoken(cue: Cue, { from, to }: Piece, start: Flicks, end: Flicks, confidence: number): SpokenWord {
  const text = cue.text.slice(from, to).replace(/\s+/g, '');
  const before = from === 0 ? ' ' : cue.text.charAt(from - 1);
  // A broken line stands for a space, except inside Chinese.
  const space = /[ \t]/.test(before) || (/\s/.test(before) && !WIDE.test(text));
  return { cue: cue.id, text, start, end, confidence, space, speaker: cue.speaker, from, to };
}

/**
 * The cue with one of its words written anew: what comes in its place has its time (shared out when it is several words) and is
 * certain. Null when nothing is left of the cue.
 */
export function correctedCue(cue: Cue, word: SpokenWord, text: string): Cue | null {
  const written = text.trim().replace(/\s+/g, ' ');
  const emptied = written === '';
  // With the word goes the space before it.
  const from = emptied && /[ \t]/.test(cue.text.charAt(word.from - 1)) ? word.from - 1 : word.from;
  const newText = cue.text.slice(0, from) + written + cue.text.slice(word.to);
  if (newText.trim() === '') return null;
  const places = placeWords(cue);
  const before = places.filter((place) => place.to <= word.from).map((place) => place.word);
  const after = places.filter((place) => place.from >= word.to).map((place) => place.word);
  const pieces = tokensOf(written).map((token): Piece => ({ ...token, word: null }));
  const renewed = emptied ? [] : shareOut({ ...cue, text: written }, pieces, word.start, word.end);
  const middle = renewed.map((each, index): Word => ({ text: each.text, start: each.start, end: each.end, confidence: 1, space: index === 0 ? word.space : each.space }));
  const shift = written.length - (word.to - from);
  return { ...cue, text: newText, words: [...before, ...middle, ...after], touched: true, spans: shiftSpans(cue.spans, from, word.to, shift, newText.length) };
}

function shiftSpans(spans: Cue['spans'], from: number, to: number, by: number, length: number): Cue['spans'] {
  const moved = (offset: number): number => (offset >= to ? offset + by : Math.min(offset, Math.max(from, to + by)));
  return spans
    .map((span) => ({ ...span, from: moved(span.from), to: Math.min(length, moved(span.to)) }))
    .filter((span) => span.to > span.from);
}
