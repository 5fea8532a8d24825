/** Where a moment's clip begins and ends. */
import { flicks, fromSeconds, maxTime, minTime, type Flicks } from '../../time.ts';
import type { TimeRange } from '../../ranges.ts';
import type { HighlightMoment } from '../types.ts';

export interface Borders {
  readonly cuts: readonly Flicks[];
  readonly range: TimeRange;
}

/** Seconds of the pause before and after a sentence that its clip takes in: a breath, so that neither word is clipped. */
const BEFORE = 0.15;
const AFTER = 0.25;
/** A shot cut this near before a sentence's clip, in seconds, begins it (after it, ends it): less of a shot is a flash. */
const NEAR_CUT = 0.3;

/**
 * The clip of moment `index`. A sentence's takes in a little of the pauses beside it, at most half of each, and never crosses a shot
 * cut in them; where nobody speaks the moment's own borders, which are shots', stand.
 */
export function clipOf(moments: readonly HighlightMoment[], index: number, { cuts, range }: Borders): TimeRange {
  const moment = moments[index];
  if (!moment) throw new RangeError(`no moment ${index}`);
  if (moment.sentence === null) return { start: moment.start, end: moment.end };
  const before = pauseBefore(moments, index, range);
  const after = pauseAfter(moments, index, range);
  return { start: beginning(moment.start, before, cuts), end: ending(moment.end, after, cuts) };
}

/** Length of the pause that is free in front of a sentence: all of it before an unspoken moment's or the range's border, half of it between sentences. */
function pauseBefore(moments: readonly HighlightMoment[], index: number, range: TimeRange): Flicks {
  const moment = moments[index];
  const before = moments[index - 1];
  if (!moment) return flicks(0);
  if (!before) return flicks(moment.start - range.start);
  const pause = moment.start - before.end;
  return flicks(Math.max(0, before.sentence === null ? pause : Math.floor(pause / 2)));
}

function pauseAfter(moments: readonly HighlightMoment[], index: number, range: TimeRange): Flicks {
  const moment = moments[index];
  const next = moments[index + 1];
  if (!moment) return flicks(0);
  if (!next) return flicks(range.end - moment.end);
  const pause = next.start - moment.end;
  return flicks(Math.max(0, next.sentence === null ? pause : Math.floor(pause / 2)));
}

function beginning(start: Flicks, pause: Flicks, cuts: readonly Flicks[]): Flicks {
  const padded = flicks(start - minTime(pause, fromSeconds(BEFORE)));
  const at = lastAtMost(cuts, start);
  const cut = cuts[at];
  if (cut === undefined) return padded;
  const reach = flicks(start - minTime(pause, fromSeconds(NEAR_CUT)));
  return cut >= reach ? cut : padded;
}

function ending(end: Flicks, pause: Flicks, cuts: readonly Flicks[]): Flicks {
  const padded = flicks(end + minTime(pause, fromSeconds(AFTER)));
  const exact = lastAtMost(cuts, end);
  const cut = cuts[exact] === end ? end : cuts[exact + 1];
  if (cut === undefined) return padded;
  const reach = maxTime(padded, flicks(end + minTime(pause, fromSeconds(NEAR_CUT))));
  return cut <= reach ? cut : padded;
}

/** Index of the last of sorted `times` that is not after `time`; -1 when all are. */
function lastAtMost(times: readonly Flicks[], time: Flicks): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
