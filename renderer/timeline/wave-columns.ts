import { FLOATS_PER_BUCKET } from './waveform.ts';

/**
 * Min, max and rms of each of `count` pixel columns. Column i covers buckets [first + i*each, first + (i+1)*each) of
 * `samples` (three floats a bucket). Several buckets a column: least, greatest, root of the mean square. Less than one:
 * between the two nearest buckets' middles. NaN where nothing is known.
 */
export function columnsOf(samples: Float32Array, first: number, each: number, count: number): Float32Array {
  const columns = new Float32Array(count * FLOATS_PER_BUCKET).fill(NaN);
  const buckets = Math.floor(samples.length / FLOATS_PER_BUCKET);
  for (let i = 0; i < count; i++) {
    const from = first + i * each;
    if (each < 1) lerpColumn(samples, buckets, from + each / 2 - 0.5, columns, i);
    else mergeColumn(samples, buckets, Math.floor(from), Math.max(Math.floor(from) + 1, Math.floor(from + each)), columns, i);
  }
  return columns;
}

function mergeColumn(samples: Float32Array, buckets: number, from: number, to: number, columns: Float32Array, column: number): void {
  let [low, high, square, known] = [Infinity, -Infinity, 0, 0];
  for (let bucket = Math.max(0, from); bucket < Math.min(to, buckets); bucket++) {
    const at = bucket * FLOATS_PER_BUCKET;
    const least = samples[at] as number;
    if (Number.isNaN(least)) continue;
    low = Math.min(low, least);
    high = Math.max(high, samples[at + 1] as number);
    square += (samples[at + 2] as number) ** 2;
    known++;
  }
  if (known === 0) return;
  columns[column * FLOATS_PER_BUCKET] = low;
  columns[column * FLOATS_PER_BUCKET + 1] = high;
  columns[column * FLOATS_PER_BUCKET + 2] = Math.sqrt(square / known);
}

function lerpColumn(samples: Float32Array, buckets: number, position: number, columns: Float32Array, column: number): void {
  const left = Math.floor(position);
  const share = position - left;
  for (let part = 0; part < FLOATS_PER_BUCKET; part++) {
    const a = left >= 0 && left < buckets ? (samples[left * FLOATS_PER_BUCKET + part] as number) : NaN;
    const b = left + 1 >= 0 && left + 1 < buckets ? (samples[(left + 1) * FLOATS_PER_BUCKET + part] as number) : NaN;
    columns[column * FLOATS_PER_BUCKET + part] = Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + (b - a) * share;
  }
}
