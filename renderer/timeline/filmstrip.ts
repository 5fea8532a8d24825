/** Which picture stands where in the filmstrip. */
import type { ShotEvent } from '../../shared/events.ts';
import { FLICKS_PER_SECOND, flicks, type Flicks, type Rational } from '../../shared/time.ts';
import { lowerBound, shotSpans } from './shots.ts';
import { endOf, frameLength, xAt, type Viewport } from './viewport.ts';

export interface Cell {
  readonly x0: number;
  readonly x1: number;
  /** Time range the cell stands for. */
  readonly from: number;
  readonly to: number;
  /** The shot whose keyframe may stand for the cell: the only one in it. Null in cells of many or of none. */
  readonly shot: number | null;
  /** The frame to ask for; null where the shot's keyframe says it better. */
  readonly frame: { readonly time: Flicks; readonly step: Flicks; readonly exact: boolean } | null;
}

/** A shot gets its own keyframe from this width in pixels on, cropped to its middle; in narrower ones nothing could be made out. */
const OWN_CELL_FROM = 24;
/** From this many picture widths on a shot shows several frames instead of its keyframe alone. */
const SEVERAL_CELLS_FROM = 1.5;
/** Up to this distance the very frame is decoded; beyond it the sync frame before it is close enough and far cheaper. */
const EXACT_BELOW = 2 * FLICKS_PER_SECOND;

/** The largest step in frames (1, 2, 3, 4, 6, 8, 12, 16 …) whose cell is no wider than the picture; at least one. */
export function stepFrames(framePixels: number, pictureWidth: number): number {
  const most = pictureWidth / framePixels + 1e-6;
  if (most < 2) return 1;
  const power = 2 ** Math.floor(Math.log2(most));
  return power >= 2 && power * 1.5 <= most ? power * 1.5 : power;
}

/** Cells every `step` frames from `anchor` on, those that touch the screen, clipped to [from, to). */
function gridCells(view: Viewport, rate: Rational, pictureWidth: number, piece: { from: number; to: number; anchor: number; shot: number | null }): Cell[] {
  const length = frameLength(rate);
  const frames = stepFrames(length / view.scale, pictureWidth);
  const step = flicks(Math.max(1, Math.round(frames * length)));
  const middle = Math.round(Math.floor(frames / 2) * length);
  const first = Math.floor((Math.max(piece.from, view.origin) - piece.anchor) / step);
  const until = Math.min(piece.to, endOf(view));
  const cells: Cell[] = [];
  for (let k = first; piece.anchor + k * step < until; k++) {
    const from = Math.max(piece.from, piece.anchor + k * step);
    const to = Math.min(piece.to, piece.anchor + (k + 1) * step);
    // A remainder of less than half a frame comes from rounding: the cell before it already shows that frame.
    if (to - from < length / 2) continue;
    const time = Math.min(piece.anchor + k * step + middle, Math.max(from, to - length));
    cells.push({ x0: xAt(view, from), x1: xAt(view, to), from, to, shot: piece.shot, frame: { time: flicks(Math.round(Math.max(from, time))), step, exact: step <= EXACT_BELOW } });
  }
  return cells;
}

/**
 * Cells of the visible part. A shot no wider than a picture or a little more shows its keyframe; a wider one frames from its own start
 * on, so that no cell straddles a cut; runs of narrow shots, and what is not analysed yet, share a fixed grid.
 */
export function planFilmstrip(shots: readonly ShotEvent[], view: Viewport, range: { start: number; end: number }, rate: Rational, pictureWidth: number): Cell[] {
  const cells: Cell[] = [];
  let run: { from: number; to: number } | null = null;
  const closeRun = (): void => {
    if (run) cells.push(...gridCells(view, rate, pictureWidth, { ...run, anchor: range.start, shot: null }));
    run = null;
  };
  const spans = shotSpans(shots, view);
  const firstSpan = spans[0];
  const leading = shots[(firstSpan?.first ?? 0) - 1];
  // What comes before the first visible shot and is in none: the frames of a gradual transition, or of a late start.
  if (firstSpan) cells.push(...gridCells(view, rate, pictureWidth, { from: leading?.end ?? range.start, to: (shots[firstSpan.first] as ShotEvent).start, anchor: leading?.start ?? range.start, shot: null }));
  for (const span of spans) {
    const from = (shots[span.first] as ShotEvent).start;
    const to = shots[span.first + span.count]?.start ?? (shots[span.first + span.count - 1] as ShotEvent).end;
    const width = (to - from) / view.scale;
    if (span.count > 1 || width < OWN_CELL_FROM) {
      run = { from: (run as { from: number } | null)?.from ?? from, to };
      continue;
    }
    closeRun();
    if (width < pictureWidth * SEVERAL_CELLS_FROM && to - from > frameLength(rate) * 1.5) {
      cells.push({ x0: xAt(view, from), x1: xAt(view, to), from, to, shot: span.first, frame: null });
    } else {
      cells.push(...gridCells(view, rate, pictureWidth, { from, to, anchor: from, shot: span.first }));
    }
  }
  closeRun();
  cells.push(...gridCells(view, rate, pictureWidth, { from: shots.at(-1)?.end ?? range.start, to: range.end, anchor: range.start, shot: null }));
  return cells;
}

/** The item nearest to the middle of [from, to), no further from it than `reach`; null when there is none. */
export function nearestIn<T extends { readonly time: number }>(items: readonly T[], from: number, to: number, reach: number): T | null {
  const middle = (from + to) / 2;
  const next = lowerBound(items, middle, (item) => item.time);
  const candidates = [items[next - 1], items[next]].filter((item): item is T => item !== undefined && Math.abs(item.time - middle) <= reach);
  candidates.sort((a, b) => Math.abs(a.time - middle) - Math.abs(b.time - middle));
  return candidates[0] ?? null;
}

/** Scale at which one frame is as wide as its picture: the deepest zoom. */
export function finestScale(rate: Rational, pictureWidth: number): number {
  return frameLength(rate) / Math.max(24, pictureWidth);
}

/** The part of a picture that fills a cell of `width` x `height` without distortion, around its middle. */
export function coverCrop(pictureWidth: number, pictureHeight: number, width: number, height: number): { x: number; y: number; width: number; height: number } {
  const ratio = Math.min(pictureWidth / width, pictureHeight / height);
  const cropWidth = width * ratio;
  const cropHeight = height * ratio;
  return { x: (pictureWidth - cropWidth) / 2, y: (pictureHeight - cropHeight) / 2, width: cropWidth, height: cropHeight };
}
