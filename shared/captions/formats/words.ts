/** Words with times inside a cue's text. */
import type { Cue, Word } from '../types.ts';
import { flicks, type Flicks } from '../../time.ts';
import type { WordPlace } from '../wordPlaces.ts';

/** Scripts written without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60]/;

/** Every piece of the text that is not white space has a time. */
export function isWhollyTimed(cue: Pick<Cue, 'text'>, places: readonly WordPlace[]): boolean {
  let at = 0;
  for (const { from, to } of places) {
    if (cue.text.slice(at, from).trim() !== '') return false;
    at = to;
  }
  return cue.text.slice(at).trim() === '';
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
