/** What the edit leaves out, and what tightening would take out, over film, sound and captions. */
import { fill, type Brush } from './brush.ts';
import { lowerBound } from './shots.ts';
import type { Stage } from './stage.ts';
import { endOf, xAt } from './viewport.ts';

/** Distance of the hatching's lines in pixels. */
const HATCH = 6;
const LEAST = 1;

interface Spot {
  readonly x0: number;
  readonly x1: number;
}

/** Visible ranges as pixels; neighbours nearer than a pixel are one. */
export function spotsOf(ranges: readonly { start: number; end: number }[], stage: Stage): Spot[] {
  const { view } = stage;
  const spots: { x0: number; x1: number }[] = [];
  for (let i = lowerBound(ranges, view.origin, (range) => range.end); i < ranges.length; i++) {
    const range = ranges[i];
    if (!range || range.start > endOf(view)) break;
    const x0 = Math.max(-1, xAt(view, range.start));
    const x1 = Math.min(stage.width + 1, xAt(view, range.end));
    const last = spots.at(-1);
    if (last && x0 - last.x1 < LEAST) last.x1 = Math.max(last.x1, x1);
    else spots.push({ x0, x1: Math.max(x1, x0 + LEAST) });
  }
  return spots;
}

/** Parts of the media that were cut out fade into the window's ground, in the light theme too. */
export function drawCutOut(brush: Brush, stage: Stage): void {
  const { top, foot } = reach(stage);
  const { context, look } = brush;
  context.save();
  context.globalAlpha = 0.68;
  for (const { x0, x1 } of spotsOf(stage.props.model.cutOut, stage)) fill(brush, look.colours.ground, x0, top, x1 - x0, foot - top);
  context.restore();
}

/** Removals are hatched: those that a person wants strongly, the others faintly and in outline. */
export function drawRemovals(brush: Brush, stage: Stage): void {
  const { removals } = stage.props.model;
  if (removals.length === 0) return;
  const { top, foot } = reach(stage);
  const { context, look } = brush;
  context.save();
  for (const chosen of [false, true]) {
    const spots = spotsOf(removals.filter((removal) => removal.chosen === chosen), stage);
    context.globalAlpha = chosen ? 0.22 : 0.08;
    for (const { x0, x1 } of spots) fill(brush, look.colours.error, x0, top, x1 - x0, foot - top);
    context.globalAlpha = chosen ? 0.9 : 0.45;
    hatch(brush, spots, top, foot, look.colours.error);
    for (const { x0, x1 } of spots) {
      fill(brush, look.colours.error, x0, top, 1, foot - top);
      if (x1 - x0 > 3) fill(brush, look.colours.error, x1 - 1, top, 1, foot - top);
    }
  }
  context.restore();
}

function hatch({ context, ratio }: Brush, spots: readonly Spot[], top: number, foot: number, colour: string): void {
  const wide = spots.filter(({ x0, x1 }) => x1 - x0 >= 3);
  if (wide.length === 0) return;
  context.save();
  context.beginPath();
  for (const { x0, x1 } of wide) context.rect(x0, top, x1 - x0, foot - top);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, 1 / ratio);
  context.beginPath();
  const height = foot - top;
  for (const { x0, x1 } of wide) {
    // On one grid for all, so that the lines of neighbours meet.
    for (let x = Math.floor((x0 - height) / HATCH) * HATCH; x < x1; x += HATCH) {
      context.moveTo(x, foot);
      context.lineTo(x + height, top);
    }
  }
  context.stroke();
  context.restore();
}

/** Film and sound; with the picture missing, the sound alone. */
function reach(stage: Stage): { top: number; foot: number } {
  const { film, wave, captions } = stage.rows;
  const top = film.height > 0 ? film.top : wave.height > 0 ? wave.top : captions.top;
  return { top, foot: stage.rows.clips.top - 2 };
}

