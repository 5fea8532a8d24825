/** Chapters of a talk or text: where they begin, what they are called, and how they are written down. */
import { flicks, FLICKS_PER_SECOND, toSeconds } from '../../time.ts';
import type { Chapter, ChapterOptions, Sentence } from '../types.ts';
import { costsOfVectors, costsOfWords, MOST_UNITS, segment, together, type Costs } from './segment.ts';
import { titlesOf } from './titles.ts';
import { isContent, normalised, stem, wordsOf } from './words.ts';

export { writeChapters, youtubeChapters, youtubeFindings } from './formats.ts';
export { titleOf, titlesOf } from './titles.ts';

/** Words that a block of talk holds at least; it ends where a turn or cue does, but a monologue is cut at the other number. */
const BLOCK_WORDS = 60;
const LONGEST_BLOCK = 600;
/**
 * Factors of the penalty, by meaning and by words alone: measured on documents joined of others (written), and for talk with the share of the words on the first ten QMSum meetings
 * (F1 of borders .47; the other ten .51).
 */
const WRITTEN = { meaning: 0.38, words: 1 };
const SPOKEN = { meaning: 1, words: 1 };
/** What the costs by words count beside those by meaning, in talk: what is said again and again tells a topic where single sentences say little. */
const WORDS_IN_TALK = 0.05;

export interface FindChapters {
  sentences: readonly Sentence[];
  /** One for each sentence, of unit length; null: by words alone. */
  vectors: readonly Float32Array[] | null;
  /** BCP 47, or `auto`. */
  language: string;
  options: ChapterOptions;
}

/**
 * The chapters, in order; none without sentences. The first begins at the media's start. Talk (sentences with times or speakers) is compared in blocks of some 60 words that
 * end where a turn does; written sentences one by one.
 */
export function findChapters({ sentences, vectors, language, options }: FindChapters): Chapter[] {
  if (sentences.length === 0) return [];
  const spoken = sentences.some(({ start, speaker }) => start !== null || speaker !== null);
  const words = sentences.map(({ text }) => wordsOf(text, language));
  const starts = unitStarts(sentences, words, spoken, options.count);
  const costs = costsOf(vectors, words, starts, spoken);
  const factor = (spoken ? SPOKEN : WRITTEN)[vectors ? 'meaning' : 'words'] * 4 ** (1 - 2 * options.detail);
  const reliefs = starts.map((start) => reliefBefore(sentences, start, options.cuts));
  const first = segment(costs, { factor, relief: (unit) => reliefs[unit] ?? 0 }, options.count).map((unit) => starts[unit] ?? 0);
  const titles = titlesOf(sentences, first, language, words);
  return first.map((sentence, i) => {
    const start = sentences[sentence]?.start ?? null;
    return { id: `chapter-${i + 1}`, title: titles[i] ?? String(i + 1), start: start !== null && i === 0 ? flicks(0) : start, firstSentence: sentence, touched: false };
  });
}

function costsOf(vectors: readonly Float32Array[] | null, words: readonly (readonly string[])[], starts: readonly number[], spoken: boolean): Costs {
  const byWords = vectors && !spoken ? null : costsOfWords(unitWords(words, starts));
  const byMeaning = vectors ? costsOfVectors(unitVectors(vectors, words, starts)) : null;
  if (byMeaning && byWords) return together(byMeaning, byWords, WORDS_IN_TALK);
  return (byMeaning ?? byWords) as Costs;
}

/** A short talk has at least this many units for each chapter that it may get. */
const UNITS_A_CHAPTER = 4;
/** A minute's talk may have this many chapters. */
const SHORT_TALK_CHAPTERS = 3;

/** First sentences of the units. Above 1,200 units they grow, so that the time and memory needed stay bounded; in a short talk they shrink. */
function unitStarts(sentences: readonly Sentence[], said: readonly (readonly string[])[], spoken: boolean, count: number | null): number[] {
  const starts = [0];
  const lengths = spoken ? said.map(({ length }) => length) : [];
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const block = Math.min(BLOCK_WORDS, whole / (UNITS_A_CHAPTER * (count ?? SHORT_TALK_CHAPTERS)));
  const least = Math.ceil(sentences.length / MOST_UNITS);
  let words = 0;
  for (let i = 1; i < sentences.length; i += 1) {
    words += lengths[i - 1] ?? 0;
    const turn = sentences[i]?.line !== sentences[i - 1]?.line;
    const full = !spoken || words >= LONGEST_BLOCK || (words >= block && turn);
    if (!full || i - (starts.at(-1) ?? 0) < least) continue;
    starts.push(i);
    words = 0;
  }
  return starts;
}

/** Content words that a sentence without any counts as: "Yeah, okay." says little about the topic. */
const EMPTY_WEIGHT = 0.1;

/** Mean of each unit's sentences, by their content words. */
function unitVectors(vectors: readonly Float32Array[], words: readonly (readonly string[])[], starts: readonly number[]): Float32Array[] {
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? vectors.length;
    const sum = new Float32Array(vectors[start]?.length ?? 0);
    for (let at = start; at < end; at += 1) {
      const vector = vectors[at] as Float32Array;
      const weight = EMPTY_WEIGHT + (words[at]?.filter(isContent).length ?? 0);
      for (let k = 0; k < sum.length; k += 1) sum[k] = (sum[k] as number) + weight * (vector[k] as number);
    }
    return normalised(sum);
  });
}

function unitWords(words: readonly (readonly string[])[], starts: readonly number[]): string[][] {
  return starts.map((start, i) => words.slice(start, starts[i + 1] ?? words.length).flatMap((said) => said.filter(isContent).map(stem)));
}

/** A border is cheaper after a long pause (3 s and more: by 0.2), at another speaker (0.05) and within a second of a cut (0.1). */
function reliefBefore(sentences: readonly Sentence[], at: number, cuts: ChapterOptions['cuts']): number {
  const before = sentences[at - 1];
  const after = sentences[at];
  if (!before || !after || before.end === null || after.start === null) return 0;
  const from = before.end;
  const to = after.start;
  const pause = Math.max(0, toSeconds(to) - toSeconds(from));
  const second = FLICKS_PER_SECOND;
  const cut = cuts.some((time) => time >= from - second && time <= to + second);
  return 0.2 * Math.min(1, pause / 3) + (before.speaker !== after.speaker ? 0.05 : 0) + (cut ? 0.1 : 0);
}
