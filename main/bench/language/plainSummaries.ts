/** Plain ways to summarise that ours is measured beside. Each ranks sentences; the best are taken as long as they fit. */
import { wordListsOf } from '../../../shared/understanding/summary/wordLists.ts';
import { rougeTokens } from './rouge.ts';

/** What becomes of a sentence's rank that is left after each step (Brin & Page 1998; kept by TextRank and LexRank). */
const DAMPING = 0.85;
const STEPS = 60;
/** TextRank and LexRank rank sentences of at least so many words: without it they choose "Yeah, I think so". */
export const SHORTEST = 8;
/** Erkan & Radev 2004: cosines below this are no edges. */
const LEXRANK_EDGE = 0.1;

/** Indexes of sentences, best first. */
export type Ranking = readonly number[];

/** Sentences from the beginning. */
export const lead = (sentences: readonly string[]): Ranking => sentences.map((_, index) => index);

/** A shuffle that is the same for the same seed (mulberry32). */
export function random(sentences: readonly string[], seed: number): Ranking {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return sentences
    .map((_, index) => ({ index, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ index }) => index);
}

/** Mihalcea & Tarau 2004: edges by common words over the sum of the lengths' logarithms; stemmed, without stop words. */
export function textRank(sentences: readonly string[]): Ranking {
  const stop = wordListsOf('en')?.stop;
  const long = longOnes(sentences);
  const bags = long.map(({ text }) => new Set(rougeTokens(text.replace(/[a-z']+/gi, (word) => (stop?.has(word.toLowerCase()) ? ' ' : word)))));
  const common = overlaps(bags, () => 1);
  const logs = bags.map((bag) => Math.log(Math.max(1, bag.size)));
  const n = long.length;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) common[i * n + j] = (common[i * n + j] ?? 0) / Math.max(Math.log(2), (logs[i] ?? 0) + (logs[j] ?? 0));
  return ranked(long, graphRank(common, n));
}

/** Erkan & Radev 2004: edges where the cosine of the tf-idf is above .1. */
export function lexRank(sentences: readonly string[]): Ranking {
  const long = longOnes(sentences);
  const n = long.length;
  const bags = long.map(({ text }) => new Set(rougeTokens(text)));
  const documents = new Map<string, number>();
  for (const bag of bags) for (const word of bag) documents.set(word, (documents.get(word) ?? 0) + 1);
  const squared = (word: string): number => Math.log(n / (documents.get(word) ?? 1)) ** 2;
  const norms = bags.map((bag) => Math.sqrt([...bag].reduce((sum, word) => sum + squared(word), 0)));
  const cosines = overlaps(bags, squared);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) cosines[i * n + j] = (cosines[i * n + j] ?? 0) > LEXRANK_EDGE * (norms[i] ?? 0) * (norms[j] ?? 0) ? 1 : 0;
  return ranked(long, graphRank(cosines, n));
}

interface Long {
  text: string;
  index: number;
}

const longOnes = (sentences: readonly string[]): Long[] => sentences.map((text, index) => ({ text, index })).filter(({ text }) => (text.match(/[\p{L}\p{N}]+/gu) ?? []).length >= SHORTEST);

const ranked = (long: readonly Long[], scores: Float64Array): Ranking =>
  long
    .map(({ index }, at) => ({ index, score: scores[at] ?? 0 }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ index }) => index);

/** Sum of the weights of the words that each two have in common, row by row; 0 for a sentence with itself. */
function overlaps(bags: readonly ReadonlySet<string>[], weightOf: (word: string) => number): Float32Array {
  const n = bags.length;
  const matrix = new Float32Array(n * n);
  const places = new Map<string, number[]>();
  for (const [i, bag] of bags.entries()) {
    for (const word of bag) {
      const weight = weightOf(word);
      const earlier = places.get(word) ?? [];
      for (const j of earlier) {
        matrix[i * n + j] = (matrix[i * n + j] ?? 0) + weight;
        matrix[j * n + i] = (matrix[j * n + i] ?? 0) + weight;
      }
      earlier.push(i);
      places.set(word, earlier);
    }
  }
  return matrix;
}

/** PageRank of a weighted graph by power iteration. */
function graphRank(weights: Float32Array, n: number): Float64Array {
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sums[i] = (sums[i] ?? 0) + (weights[i * n + j] ?? 0);
  let rank = new Float64Array(n).fill(1 / Math.max(1, n));
  for (let step = 0; step < STEPS; step++) {
    const next = new Float64Array(n).fill((1 - DAMPING) / Math.max(1, n));
    for (let i = 0; i < n; i++) {
      const share = (DAMPING * (rank[i] ?? 0)) / (sums[i] || Infinity);
      if (share === 0) continue;
      for (let j = 0; j < n; j++) next[j] = (next[j] ?? 0) + share * (weights[i * n + j] ?? 0);
    }
    rank = next;
  }
  return rank;
}
