import { clipped, crisp, fill, type Brush } from './brush.ts';
import { coverCrop, nearestIn, planFilmstrip, type Cell } from './filmstrip.ts';
import { usedRanges } from './ranges.ts';
import { lowerBound } from './shots.ts';
import { pictureWidth, type Stage } from './stage.ts';
import { xAt } from './viewport.ts';

/** Below this width the line between two cells would eat the pictures. */
const LINES_FROM = 20;

export function drawFilm(brush: Brush, stage: Stage): void {
  const { top, height } = stage.rows.film;
  if (height === 0) return;
  const { colours } = brush.look;
  const { model } = stage.props;
  fill(brush, colours.panel, 0, top, stage.width, height);
  const lastShot = model.shots.at(-1);
  const end = model.analysing || !lastShot ? model.end : lastShot.end;
  const cells = planFilmstrip(model.shots, stage.view, { start: model.start, end }, model.rate, pictureWidth(stage));
  clipped(brush, 0, top, stage.width, height, () => {
    for (const cell of cells) drawCell(brush, stage, cell);
  });
  drawUsed(brush, stage);
}

function drawCell(brush: Brush, stage: Stage, cell: Cell): void {
  const { top, height } = stage.rows.film;
  const x0 = crisp(brush, cell.x0);
  const x1 = crisp(brush, cell.x1);
  const picture = pictureOf(stage, cell);
  if (!picture) {
    fill(brush, brush.look.colours.raised, x0, top, x1 - x0 - 1, height);
    return;
  }
  const crop = coverCrop(picture.width, picture.height, x1 - x0, height);
  brush.context.drawImage(picture, crop.x, crop.y, crop.width, crop.height, x0, top, x1 - x0, height);
  if (x1 - x0 >= LINES_FROM) fill(brush, 'rgb(8 9 10 / 55%)', x1 - 1 / brush.ratio, top, 1 / brush.ratio, height);
}

/**
 * The frame itself; until it is there, or where a keyframe says it better, the nearest stored picture. Only the
 * pictures that a cell can use are asked for.
 */
function pictureOf(stage: Stage, cell: Cell): ImageBitmap | null {
  const { model } = stage.props;
  const stored = storedPicture(stage, cell);
  if (cell.frame === null) return stored ?? requestMiddle(stage, cell);
  const grouped = cell.shot === null && stored !== null;
  if (grouped) return stored;
  return model.thumbs?.request(cell.frame.time, cell.frame.step, cell.frame.exact) ?? stored;
}

function storedPicture(stage: Stage, cell: Cell): ImageBitmap | null {
  const { model } = stage.props;
  if (!model.pictures) return null;
  const half = (cell.to - cell.from) / 2;
  const keyframe = cell.shot === null ? nearestIn(model.keyframes, cell.from, cell.to, half) : firstKeyframe(stage, cell.shot);
  const picture = keyframe?.picture ?? nearestIn(model.previews, cell.from, cell.to, Math.max(half, stage.view.scale * pictureWidth(stage)))?.picture;
  return picture === undefined ? null : model.pictures.request(picture);
}

function firstKeyframe(stage: Stage, index: number): { picture: string } | undefined {
  const { keyframes, shots } = stage.props.model;
  const shot = shots[index];
  if (!shot) return undefined;
  for (let i = lowerBound(keyframes, shot.start, (one) => one.time); i < keyframes.length && (keyframes[i]?.time ?? Infinity) < shot.end; i++) {
    if (keyframes[i]?.rank === 0) return keyframes[i];
  }
  return undefined;
}

/** Before a shot's keyframe is known. */
function requestMiddle(stage: Stage, cell: Cell): ImageBitmap | null {
  const { thumbs, shots } = stage.props.model;
  const shot = cell.shot === null ? undefined : shots[cell.shot];
  return shot ? (thumbs?.request(shot.start, shot.start, false) ?? null) : null;
}

/** A line along the filmstrip's foot where the clip lane already has this part. */
function drawUsed(brush: Brush, stage: Stage): void {
  const { top, height } = stage.rows.film;
  for (const range of usedRanges(stage)) {
    const x0 = Math.max(0, xAt(stage.view, range.start));
    const x1 = Math.min(stage.width, Math.max(xAt(stage.view, range.end), x0 + 2));
    if (x1 <= 0 || x0 >= stage.width) continue;
    fill(brush, 'rgb(8 9 10 / 80%)', x0, top + height - 5, x1 - x0, 5);
    fill(brush, '#e7e8ea', x0, top + height - 4, x1 - x0, 3);
  }
}
