/** Finding shots by time, and deciding which are drawn one by one and which together. Shots are sorted by time. */
import type { ShotEvent, Transition } from '../../shared/events.ts';
import { endOf, timeAt, xAt, type Viewport } from './viewport.ts';

/** Index of the first item whose `key` is not below `value`; `length` when all are. */
export function lowerBound<T>(items: readonly T[], value: number, key: (item: T) => number, low = 0): number {
  let from = low;
  let to = items.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (key(items[middle] as T) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

const startOf = (shot: ShotEvent): number => shot.start;
const shotEnd = (shot: ShotEvent): number => shot.end;

/** Indices [first, last) of the shots that touch [from, to). */
export function shotsIn(shots: readonly ShotEvent[], from: number, to: number): { first: number; last: number } {
  const first = lowerBound(shots, from + 1, shotEnd);
  return { first, last: Math.max(first, lowerBound(shots, to, startOf, first)) };
}

/**
 * The shot at `time`; inside a gradual transition, which belongs to none, the nearer neighbour. -1 before the first,
 * after the last, and where there is none yet.
 */
export function shotAt(shots: readonly ShotEvent[], time: number): number {
  const next = lowerBound(shots, time + 1, startOf);
  const before = shots[next - 1];
  if (!before) return -1;
  if (time < before.end) return next - 1;
  const after = shots[next];
  if (!after) return -1;
  return time - before.end < after.start - time ? next - 1 : next;
}

/** What is drawn as one: a single shot, or `count` shots that together are about two pixels wide. */
export interface ShotSpan {
  readonly first: number;
  readonly count: number;
  readonly x0: number;
  readonly x1: number;
}

/** Below this width in pixels shots are drawn together: two borders closer than that are one grey line anyway. */
export const AGGREGATE_BELOW = 2;

/**
 * Spans of the visible shots, left to right; at most one a pixel and a half, whatever the number of shots: groups
 * are found by binary search, not by walking them.
 */
export function shotSpans(shots: readonly ShotEvent[], view: Viewport): ShotSpan[] {
  const { first, last } = shotsIn(shots, view.origin, endOf(view));
  const spans: ShotSpan[] = [];
  let index = first;
  while (index < last) {
    const shot = shots[index] as ShotEvent;
    const x0 = xAt(view, shot.start);
    const x1 = xAt(view, shot.end);
    if (x1 - x0 >= AGGREGATE_BELOW) {
      spans.push({ first: index, count: 1, x0, x1 });
      index++;
      continue;
    }
    const next = Math.min(last, Math.max(index + 1, lowerBound(shots, timeAt(view, x0 + AGGREGATE_BELOW), shotEnd, index)));
    const group = shots[next - 1] as ShotEvent;
    spans.push({ first: index, count: next - index, x0, x1: xAt(view, group.end) });
    index = next;
  }
  return spans;
}

export interface TransitionMark {
  readonly kind: Exclude<Transition, 'start'>;
  /** Frames in between belong to neither shot; equal for a hard cut. */
  readonly from: number;
  readonly to: number;
  readonly confidence: number;
}

/** How shot `index` begins; null for the first, which has nothing before it. */
export function transitionInto(shots: readonly ShotEvent[], index: number): TransitionMark | null {
  const shot = shots[index];
  const before = shots[index - 1];
  if (!shot || !before || shot.transitionIn === 'start') return null;
  return { kind: shot.transitionIn, from: Math.min(before.end, shot.start), to: shot.start, confidence: shot.confidence };
}

/** Shots that begin in each of `columns` equal parts of [start, end): the minimap's density. */
export function densityOf(shots: readonly ShotEvent[], start: number, end: number, columns: number): Uint32Array {
  const counts = new Uint32Array(columns);
  let from = lowerBound(shots, start, startOf);
  for (let column = 0; column < columns; column++) {
    const to = lowerBound(shots, start + ((column + 1) * (end - start)) / columns, startOf, from);
    counts[column] = to - from;
    from = to;
  }
  return counts;
}
