import type { Word } from '../captions/types.ts';
import { CJK, endsSentence, plainWord, secondsBetween } from './wordText.ts';

/** Words of a phrase that was said twice in a row: "I think I think". */
const LONGEST_PHRASE = 4;
/** A longer pause makes the second a new thought. */
const LONGEST_PAUSE = 1.5;

/** Said twice on purpose, or right so by grammar ("he had had", "that that is"). Chinese doubles single characters by rule. */
const MEANT = new Set(
  'had that very no yes yeah yep so really bye ha haha many much more far long too again never ever please wait come go now there well okay ok right blah knock night hear up down on round around over out in by half again'.split(' '),
);
const NUMBERS = new Set('oh zero one two three four five six seven eight nine ten hundred thousand double'.split(' '));

/** Chinese words that stutterers double and grammar does not. */
const CHINESE_SINGLE = new Set(['我', '你', '他', '她', '它', '这', '那', '在', '是', '就', '和', '跟', '把', '被', '但', '而', '从', '对']);

/** Words said again at once: indices of the first and last that go, all but the last saying of each. In order, not overlapping. */
export function findStutters(words: readonly Word[]): { first: number; last: number }[] {
  const plain = words.map((word) => plainWord(word.text));
  const found: { first: number; last: number }[] = [];
  for (let i = 0; i < words.length; ) {
    const length = phraseRepeatedAt(words, plain, i);
    if (length === 0) {
      i += 1;
      continue;
    }
    const last = found.at(-1);
    if (last?.last === i - 1) last.last = i + length - 1;
    else found.push({ first: i, last: i + length - 1 });
    i += length;
  }
  return found;
}

/** Length of the shortest phrase at `first` that follows itself; 0 when none does. */
function phraseRepeatedAt(words: readonly Word[], plain: readonly string[], first: number): number {
  for (let length = 1; length <= LONGEST_PHRASE && first + 2 * length <= words.length; length += 1) {
    const phrase = plain.slice(first, first + length);
    if (phrase.some((word) => word === '')) return 0;
    if (!phrase.every((word, i) => word === plain[first + length + i])) continue;
    if (!isMeant(phrase) && !isBroken(words, first, 2 * length)) return length;
  }
  return 0;
}

function isMeant(phrase: readonly string[]): boolean {
  const text = phrase.join('');
  if (CJK.test(text)) return [...text].length === 1 && !CHINESE_SINGLE.has(text);
  if (phrase.every((word) => NUMBERS.has(word) || /^\p{N}+$/u.test(word))) return true;
  return phrase.every((word) => MEANT.has(word));
}

/** True when a sentence ends or a long pause lies inside the words. */
function isBroken(words: readonly Word[], first: number, count: number): boolean {
  for (let i = first; i < first + count - 1; i += 1) {
    const [word, next] = [words[i], words[i + 1]];
    if (word && next && (endsSentence(word) || secondsBetween(word.end, next.start) > LONGEST_PAUSE)) return true;
  }
  return false;
}
