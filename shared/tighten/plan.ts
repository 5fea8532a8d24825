import type { Word } from '../captions/types.ts';
import { mergeRanges, totalLength, type TimeRange } from '../ranges.ts';
import { flicks, fromSeconds, type Flicks } from '../time.ts';

export interface TightenPlan {
  /** What goes: in order, neither overlapping nor touching. */
  readonly ranges: TimeRange[];
  /** Time saved. */
  readonly saved: Flicks;
}

/** A picture shown for less than this between two cuts is seen as a flash. */
const SHORTEST_LEFT = fromSeconds(0.1);

/**
 * One plan of what a person chose. With the media's words known, moments too short to be seen that lie between two removals and hold
 * no part of a word go too; without them nothing goes that is not in the list.
 */
export function planTighten(removals: readonly TimeRange[], words: readonly Word[] | null = null): TightenPlan {
  const merged = mergeRanges(removals);
  const ranges = words === null ? merged : mergeRanges([...merged, ...slivers(merged, words)]);
  return { ranges, saved: totalLength(ranges) };
}

function slivers(merged: readonly TimeRange[], words: readonly Word[]): TimeRange[] {
  let from = 0;
  return merged.flatMap(({ start: end }, i) => {
    const start = merged[i - 1]?.end;
    if (start === undefined || end - start >= SHORTEST_LEFT) return [];
    while ((words[from]?.end ?? Infinity) <= start) from += 1;
    return (words[from]?.start ?? Infinity) < end ? [] : [{ start, end: flicks(end) }];
  });
}
