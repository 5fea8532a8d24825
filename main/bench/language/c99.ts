/**
 * C99 (Choi 2000), the reference for topic borders: cosines of word counts, ranks of each among its 11 x 11 neighbours, and divisive clustering that stops by itself
 * where the gain of a further split falls far below the others.
 */
const REACH = 5;
/** Standard deviations above the mean gain that a split must bring. */
const STOP = 1.2;

/** First sentences of the segments after the first. `words` are each sentence's stems, without function words. */
export function c99(words: readonly (readonly string[])[]): number[] {
  const n = words.length;
  if (n < 2) return [];
  const sums = prefixSums(ranksOf(words.map(countsOf)));
  const inside = (from: number, to: number): number => at(sums, to, to) - at(sums, from, to) - at(sums, to, from) + at(sums, from, from);
  const segments: [number, number][] = [[0, n]];
  const [borders, densities] = [[] as number[], [] as number[]];
  const total = (): { sum: number; area: number } =>
    segments.reduce(({ sum, area }, [from, to]) => ({ sum: sum + inside(from, to), area: area + (to - from) ** 2 }), { sum: 0, area: 0 });
  densities.push(total().sum / total().area);
  while (segments.length < n) {
    const now = total();
    let best = { density: -Infinity, segment: 0, border: 0 };
    for (const [index, [from, to]] of segments.entries()) {
      for (let border = from + 1; border < to; border += 1) {
        const sum = now.sum - inside(from, to) + inside(from, border) + inside(border, to);
        const area = now.area - (to - from) ** 2 + (border - from) ** 2 + (to - border) ** 2;
        if (sum / area > best.density) best = { density: sum / area, segment: index, border };
      }
    }
    const [from, to] = segments[best.segment] as [number, number];
    segments.splice(best.segment, 1, [from, best.border], [best.border, to]);
    borders.push(best.border);
    densities.push(best.density);
  }
  return borders.slice(0, splitsKept(densities)).sort((a, b) => a - b);
}

/** Splits as long as the smoothed gain stays above mean + 1.2 standard deviations. */
function splitsKept(densities: readonly number[]): number {
  const gains = densities.slice(1).map((density, i) => density - (densities[i] ?? 0));
  const kernel = [1, 2, 4, 8, 4, 2, 1];
  const smooth = gains.map((_, i) => {
    const near = kernel.map((weight, k) => ({ weight, gain: gains[i + k - 3] })).filter(({ gain }) => gain !== undefined);
    return near.reduce((sum, { weight, gain }) => sum + weight * (gain ?? 0), 0) / near.reduce((sum, { weight }) => sum + weight, 0);
  });
  const mean = smooth.reduce((sum, gain) => sum + gain, 0) / smooth.length;
  const deviation = Math.sqrt(smooth.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / smooth.length);
  const end = smooth.findIndex((gain) => gain < mean + STOP * deviation);
  return end < 0 ? smooth.length : end;
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Share of the neighbours that are less alike. */
function ranksOf(counts: readonly Map<string, number>[]): number[][] {
  const n = counts.length;
  const norms = counts.map((one) => Math.hypot(...one.values()));
  const alike = counts.map((one, i) =>
    counts.map((other, j) => {
      let product = 0;
      for (const [word, count] of one) product += count * (other.get(word) ?? 0);
      return product === 0 ? 0 : product / ((norms[i] ?? 0) * (norms[j] ?? 0));
    }),
  );
  return alike.map((row, i) =>
    row.map((value, j) => {
      let [lower, all] = [0, 0];
      for (let y = Math.max(0, i - REACH); y <= Math.min(n - 1, i + REACH); y += 1) {
        for (let x = Math.max(0, j - REACH); x <= Math.min(n - 1, j + REACH); x += 1) {
          if (y === i && x === j) continue;
          all += 1;
          if ((alike[y]?.[x] ?? 0) < value) lower += 1;
        }
      }
      return lower / Math.max(1, all);
    }),
  );
}

/** Sum of everything above row y and left of column x, at [y][x]. */
function prefixSums(values: readonly (readonly number[])[]): number[][] {
  const sums = [new Array<number>(values.length + 1).fill(0)];
  for (const [y, row] of values.entries()) {
    const line = [0];
    for (const [x, value] of row.entries()) line.push(value + (line[x] ?? 0) + at(sums, y, x + 1) - at(sums, y, x));
    sums.push(line);
  }
  return sums;
}

const at = (sums: readonly (readonly number[])[], y: number, x: number): number => sums[y]?.[x] ?? 0;
