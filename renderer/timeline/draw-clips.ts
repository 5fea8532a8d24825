import { formatClock, subtract } from '../../shared/time.ts';
import { clipped, crisp, fill, measure, roundedRect, write, type Brush } from './brush.ts';
import { coverCrop } from './filmstrip.ts';
import { laneItems, type LaneItem } from './lane-items.ts';
import type { Stage } from './stage.ts';

const RADIUS = 3;
const TEXT_FROM = 24;
/** Less of a style's name tells nothing that the wand doesn't. */
const NAME_FROM = 64;
const HANDLES_FROM = 24;

export function drawClips(brush: Brush, stage: Stage): void {
  const { top, height } = stage.rows.clips;
  if (height === 0) return;
  const { colours } = brush.look;
  fill(brush, colours.panel, 0, top, stage.width, height);
  clipped(brush, 0, top, stage.width, height, () => {
    for (const item of laneItems(stage)) {
      if (stage.drag?.kind === 'reorder' && stage.drag.index === item.index) drawSlot(brush, stage, item);
      else drawClip(brush, stage, item);
    }
  });
}

/** Where the dragged clip would go. */
function drawSlot(brush: Brush, stage: Stage, item: LaneItem): void {
  const { context, look } = brush;
  const { top, height } = stage.rows.clips;
  context.strokeStyle = look.colours.accent;
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  roundedRect(context, crisp(brush, item.x0) + 1.5, top + 2.5, item.x1 - item.x0 - 3, height - 5, RADIUS);
  context.stroke();
  context.setLineDash([]);
}

export function drawClip(brush: Brush, stage: Stage, item: LaneItem): void {
  const { context, look } = brush;
  const { colours } = look;
  const { top, height } = stage.rows.clips;
  const x0 = crisp(brush, item.x0) + 0.5;
  const width = Math.max(1, crisp(brush, item.x1) - x0 - 0.5);
  const inner = height - 3;
  const selected = stage.props.selection.clips.has(item.clip.id);
  context.fillStyle = selected ? colours.accentQuiet : colours.raised;
  roundedRect(context, x0, top + 1.5, width, inner, RADIUS);
  context.fill();
  const text = drawPicture(brush, stage, item, x0, width);
  const shown = Math.max(x0 + text, 4);
  // Clear of the grip at its end.
  const room = item.x1 - shown - 9;
  if (room >= TEXT_FROM) {
    const middle = top + height / 2;
    write(brush, item.clip.name, shown, middle - 7, { font: selected ? look.smallStrong : look.small, colour: selected ? colours.accentText : colours.text, room, cut: 'middle' });
    const length = formatClock(subtract(item.clip.end, item.clip.start));
    const colour = selected ? colours.accentText : colours.secondary;
    const taken = measure(context, look.mono, length);
    if (taken <= room) write(brush, length, shown, middle + 8, { font: look.mono, colour });
    const name = stage.props.model.clipEffect(item.clip);
    const left = taken <= room ? room - taken - 8 : room;
    if (name !== null && left >= NAME_FROM) write(brush, name, item.x1 - 9 - left, middle + 8, { font: look.small, colour, room: left });
  }
  context.strokeStyle = selected ? colours.accent : colours.borderStrong;
  context.lineWidth = selected ? 2 : 1;
  roundedRect(context, x0 + context.lineWidth / 2, top + 1.5 + context.lineWidth / 2, width - context.lineWidth, inner - context.lineWidth, RADIUS);
  context.stroke();
  if (stage.props.model.clipEffect(item.clip) !== null && width >= BADGE + 6) drawWand(brush, x0 + 4, top + height - BADGE - 5);
  drawHandles(brush, stage, item, x0, width, selected);
}

const BADGE = 15;
/** A wand at the corner of a clip whose pictures are changed. */
function drawWand(brush: Brush, x: number, y: number): void {
  const { context } = brush;
  context.fillStyle = 'rgb(0 0 0 / 72%)';
  roundedRect(context, x, y, BADGE, BADGE, 2);
  context.fill();
  context.strokeStyle = '#fff';
  context.lineWidth = 1.25;
  context.beginPath();
  // The stick, and three sparks around its tip.
  for (const [fromX, fromY, toX, toY] of [[3, 12, 9, 6], [11, 2, 11, 4.5], [11.5, 8.5, 13, 8.5], [6, 3, 7.5, 4.5]] as const) {
    context.moveTo(x + fromX, y + fromY);
    context.lineTo(x + toX, y + toY);
  }
  context.stroke();
}

/** The clip's first picture at its left end, cropped so that its name has room beside it. Returns where text may begin. */
function drawPicture(brush: Brush, stage: Stage, item: LaneItem, x0: number, width: number): number {
  const { top, height } = stage.rows.clips;
  const media = stage.props.model.clipMedia(item.clip.media);
  const aspect = item.clip.media === stage.props.model.media ? (stage.props.model.aspect ?? 16 / 9) : 16 / 9;
  // Half of a short clip at most: its name must stay readable.
  const shown = Math.min((height - 7) * aspect, (width - 6) / 2);
  if (!media?.thumbs || shown < 12) return 6;
  const picture = media.thumbs.request(item.clip.start, item.clip.start, true);
  const size = height - 7;
  if (picture) {
    const crop = coverCrop(picture.width, picture.height, shown, size);
    brush.context.drawImage(picture, crop.x, crop.y, crop.width, crop.height, x0 + 3, top + 3.5, shown, size);
  } else fill(brush, brush.look.colours.hover, x0 + 3, top + 3.5, shown, size);
  return shown + 10;
}

/** Grips at both ends of the clip under the pointer, so that the edges can be seen to be handles. */
function drawHandles(brush: Brush, stage: Stage, item: LaneItem, x0: number, width: number, selected: boolean): void {
  const target = stage.pointer?.target;
  const trimming = stage.drag?.kind === 'trim' && stage.drag.index === item.index;
  const hovered = target?.area === 'clip' && target.index === item.index && stage.drag === null;
  if (!(hovered || trimming || selected) || width < HANDLES_FROM) return;
  const { top, height } = stage.rows.clips;
  const { colours } = brush.look;
  const active = stage.drag?.kind === 'trim' && trimming ? stage.drag.edge : hovered && target.area === 'clip' ? target.part : null;
  const bar = (x: number, part: 'start' | 'end'): void => {
    brush.context.fillStyle = active === part ? colours.accent : colours.strong;
    roundedRect(brush.context, x, top + height / 2 - 8, 3, 16, 1.5);
    brush.context.fill();
  };
  bar(x0 + 3, 'start');
  bar(x0 + width - 6, 'end');
}
