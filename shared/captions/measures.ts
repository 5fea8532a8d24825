/** What rules mean in flicks, and how exactly they are measured. */
import { FLICKS_PER_SECOND, flicks, frameDuration, type Flicks } from '../time.ts';
import { neededSeconds } from './cueTimes.ts';
import { visibleLength } from './text.ts';
import type { CaptionContext } from './ruleTypes.ts';
import type { CaptionRules, Cue } from './types.ts';

/**
 * Seconds that a time may be off without being a fault: subtitle files round times, ASS to hundredths of a second, and a cue that keeps the rules must keep
 * them when it is read back.
 */
export const TOLERANCE = 0.0101;

/** The rules for one media, in flicks. */
export interface Limits {
  readonly rules: CaptionRules;
  readonly context: CaptionContext;
  readonly frame: Flicks;
  readonly gap: number;
  readonly longest: number;
  /** Half a frame: an edge this near to a cut is on it, a gap this much short is whole (pictures change by frames). */
  readonly half: number;
  /** Flicks from a cut within which an edge belongs on it. */
  readonly reach: number;
  readonly low: number;
  readonly high: number;
}

export function limitsOf(rules: CaptionRules, context: CaptionContext): Limits {
  const frame = frameDuration(context.frameRate);
  return {
    rules,
    context,
    frame,
    gap: rules.gapFrames * frame,
    longest: Math.floor(rules.longest * FLICKS_PER_SECOND),
    half: Math.floor(frame / 2),
    reach: Math.round(rules.snapSeconds * FLICKS_PER_SECOND),
    low: context.range?.start ?? 0,
    high: context.range?.end ?? Number.MAX_SAFE_INTEGER,
  };
}

/** Flicks that a cue's text needs on the screen: reading time or the shortest, at most the longest. */
export function needOf(cue: Pick<Cue, 'text'>, rules: CaptionRules): number {
  return Math.ceil(neededSeconds(visibleLength(cue.text, rules), rules) * FLICKS_PER_SECOND);
}

/** A duration is shorter than what is needed by more than the tolerance. */
export function isShortOf(duration: number, need: number): boolean {
  return duration < need - TOLERANCE * FLICKS_PER_SECOND;
}

/** The gap between two cues is less than the rules ask (0 or more; less is an overlap). */
export function isGapSmall(gap: number, limits: Pick<Limits, 'gap' | 'half'>): boolean {
  return gap < limits.gap - limits.half;
}

/** In order of start, then end; cues of the same times stay in the order given. */
export function inOrder<T extends { start: Flicks; end: Flicks }>(cues: readonly T[]): T[] {
  const sorted = cues.every((cue, i) => i === 0 || isBefore(cues[i - 1] ?? cue, cue));
  return sorted ? [...cues] : [...cues].sort((a, b) => a.start - b.start || a.end - b.end);
}
const isBefore = (a: { start: Flicks; end: Flicks }, b: { start: Flicks; end: Flicks }): boolean => a.start < b.start || (a.start === b.start && a.end <= b.end);

/** Index of the first cut after `time`; cuts are ascending. */
export function cutAfter(cuts: readonly Flicks[], time: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The cut that an edge is near without being on it; null where all is well. A start belongs on the cut, an end the least gap before it
 * (Netflix, Subtitle Timing 2).
 */
export function strayCut(edge: 'start' | 'end', time: number, limits: Limits): Flicks | null {
  const { reach, half, gap, context } = limits;
  if (reach === 0 || context.cuts.length === 0) return null;
  let nearest: Flicks | null = null;
  for (let i = cutAfter(context.cuts, time - reach); i < context.cuts.length; i += 1) {
    const cut = context.cuts[i];
    if (cut === undefined || cut >= time + reach + gap) break;
    const target = edge === 'start' ? cut : cut - gap;
    if (Math.abs(time - target) <= half) return null;
    if (Math.abs(time - cut) < reach && (nearest === null || Math.abs(time - cut) < Math.abs(time - nearest))) nearest = cut;
  }
  return nearest === null ? null : flicks(nearest);
}
