import { crisp, fill, measure, triangle, verticalLine, write, type Brush } from './brush.ts';
import { rangeOf } from './ranges.ts';
import type { Stage } from './stage.ts';
import { ticksOf } from './ticks.ts';
import { xAt } from './viewport.ts';

const MAJOR = 9;
const MINOR = 5;
const BAND = 5;
const BRACKET = 6;

/** Timecode, marks, and the in/out range as a band with brackets along the ruler's foot. */
export function drawRuler(brush: Brush, stage: Stage): void {
  const { colours, mono } = brush.look;
  const { top, height } = stage.rows.ruler;
  const foot = top + height;
  fill(brush, colours.panel, 0, top, stage.width, height);
  for (const tick of ticksOf(stage.view, stage.props.model.rate)) {
    const long = tick.label !== null ? MAJOR : MINOR;
    verticalLine(brush, tick.label !== null ? colours.muted : colours.borderStrong, tick.x, foot - long, long);
    // A label cut by the right edge would read as another time; one cut by the left is about to leave.
    if (tick.label !== null && tick.x + 4 + measure(brush.context, mono, tick.label) <= stage.width) write(brush, tick.label, tick.x + 4, top + 9, { font: mono, colour: colours.secondary });
  }
  fill(brush, colours.border, 0, foot - 1, stage.width, 1);
  drawRange(brush, stage, foot);
}

function drawRange(brush: Brush, stage: Stage, foot: number): void {
  const { colours } = brush.look;
  const { inPoint, outPoint } = rangeOf(stage);
  if (inPoint === null && outPoint === null) return;
  const x0 = inPoint === null ? 0 : Math.max(-BRACKET, xAt(stage.view, inPoint));
  const x1 = outPoint === null ? stage.width : Math.min(stage.width + BRACKET, xAt(stage.view, outPoint));
  if (x1 > x0) fill(brush, colours.accent, x0, foot - 3, x1 - x0, 3);
  const y = foot - BAND - BRACKET;
  if (inPoint !== null) triangle(brush, colours.accent, [crisp(brush, x0), foot, crisp(brush, x0), y, crisp(brush, x0) + BRACKET, foot]);
  if (outPoint !== null) triangle(brush, colours.accent, [crisp(brush, x1), foot, crisp(brush, x1), y, crisp(brush, x1) - BRACKET, foot]);
}
