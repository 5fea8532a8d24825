/** Moves the viewports: zoom, scroll, short animations, following the playhead. */
import type { Stage } from './stage.ts';
import { between, clampView, fitView, panBy, revealTime, showRange, xAt, zoomAt, type Viewport } from './viewport.ts';

/** Motion explains where one has got to; longer only delays. Milliseconds. */
const ANIMATION = 120;
/** Pixels a frame by which a drag beyond the edge scrolls at most. */
const FASTEST_EDGE = 40;

export interface Navigator {
  /** Around `x` in pixels; without it around the playhead, or the middle when that is off the screen. */
  zoom(factor: number, options?: { x?: number; lane?: boolean; animate?: boolean }): void;
  pan(pixels: number, lane?: boolean): void;
  setView(view: Viewport, lane?: boolean): void;
  fit(lane?: boolean): void;
  show(start: number, end: number): void;
  reveal(time: number, lane?: boolean): void;
  /** The window's data changed: decides whether the playhead is followed. */
  update(before: { playing: boolean; playhead: number }): void;
  /** Once a frame; true while more frames are needed. */
  tick(now: number): boolean;
}

export function createNavigator(stage: Stage, moved: () => void): Navigator {
  let animation: { from: Viewport; to: Viewport; started: number | null } | null = null;
  let left = false;
  const still = matchMedia('(prefers-reduced-motion: reduce)');

  function place(view: Viewport, lane: boolean): void {
    if (lane) {
      stage.lane = clampView(view, stage.laneBounds);
      stage.laneFitted = stage.lane.scale >= fitView(stage.laneBounds, stage.width).scale;
    } else {
      stage.view = clampView(view, stage.bounds);
      stage.fitted = stage.view.scale >= fitView(stage.bounds, stage.width).scale;
    }
    moved();
  }

  function go(to: Viewport, animate: boolean): void {
    animation = null;
    if (!animate || still.matches) place(to, false);
    else {
      animation = { from: stage.view, to, started: null };
      moved();
    }
  }

  const goal = (): Viewport => animation?.to ?? stage.view;

  return {
    zoom(factor, { x, lane = false, animate = false } = {}) {
      if (lane) return place(zoomAt(stage.lane, stage.laneBounds, x ?? stage.width / 2, factor), true);
      const view = goal();
      const head = xAt(view, stage.props.playhead);
      const around = x ?? (head >= 0 && head <= stage.width ? head : stage.width / 2);
      go(zoomAt(view, stage.bounds, around, factor), animate);
    },
    pan(pixels, lane = false) {
      if (lane) return place(panBy(stage.lane, stage.laneBounds, pixels), true);
      left = true;
      animation = null;
      place(panBy(stage.view, stage.bounds, pixels), false);
    },
    setView(view, lane = false) {
      if (!lane) left = true;
      animation = null;
      place(view, lane);
    },
    fit(lane = false) {
      if (lane) place(fitView(stage.laneBounds, stage.width), true);
      else go(fitView(stage.bounds, stage.width), true);
    },
    show: (start, end) => go(showRange(stage.view, stage.bounds, start, end), true),
    reveal(time, lane = false) {
      if (lane) place(revealTime(stage.lane, stage.laneBounds, time), true);
      else go(revealTime(goal(), stage.bounds, time), false);
    },
    update(before) {
      const { playing, playhead } = stage.props;
      if (playing && !before.playing) left = false;
      const x = xAt(stage.view, playhead);
      if (x >= 0 && x <= stage.width) left = false;
      const jumped = !playing && playhead !== before.playhead;
      if (stage.drag || animation || (playing ? left : !jumped)) return;
      const view = revealTime(stage.view, stage.bounds, playhead);
      if (view !== stage.view) place(view, false);
    },
    tick(now) {
      if (!animation) return false;
      animation.started ??= now;
      const t = Math.min(1, (now - animation.started) / ANIMATION);
      const { from, to } = animation;
      place(between({ ...from, width: stage.width }, to, 1 - (1 - t) ** 3), false);
      if (t < 1) return true;
      animation = null;
      place(to, false);
      return false;
    },
  };
}

/** Pixels to scroll in this frame while a drag is held beyond an edge; 0 inside. */
export function edgeScroll(x: number, width: number): number {
  const beyond = x < 0 ? x : x > width ? x - width : 0;
  return Math.max(-FASTEST_EDGE, Math.min(FASTEST_EDGE, beyond / 4));
}
