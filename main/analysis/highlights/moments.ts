/** The moments that a media could be cut into: its sentences, and pieces of shots where nobody speaks. */
import type { ShotEvent } from '../../../shared/events.ts';
import type { TimeRange } from '../../../shared/ranges.ts';
import { flicks, fromSeconds, maxTime, minTime, type Flicks } from '../../../shared/time.ts';
import type { Sentence } from '../../../shared/understanding/types.ts';

export interface MomentPlace extends TimeRange {
  /** Index of its sentence; null where nobody speaks. */
  readonly sentence: number | null;
  /** Index of the shot it begins in; null before shots are known. */
  readonly shot: number | null;
}

/** Seconds. A pause shorter than this belongs to the sentences beside it. */
const SHORTEST_PIECE = 1;
/** A piece of a longer shot has about this length, and borders where least happens. */
const PIECE = 4;
const LEAST_PIECE = 2.5;
const MOST_PIECE = 6;
/** Borders of pieces are looked for in steps of this. */
const STEP = 0.5;

/**
 * Moments in order of time, none overlapping. `activity` tells how much happens at a time (any unit): a long shot is parted where it is
 * least, so that a piece holds a peak in its middle; null: parted evenly.
 */
export function placesOf(sentences: readonly Sentence[], shots: readonly ShotEvent[], range: TimeRange, activity: ((time: Flicks) => number) | null): MomentPlace[] {
  const places: MomentPlace[] = [];
  const shotAt = shotFinder(shots);
  let from = range.start;
  const silent = (to: Flicks): void => {
    for (const piece of piecesOf({ start: from, end: to }, shots, activity)) places.push({ ...piece, sentence: null, shot: shotAt(piece.start) });
  };
  for (const { start, end, index } of timed(sentences, range)) {
    const begins = maxTime(start, from);
    if (end <= begins) continue;
    silent(begins);
    places.push({ start: begins, end, sentence: index, shot: shotAt(begins) });
    from = end;
  }
  silent(range.end);
  // All of a media that is shorter than a piece is still a moment.
  if (places.length === 0 && range.start < range.end) places.push({ ...range, sentence: null, shot: shotAt(range.start) });
  return places;
}

function timed(sentences: readonly Sentence[], range: TimeRange): { start: Flicks; end: Flicks; index: number }[] {
  return sentences
    .flatMap(({ start, end }, index) => (start === null || end === null ? [] : [{ start: maxTime(start, range.start), end: minTime(end, range.end), index }]))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
}

/** A stretch where nobody speaks, parted at shot cuts and then where least happens. Slivers beside speech are left out. */
function piecesOf(stretch: TimeRange, shots: readonly ShotEvent[], activity: ((time: Flicks) => number) | null): TimeRange[] {
  const cuts: Flicks[] = [];
  for (let at = begunBy(shots, stretch.start); (shots[at]?.start ?? stretch.end) < stretch.end; at++) cuts.push(shots[at]?.start ?? stretch.end);
  const borders = [stretch.start, ...cuts, stretch.end];
  return borders.slice(1).flatMap((end, at) => {
    const start = borders[at] ?? stretch.start;
    return end - start < fromSeconds(SHORTEST_PIECE) ? [] : partsOf({ start, end }, activity);
  });
}

function partsOf({ start, end }: TimeRange, activity: ((time: Flicks) => number) | null): TimeRange[] {
  const parts: TimeRange[] = [];
  let from = start;
  while (end - from > fromSeconds(MOST_PIECE)) {
    const to = activity ? quietest(from, end, activity) : flicks(from + Math.floor((end - from) / Math.round((end - from) / fromSeconds(PIECE))));
    parts.push({ start: from, end: to });
    from = to;
  }
  if (end > from) parts.push({ start: from, end });
  return parts;
}

/** Where least happens between the shortest and the longest piece, seen over the two cells that meet there; a middling length goes before. */
function quietest(from: Flicks, end: Flicks, activity: (time: Flicks) => number): Flicks {
  let best = flicks(from + fromSeconds(PIECE));
  let least = Infinity;
  for (let length = LEAST_PIECE; length <= MOST_PIECE; length += STEP) {
    const at = flicks(from + fromSeconds(length));
    if (end - at < fromSeconds(LEAST_PIECE)) break;
    const here = activity(flicks(at - fromSeconds(STEP / 2))) + activity(flicks(at + fromSeconds(STEP / 2))) + 0.02 * Math.abs(length - PIECE);
    if (here < least) [best, least] = [at, here];
  }
  return best;
}

/** Finds the shot that is on at a time: the last one that begins by then. Null without shots. */
function shotFinder(shots: readonly ShotEvent[]): (time: Flicks) => number | null {
  return (time) => shots[Math.max(0, begunBy(shots, time) - 1)]?.index ?? null;
}

/** Number of shots that begin at or before a time. */
function begunBy(shots: readonly ShotEvent[], time: Flicks): number {
  let low = 0;
  let high = shots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shots[middle]?.start ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
