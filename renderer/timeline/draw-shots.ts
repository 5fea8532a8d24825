/** The row of shots: numbers, how each begins, where its keyframes are. Groups too narrow to tell apart become one bar. */
import { clipped, crisp, fill, measure, triangle, verticalLine, write, type Brush } from './brush.ts';
import { lowerBound, shotSpans, transitionInto, type ShotSpan, type TransitionMark } from './shots.ts';
import type { Stage } from './stage.ts';
import { endOf, xAt } from './viewport.ts';

/** Below this width in pixels marks of neighbouring borders would touch, and lines over the film would hide it: a shot is then a plain bar. */
const MARKS_FROM = 12;
const DOT = 3;
const NARROWEST_WEDGE = 9;

export function drawShots(brush: Brush, stage: Stage): void {
  const { colours } = brush.look;
  const { top, height } = stage.rows.shots;
  if (height === 0) return;
  fill(brush, colours.panel, 0, top, stage.width, height);
  const spans = shotSpans(stage.props.model.shots, stage.view);
  for (const span of spans) {
    if (span.count > 1 || span.x1 - span.x0 < MARKS_FROM) drawGroup(brush, stage, span);
    else drawShot(brush, stage, span);
  }
  for (const span of spans) {
    if (span.count === 1 && span.x1 - span.x0 >= MARKS_FROM) drawMark(brush, stage, transitionInto(stage.props.model.shots, span.first));
  }
  drawKeyframes(brush, stage, spans);
}

function drawGroup(brush: Brush, stage: Stage, span: ShotSpan): void {
  const { colours } = brush.look;
  const { top, height } = stage.rows.shots;
  const chosen = anySelected(stage, span);
  const x0 = Math.max(0, span.x0);
  const wide = span.count > 1 ? Math.max(span.x1 - x0, 1) : Math.max(1, span.x1 - x0 - 1);
  fill(brush, chosen ? colours.accent : colours.borderStrong, x0, top + 5, Math.min(wide, stage.width - x0), height - 9);
}

function anySelected(stage: Stage, span: ShotSpan): boolean {
  const { shots } = stage.props.selection;
  if (shots.size === 0) return false;
  if (shots.size < span.count) return [...shots].some((index) => index >= span.first && index < span.first + span.count);
  for (let index = span.first; index < span.first + span.count; index++) if (shots.has(index)) return true;
  return false;
}

function drawShot(brush: Brush, stage: Stage, span: ShotSpan): void {
  const { colours, small, smallStrong } = brush.look;
  const { top, height } = stage.rows.shots;
  const selected = stage.props.selection.shots.has(span.first);
  const target = stage.pointer?.target;
  const hovered = target !== undefined && target !== null && 'shot' in target && target.shot === span.first && stage.drag === null;
  const x0 = Math.max(-4, span.x0);
  const x1 = Math.min(stage.width + 4, span.x1);
  fill(brush, selected ? colours.accentQuiet : hovered ? colours.hover : colours.raised, x0, top, x1 - x0, height);
  const label = String(span.first + 1);
  const at = Math.max(span.x0, 0) + 7;
  const font = selected ? smallStrong : small;
  if (x1 - at > measure(brush.context, font, label) + 6) write(brush, label, at, top + 8, { font, colour: selected ? colours.accentText : colours.secondary });
}

/** A line for a cut, an hourglass for a dissolve, two ramps that meet at the bottom for a fade. */
function drawMark(brush: Brush, stage: Stage, mark: TransitionMark | null): void {
  if (!mark) return;
  const { colours } = brush.look;
  const { top, height } = stage.rows.shots;
  const foot = top + height;
  if (mark.kind === 'cut') {
    verticalLine(brush, colours.cut, xAt(stage.view, mark.to), top, height, 2);
    return;
  }
  const middle = xAt(stage.view, (mark.from + mark.to) / 2);
  const half = Math.max(NARROWEST_WEDGE, (mark.to - mark.from) / stage.view.scale) / 2;
  const [x0, x1] = [crisp(brush, middle - half), crisp(brush, middle + half)];
  fill(brush, colours.ground, x0, top, x1 - x0, height);
  if (mark.kind === 'dissolve') {
    triangle(brush, colours.dissolve, [x0, top, x0, foot, middle, top + height / 2]);
    triangle(brush, colours.dissolve, [x1, top, x1, foot, middle, top + height / 2]);
  } else {
    triangle(brush, colours.fade, [x0, top, middle, foot, x0, foot]);
    triangle(brush, colours.fade, [x1, top, middle, foot, x1, foot]);
  }
}

function drawKeyframes(brush: Brush, stage: Stage, spans: readonly ShotSpan[]): void {
  const wide = spans.filter((span) => span.count === 1 && span.x1 - span.x0 >= MARKS_FROM);
  if (wide.length === 0) return;
  const { context, look } = brush;
  const { keyframes } = stage.props.model;
  const y = stage.rows.shots.top + stage.rows.shots.height - DOT - 2;
  const visible = new Set(wide.map((span) => span.first));
  const end = endOf(stage.view);
  context.fillStyle = look.colours.keyframe;
  context.beginPath();
  for (let i = lowerBound(keyframes, stage.view.origin, (one) => one.time); i < keyframes.length; i++) {
    const keyframe = keyframes[i];
    if (!keyframe || keyframe.time >= end) break;
    if (!visible.has(keyframe.shot)) continue;
    const x = crisp(brush, xAt(stage.view, keyframe.time));
    context.moveTo(x - DOT, y);
    context.lineTo(x, y - DOT);
    context.lineTo(x + DOT, y);
    context.lineTo(x, y + DOT);
  }
  context.fill();
}

/** Borders, gradual transitions and the selection's frame over the filmstrip. */
export function drawBorders(brush: Brush, stage: Stage): void {
  const { colours } = brush.look;
  const { top, height } = stage.rows.film;
  if (height === 0) return;
  const spans = shotSpans(stage.props.model.shots, stage.view);
  clipped(brush, 0, top, stage.width, height, () => {
    for (const span of spans) {
      const width = span.x1 - span.x0;
      if (span.count > 1 || width < MARKS_FROM) continue;
      const mark = transitionInto(stage.props.model.shots, span.first);
      if (!mark) continue;
      const x = xAt(stage.view, mark.to);
      if (mark.kind !== 'cut') drawGradual(brush, stage, mark);
      else {
        verticalLine(brush, colours.pictureGround, x, top, height, 3);
        verticalLine(brush, '#e7e8ea', x, top, height, 1);
      }
    }
  });
  for (const span of spans) if (span.count === 1 && span.x1 - span.x0 >= 4 && stage.props.selection.shots.has(span.first)) frame(brush, stage, span);
}

function drawGradual(brush: Brush, stage: Stage, mark: TransitionMark): void {
  const { context } = brush;
  const { top, height } = stage.rows.film;
  const x0 = xAt(stage.view, mark.from);
  const x1 = xAt(stage.view, mark.to);
  const wide = x1 - x0 >= 3;
  context.fillStyle = 'rgb(8 9 10 / 45%)';
  context.fillRect(x0, top, Math.max(3, x1 - x0), height);
  if (!wide) return;
  // Pictures are dark and bright alike, so the lines get a dark edge; colours are the dark theme's in both themes.
  for (const [colour, thick] of [['rgb(8 9 10 / 70%)', 3.5], [mark.kind === 'dissolve' ? '#56b4e9' : '#8fa8d8', 1.5]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.beginPath();
    context.moveTo(x0, top);
    if (mark.kind === 'dissolve') {
      context.lineTo(x1, top + height);
      context.moveTo(x0, top + height);
      context.lineTo(x1, top);
    } else {
      context.lineTo((x0 + x1) / 2, top + height);
      context.lineTo(x1, top);
    }
    context.stroke();
  }
}

function frame(brush: Brush, stage: Stage, span: ShotSpan): void {
  const { context, look } = brush;
  const top = stage.rows.shots.top;
  const height = stage.rows.film.top + stage.rows.film.height - top;
  const x0 = crisp(brush, Math.max(-4, span.x0)) + 1;
  const x1 = crisp(brush, Math.min(stage.width + 4, span.x1)) - 1;
  context.strokeStyle = look.colours.accent;
  context.lineWidth = 2;
  context.strokeRect(x0, top + 1, Math.max(1, x1 - x0), height - 2);
}
