import { crisp, fill, measure, roundedRect, write, type Brush } from './brush.ts';
import { CHIP_PADDING, layoutChips } from './chips.ts';
import { chipRoom } from './hit.ts';
import { shotSpans } from './shots.ts';
import { tagsOf, type Stage } from './stage.ts';

const INSET = 2;

export function drawTags(brush: Brush, stage: Stage): void {
  const { top, height } = stage.rows.tags;
  if (height === 0) return;
  const { colours, small } = brush.look;
  const { context } = brush;
  const { model } = stage.props;
  fill(brush, colours.panel, 0, top, stage.width, height);
  const target = stage.pointer?.target;
  const hovered = target && target.area === 'tags' ? target.tag : null;
  for (const span of shotSpans(model.shots, stage.view)) {
    const shot = model.shots[span.first];
    if (span.count > 1 || !shot) continue;
    const room = chipRoom(stage.view, shot.start, shot.end);
    if (room.x1 - room.x0 < 20) continue;
    const tags = tagsOf(stage, span.first);
    const { chips, more } = layoutChips(tags.map((tag) => model.tagName(tag)), room.x0, room.x1, (text) => measure(context, small, text));
    for (const chip of chips) {
      const lit = hovered !== null && tags[chip.tag] === hovered;
      context.fillStyle = lit ? colours.borderStrong : colours.hover;
      roundedRect(context, crisp(brush, chip.x), top + INSET, chip.width, height - 2 * INSET, 3);
      context.fill();
      write(brush, chip.text, chip.x + CHIP_PADDING, top + height / 2, { font: small, colour: lit ? colours.text : colours.strong });
    }
    if (more) write(brush, `+${more.count}`, more.x + 2, top + height / 2, { font: small, colour: colours.secondary });
  }
}
