/** Sets of time, as lists of ranges with exclusive ends. */
import { flicks, maxTime, minTime, type Flicks } from './time.ts';

export interface TimeRange {
  readonly start: Flicks;
  /** End exclusive. */
  readonly end: Flicks;
}

/** The union as ranges in order that neither overlap nor touch; empty and reversed ranges count for nothing. */
export function mergeRanges(ranges: readonly TimeRange[]): TimeRange[] {
  const sorted = ranges.filter((range) => range.start < range.end).sort((a, b) => a.start - b.start);
  const merged: TimeRange[] = [];
  for (const { start, end } of sorted) {
    const last = merged.at(-1);
    if (last && start <= last.end) merged[merged.length - 1] = { start: last.start, end: maxTime(last.end, end) };
    else merged.push({ start, end });
  }
  return merged;
}

/** What is left of `range` without `removed`, which is merged; in order. */
export function subtractRanges(range: TimeRange, removed: readonly TimeRange[]): TimeRange[] {
  const left: TimeRange[] = [];
  let from = range.start;
  for (let i = firstEndingAfter(removed, range.start); i < removed.length; i += 1) {
    const gap = removed[i];
    if (!gap || gap.start >= range.end) break;
    if (gap.start > from) left.push({ start: from, end: gap.start });
    from = maxTime(from, gap.end);
  }
  if (from < range.end) left.push({ start: from, end: range.end });
  return left;
}

/** What `range` has in common with `others`, which are merged; in order. */
export function intersectRanges(range: TimeRange, others: readonly TimeRange[]): TimeRange[] {
  const common: TimeRange[] = [];
  for (let i = firstEndingAfter(others, range.start); i < others.length; i += 1) {
    const other = others[i];
    if (!other || other.start >= range.end) break;
    common.push({ start: maxTime(range.start, other.start), end: minTime(range.end, other.end) });
  }
  return common;
}

/** Sum of the lengths. */
export function totalLength(ranges: readonly TimeRange[]): Flicks {
  return flicks(ranges.reduce((sum, { start, end }) => sum + (end - start), 0));
}

/** Index of the first of merged `ranges` that ends after `time`; their number when none does. */
function firstEndingAfter(ranges: readonly TimeRange[], time: Flicks): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
