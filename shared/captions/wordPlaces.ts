/** Where a cue's words stand in its text, and the time of a place in the text. */
import { flicks, type Flicks } from '../time.ts';
import type { Cue, Word } from './types.ts';

export interface WordPlace {
  readonly word: Word;
  /** UTF-16 offsets in the cue's text, end exclusive. */
  readonly from: number;
  readonly to: number;
}

/**
 * Places of the words that are found in the text, in order. Spaces and line breaks don't count, for a line may be broken inside a piece of
 * Chinese. A word that the text does not hold any more is left out; so is one that is found only beyond the word after it.
 */
export function placeWords(cue: Pick<Cue, 'text' | 'words'>): WordPlace[] {
  const { letters, offsets } = solidOf(cue.text);
  const wanted = cue.words.map((word) => word.text.replace(/\s/g, ''));
  const places: WordPlace[] = [];
  let at = 0;
  for (const [i, word] of cue.words.entries()) {
    const text = wanted[i] ?? '';
    const from = text === '' ? -1 : letters.indexOf(text, at);
    if (from < 0) continue;
    const next = wanted[i + 1];
    if (next && from > at && isBefore(letters, next, at, from)) continue;
    at = from + text.length;
    places.push({ word, from: offsets[from] ?? 0, to: (offsets[at - 1] ?? 0) + 1 });
  }
  return places;
}

/** The text without white space, and where each of its UTF-16 units stood. */
function solidOf(text: string): { letters: string; offsets: number[] } {
  const offsets: number[] = [];
  let letters = '';
  for (let i = 0; i < text.length; i += 1) {
    const letter = text.charAt(i);
    if (/\s/.test(letter)) continue;
    offsets.push(i);
    letters += letter;
  }
  return { letters, offsets };
}

function isBefore(text: string, word: string, at: number, limit: number): boolean {
  const found = text.indexOf(word, at);
  return found >= 0 && found < limit;
}

/** The words are the whole text: nothing but white space stands between them. */
export function holdsAllText(cue: Pick<Cue, 'text' | 'words'>): boolean {
  if (cue.words.length === 0) return false;
  const solid = (text: string): string => text.replace(/\s/g, '');
  return solid(cue.text) === cue.words.map((word) => solid(word.text)).join('');
}

/** Time of an offset by its share of the text's length. */
export function timeAt(cue: Pick<Cue, 'start' | 'end' | 'text'>, offset: number): Flicks {
  const solid = (text: string): number => text.replace(/\s/g, '').length;
  const share = solid(cue.text.slice(0, offset)) / Math.max(1, solid(cue.text));
  return flicks(Math.round(cue.start + (cue.end - cue.start) * share));
}

/** The words before and after an offset; one that the offset parts is parted, its time shared by length. */
export function cutWords(cue: Pick<Cue, 'text' | 'words'>, offset: number): { before: Word[]; after: Word[] } {
  const before: Word[] = [];
  const after: Word[] = [];
  for (const { word, from, to } of placeWords(cue)) {
    if (to <= offset) before.push(word);
    else if (from >= offset) after.push(word);
    else {
      const middle = flicks(Math.round(word.start + ((word.end - word.start) * (offset - from)) / (to - from)));
      before.push({ ...word, text: word.text.slice(0, offset - from), end: middle });
      after.push({ ...word, text: word.text.slice(offset - from), start: middle, space: false });
    }
  }
  return { before, after };
}
