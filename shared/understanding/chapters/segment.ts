/** Where the topic changes: a global cost over the vectors of units (sentences, or blocks of talk), minimised by dynamic programming. */

/** Units that are compared with each other at most; the table of costs grows with the square. Callers make longer units above it. */
export const MOST_UNITS = 3000;
/** Units that a segment holds at least. */
const SHORTEST = 2;

export interface Penalty {
  /** Factor of ln(n), in units of the vectors' own spread. Measured: 0.38 for written sentences, 0.50 for blocks of talk. */
  factor: number;
  /** Share of the penalty that a border before unit i is let off, 0 to 1: a pause, another speaker, a cut. */
  relief: (unit: number) => number;
}

/**
 * First units of the segments, the first of them 0. Minimises the sum over segments of (squared norms − squared norm of the sum / length) / s² +
 * factor × ln(n), s² = 1 − mean of the Gram matrix. With `count` there are that many segments (or as many as there is room for).
 */
export function segment(vectors: readonly Float32Array[], penalty: Penalty, count: number | null): number[] {
  const n = vectors.length;
  if (n < 2 * SHORTEST || count === 1) return n === 0 ? [] : [0];
  const { costs, spread } = costTable(vectors);
  if (spread < 1e-6 && count === null) return [0];
  const unit = Math.max(spread, 1e-6) * Math.log(n);
  if (count === null) return cheapest(costs, n, penalty.factor * unit, penalty.relief);
  return ofCount(costs, n, unit, penalty, Math.min(count, Math.floor(n / SHORTEST)));
}

/** Cost of units i to j (both inside), at j (j + 1) / 2 + i. */
function costTable(vectors: readonly Float32Array[]): { costs: Float32Array; spread: number } {
  const n = vectors.length;
  const costs = new Float32Array((n * (n + 1)) / 2);
  const within = new Float64Array(n);
  const owns = Float64Array.from(vectors, (vector) => dot(vector, vector));
  let norms = 0;
  for (let j = 0; j < n; j += 1) {
    const last = vectors[j] as Float32Array;
    const own = owns[j] as number;
    norms += own;
    let sum = 0;
    let squares = 0;
    for (let i = j; i >= 0; i -= 1) {
      const first = vectors[i] as Float32Array;
      const product = i === j ? own : dot(first, last);
      sum += product;
      within[i] = (within[i] ?? 0) + 2 * sum - own;
      squares += owns[i] as number;
      costs[(j * (j + 1)) / 2 + i] = Math.max(0, squares - (within[i] ?? 0) / (j - i + 1));
    }
  }
  return { costs, spread: norms / n - (within[0] ?? 0) / (n * n) };
}


function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

function cheapest(costs: Float32Array, n: number, price: number, relief: Penalty['relief']): number[] {
  const best = new Float64Array(n + 1).fill(Infinity);
  const from = new Int32Array(n + 1);
  best[0] = 0;
  for (let end = SHORTEST; end <= n; end += 1) {
    const row = ((end - 1) * end) / 2;
    for (let start = 0; start <= end - SHORTEST; start += 1) {
      const border = start === 0 ? 0 : price * (1 - relief(start));
      const total = (best[start] as number) + (costs[row + start] as number) + border;
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

/** The penalty that gives the most segments not above `count`, then the best single splits until there are `count`. */
function ofCount(costs: Float32Array, n: number, unit: number, { factor, relief }: Penalty, count: number): number[] {
  let low = 0;
  let high = factor * unit * 64;
  let starts = [0];
  for (let turn = 0; turn < 20; turn += 1) {
    const price = (low + high) / 2;
    const found = cheapest(costs, n, price, relief);
    if (found.length <= count) {
      starts = found.length >= starts.length ? found : starts;
      high = price;
    } else low = price;
    if (starts.length === count) return starts;
  }
  for (let next = bestSplit(costs, n, starts); starts.length < count && next !== null; next = bestSplit(costs, n, starts)) starts = [...starts, next].sort((a, b) => a - b);
  return starts;
}

function bestSplit(costs: Float32Array, n: number, starts: readonly number[]): number | null {
  let best: number | null = null;
  let gain = -Infinity;
  const cost = (start: number, end: number): number => costs[((end - 1) * end) / 2 + start] as number;
  starts.forEach((start, i) => {
    const end = starts[i + 1] ?? n;
    for (let at = start + SHORTEST; at <= end - SHORTEST; at += 1) {
      const saved = cost(start, end) - cost(start, at) - cost(at, end);
      if (saved > gain) {
        gain = saved;
        best = at;
      }
    }
  });
  return best;
}
