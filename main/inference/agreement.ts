/** Whether two answers of one model to one input are the same answer. */
import type { ManifestEntry, OutputMeaning } from './manifest.ts';
import type { Tensor } from './types.ts';

/**
 * How far an answer may be from the CPU's. Float arithmetic in another order moves a probability by less than 1e-3;
 * reduced-precision matrix units (TF32, fp16 accumulation) by up to about 1e-2. A wrong kernel is off by far more.
 * `side`: probabilities must also lie on the same side of this (null: not asked).
 */
export interface Tolerance {
  probability: number;
  side: number | null;
  /** Smallest cosine between feature vectors. */
  cosine: number;
  /** Largest mean difference between two pictures, levels of 0 to 255. */
  levels: number;
  /** Smallest overlap (intersection over union) of a box with its partner. */
  overlap: number;
}

export const SAME_MODEL: Tolerance = { probability: 0.02, side: null, cosine: 0.999, levels: 1, overlap: 0.9 };
/**
 * The int8 form against the float one: 8-bit steps move a sure frame by up to 0.2 on natural film without changing a
 * cut (models/cards/transnetv2.int8.md), and the levels of a styled picture by 3 in the mean (models/cards/cyclegan-vintage.md); a CPU whose 16-bit sums saturate turns whole windows over.
 */
export const QUANTISED: Tolerance = { probability: 0.3, side: 0.5, cosine: 0.98, levels: 8, overlap: 0.7 };

/** Boxes below this score come and go with rounding and aren't compared. */
const FIRM_SCORE = 0.15;

type Answer = Record<string, Tensor>;

/** Null when `answer` agrees with `expected`; else the first output that doesn't, and by how much (for the log). */
export function disagreement(entry: ManifestEntry, expected: Answer, answer: Answer, tolerance: Tolerance): string | null {
  for (const { name, meaning } of entry.outputs) {
    const wanted = expected[name];
    const got = answer[name];
    if (!wanted || !got) return `${name} is missing`;
    const found = differenceOf(meaning, wanted, got, tolerance);
    if (found !== null) return `${name}: ${found}`;
  }
  return null;
}

function differenceOf(meaning: OutputMeaning, wanted: Tensor, got: Tensor, tolerance: Tolerance): string | null {
  const [a, b] = [numbersOf(wanted), numbersOf(got)];
  if (b.some((value) => !Number.isFinite(value))) return 'not a number';
  switch (meaning.kind) {
    case 'probability':
      return probabilitiesDiffer(a, b, tolerance);
    case 'features':
      return featuresDiffer(a, b, tolerance);
    case 'picture':
      return picturesDiffer(a, b, tolerance);
    case 'boxes':
      return boxesDiffer(rowsOf(wanted, a, meaning), rowsOf(got, b, meaning), tolerance);
  }
}

const numbersOf = (tensor: Tensor): number[] => Array.from(tensor.data, Number);

function probabilitiesDiffer(a: number[], b: number[], { probability, side }: Tolerance): string | null {
  if (a.length !== b.length) return `${b.length} values instead of ${a.length}`;
  const farthest = a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? NaN))), 0);
  if (!(farthest <= probability)) return `off by ${farthest.toFixed(4)}`;
  const crossed = side !== null && a.some((value, index) => value >= side !== (b[index] ?? NaN) >= side);
  return crossed ? `on the other side of ${side}` : null;
}

function featuresDiffer(a: number[], b: number[], { cosine }: Tolerance): string | null {
  if (a.length !== b.length) return `${b.length} values instead of ${a.length}`;
  const dot = (x: number[], y: number[]): number => x.reduce((sum, value, index) => sum + value * (y[index] ?? NaN), 0);
  const found = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  return found >= cosine ? null : `cosine ${found.toFixed(4)}`;
}

function picturesDiffer(a: number[], b: number[], { levels }: Tolerance): string | null {
  if (a.length !== b.length) return `${b.length} values instead of ${a.length}`;
  const mean = a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? NaN)), 0) / a.length;
  return mean <= levels ? null : `off by ${mean.toFixed(1)} levels in the mean`;
}

interface Row {
  box: number[];
  score: number;
  label: number | null;
}

function rowsOf(tensor: Tensor, values: number[], meaning: Extract<OutputMeaning, { kind: 'boxes' }>): Row[] {
  const width = tensor.dims.at(-1) ?? 0;
  const rows: Row[] = [];
  for (let at = 0; at + width <= values.length && width > 0; at += width) {
    const row = values.slice(at, at + width);
    rows.push({ box: row.slice(0, 4), score: row[meaning.score] ?? NaN, label: meaning.class === null ? null : (row[meaning.class] ?? NaN) });
  }
  return rows;
}

/** Each firm box of either side needs a partner of its class on the other, whatever the order. */
function boxesDiffer(a: Row[], b: Row[], tolerance: Tolerance): string | null {
  const lonely = (ones: Row[], others: Row[]): Row | undefined =>
    ones.find((row) => row.score >= FIRM_SCORE && !others.some((other) => arePartners(row, other, tolerance)));
  const missing = lonely(a, b);
  if (missing) return `no box like that of score ${missing.score.toFixed(3)}`;
  const invented = lonely(b, a);
  return invented ? `an extra box of score ${invented.score.toFixed(3)}` : null;
}

function arePartners(a: Row, b: Row, tolerance: Tolerance): boolean {
  return a.label === b.label && Math.abs(a.score - b.score) <= tolerance.probability && overlapOf(a.box, b.box) >= tolerance.overlap;
}

/** Intersection over union of two boxes given by their corners. */
function overlapOf(a: number[], b: number[]): number {
  const [ax0 = 0, ay0 = 0, ax1 = 0, ay1 = 0] = a;
  const [bx0 = 0, by0 = 0, bx1 = 0, by1 = 0] = b;
  const shared = Math.max(0, Math.min(ax1, bx1) - Math.max(ax0, bx0)) * Math.max(0, Math.min(ay1, by1) - Math.max(ay0, by0));
  const all = (ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - shared;
  return all > 0 ? shared / all : 0;
}
