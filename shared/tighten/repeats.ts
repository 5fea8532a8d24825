/** Sentences said again until they were right, and words said twice in a row. */
import type { Word } from '../captions/types.ts';
import { rangeOfWords } from '../wordCuts.ts';
import { similarity } from './similarity.ts';
import { findStutters } from './stutters.ts';
import { removal, type Removal, type RemovalReason } from './types.ts';
import { CJK, endsSentence, plainWord, secondsBetween, spanOf, textOf } from './wordText.ts';

/** Seconds. Where the recogniser wrote no full stop, a pause this long ends a sentence: who begins again mostly stops first. */
const SENTENCE_PAUSE = 0.6;
/** How far ahead another take is looked for. */
const SENTENCES_AHEAD = 8;
const SECONDS_AHEAD = 60;
/** Of the words of the longer one, at least this part is the same and in the same order. */
const ALIKE = 0.75;
/** Shorter ones ("thank you", "yes, exactly") are said again in earnest. Chinese counts characters. */
const LEAST_WORDS = 4;
const LEAST_CHARACTERS = 6;
const LEAST_WORDS_OF_START = 3;
const LEAST_CHARACTERS_OF_START = 4;

interface Sentence {
  first: number;
  last: number;
  /** Comparable pieces: words, or characters where Chinese is written. */
  pieces: string[];
  chinese: boolean;
}

/**
 * What was said again: of near-duplicate sentences close together all but the last, starts that were given up and begun again, and
 * stutters. Words are a media's, in order. Only the repeated words go; what was said between two takes stays.
 */
export function findRepeats(words: readonly Word[]): Removal[] {
  const sentences = sentencesOf(words);
  const takes = runsOf(takesOf(sentences, words)).map(({ first, last, reason }) => cut(words, sentences[first]?.first ?? 0, sentences[last]?.last ?? 0, reason));
  const inTake = (first: number): boolean => takes.some(({ start, end }) => (words[first]?.start ?? 0) >= start && (words[first]?.start ?? 0) < end);
  const stutters = findStutters(words)
    .filter(({ first }) => !inTake(first))
    .map(({ first, last }) => cut(words, first, last, 'stutter'));
  return [...takes, ...stutters].sort((a, b) => a.start - b.start);
}

/** A sentence that is said again, and which of those after it is the other take. */
interface Take {
  again: number;
  reason: RemovalReason;
}

/** Takes by sentence. Short parts that go along with one ("ask not", between two pauses) are part of it. */
function takesOf(sentences: readonly Sentence[], words: readonly Word[]): Map<number, Take> {
  const takes = new Map<number, Take>();
  sentences.forEach((_, i) => {
    const take = takeOf(sentences, i, words);
    if (take) takes.set(i, take);
  });
  // New entries are met by the same loop: a take grows to both sides as far as it is alike.
  for (const [index, { again, reason }] of takes) {
    if (reason !== 'repeated_sentence') continue;
    for (const by of [-1, 1]) {
      const [here, there] = [sentences[index + by], sentences[again + by]];
      if (!here || !there || takes.has(index + by) || again + by === index || index + by === again) continue;
      if (similarity(here.pieces, there.pieces) >= ALIKE) takes.set(index + by, { again: again + by, reason });
    }
  }
  return takes;
}

/** Neighbouring sentences that go for the same reason to neighbouring takes are one removal. */
function runsOf(takes: ReadonlyMap<number, Take>): { first: number; last: number; reason: RemovalReason }[] {
  const runs: { first: number; last: number; reason: RemovalReason }[] = [];
  for (const index of [...takes.keys()].sort((a, b) => a - b)) {
    const take = takes.get(index);
    const before = takes.get(index - 1);
    const last = runs.at(-1);
    if (!take) continue;
    if (last && before?.reason === take.reason && before.again === take.again - 1) last.last = index;
    else runs.push({ first: index, last: index, reason: take.reason });
  }
  return runs;
}

function cut(words: readonly Word[], first: number, last: number, reason: RemovalReason): Removal {
  const { start, end } = rangeOfWords(words, first, last, { range: spanOf(words) });
  return removal('repeat', reason, start, end, textOf(words.slice(first, last + 1)));
}

function sentencesOf(words: readonly Word[]): Sentence[] {
  const sentences: Sentence[] = [];
  let first = 0;
  words.forEach((word, i) => {
    const next = words[i + 1];
    if (next && !endsSentence(word) && secondsBetween(word.end, next.start) < SENTENCE_PAUSE) return;
    const said = words.slice(first, i + 1);
    const chinese = said.some((each) => CJK.test(each.text));
    const plain = said.map((each) => plainWord(each.text)).filter((text) => text !== '');
    sentences.push({ first, last: i, chinese, pieces: chinese ? [...plain.join('')] : plain });
    first = i + 1;
  });
  return sentences;
}

function takeOf(sentences: readonly Sentence[], index: number, words: readonly Word[]): Take | null {
  const sentence = sentences[index];
  const ends = words[sentence?.last ?? -1]?.end;
  if (!sentence || ends === undefined) return null;
  const { pieces, chinese } = sentence;
  const long = pieces.length >= (chinese ? LEAST_CHARACTERS : LEAST_WORDS);
  for (let again = index + 1; long && again <= index + SENTENCES_AHEAD; again += 1) {
    const later = sentences[again];
    const begins = words[later?.first ?? -1]?.start;
    if (!later || begins === undefined || secondsBetween(ends, begins) > SECONDS_AHEAD) break;
    if (similarity(pieces, later.pieces) >= ALIKE) return { again, reason: 'repeated_sentence' };
  }
  const next = sentences[index + 1];
  const given = pieces.length >= (chinese ? LEAST_CHARACTERS_OF_START : LEAST_WORDS_OF_START);
  const longer = next !== undefined && next.pieces.length > pieces.length;
  if (!given || !longer || isWhole(words, sentence)) return null;
  return pieces.every((piece, i) => next.pieces[i] === piece) ? { again: index + 1, reason: 'abandoned_start' } : null;
}

/** A sentence that was brought to its end is no abandoned start, though the next begins alike. */
function isWhole(words: readonly Word[], { last }: Sentence): boolean {
  return /[.!?。！？]["'”’」』)）]*$/u.test(words[last]?.text ?? '') && !/(\.\.\.|…)/u.test(words[last]?.text ?? '');
}
