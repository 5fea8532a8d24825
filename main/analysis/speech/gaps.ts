/** Where one word may end and the next begin, by loudness. Pure; times are seconds of the chunk. */
import { LEVELS_PER_SECOND, percentile, SILENCE } from './levels.ts';

export const GAP_RULES = {
  /** dB: what is this far below the loud parts is quiet … */
  belowLoud: 25,
  /** … or within this share of the way from the quietest to the loudest. */
  aboveQuiet: 0.3,
  /** Seconds: a shorter sound is a click. */
  click: 0.03,
  /** A word goes on into the quiet behind it as long as it is louder than this far below the loud parts (dB), and than this share of the way from the quietest … */
  faint: 40,
  aboveFloor: 0.15,
  /** … but no longer than this, seconds. */
  longestDecay: 0.25,
  /** dB that a dip inside sound must have on both sides. */
  dip: 3,
  /** A dip this deep, or a silence this long (seconds), is as clear a gap as there is. */
  clearDip: 30,
  clearSilence: 0.12,
} as const;

export interface Gap {
  /** From where the sound before stops to where the next begins; equal for a dip. */
  start: number;
  end: number;
  /** How clear it is, 0 to 1. */
  clarity: number;
}

/** The level below which it is quiet, dB. */
function quietLimit(levels: Float32Array): number {
  const loudest = percentile(levels, 0.95);
  const quietest = percentile(levels, 0.05);
  return Math.max(loudest - GAP_RULES.belowLoud, quietest + GAP_RULES.aboveQuiet * (loudest - quietest));
}

/** Silences, in order; the first begins at 0 and the last ends with the chunk even when they are empty. */
export function silencesOf(levels: Float32Array): Gap[] {
  const limit = quietLimit(levels);
  const end = levels.length / LEVELS_PER_SECOND;
  const gaps: Gap[] = [{ start: 0, end: 0, clarity: 1 }];
  for (const [step, level] of levels.entries()) {
    if (level >= limit) continue;
    const from = step / LEVELS_PER_SECOND;
    const last = gaps.at(-1);
    // A click between two silences is silence.
    if (last && from - last.end < (last.end === 0 && last.start === 0 ? GAP_RULES.click / 2 : GAP_RULES.click)) last.end = (step + 1) / LEVELS_PER_SECOND;
    else gaps.push({ start: from, end: (step + 1) / LEVELS_PER_SECOND, clarity: 0 });
  }
  if ((gaps.at(-1)?.end ?? 0) < end) gaps.push({ start: end, end, clarity: 1 });
  for (const gap of gaps) gap.clarity = gap.start === 0 || gap.end === end ? 1 : Math.min(1, 0.25 + (0.75 * (gap.end - gap.start)) / GAP_RULES.clearSilence);
  return gaps;
}

/** Where the sound before a gap has died away, which is no later than the gap's end: a cut there clips nothing. */
export function decayOf(levels: Float32Array, { start, end }: Gap): number {
  const loudest = percentile(levels, 0.95);
  const quietest = percentile(levels, 0.05);
  const limit = Math.max(loudest - GAP_RULES.faint, quietest + GAP_RULES.aboveFloor * (loudest - quietest));
  const last = Math.min(end, start + GAP_RULES.longestDecay) * LEVELS_PER_SECOND;
  let step = Math.round(start * LEVELS_PER_SECOND);
  while (step < last && (levels[step] ?? SILENCE) >= limit) step += 1;
  return Math.min(end, Math.max(start, step / LEVELS_PER_SECOND));
}

/** Dips of the level inside sound, in order. */
export function dipsOf(levels: Float32Array): Gap[] {
  const smooth = smoothed(levels);
  const dips: Gap[] = [];
  let peak = SILENCE;
  let low = { step: 0, level: Infinity };
  for (const [step, level] of smooth.entries()) {
    if (level < low.level) low = { step, level };
    if (level - low.level < GAP_RULES.dip) {
      peak = Math.max(peak, low.level);
      continue;
    }
    // The level has risen out of a low: a dip when it had been as high before.
    const depth = Math.min(peak, level) - low.level;
    if (depth >= GAP_RULES.dip) dips.push({ start: low.step / LEVELS_PER_SECOND, end: low.step / LEVELS_PER_SECOND, clarity: Math.min(0.6, depth / GAP_RULES.clearDip) });
    peak = level;
    low = { step, level };
  }
  return dips;
}

/** Mean of five steps, 50 ms. */
function smoothed(levels: Float32Array): Float32Array {
  return levels.map((_, step) => {
    let sum = 0;
    let count = 0;
    for (let near = Math.max(0, step - 2); near <= Math.min(levels.length - 1, step + 2); near += 1) {
      sum += levels[near] ?? 0;
      count += 1;
    }
    return sum / count;
  });
}
