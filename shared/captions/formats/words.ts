/** Words with times inside a cue's text. */
import type { Cue, Word } from '../types.ts';
import { flicks, type Flicks } from '../../time.ts';

export interface PlacedWord {
  word: Word;
  /** UTF-16 offsets in the cue's text, end exclusive. */
  from: number;
  to: number;
}

/** Scripts written without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60]/;

/**
 * Where each word with times stands in the text. Words that are not there (an edit took them out) are left out; `whole` says that
 * every piece of the text that is not white space has a time.
 */
export function placeWords(cue: Pick<Cue, 'text' | 'words'>): { placed: PlacedWord[]; whole: boolean } {
  const placed: PlacedWord[] = [];
  let at = 0;
  let whole = cue.words.length > 0;
  for (const word of cue.words) {
    const from = cue.text.indexOf(word.text, at);
    if (from < 0) {
      whole = false;
      continue;
    }
    if (cue.text.slice(at, from).trim() !== '') whole = false;
    at = from + word.text.length;
    placed.push({ word, from, to: at });
  }
  if (cue.text.slice(at).trim() !== '') whole = false;
  return { placed, whole };
}

/** A piece of text that is said in a time: one word, or several whose times are not known one by one. */
export interface TimedPiece {
  text: string;
  start: Flicks;
  end: Flicks;
}

/** Words of timed pieces in order. A piece of several words is parted by their lengths. */
export function wordsOfPieces(pieces: readonly TimedPiece[]): Word[] {
  const words: Word[] = [];
  let gap: string | null = null;
  for (const piece of pieces) {
    const parts = [...piece.text.matchAll(/\S+/g)];
    const letters = parts.reduce((sum, part) => sum + part[0].length, 0);
    const length = Math.max(0, piece.end - piece.start);
    const moment = (said: number): Flicks => flicks(piece.start + Math.round((length * said) / letters));
    let said = 0;
    let at = 0;
    for (const part of parts) {
      const text = part[0];
      gap = gap === null ? null : gap + piece.text.slice(at, part.index);
      words.push({ text, start: moment(said), end: moment(said + text.length), confidence: 1, space: spaceBefore(gap, text) });
      said += text.length;
      at = part.index + text.length;
      gap = '';
    }
    gap = gap === null ? null : gap + piece.text.slice(at);
  }
  return words;
}

/** Whether a word is written with a space before it: as the text between has it; at the start of a cue (null) or line as its script does. */
export function spaceBefore(gap: string | null, text: string): boolean {
  if (gap === null || gap.includes('\n')) return !UNSPACED.test(text.charAt(0));
  return gap !== '';
}
