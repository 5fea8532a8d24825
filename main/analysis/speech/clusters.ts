/** Agglomerative clustering with average linkage. Pure. */
import { cosine, meanOf } from './voices.ts';

/** Above this many the nearest in time are joined first: the table of distances grows with the square (2,000: 16 MB). */
const MOST = 2000;

/**
 * A cluster's number, from 0, for each vector (of length 1). Pairs of clusters are joined, nearest first, while the mean cosine distance of
 * their members is below `apart` (Lance and Williams' formula for average linkage).
 */
export function clusters(vectors: readonly Float32Array[], apart: number): number[] {
  const groups = vectors.length > MOST ? inTime(vectors) : vectors.map((_, index) => [index]);
  const first = groups.map((members) => meanOf(members.flatMap((index) => vectors[index] ?? [])));
  const count = groups.length;
  const distance = Float32Array.from({ length: count * count }, (_, cell) => 1 - cosine(first[Math.floor(cell / count)] ?? new Float32Array(), first[cell % count] ?? new Float32Array()));
  const size = groups.map(({ length }) => length);
  const into = groups.map((_, index) => index);
  const alive = new Set(into);
  const near = into.map((row) => nearestOf(row, alive, distance, count));
  for (;;) {
    let best = -1;
    for (const row of alive) if (near[row] !== -1 && (best < 0 || at(row) < at(best))) best = row;
    const other = near[best] ?? -1;
    if (best < 0 || other < 0 || at(best) >= apart) break;
    merge(best, other);
  }
  function at(row: number): number {
    return distance[row * count + (near[row] ?? 0)] ?? Infinity;
  }
  function merge(keep: number, gone: number): void {
    const [a, b] = [size[keep] ?? 1, size[gone] ?? 1];
    alive.delete(gone);
    for (const row of alive) {
      if (row === keep) continue;
      const mean = (a * (distance[keep * count + row] ?? 0) + b * (distance[gone * count + row] ?? 0)) / (a + b);
      distance[keep * count + row] = mean;
      distance[row * count + keep] = mean;
    }
    size[keep] = a + b;
    for (let index = 0; index < count; index += 1) if (into[index] === gone) into[index] = keep;
    for (const row of alive) if (row === keep || near[row] === gone || near[row] === keep) near[row] = nearestOf(row, alive, distance, count);
  }
  return numbered(vectors.length, groups, into);
}

function nearestOf(row: number, alive: ReadonlySet<number>, distance: Float32Array, count: number): number {
  let best = -1;
  for (const other of alive) {
    if (other === row) continue;
    if (best < 0 || (distance[row * count + other] ?? Infinity) < (distance[row * count + best] ?? Infinity)) best = other;
  }
  return best;
}

/** Neighbours joined until there are few enough. */
function inTime(vectors: readonly Float32Array[]): number[][] {
  const each = Math.ceil(vectors.length / MOST);
  return Array.from({ length: Math.ceil(vectors.length / each) }, (_, group) =>
    Array.from({ length: Math.min(each, vectors.length - group * each) }, (_, index) => group * each + index),
  );
}

function numbered(length: number, groups: readonly number[][], into: readonly number[]): number[] {
  const labels = new Array<number>(length).fill(0);
  const names = [...new Set(into)];
  groups.forEach((members, group) => {
    for (const member of members) labels[member] = names.indexOf(into[group] ?? 0);
  });
  return labels;
}
