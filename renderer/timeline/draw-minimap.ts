import { fill, verticalLine, type Brush } from './brush.ts';
import { rangeOf, usedRanges } from './ranges.ts';
import { densityOf } from './shots.ts';
import type { Stage } from './stage.ts';

const COLUMN = 2;

/** The whole file: where its cuts are dense, what is analysed, used and chosen, and the playhead. The window over it is HTML. */
export function drawMinimap(brush: Brush, stage: Stage, width: number, height: number): void {
  const { colours } = brush.look;
  const { model, playhead, selection } = stage.props;
  const { start, end } = stage.bounds;
  const x = (time: number): number => ((time - start) / (end - start)) * width;
  brush.context.clearRect(0, 0, width, height);
  const known = model.shots.at(-1)?.end ?? start;
  fill(brush, colours.raised, 0, 0, model.analysing || model.shots.length > 0 ? x(known) : width, height);
  const columns = Math.max(1, Math.floor(width / COLUMN));
  const density = densityOf(model.shots, start, end, columns);
  const most = density.reduce((high, count) => Math.max(high, count), 1);
  density.forEach((count, i) => {
    if (count === 0) return;
    const tall = Math.round((0.25 + 0.65 * Math.sqrt(count / most)) * height);
    fill(brush, colours.muted, (i * width) / columns, height - tall, most > 1 ? width / columns : 1, tall);
  });
  const { inPoint, outPoint } = rangeOf(stage);
  if (inPoint !== null || outPoint !== null) fill(brush, colours.accent, x(inPoint ?? start), height - 2, x(outPoint ?? end) - x(inPoint ?? start), 2);
  for (const range of usedRanges(stage)) fill(brush, colours.text, x(range.start), 0, Math.max(2, x(range.end) - x(range.start)), 2);
  if (selection.shots.size <= 500) {
    for (const index of selection.shots) {
      const shot = model.shots[index];
      if (shot) fill(brush, colours.accent, x(shot.start), height / 2 - 1, Math.max(2, x(shot.end) - x(shot.start)), 3);
    }
  }
  verticalLine(brush, colours.accent, x(playhead), 0, height, 1.5);
}
