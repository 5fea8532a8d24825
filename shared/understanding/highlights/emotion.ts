/** How much feeling a sentence shows: by its words, its marks, and how fast it is said. */
import type { Sentence } from '../types.ts';
import { FLICKS_PER_SECOND } from '../../time.ts';
import { CHINESE_EMOTION, ENGLISH_EMOTION } from './emotionWords.ts';

const EXCLAMATION = 0.8;
const QUESTION = 0.3;
/** What the pace adds at most, at `FASTEST` times the media's median pace. */
const PACE = 0.5;
const FASTEST = 1.6;

/**
 * Feeling of each sentence, 0 and up, comparable within one media: the values of its words over the root of their number (a long sentence has
 * more of everything), with what marks and pace add. Sentences in neither English nor Chinese are told by marks and pace.
 */
export function emotionsOf(sentences: readonly Sentence[]): number[] {
  const paces = sentences.map(paceOf);
  const known = paces.filter((pace) => pace > 0).sort((a, b) => a - b);
  const usual = known[known.length >> 1] ?? 0;
  return sentences.map((sentence, index) => {
    const fast = usual > 0 ? ((paces[index] ?? 0) / usual - 1) / (FASTEST - 1) : 0;
    return wordsValue(sentence.text) + marksValue(sentence.text) + PACE * Math.min(1, Math.max(0, fast));
  });
}

function wordsValue(text: string): number {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  let value = words.reduce((sum, word) => sum + (ENGLISH_EMOTION.get(word) ?? 0), 0);
  let rest = text;
  for (const [word, worth] of /\p{Script=Han}/u.test(text) ? CHINESE_EMOTION : []) {
    const parts = rest.split(word);
    value += worth * (parts.length - 1);
    // A longer word is not also the shorter one in it.
    rest = parts.join(' ');
  }
  return value / Math.sqrt(Math.max(4, unitsOf(text)) / 4);
}

function marksValue(text: string): number {
  return (/[!！]/u.test(text) ? EXCLAMATION : 0) + (/[?？؟]/u.test(text) ? QUESTION : 0);
}

/** Words; in scripts without spaces about two characters make one. */
function unitsOf(text: string): number {
  const together = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  const words = text.replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu, ' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return words + together / 2;
}

/** Characters a second; 0 where a sentence is too short to tell. */
function paceOf({ text, start, end }: Sentence): number {
  const seconds = start === null || end === null ? 0 : (end - start) / FLICKS_PER_SECOND;
  return seconds >= 1 && unitsOf(text) >= 3 ? text.length / seconds : 0;
}
