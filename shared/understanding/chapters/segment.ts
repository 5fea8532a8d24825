/** Where the topic changes: a global cost over units (sentences, or blocks of talk), minimised by dynamic programming. */

/** Units that are compared with each other at most; the table of costs grows with the square. Callers make longer units above it. */
export const MOST_UNITS = 1200;
/** Units that a segment holds at least. */
const SHORTEST = 2;

export interface Penalty {
  /** Factor of the costs' own unit. */
  factor: number;
  /** Share of the penalty that a border before unit i is let off, 0 to 1: a pause, another speaker, a cut. */
  relief: (unit: number) => number;
}

/** What each possible segment costs. */
export interface Costs {
  units: number;
  /** Of units i to j (both inside), at j (j + 1) / 2 + i. */
  table: Float32Array;
  /** What a penalty of 1 is. */
  unit: number;
  /** True when all units are the same: there is no border anywhere. */
  flat: boolean;
}

/**
 * First units of the segments, the first of them 0: those with the smallest sum of costs + penalty of the borders. With `count` there are that many segments (or as
 * many as there is room for).
 */
export function segment({ units, table, unit, flat }: Costs, penalty: Penalty, count: number | null): number[] {
  if (units < 2 * SHORTEST || count === 1) return units === 0 ? [] : [0];
  if (flat && count === null) return [0];
  if (count === null) return cheapest(table, units, penalty.factor * unit, penalty.relief);
  return ofCount(table, units, penalty.factor * unit, penalty.relief, Math.min(count, Math.floor(units / SHORTEST)));
}

/**
 * By meaning: squared norms − squared norm of the sum / length, which is how far the segment's vectors lie from their mean; in units of (1 − mean of the Gram matrix) ×
 * ln(n).
 */
export function costsOfVectors(vectors: readonly Float32Array[]): Costs {
  const n = vectors.length;
  const size = vectors[0]?.length ?? 0;
  const all = new Float32Array(n * size);
  vectors.forEach((vector, i) => all.set(vector, i * size));
  const table = new Float32Array((n * (n + 1)) / 2);
  /** Sums of the Gram matrix over the square from i to the row before, and of its diagonal up to i. */
  const within = new Float64Array(n);
  const norms = new Float64Array(n + 1);
  const products = new Float64Array(n + 4);
  for (let j = 0; j < n; j += 1) {
    productsWith(j, all, size, products);
    const own = products[j] as number;
    norms[j + 1] = (norms[j] as number) + own;
    const row = (j * (j + 1)) / 2;
    let sum = 0;
    for (let i = j; i >= 0; i -= 1) {
      sum += products[i] as number;
      const square = (within[i] as number) + 2 * sum - own;
      within[i] = square;
      table[row + i] = Math.max(0, (norms[j + 1] as number) - (norms[i] as number) - square / (j - i + 1));
    }
  }
  const spread = n === 0 ? 0 : (norms[n] as number) / n - (within[0] as number) / (n * n);
  return { units: n, table, unit: Math.max(spread, 1e-6) * Math.log(n), flat: spread < 1e-6 };
}

/** Products of vector j with the vectors 0 to j, four at a time, so that each of its numbers is read once for four. */
function productsWith(j: number, all: Float32Array, size: number, products: Float64Array): void {
  const at = j * size;
  for (let i = 0; i <= j; i += 4) {
    let [first, second, third, fourth] = [0, 0, 0, 0];
    const [a, b, c, d] = [i * size, Math.min(i + 1, j) * size, Math.min(i + 2, j) * size, Math.min(i + 3, j) * size];
    for (let k = 0; k < size; k += 1) {
      const value = all[at + k] as number;
      first += value * (all[a + k] as number);
      second += value * (all[b + k] as number);
      third += value * (all[c + k] as number);
      fourth += value * (all[d + k] as number);
    }
    products[i] = first;
    products[i + 1] = second;
    products[i + 2] = third;
    products[i + 3] = fourth;
  }
}

/**
 * By words alone (Utiyama and Isahara 2001): −ln of the words' probability in the segment, each (times it is said in it + 1) / (words of the segment + different words of the
 * text); in units of ln(words of the text).
 */
export function costsOfWords(words: readonly (readonly string[])[]): Costs {
  const n = words.length;
  const ids = new Map<string, number>();
  const units = words.map((unit) => Int32Array.from(unit, (word) => {
    const id = ids.get(word) ?? ids.size;
    ids.set(word, id);
    return id;
  }));
  const total = units.reduce((sum, unit) => sum + unit.length, 0);
  const logs = Float64Array.from({ length: total + ids.size + 2 }, (_, i) => Math.log(i));
  const table = new Float32Array((n * (n + 1)) / 2);
  for (let j = 0; j < n; j += 1) {
    const counts = new Int32Array(ids.size);
    const row = (j * (j + 1)) / 2;
    let said = 0;
    let repeats = 0;
    for (let i = j; i >= 0; i -= 1) {
      const unit = units[i] as Int32Array;
      for (const word of unit) {
        const count = (counts[word] as number) + 1;
        counts[word] = count;
        repeats += count * (logs[count + 1] as number) - (count - 1) * (logs[count] as number);
      }
      said += unit.length;
      table[row + i] = said * (logs[said + ids.size] as number) - repeats;
    }
  }
  return { units: n, table, unit: Math.log(Math.max(2, total)), flat: ids.size < 2 };
}

/** The sum of two costs of the same units, each in its own unit, the second one counting by `share`. */
export function together(first: Costs, second: Costs, share: number): Costs {
  const table = Float32Array.from(first.table, (cost, i) => cost / first.unit + (share * (second.table[i] as number)) / second.unit);
  return { units: first.units, table, unit: 1, flat: first.flat && second.flat };
}

function cheapest(costs: Float32Array, n: number, price: number, relief: Penalty['relief']): number[] {
  const best = new Float64Array(n + 1).fill(Infinity);
  const from = new Int32Array(n + 1);
  best[0] = 0;
  const borders = Float64Array.from({ length: n }, (_, start) => (start === 0 ? 0 : price * (1 - relief(start))));
  for (let end = SHORTEST; end <= n; end += 1) {
    const row = ((end - 1) * end) / 2;
    for (let start = 0; start <= end - SHORTEST; start += 1) {
      const total = (best[start] as number) + (costs[row + start] as number) + (borders[start] as number);
      if (total < (best[end] as number)) {
        best[end] = total;
        from[end] = start;
      }
    }
  }
  const starts: number[] = [];
  for (let end = n; end > 0; end = from[end] as number) starts.unshift(from[end] as number);
  return starts;
}

/** The best of all with `count` segments of two units or more. */
function ofCount(costs: Float32Array, n: number, price: number, relief: Penalty['relief'], count: number): number[] {
  const reliefs = Float64Array.from({ length: n }, (_, start) => (start === 0 ? 0 : price * relief(start)));
  const from = Array.from({ length: count + 1 }, () => new Int32Array(n + 1));
  let before = new Float64Array(n + 1).fill(Infinity);
  before[0] = 0;
  for (let used = 1; used <= count; used += 1) {
    const best = new Float64Array(n + 1).fill(Infinity);
    const origin = from[used] as Int32Array;
    for (let end = SHORTEST * used; end <= n; end += 1) {
      const row = ((end - 1) * end) / 2;
      for (let start = SHORTEST * (used - 1); start <= end - SHORTEST; start += 1) {
        const total = (before[start] as number) + (costs[row + start] as number) - (reliefs[start] as number);
        if (total >= (best[end] as number)) continue;
        best[end] = total;
        origin[end] = start;
      }
    }
    before = best;
  }
  const starts: number[] = [];
  for (let used = count, end = n; used > 0; used -= 1) {
    end = from[used]?.[end] ?? 0;
    starts.unshift(end);
  }
  return starts;
}
