/**
 * The map between time and pixels. A viewport is plain data; every function returns a new one. Times here are plain
 * numbers of flicks, as a pixel rarely falls on a whole flick; they become `Flicks` when they leave the timeline.
 */
import { FLICKS_PER_SECOND, flicks, type Flicks, type Rational } from '../../shared/time.ts';

export interface Viewport {
  /** Time at the left edge. */
  readonly origin: number;
  /** Flicks a CSS pixel. */
  readonly scale: number;
  /** CSS pixels. */
  readonly width: number;
}

export interface Bounds {
  readonly start: number;
  readonly end: number;
  /** Smallest scale: the deepest zoom. */
  readonly finest: number;
}

/** Room kept at both ends, in pixels, so that the first and last border can be seen and grabbed. */
export const MARGIN = 12;

/** Flicks a frame lasts, not rounded. */
export function frameLength(rate: Rational): number {
  return (FLICKS_PER_SECOND * rate.den) / rate.num;
}

export const timeAt = (view: Viewport, x: number): number => view.origin + x * view.scale;
export const xAt = (view: Viewport, time: number): number => (time - view.origin) / view.scale;
export const endOf = (view: Viewport): number => view.origin + view.width * view.scale;

/** The scale at which everything is on the screen; never finer than the finest. */
export function fitScale(bounds: Bounds, width: number): number {
  return Math.max(bounds.finest, (bounds.end - bounds.start) / Math.max(1, width - 2 * MARGIN));
}

/** The nearest viewport that shows no more emptiness than the margins, or the whole from its left end when it is short. */
export function clampView(view: Viewport, bounds: Bounds): Viewport {
  const scale = Math.min(Math.max(view.scale, bounds.finest), fitScale(bounds, view.width));
  const low = bounds.start - MARGIN * scale;
  const high = Math.max(low, bounds.end - (view.width - MARGIN) * scale);
  return { ...view, scale, origin: Math.min(Math.max(view.origin, low), high) };
}

export function fitView(bounds: Bounds, width: number): Viewport {
  return clampView({ origin: bounds.start, scale: Infinity, width }, bounds);
}

/** `factor` above 1 zooms out. The time under `x` stays under it, except where the ends of the file forbid. */
export function zoomAt(view: Viewport, bounds: Bounds, x: number, factor: number): Viewport {
  const scale = Math.min(Math.max(view.scale * factor, bounds.finest), fitScale(bounds, view.width));
  return clampView({ ...view, scale, origin: timeAt(view, x) - x * scale }, bounds);
}

export function panBy(view: Viewport, bounds: Bounds, pixels: number): Viewport {
  return clampView({ ...view, origin: view.origin + pixels * view.scale }, bounds);
}

export function centreOn(view: Viewport, bounds: Bounds, time: number): Viewport {
  return clampView({ ...view, origin: time - (view.width / 2) * view.scale }, bounds);
}

/** Shows a range as wide as it goes, with a tenth of the width free at each side. */
export function showRange(view: Viewport, bounds: Bounds, start: number, end: number): Viewport {
  const scale = Math.max(1, end - start) / Math.max(1, view.width * 0.8);
  return centreOn(clampView({ ...view, scale }, bounds), bounds, (start + end) / 2);
}

/** Moves only when `time` is off the screen: then to a fifth from the left, so that what follows is in sight. */
export function revealTime(view: Viewport, bounds: Bounds, time: number): Viewport {
  const x = xAt(view, time);
  if (x >= 0 && x <= view.width) return view;
  return clampView({ ...view, origin: time - view.width * 0.2 * view.scale }, bounds);
}

/** Between two viewports; scale moves geometrically, so that zooming looks even. `t` from 0 to 1. */
export function between(from: Viewport, to: Viewport, t: number): Viewport {
  const scale = from.scale * (to.scale / from.scale) ** t;
  const blend = to.scale === from.scale ? t : (scale - from.scale) / (to.scale - from.scale);
  return { width: to.width, scale, origin: from.origin + (to.origin - from.origin) * blend };
}

/** A time as it leaves the timeline: a whole flick inside the file. */
export function toTime(time: number, bounds: Pick<Bounds, 'start' | 'end'>): Flicks {
  return flicks(Math.round(Math.min(Math.max(time, bounds.start), bounds.end)));
}

/** The start of the frame that is shown at `time` on a grid of constant frames that begins at `start`. */
export function frameStart(time: number, start: number, rate: Rational): number {
  const length = frameLength(rate);
  return start + Math.floor((time - start) / length + 1e-6) * length;
}
