/** The captions lane: which cues are seen, what lies under the pointer, and what dragging one means. */
import type { Cue } from '../../shared/captions/types.ts';
import { flicks, type Flicks } from '../../shared/time.ts';
import { lowerBound } from './shots.ts';
import { SNAP_PIXELS, snapTime } from './snapping.ts';
import type { Stage } from './stage.ts';
import { endOf, frameLength, frameStart, timeAt, toTime, xAt, type Viewport } from './viewport.ts';

export type CuePart = 'body' | 'start' | 'end';

/** Reach of a cue's edges in pixels. */
const HANDLE = 6;

/** Longest cue of a list: how far back one may have begun that is still shown. Lists are values, so it is asked once. */
const longest = new WeakMap<readonly Cue[], number>();
function longestOf(cues: readonly Cue[]): number {
  const known = longest.get(cues);
  if (known !== undefined) return known;
  const found = cues.reduce((most, cue) => Math.max(most, cue.end - cue.start), 0);
  longest.set(cues, found);
  return found;
}

const startOf = (cue: Cue): number => cue.start;

/** Index of the first cue that can touch `from` or what follows, and of the first that begins at `to` or later. */
export function cuesIn(cues: readonly Cue[], from: number, to: number): { first: number; last: number } {
  const first = lowerBound(cues, from - longestOf(cues), startOf);
  return { first, last: lowerBound(cues, to, startOf, first) };
}

/** A cue, or `count` cues that are too narrow to be told apart. */
export interface CueSpan {
  readonly first: number;
  readonly count: number;
  readonly x0: number;
  readonly x1: number;
}

/** Cues narrower than this are drawn together with those after them. */
export const BLOCK_BELOW = 3;

/** Spans of the visible cues, left to right: at most one for every three pixels, whatever the number of cues. */
export function cueSpans(cues: readonly Cue[], view: Viewport): CueSpan[] {
  const { first, last } = cuesIn(cues, view.origin, endOf(view));
  const spans: CueSpan[] = [];
  let index = first;
  while (index < last) {
    const cue = cues[index] as Cue;
    const x0 = xAt(view, cue.start);
    let x1 = xAt(view, cue.end);
    let next = index + 1;
    if (x1 - x0 < BLOCK_BELOW) {
      // All that begin within the block's width are one with it: found by binary search, not by walking them.
      const last = lowerBound(cues, timeAt(view, x0 + BLOCK_BELOW), startOf, next);
      next = firstWide(cues, next, last, BLOCK_BELOW * view.scale);
      x1 = Math.max(x1, Math.min(xAt(view, (cues[next - 1] ?? cue).end), x0 + BLOCK_BELOW));
    }
    if (x1 >= 0) spans.push({ first: index, count: next - index, x0, x1 });
    index = next;
  }
  return spans;
}

/** More cues than this in three pixels are not looked at one by one. */
const LOOKED_AT = 64;

/** The first from `first` on that is long enough to be drawn by itself; `last` when none is. */
function firstWide(cues: readonly Cue[], first: number, last: number, length: number): number {
  for (let index = first; index < Math.min(last, first + LOOKED_AT); index++) {
    const cue = cues[index] as Cue;
    if (cue.end - cue.start >= length) return index;
  }
  return last;
}

/** The cue under a point and its part; of overlapping ones the later. Null between cues. */
export function cueAtX(cues: readonly Cue[], view: Viewport, x: number): { index: number; part: CuePart } | null {
  const reach = HANDLE / 2;
  const { first, last } = cuesIn(cues, timeAt(view, x - reach), timeAt(view, x + reach) + 1);
  for (let index = last - 1; index >= first; index--) {
    const cue = cues[index] as Cue;
    const x0 = xAt(view, cue.start);
    const x1 = xAt(view, cue.end);
    if (x < x0 - reach || x > x1 + reach) continue;
    // Short cues keep a body to hold: their edges reach inward by a third at most.
    const inward = Math.min(HANDLE, (x1 - x0) / 3);
    return { index, part: x <= x0 + inward ? 'start' : x >= x1 - inward ? 'end' : 'body' };
  }
  return null;
}

export interface CueDrag {
  readonly kind: 'cue';
  readonly cue: Cue;
  readonly part: CuePart;
  readonly x: number;
  /** False until the pointer has gone far enough: a shaky click is still a click. */
  moved: boolean;
  start: Flicks;
  end: Flicks;
  snapped: number | null;
}

/** Pixels before a press on a cue becomes a drag. */
const DRAG_FROM = 4;

/** The drag with the pointer at `x`: on whole frames, or held by a cut, the playhead, in, out or a neighbour's edge. */
export function moveCueDrag(stage: Stage, drag: CueDrag, x: number, snaps: boolean): CueDrag {
  if (!drag.moved && Math.abs(x - drag.x) < DRAG_FROM) return drag;
  const way = (x - drag.x) * stage.view.scale;
  const { cue, part } = drag;
  const frame = frameLength(stage.props.model.rate);
  const length = cue.end - cue.start;
  if (part === 'body') {
    const first = snapTo(stage, drag, cue.start + way, snaps);
    const last = snapTo(stage, drag, cue.end + way, snaps);
    const byEnd = last.snapped !== null && (first.snapped === null || Math.abs(last.time - cue.end - way) < Math.abs(first.time - cue.start - way));
    const wanted = byEnd ? last.time - length : first.time;
    const start = toTime(wanted, { start: stage.bounds.start, end: Math.max(stage.bounds.start, stage.bounds.end - length) });
    return { ...drag, moved: true, start, end: flicks(start + length), snapped: start === Math.round(wanted) ? (byEnd ? last.snapped : first.snapped) : null };
  }
  const { time, snapped } = snapTo(stage, drag, cue[part] + way, snaps);
  const limited = part === 'start' ? Math.min(time, cue.end - frame) : Math.max(time, cue.start + frame);
  const edge = toTime(limited, stage.bounds);
  const range = part === 'start' ? { start: edge, end: cue.end } : { start: cue.start, end: edge };
  return { ...drag, ...range, moved: true, snapped: snapped !== null && edge === Math.round(snapped) ? snapped : null };
}

function snapTo(stage: Stage, drag: CueDrag, time: number, snaps: boolean): { time: number; snapped: number | null } {
  const { model, playhead, inPoint, outPoint } = stage.props;
  const others = [playhead, inPoint, outPoint, ...neighbours(model.captions?.cues ?? [], drag.cue)];
  const snapped = snaps ? snapTime(time, model.shots, others, SNAP_PIXELS * stage.view.scale) : null;
  const half = frameLength(model.rate) / 2;
  return { time: snapped ?? frameStart(time + half, stage.bounds.start, model.rate), snapped };
}

/** Edges of the cues before and after. */
function neighbours(cues: readonly Cue[], cue: Cue): number[] {
  const index = lowerBound(cues, cue.start, startOf);
  const near = cues.slice(Math.max(0, index - 2), index + 4).filter((other) => other.id !== cue.id);
  return near.flatMap((other) => [other.start, other.end]);
}
