import type { Flicks } from '../../shared/time.ts';

interface Timed {
  readonly start: Flicks;
  readonly end: Flicks;
}

/** How many of `items`, in order of start, begin at or before `time`. */
export function countBegun(items: readonly Timed[], time: Flicks): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.start ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Cues that overlap are few and near: the one shown may have begun this many cues before the last that began. */
const OVERLAPS = 8;

/** Index of the item shown at `time`, of several the one that began last; -1 when there is none. */
export function cueIndexAt(items: readonly Timed[], time: Flicks): number {
  const begun = countBegun(items, time);
  for (let index = begun - 1; index >= Math.max(0, begun - OVERLAPS); index -= 1) {
    if ((items[index]?.end ?? time) > time) return index;
  }
  return -1;
}
