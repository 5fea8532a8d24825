/** What moves while the rest stands still: playhead, pointer line, guides, the clip in the hand. Drawn on its own canvas. */
import { formatTimecode } from '../../shared/time.ts';
import { crisp, fill, measure, roundedRect, verticalLine, write, type Brush } from './brush.ts';
import { drawClip } from './draw-clips.ts';
import { drawHeldCue } from './draw-cues.ts';
import { laneItems } from './lane-items.ts';
import { rangeOf } from './ranges.ts';
import type { Stage } from './stage.ts';
import { frameStart, toTime, xAt } from './viewport.ts';

const HEAD = 5.5;

export function drawOverlay(brush: Brush, stage: Stage): void {
  brush.context.clearRect(0, 0, stage.width, stage.height);
  drawOutside(brush, stage);
  drawHover(brush, stage);
  drawSnap(brush, stage);
  drawPlayhead(brush, stage);
  drawHeld(brush, stage);
  drawHeldCue(brush, stage);
  drawDrop(brush, stage);
}

/** Foot of the rows that share the media's time. */
function sourceFoot(stage: Stage): number {
  return stage.rows.clips.top - 2;
}

/** Film and sound outside in and out are dimmed. */
function drawOutside(brush: Brush, stage: Stage): void {
  const { inPoint, outPoint } = rangeOf(stage);
  const top = stage.rows.film.top;
  const height = sourceFoot(stage) - top;
  const dim = 'rgb(8 9 10 / 45%)';
  if (inPoint !== null) fill(brush, dim, 0, top, Math.max(0, Math.min(stage.width, xAt(stage.view, inPoint))), height);
  if (outPoint !== null) {
    const x = Math.min(stage.width, Math.max(0, xAt(stage.view, outPoint)));
    fill(brush, dim, x, top, stage.width - x, height);
  }
}

function drawHover(brush: Brush, stage: Stage): void {
  const target = stage.pointer?.target;
  if (!stage.pointer || !target || target.area === 'clip' || target.area === 'lane' || stage.drag) return;
  const { colours, mono } = brush.look;
  const { ruler } = stage.rows;
  verticalLine(brush, colours.secondary, stage.pointer.x, ruler.top + ruler.height, sourceFoot(stage) - ruler.top - ruler.height);
  const time = toTime(target.time, stage.bounds);
  const label = formatTimecode(toTime(frameStart(time, stage.bounds.start, stage.props.model.rate), stage.bounds), stage.props.model.rate);
  const width = measure(brush.context, mono, label) + 10;
  const x = Math.min(Math.max(stage.pointer.x - width / 2, 2), stage.width - width - 2);
  fill(brush, colours.panel, x - 5, ruler.top, width + 10, ruler.height - 9);
  brush.context.fillStyle = colours.borderStrong;
  roundedRect(brush.context, crisp(brush, x), ruler.top + 1, width, 16, 3);
  brush.context.fill();
  write(brush, label, x + 5, ruler.top + 9, { font: mono, colour: colours.text });
}

/** A dashed line through all rows at the time that holds the dragged edge. */
function drawSnap(brush: Brush, stage: Stage): void {
  const { drag } = stage;
  if (!drag || !('snapped' in drag) || drag.snapped === null) return;
  const { context, look } = brush;
  const dashed = (x: number, top: number, foot: number): void => {
    context.strokeStyle = look.colours.accent;
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(crisp(brush, x) + 0.5, top);
    context.lineTo(crisp(brush, x) + 0.5, foot);
    context.stroke();
    context.setLineDash([]);
  };
  const trim = drag.kind === 'trim' ? drag : null;
  if (!trim || trim.clip.media === stage.props.model.media) dashed(xAt(stage.view, drag.snapped), stage.rows.shots.top, sourceFoot(stage));
  if (!trim) return;
  const item = laneItems(stage).find((one) => one.index === trim.index);
  const { top, height } = stage.rows.clips;
  if (item) dashed(trim.edge === 'start' ? item.x0 : item.x1, top, top + height);
}

function drawPlayhead(brush: Brush, stage: Stage): void {
  const { colours } = brush.look;
  const { playhead, model } = stage.props;
  const x = xAt(stage.view, playhead);
  if (x >= -HEAD && x <= stage.width + HEAD) {
    const { context } = brush;
    const at = crisp(brush, x);
    const foot = stage.rows.ruler.top + stage.rows.ruler.height;
    verticalLine(brush, 'rgb(8 9 10 / 60%)', x, foot, sourceFoot(stage) - foot, 3);
    verticalLine(brush, colours.accent, x, foot - 4, sourceFoot(stage) - foot + 4, 1.5);
    context.fillStyle = colours.accent;
    context.beginPath();
    context.moveTo(at - HEAD, foot - 15);
    context.lineTo(at + HEAD, foot - 15);
    context.lineTo(at + HEAD, foot - 8);
    context.lineTo(at, foot - 2);
    context.lineTo(at - HEAD, foot - 8);
    context.closePath();
    context.fill();
  }
  const { top, height } = stage.rows.clips;
  for (const item of laneItems(stage)) {
    const { clip } = item;
    if (clip.media !== model.media || playhead < clip.start || playhead >= clip.end) continue;
    const share = (playhead - clip.start) / (clip.end - clip.start);
    verticalLine(brush, colours.accent, item.x0 + share * (item.x1 - item.x0), top + 2, height - 4, 1.5);
  }
}

/** The clip in the hand, over its new place. */
function drawHeld(brush: Brush, stage: Stage): void {
  const { drag } = stage;
  if (drag?.kind !== 'reorder') return;
  brush.context.globalAlpha = 0.85;
  const width = (drag.clip.end - drag.clip.start) / stage.lane.scale;
  drawClip(brush, { ...stage, drag: null, pointer: null }, { clip: drag.clip, index: drag.index, x0: drag.left, x1: drag.left + width });
  brush.context.globalAlpha = 1;
}

/** Where dropped ranges would go: a mark between two clips, with a foot and a head so that it is no edge of one. */
function drawDrop(brush: Brush, stage: Stage): void {
  if (!stage.drop) return;
  const { context, look } = brush;
  const { top, height } = stage.rows.clips;
  const x = Math.min(Math.max(stage.drop.x, 4), stage.width - 4);
  verticalLine(brush, look.colours.accent, x, top, height, 3);
  context.fillStyle = look.colours.accent;
  for (const y of [top, top + height - 3]) {
    roundedRect(context, crisp(brush, x) - 5, y, 10, 3, 1.5);
    context.fill();
  }
}
