/**
 * A reel: the moments that together are worth most within a length. Choosing them is a knapsack problem in which neighbours share a
 * clip; it is solved exactly, to the quantum that `knapsack.ts` counts time in, over the best moments.
 */
import { flicks, FLICKS_PER_SECOND, fromSeconds, maxTime, minTime, type Flicks } from '../../time.ts';
import { mergeRanges, totalLength, type TimeRange } from '../../ranges.ts';
import type { HighlightMoment } from '../types.ts';
import { clipOf, type Borders } from './borders.ts';
import { chooseMoments, type Candidate } from './knapsack.ts';
import { worthOf } from './worth.ts';

export interface ReelOptions {
  /** Times of shot cuts, in order. */
  readonly cuts: readonly Flicks[];
  /** What may be shown: the media, or a part of it; null: from the first moment to the last one's end. */
  readonly range: TimeRange | null;
  /** Length of a frame: clips that leave out less are joined. Null: no picture. */
  readonly frame?: Flicks | null;
}

/** Pauses up to this, in seconds, stay in between two sentences that are both shown: a shorter one left out is a jump, not a cut. */
const LONGEST_KEPT_PAUSE = 0.75;
/** A moment shorter than this, in seconds, only fills a reel when more than a whole moment is missing. */
const SHORTEST_FILLER = 2;
/** Moments that are considered: the best ones up to this many times the reel's length. What is below never makes it in. */
const CORE = 6;

/**
 * Clips for a reel of `seconds`, in story order, neither overlapping nor touching. Each begins and ends at the border of a sentence (with a
 * little of the pause beside it) or at a shot's; the lengths come to `seconds` less at most one moment, and to more only when no
 * moment is short enough. A range no longer than that is given whole. No moments, no clips.
 */
export function makeReel(moments: readonly HighlightMoment[], scores: readonly number[], seconds: number, options: ReelOptions): TimeRange[] {
  const range = options.range ?? extent(moments);
  const budget = seconds * FLICKS_PER_SECOND;
  if (!range || moments.length === 0 || !(range.end > range.start)) return [];
  if (range.end - range.start <= budget) return [{ start: range.start, end: range.end }];
  const pause = maxTime(fromSeconds(LONGEST_KEPT_PAUSE), options.frame ?? flicks(0));
  const all = candidatesOf(moments, scores, { cuts: options.cuts, range });
  if (all.length === 0) return nothingWhole(moments, scores, range);
  const core = coreOf(all, budget);
  const chosen = new Set(chooseMoments(core, budget, pause));
  fill(all, chosen, budget, pause);
  if (chosen.size === 0) chosen.add(bestFit(all, budget));
  return clipsOf(all, chosen, pause);
}

function extent(moments: readonly HighlightMoment[]): TimeRange | null {
  const first = moments[0];
  if (!first) return null;
  return moments.reduce<TimeRange>((all, { start, end }) => ({ start: minTime(all.start, start), end: maxTime(all.end, end) }), first);
}

function candidatesOf(moments: readonly HighlightMoment[], scores: readonly number[], borders: Borders): Candidate[] {
  const worth = worthOf(moments, scores);
  return moments.flatMap((moment, index) => {
    if (moment.start < borders.range.start || moment.end > borders.range.end || moment.end <= moment.start) return [];
    return [{ index, ...clipOf(moments, index, borders), worth: worth[index] ?? 0 }];
  });
}

/** The best by worth, until they are `CORE` times as long as the reel; in order of time. */
function coreOf(all: readonly Candidate[], budget: number): Candidate[] {
  const core = new Set<Candidate>();
  let length = 0;
  for (const each of [...all].sort((a, b) => b.worth - a.worth || a.index - b.index)) {
    if (each.end - each.start > budget) continue;
    core.add(each);
    length += each.end - each.start;
    if (length > CORE * budget) break;
  }
  return all.filter((each) => core.has(each));
}

/** What the optimum left free is filled with the best that fit; with short ones only while more than the longest moment is missing. */
function fill(all: readonly Candidate[], chosen: Set<number>, budget: number, pause: Flicks): void {
  const order = all.map((_, position) => position).sort((a, b) => (all[b]?.worth ?? 0) - (all[a]?.worth ?? 0) || a - b);
  const enough = SHORTEST_FILLER * FLICKS_PER_SECOND;
  const longest = all.reduce((most, { start, end }) => Math.max(most, end - start), enough);
  let left = budget - totalLength(clipsOf(all, chosen, pause));
  for (const [shortest, missing] of [[enough, enough], [0, longest]] as const) {
    for (const position of order) {
      if (left < missing) break;
      const each = all[position];
      if (!each || chosen.has(each.index) || each.end - each.start < shortest) continue;
      const added = addedLength(all, position, (index) => chosen.has(index), pause);
      if (added > left) continue;
      chosen.add(each.index);
      left -= added;
    }
  }
}

/** How much longer the reel gets by a moment: its own clip and the kept pauses to neighbours that are in it, less what they share. */
function addedLength(all: readonly Candidate[], position: number, isChosen: (index: number) => boolean, pause: Flicks): number {
  const each = all[position];
  if (!each) return 0;
  const near = [all[position - 1], all[position + 1]].filter((other) => other !== undefined && isChosen(other.index));
  const before = totalLength(joined(near, pause));
  return totalLength(joined([...near, each], pause)) - before;
}

function clipsOf(all: readonly Candidate[], chosen: ReadonlySet<number>, pause: Flicks): TimeRange[] {
  return joined(all.filter((each) => chosen.has(each.index)), pause);
}

/** Neighbours (by index) with a short pause between them become one clip. */
function joined(chosen: readonly (Candidate | undefined)[], pause: Flicks): TimeRange[] {
  const sorted = chosen.filter((each) => each !== undefined).sort((a, b) => a.index - b.index);
  const ranges: TimeRange[] = [];
  sorted.forEach((each, at) => {
    const before = sorted[at - 1];
    const joins = before !== undefined && each.index === before.index + 1 && each.start - before.end <= pause;
    ranges.push({ start: joins ? minTime(before.end, each.start) : each.start, end: each.end });
  });
  return mergeRanges(ranges);
}

/** Every moment is longer than the reel: the best one among those that are nearly as short as the shortest. */
function bestFit(all: readonly Candidate[], budget: number): number {
  const fitting = all.filter((each) => each.end - each.start <= budget);
  const shortest = Math.min(...all.map((each) => each.end - each.start));
  const among = fitting.length > 0 ? fitting : all.filter((each) => each.end - each.start <= shortest * 1.5);
  return among.reduce((best, each) => (each.worth > best.worth ? each : best)).index;
}

/** No moment lies wholly in the range: what it shows of the best one. */
function nothingWhole(moments: readonly HighlightMoment[], scores: readonly number[], range: TimeRange): TimeRange[] {
  let best: { clip: TimeRange; score: number } | null = null;
  moments.forEach((moment, index) => {
    const clip = { start: maxTime(moment.start, range.start), end: minTime(moment.end, range.end) };
    const score = scores[index] ?? 0;
    if (clip.start < clip.end && (!best || score > best.score)) best = { clip, score };
  });
  const found = best as { clip: TimeRange } | null;
  return found ? [found.clip] : [];
}
