/**
 * When each token is said: dynamic time warping of the alignment heads' attention, as OpenAI's `find_alignment` does it (weights made a
 * distribution over the clip's frames, standardised over the tokens, averaged over the heads, smoothed by a median over 7 frames; there each
 * head is smoothed by itself, which costs four times as much and gives the same median and 95th percentile on words at known times).
 */

const MEDIAN = 7;
/** Frames on which the tokens differ by less than rounding say nothing. */
const SMALLEST_VARIANCE = 1e-16;

/**
 * `attention`: for each token, and last for what comes after them, the heads' weights on the clip's frames ([heads, frames]).
 * Returns the frame at which each begins; as many as `attention` has.
 */
export function alignTokens(attention: readonly Float32Array[], heads: number): number[] {
  const rows = attention.length;
  const frames = (attention[0]?.length ?? 0) / heads;
  if (rows === 0 || frames === 0) return attention.map(() => 0);
  const sum = new Float32Array(rows * frames);
  for (let head = 0; head < heads; head++) addStandardised(attention.map((weights) => weights.subarray(head * frames, (head + 1) * frames)), sum);
  const cost = new Float32Array(rows * frames);
  for (let row = 0; row < rows; row++) subtractMedians(sum.subarray(row * frames, (row + 1) * frames), cost, row * frames);
  return startsOf(cost, rows, frames);
}

/** Adds one head's weights: those within the clip count as all of them, and each frame has mean 0 and deviation 1 over the tokens. */
function addStandardised(lines: readonly Float32Array[], sum: Float32Array): void {
  const rows = lines.length;
  const frames = lines[0]?.length ?? 0;
  const scales = lines.map(scaleOf);
  const means = new Float64Array(frames);
  const squares = new Float64Array(frames);
  for (let row = 0; row < rows; row++) {
    const line = lines[row] as Float32Array;
    const scale = scales[row] as number;
    for (let frame = 0; frame < frames; frame++) {
      const weight = (line[frame] as number) * scale;
      means[frame] = (means[frame] as number) + weight;
      squares[frame] = (squares[frame] as number) + weight * weight;
    }
  }
  for (let frame = 0; frame < frames; frame++) {
    const mean = (means[frame] as number) / rows;
    const variance = (squares[frame] as number) / rows - mean * mean;
    means[frame] = mean;
    squares[frame] = variance > SMALLEST_VARIANCE ? 1 / Math.sqrt(variance) : 0;
  }
  for (let row = 0, at = 0; row < rows; row++) {
    const line = lines[row] as Float32Array;
    const scale = scales[row] as number;
    for (let frame = 0; frame < frames; frame++, at++) sum[at] = (sum[at] as number) + ((line[frame] as number) * scale - (means[frame] as number)) * (squares[frame] as number);
  }
}

function scaleOf(line: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < line.length; i++) sum += line[i] as number;
  return sum > 0 ? 1 / sum : 0;
}

/** Takes the running median of `line`, mirrored at its ends, from `cost`: likely places become cheap. */
function subtractMedians(line: Float32Array, cost: Float32Array, at: number): void {
  const { length } = line;
  const half = MEDIAN >> 1;
  const mirrored = (i: number): number => (i < 0 ? Math.min(length - 1, -i) : i >= length ? Math.max(0, 2 * length - 2 - i) : i);
  // The window's values in order; one goes and one comes at each frame.
  const sorted = Float32Array.from({ length: MEDIAN }, (_, i) => line[mirrored(i - half)] as number).sort();
  for (let frame = 0; ; frame++) {
    cost[at + frame] = (cost[at + frame] as number) - (sorted[half] as number);
    if (frame === length - 1) return;
    replace(sorted, line[mirrored(frame - half)] as number, line[mirrored(frame + half + 1)] as number);
  }
}

function replace(sorted: Float32Array, leaving: number, coming: number): void {
  let i = 0;
  while (i < MEDIAN - 1 && (sorted[i] as number) < leaving) i++;
  for (; i > 0 && (sorted[i - 1] as number) > coming; i--) sorted[i] = sorted[i - 1] as number;
  for (; i < MEDIAN - 1 && (sorted[i + 1] as number) < coming; i++) sorted[i] = sorted[i + 1] as number;
  sorted[i] = coming;
}

const DIAGONAL = 0;
const DOWN = 1;
const ACROSS = 2;

/** The cheapest monotonic way through `cost` ([rows, frames]) from its first to its last corner: where each row begins. */
function startsOf(cost: Float32Array, rows: number, frames: number): number[] {
  const way = new Uint8Array(rows * frames);
  let above = new Float64Array(frames + 1).fill(Infinity);
  let here = new Float64Array(frames + 1);
  above[0] = 0;
  for (let row = 0; row < rows; row++) {
    here[0] = Infinity;
    for (let frame = 0; frame < frames; frame++) {
      const diagonal = above[frame] as number;
      const down = above[frame + 1] as number;
      const across = here[frame] as number;
      const step = diagonal < down && diagonal < across ? DIAGONAL : down < across ? DOWN : ACROSS;
      way[row * frames + frame] = step;
      here[frame + 1] = (cost[row * frames + frame] as number) + (step === DIAGONAL ? diagonal : step === DOWN ? down : across);
    }
    [above, here] = [here, above];
  }
  const starts = new Array<number>(rows).fill(0);
  let row = rows - 1;
  let frame = frames - 1;
  while (row >= 0 && frame >= 0) {
    starts[row] = frame;
    const step = way[row * frames + frame];
    if (step !== ACROSS) row--;
    if (step !== DOWN) frame--;
  }
  return starts;
}
