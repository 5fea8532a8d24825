/**
 * Sentences as the search by meaning compares them: each mixed with its neighbours, because a sentence alone ("Yes, that one.") rarely says
 * what it is about. The coarse pass compares the signs of these vectors by the number that differ (Charikar 2002, "Similarity
 * estimation techniques from rounding algorithms"): 48 MB for a million sentences.
 */

/** Sentences before and after that a window takes in. */
export const REACH = 2;
/**
 * A sentence's own part; the rest is its window's mean, which holds the sentence too. On 20 meetings of QMSum (99 queries, by meaning alone) 0.1 is
 * best on one half of the meetings, 0.2 on the other, and 1 (no window) is worst; but so little leaves no sign of a sentence that is alone with
 * its subject. 0.3 keeps most of it: mean reciprocal rank .739, beside .743 at 0.2, .729 at 0.5 and .721 at 1.
 */
const OWN = 0.3;
export const DIMENSIONS = 384;
const WORDS = DIMENSIONS / 32;

/** How much a sentence of so many characters says in its window: "Yeah." little. Grows like the root, up to about 30 words. */
export const windowWeight = (characters: number): number => Math.sqrt(Math.min(Math.max(characters, 1), 160));

/** Unit vectors of a talk's sentences, each mixed with its window. */
export function mixedVectors(vectors: readonly Float32Array[], weights: readonly number[]): Float32Array[] {
  return vectors.map((own, middle) => {
    const mixed = new Float32Array(DIMENSIONS);
    const from = Math.max(0, middle - REACH);
    const window = vectors.slice(from, middle + REACH + 1);
    const total = window.reduce((sum, _vector, index) => sum + (weights[from + index] ?? 1), 0);
    window.forEach((vector, index) => addTo(mixed, vector, ((1 - OWN) * (weights[from + index] ?? 1)) / total));
    addTo(mixed, own, OWN);
    return toUnit(mixed);
  });
}

/** In place; a vector of zeros stays. */
function toUnit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) * scale;
  return vector;
}

function addTo(sum: Float32Array, vector: Float32Array, weight: number): void {
  for (let index = 0; index < DIMENSIONS; index += 1) sum[index] = (sum[index] ?? 0) + weight * (vector[index] ?? 0);
}

/** Twelve words a vector: bit b of word w is set where value 32 w + b is above zero. */
export function signsOf(vectors: readonly Float32Array[]): Uint32Array {
  const signs = new Uint32Array(vectors.length * WORDS);
  vectors.forEach((vector, number) => {
    for (let index = 0; index < DIMENSIONS; index += 1) {
      const word = number * WORDS + (index >>> 5);
      if ((vector[index] ?? 0) > 0) signs[word] = (signs[word] ?? 0) | (1 << (index & 31));
    }
  });
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

/** Writes how many signs of each vector differ from the query's, from `at` on. */
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
  // Iterators and checks for holes cost more than the counting, over a million of them.
  for (let index = 0; index < distances.length; index += 1) histogram[distances[index]!]!++;
  let within = 0;
  for (let distance = 0; distance < DIMENSIONS; distance += 1) {
    within += histogram[distance] ?? 0;
    if (within >= count) return distance;
  }
  return DIMENSIONS;
}

/** Places of the distances that are within `farthest`, rising. */
export function placesWithin(distances: Uint16Array, farthest: number): number[] {
  const places: number[] = [];
  for (let index = 0; index < distances.length; index += 1) if (distances[index]! <= farthest) places.push(index);
  return places;
}

/** For each byte of signs and each of its values, what it adds to the product of the query with signs of plus and minus one. */
export function signTable(query: Float32Array): Float32Array {
  const table = new Float32Array((DIMENSIONS / 8) * 256);
  for (let entry = 0; entry < table.length; entry += 1) {
    const first = (entry >>> 8) * 8;
    let sum = 0;
    for (let bit = 0; bit < 8; bit += 1) sum += entry & (1 << bit) ? (query[first + bit] ?? 0) : -(query[first + bit] ?? 0);
    table[entry] = sum;
  }
  return table;
}

/** Product of the query behind `table` with the signs of vector `number`: nearer to the cosine than counting differences, and slower. */
export function productOf(table: Float32Array, signs: Uint32Array, number: number): number {
  let sum = 0;
  for (let word = 0; word < WORDS; word += 1) {
    const bits = signs[number * WORDS + word] ?? 0;
    for (let byte = 0; byte < 4; byte += 1) sum += table[((word * 4 + byte) << 8) | ((bits >>> (8 * byte)) & 255)] ?? 0;
  }
  return sum;
}
