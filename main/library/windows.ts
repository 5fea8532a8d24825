/**
 * The coarse pass of the search by meaning: signs of the vectors of windows of sentences, compared by the number that differ (Charikar 2002,
 * "Similarity estimation techniques from rounding algorithms"). A window is a sentence with two before and two after; every third
 * sentence has one, so that each sentence is in one or two. A million sentences are 333,000 windows and 16 MB.
 */

/** Sentences before and after that a window takes in. */
export const REACH = 2;
/** Sentences from one window's middle to the next one's. */
export const STRIDE = 3;
/** The first window's middle. */
export const OFFSET = 1;
export const DIMENSIONS = 384;
const WORDS = DIMENSIONS / 32;

export const windowCount = (sentences: number): number => Math.ceil(sentences / STRIDE);
export const middleOf = (window: number, sentences: number): number => Math.min(sentences - 1, window * STRIDE + OFFSET);

/** Bit b of word w is set where value 32 w + b is above zero. */
export function signsOf(vector: Float32Array, into = new Uint32Array(WORDS), at = 0): Uint32Array {
  for (let index = 0; index < DIMENSIONS; index += 1) {
    if ((vector[index] ?? 0) > 0) into[at + (index >>> 5)] = (into[at + (index >>> 5)] ?? 0) | (1 << (index & 31));
  }
  return into;
}

/** How much a sentence of so many characters says in its window: "Yeah." little. Grows like the root, up to about 30 words. */
export const windowWeight = (characters: number): number => Math.sqrt(Math.min(Math.max(characters, 1), 160));

/** Signs of all windows of a talk, by its sentences' vectors and weights. */
export function windowSigns(vectors: readonly Float32Array[], weights: readonly number[]): Uint32Array {
  const signs = new Uint32Array(windowCount(vectors.length) * WORDS);
  const sum = new Float32Array(DIMENSIONS);
  for (let window = 0; window * WORDS < signs.length; window += 1) {
    const middle = middleOf(window, vectors.length);
    sum.fill(0);
    for (let near = Math.max(0, middle - REACH); near <= Math.min(vectors.length - 1, middle + REACH); near += 1) {
      const vector = vectors[near];
      const weight = weights[near] ?? 1;
      for (let index = 0; index < DIMENSIONS; index += 1) sum[index] = (sum[index] ?? 0) + weight * (vector?.[index] ?? 0);
    }
    signsOf(sum, signs, window * WORDS);
  }
  return signs;
}

/** Sums of bits in groups of four, of one word. */
function quarters(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
}

/** Sums of bits in bytes, of three words: no nibble of `quarters` is above 4. */
function bytesOfThree(a: number, b: number, c: number): number {
  const sum = quarters(a) + quarters(b) + quarters(c);
  return (sum & 0x0f0f0f0f) + ((sum >>> 4) & 0x0f0f0f0f);
}

/** Writes how many signs of each window differ from the query's, from `at` on. */
export function compareSigns(signs: Uint32Array, query: Uint32Array, distances: Uint16Array, at: number): void {
  const [q0 = 0, q1 = 0, q2 = 0, q3 = 0, q4 = 0, q5 = 0, q6 = 0, q7 = 0, q8 = 0, q9 = 0, q10 = 0, q11 = 0] = query;
  for (let from = 0, to = at; from < signs.length; from += WORDS, to += 1) {
    const bytes =
      bytesOfThree(signs[from]! ^ q0, signs[from + 1]! ^ q1, signs[from + 2]! ^ q2) +
      bytesOfThree(signs[from + 3]! ^ q3, signs[from + 4]! ^ q4, signs[from + 5]! ^ q5) +
      bytesOfThree(signs[from + 6]! ^ q6, signs[from + 7]! ^ q7, signs[from + 8]! ^ q8) +
      bytesOfThree(signs[from + 9]! ^ q9, signs[from + 10]! ^ q10, signs[from + 11]! ^ q11);
    // Each byte is 96 at most, but their sum may pass 255, so they are added in halves.
    const pairs = (bytes & 0x00ff00ff) + ((bytes >>> 8) & 0x00ff00ff);
    distances[to] = (pairs & 0xffff) + (pairs >>> 16);
  }
}

/** Largest distance so that at least `count` of the distances are within it. */
export function distanceOfNearest(distances: Uint16Array, count: number): number {
  const histogram = new Uint32Array(DIMENSIONS + 1);
  for (const distance of distances) histogram[distance] = (histogram[distance] ?? 0) + 1;
  let within = 0;
  for (let distance = 0; distance < DIMENSIONS; distance += 1) {
    within += histogram[distance] ?? 0;
    if (within >= count) return distance;
  }
  return DIMENSIONS;
}
