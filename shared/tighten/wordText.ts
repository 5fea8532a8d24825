/** Words as they are compared: without case and punctuation. */
import type { Word } from '../captions/types.ts';
import type { TimeRange } from '../ranges.ts';
import { FLICKS_PER_SECOND, fromSeconds, ZERO, type Flicks } from '../time.ts';

/** Between words that belong together recognisers leave less than this. */
export const PAUSE: Flicks = fromSeconds(0.2);

const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;
/** Three or more of the same letter: a sound drawn out ("ummm"). */
const DRAWN_OUT = /(.)\1{2,}/gu;

/** Lower case, punctuation at the ends gone, drawn-out sounds as short ones, one form of apostrophe. May be empty. */
export function plainWord(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('’', "'").replace(EDGES, '').replace(DRAWN_OUT, '$1');
}

export const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

const ENDS_SENTENCE = /[.!?…。！？]["'”’」』)）]*$/u;
const ENDS_PART = /[,;:.!?…，、；：。！？—–-]["'”’」』)）]*$/u;

export function endsSentence(word: Word): boolean {
  return ENDS_SENTENCE.test(word.text);
}

/** True where a pause or punctuation parts two neighbouring words; an end of the speech parts too. */
export function isParted(before: Word | undefined, after: Word | undefined): boolean {
  return !before || !after || ENDS_PART.test(before.text) || after.start - before.end >= PAUSE;
}

/** The words as one text. */
export function textOf(words: readonly Word[]): string {
  return words.map((word, i) => (i > 0 && word.space ? ` ${word.text}` : word.text)).join('');
}

export function secondsBetween(from: Flicks, to: Flicks): number {
  return (to - from) / FLICKS_PER_SECOND;
}

/** From the first word's start to the last one's end; an empty range at 0 when there are none. */
export function spanOf(words: readonly Word[]): TimeRange {
  return { start: words[0]?.start ?? ZERO, end: words.at(-1)?.end ?? ZERO };
}
