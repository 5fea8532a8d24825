/** Extractive summaries: every sentence was said, and its moment can be played. */
import type { TimeRange } from '../../ranges.ts';
import { FLICKS_PER_SECOND } from '../../time.ts';
import type { Chapter, Sentence, Summary, SummaryLength } from '../types.ts';
import { candidatesOf, saidSentences, scoreCandidates, type Candidate } from './candidates.ts';
import { chooseWithin, withoutRedundant } from './choose.ts';
import { readingLength } from './words.ts';
import { termsOf } from './terms.ts';

export { cleanSentence } from './clean.ts';
export { keyTerms } from './terms.ts';
export { formatSummary, type SummaryForm, type SummaryNames } from './format.ts';

/** Terms shown beside a summary. */
const TERMS = 12;
/** Clips nearer than this are one. Seconds. */
const JOINED = 0.5;

export interface SummaryRequest {
  sentences: readonly Sentence[];
  /** Of all sentences, in their order; null: words alone count. */
  vectors: readonly Float32Array[] | null;
  /** BCP 47; `und` goes without word lists. */
  language: string;
  length: SummaryLength;
  /** Whose best sentences are favoured. */
  chapters: readonly Chapter[] | null;
}

/** The best sentences within the length, in order of the text. A length longer than the text gives all of it that says something, short answers too. */
export function summarise({ sentences, vectors, language, length, chapters }: SummaryRequest): Summary {
  const said = saidSentences(sentences, language);
  const [budget, costOf] = budgetOf(length, sentences);
  const whole = said.reduce((sum, candidate) => sum + costOf(candidate), 0) <= budget;
  const candidates = whole ? said : candidatesOf(said, language);
  scoreCandidates(candidates, sentences, vectors, language, chapters);
  const chosen = whole ? said : choose(candidates, vectors, budget, costOf);
  const cleaned = sentences.map(() => '');
  for (const { sentence, text } of said) cleaned[sentence] = text;
  const ordered = [...chosen].sort((a, b) => a.sentence - b.sentence);
  return {
    sentences: ordered.map(({ sentence, text, score }) => {
      const { start = null, end = null, speaker = null } = sentences[sentence] ?? {};
      return { sentence, text, start, end, speaker, score };
    }),
    terms: termsOf(cleaned, sentences, language, TERMS),
    method: vectors ? 'meaning' : 'words',
    whole,
  };
}

function choose(candidates: readonly Candidate[], vectors: readonly Float32Array[] | null, budget: number, costOf: (candidate: Candidate) => number): readonly Candidate[] {
  const distinct = withoutRedundant(candidates, vectors, costOf, budget);
  const chosen = chooseWithin(distinct, costOf, budget);
  // Better one sentence that is too long than none.
  const shortest = distinct.reduce<Candidate | null>((least, candidate) => (least && costOf(least) <= costOf(candidate) ? least : candidate), null);
  return chosen.length > 0 || !shortest ? chosen : [shortest];
}

/** The budget and what a sentence takes of it: sentences, words, or tenths of seconds. In a text without times a share is of its words. */
function budgetOf(length: SummaryLength, sentences: readonly Sentence[]): [number, (candidate: Candidate) => number] {
  const tenths = (sentence: Sentence | undefined): number => (sentence && sentence.start !== null && sentence.end !== null ? ((sentence.end - sentence.start) / FLICKS_PER_SECOND) * 10 : 0);
  const byTime = (tenthsInAll: number): [number, (candidate: Candidate) => number] => [tenthsInAll, ({ sentence }) => tenths(sentences[sentence])];
  switch (length.unit) {
    case 'sentences':
      return [length.value, () => 1];
    case 'words':
      return [length.value, (candidate) => candidate.length];
    case 'seconds':
      return isTimed(sentences) ? byTime(length.value * 10) : [length.value * WORDS_A_SECOND, (candidate) => candidate.length];
    case 'share': {
      const whole = isTimed(sentences) ? sentences.reduce((sum, sentence) => sum + tenths(sentence), 0) : sentences.reduce((sum, { text }) => sum + readingLength(text), 0);
      return isTimed(sentences) ? byTime(whole * length.value) : [whole * length.value, (candidate) => candidate.length];
    }
  }
}

/** English is spoken at about 150 words a minute (Tauroza & Allison 1990); a text without times is taken to be. */
const WORDS_A_SECOND = 2.5;

const isTimed = (sentences: readonly Sentence[]): boolean => sentences.some(({ start }) => start !== null);

/** The summary's sentences as ranges to cut, in order, those beside one another as one. Sentences without times have none. */
export function clipsOfSummary(summary: Pick<Summary, 'sentences'>): TimeRange[] {
  const ranges: TimeRange[] = [];
  for (const { start, end } of summary.sentences) {
    if (start === null || end === null || end <= start) continue;
    const last = ranges.at(-1);
    if (last && start - last.end <= JOINED * FLICKS_PER_SECOND) ranges[ranges.length - 1] = { start: last.start, end: end > last.end ? end : last.end };
    else ranges.push({ start, end });
  }
  return ranges;
}
