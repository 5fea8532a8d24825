/** Sentences that could stand in a summary, with what speaks for each. */
import type { Chapter, Sentence } from '../types.ts';
import { cleanSentence } from './clean.ts';
import { readingLength, wordsOf } from './words.ts';
import { wordListsOf, type WordLists } from './wordLists.ts';

export interface Candidate {
  /** Index into the sentences. */
  sentence: number;
  /** Cleaned. */
  text: string;
  /** Words, or characters where no spaces part words. */
  length: number;
  words: readonly string[];
  score: number;
}

/** Shorter ones are answers and asides, longer ones are no sentences. Words; East Asian characters by the second pair. */
const SPACED = { shortest: 8, longest: 60 };
const UNSPACED = { shortest: 10, longest: 110 };
/**
 * Weights of the z-scores. Looked for on the first ten of the QMSum validation meetings and checked on the other ten (docs/language.md): the optimum is flat, half as much or twice as much
 * of the last three changes ROUGE by less than .005.
 */
const WEIGHTS = { centrality: 1, pronouns: -1, written: 0.85, lead: 0.4, question: -0.3, information: 0.3, speaker: 0.1 };
/** The lead's weight falls to 1/e within this share of the text. */
const LEAD = 0.05;
/** Words beyond which a longer sentence weighs no more in the centroid. */
const CENTROID_WORDS = 30;
/** What the best sentence of a chapter gets on top, so that chapters are covered. Anything from 0 to 2 gives the same ROUGE within .006. */
const CHAPTER_BONUS = 0.4;

/** Every sentence that says something, cleaned, in order of the text. */
export function saidSentences(sentences: readonly Sentence[], language: string): Candidate[] {
  return sentences.flatMap(({ text }, sentence): Candidate[] => {
    const cleaned = cleanSentence(text, language);
    if (cleaned === '') return [];
    return [{ sentence, text: cleaned, length: readingLength(cleaned), words: wordsOf(cleaned.toLowerCase(), language), score: 0 }];
  });
}

/** Those of a length and form that can stand alone; where none is, those of the length, else all. */
export function candidatesOf(said: readonly Candidate[], language: string): Candidate[] {
  const lists = wordListsOf(language);
  const long = said.filter(({ text, length }) => {
    const { shortest, longest } = length > text.split(/\s+/u).length * 2 ? UNSPACED : SPACED;
    return length >= shortest && length <= longest;
  });
  const good = lists ? long.filter((candidate) => !isFragment(candidate, lists)) : long;
  if (good.length > 0) return good;
  return long.length > 0 ? long : [...said];
}

/** Broken off, or a part of another sentence. */
function isFragment({ text, words }: Candidate, { beginsOpen, beginsClause, endsOpen }: WordLists): boolean {
  if (/(?:\.\.\.|…|[-–—])[.。]?$/u.test(text)) return true;
  if (/[?？]$/u.test(text)) return false;
  const [first, last] = [words[0] ?? '', (words.at(-1) ?? '').replaceAll('’', "'")];
  return beginsOpen.has(first) || endsOpen.has(last) || (beginsClause.has(first) && !/[,，]/u.test(text));
}

/** Scores each candidate (z-scores over the text, weighted) in place. `vectors`: of all sentences; null: centrality by words. */
export function scoreCandidates(candidates: readonly Candidate[], sentences: readonly Sentence[], vectors: readonly Float32Array[] | null, language: string, chapters: readonly Chapter[] | null): void {
  const lists = wordListsOf(language);
  const signals: [number, number[]][] = [
    [WEIGHTS.centrality, vectors ? centralityByMeaning(candidates, vectors) : centralityByWords(candidates, lists)],
    [WEIGHTS.lead, candidates.map(({ sentence }) => Math.exp(-sentence / Math.max(1, LEAD * sentences.length)))],
    [WEIGHTS.question, candidates.map(({ text }) => (/[?？]$/u.test(text) ? 1 : 0))],
    [WEIGHTS.information, information(candidates, lists)],
    [WEIGHTS.speaker, speakerShares(candidates, sentences)],
  ];
  if (lists) {
    signals.push([WEIGHTS.pronouns, candidates.map(({ words }) => shareOf(words, lists.pronouns))]);
    signals.push([WEIGHTS.written, candidates.map(({ words }) => shareOf(words, lists.written))]);
  }
  for (const [weight, values] of signals) {
    const scores = standardised(values);
    for (const [i, candidate] of candidates.entries()) candidate.score += weight * (scores[i] ?? 0);
  }
  if (chapters && chapters.length > 1) favourChapters(candidates, chapters);
}

function shareOf(words: readonly string[], list: ReadonlySet<string>): number {
  return words.filter((word) => list.has(word.replaceAll('’', "'"))).length / Math.max(1, words.length);
}

/** Cosine to the mean of all, weighted by the root of their length (centroid centrality: Radev et al. 2004). */
function centralityByMeaning(candidates: readonly Candidate[], vectors: readonly Float32Array[]): number[] {
  const size = vectors[0]?.length ?? 0;
  const centroid = new Float64Array(size);
  for (const { sentence, length } of candidates) {
    const weight = Math.sqrt(Math.min(length, CENTROID_WORDS));
    const vector = vectors[sentence];
    for (let k = 0; k < size; k++) centroid[k] = (centroid[k] ?? 0) + weight * (vector?.[k] ?? 0);
  }
  const norm = Math.hypot(...centroid) || 1;
  return candidates.map(({ sentence }) => {
    let dot = 0;
    for (let k = 0; k < size; k++) dot += (centroid[k] ?? 0) * (vectors[sentence]?.[k] ?? 0);
    return dot / norm;
  });
}

/** The same over the words' tf-idf, for a language that no encoder knows. */
function centralityByWords(candidates: readonly Candidate[], lists: WordLists | null): number[] {
  const documents = new Map<string, number>();
  const bags = candidates.map(({ words }) => new Set(words.filter((word) => word.length > 1 && !lists?.stop.has(word))));
  for (const bag of bags) for (const word of bag) documents.set(word, (documents.get(word) ?? 0) + 1);
  const weightOf = (word: string): number => Math.log((1 + candidates.length) / (documents.get(word) ?? 1));
  const centroid = new Map<string, number>();
  for (const bag of bags) for (const word of bag) centroid.set(word, (centroid.get(word) ?? 0) + weightOf(word));
  return bags.map((bag) => {
    let dot = 0;
    let squares = 0;
    for (const word of bag) {
      const weight = weightOf(word);
      dot += weight * (centroid.get(word) ?? 0);
      squares += weight * weight;
    }
    return squares === 0 ? 0 : dot / Math.sqrt(squares);
  });
}

/** How much of what the text keeps coming back to a sentence holds: the mean, over its words, of the logarithm of how many sentences have the word; stop words give nothing. */
function information(candidates: readonly Candidate[], lists: WordLists | null): number[] {
  const sentencesWith = new Map<string, number>();
  const bags = candidates.map(({ words }) => new Set(words.filter((word) => word.length > 1 && !lists?.stop.has(word))));
  for (const bag of bags) for (const word of bag) sentencesWith.set(word, (sentencesWith.get(word) ?? 0) + 1);
  return bags.map((bag, i) => {
    let sum = 0;
    for (const word of bag) sum += Math.log(sentencesWith.get(word) ?? 1);
    return sum / Math.max(1, candidates[i]?.words.length ?? 1);
  });
}

/** Share of the text that the sentence's speaker says: who says most leads the talk. */
function speakerShares(candidates: readonly Candidate[], sentences: readonly Sentence[]): number[] {
  const shares = new Map<string | null, number>();
  const speakerOf = ({ sentence }: Candidate): string | null => sentences[sentence]?.speaker ?? null;
  for (const candidate of candidates) shares.set(speakerOf(candidate), (shares.get(speakerOf(candidate)) ?? 0) + candidate.length);
  return candidates.map((candidate) => shares.get(speakerOf(candidate)) ?? 0);
}

function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
  return values.map((value) => (deviation === 0 ? 0 : (value - mean) / deviation));
}

function favourChapters(candidates: readonly Candidate[], chapters: readonly Chapter[]): void {
  let at = 0;
  for (const [i, chapter] of chapters.entries()) {
    const end = chapters[i + 1]?.firstSentence ?? Infinity;
    let best: Candidate | null = null;
    for (; at < candidates.length; at++) {
      const candidate = candidates[at];
      if (!candidate || candidate.sentence >= end) break;
      if (candidate.sentence >= chapter.firstSentence && (!best || candidate.score > best.score)) best = candidate;
    }
    if (best) best.score += CHAPTER_BONUS;
  }
}
