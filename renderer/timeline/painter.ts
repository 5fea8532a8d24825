/** Paints at most once a frame, and only what changed. */
import type { Brush } from './brush.ts';
import { drawClips } from './draw-clips.ts';
import { drawCues } from './draw-cues.ts';
import { drawCutOut, drawRemovals } from './draw-cuts.ts';
import { drawFilm } from './draw-film.ts';
import { drawMinimap } from './draw-minimap.ts';
import { drawOverlay } from './draw-overlay.ts';
import { drawChapters } from './draw-chapters.ts';
import { drawRuler } from './draw-ruler.ts';
import { drawBorders, drawShots } from './draw-shots.ts';
import { drawTags } from './draw-tags.ts';
import { drawWave } from './draw-wave.ts';
import { fill } from './brush.ts';
import type { Stage } from './stage.ts';

export type Layer = 'base' | 'overlay' | 'minimap';

export interface Painter {
  /** Marks layers dirty; they are painted before the next frame is shown. */
  need(...layers: Layer[]): void;
  dispose(): void;
}

export interface Canvases {
  readonly base: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly minimap: HTMLCanvasElement;
}

/** `before` may move viewports (animation, following) and need more; `after` sees the stage as painted. */
export function createPainter(canvases: Canvases, stage: Stage, hooks: { before(now: number): void; after(): void }): Painter {
  const dirty = new Set<Layer>();
  let frame = 0;

  const context = (canvas: HTMLCanvasElement, opaque: boolean): Brush | null => {
    const found = canvas.getContext('2d', { alpha: !opaque });
    if (!found) return null;
    found.setTransform(stage.ratio, 0, 0, stage.ratio, 0, 0);
    return { context: found, look: stage.look, ratio: stage.ratio };
  };

  function paint(now: number): void {
    frame = 0;
    hooks.before(now);
    if (stage.width < 2 || stage.height < 2) return;
    const layers = new Set(dirty);
    dirty.clear();
    if (layers.has('base')) {
      fit(canvases.base, stage.width, stage.height, stage.ratio);
      const brush = context(canvases.base, true);
      if (brush) drawBase(brush, stage);
      flushSources(stage);
    }
    if (layers.has('overlay')) {
      fit(canvases.overlay, stage.width, stage.height, stage.ratio);
      const brush = context(canvases.overlay, false);
      if (brush) drawOverlay(brush, stage);
    }
    if (layers.has('minimap')) {
      const { width, height } = stage.minimap;
      fit(canvases.minimap, width, height, stage.ratio);
      const brush = context(canvases.minimap, false);
      if (brush) drawMinimap(brush, stage, width, height);
    }
    hooks.after();
  }

  return {
    need(...layers) {
      for (const layer of layers) dirty.add(layer);
      frame ||= requestAnimationFrame(paint);
    },
    dispose: () => cancelAnimationFrame(frame),
  };
}

/** Sets the canvas's pixels; a change clears it, so only when they differ. */
function fit(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  const pixels = { width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)) };
  if (canvas.width !== pixels.width) canvas.width = pixels.width;
  if (canvas.height !== pixels.height) canvas.height = pixels.height;
}

function drawBase(brush: Brush, stage: Stage): void {
  fill(brush, brush.look.colours.ground, 0, 0, stage.width, stage.height);
  drawRuler(brush, stage);
  drawChapters(brush, stage);
  drawShots(brush, stage);
  drawFilm(brush, stage);
  drawBorders(brush, stage);
  drawTags(brush, stage);
  drawWave(brush, stage);
  drawCues(brush, stage);
  drawCutOut(brush, stage);
  drawRemovals(brush, stage);
  drawClips(brush, stage);
}

function flushSources(stage: Stage): void {
  const { model } = stage.props;
  const thumbs = new Set([model.thumbs, ...new Set(model.clips.map((clip) => clip.media))].map((one) => (typeof one === 'string' ? (model.clipMedia(one)?.thumbs ?? null) : one)));
  for (const source of thumbs) source?.flush();
  model.pictures?.flush();
  model.waveform?.flush();
}
