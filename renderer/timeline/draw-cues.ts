import type { Cue } from '../../shared/captions/types.ts';
import { clipped, crisp, fill, roundedRect, triangle, verticalLine, write, type Brush } from './brush.ts';
import { cueSpans } from './cues.ts';
import { OTHER_TRACK, tracksShown } from './rows.ts';
import type { Stage } from './stage.ts';
import { xAt } from './viewport.ts';

const RADIUS = 3;
const TEXT_FROM = 22;
const CHIP_FROM = 34;
const CHIP = 14;
const BORDER_FROM = 6;
const MARK = 7;
const MARKED = 12;

/** The current track's cues, and the other tracks as thin bars under them. */
export function drawCues(brush: Brush, stage: Stage): void {
  const { top, height } = stage.rows.captions;
  const { captions } = stage.props.model;
  if (height === 0 || !captions) return;
  const thin = tracksShown(captions.others.length + 1) * OTHER_TRACK;
  const own = height - thin;
  fill(brush, brush.look.colours.panel, 0, top, stage.width, height);
  clipped(brush, 0, top, stage.width, height, () => {
    for (const span of cueSpans(captions.cues, stage.view)) {
      const cue = captions.cues[span.first] as Cue;
      if (stage.drag?.kind === 'cue' && stage.drag.cue.id === cue.id && span.count === 1) continue;
      if (span.count > 1 || span.x1 - span.x0 < BORDER_FROM) drawBlock(brush, stage, span, top, own);
      else drawCue(brush, stage, cue, span.x0, span.x1);
    }
    captions.others.slice(0, thin / OTHER_TRACK).forEach((track, i) => {
      for (const { x0, x1 } of cueSpans(track.cues, stage.view)) fill(brush, brush.look.colours.muted, x0, top + own + i * OTHER_TRACK + 1, Math.max(1, x1 - x0 - 0.5), OTHER_TRACK - 2);
    });
  });
}

/** Height of the current track's part of the row. */
export function ownHeight(stage: Stage): number {
  const { captions } = stage.props.model;
  return stage.rows.captions.height - (captions ? tracksShown(captions.others.length + 1) * OTHER_TRACK : 0);
}

/** Cues too narrow for more; in the colour of a picked or faulty one among them. */
function drawBlock(brush: Brush, stage: Stage, span: { first: number; count: number; x0: number; x1: number }, top: number, height: number): void {
  const { colours } = brush.look;
  const { captions } = stage.props.model;
  const cues = captions?.cues.slice(span.first, span.first + Math.min(span.count, 64)) ?? [];
  const picked = cues.some((cue) => stage.props.selection.cues.has(cue.id));
  // Of very many some always break a rule: a mark on everything says nothing.
  const faulty = span.count <= MARKED && cues.some((cue) => captions?.violated.has(cue.id));
  const width = Math.max(1, span.x1 - span.x0 - (span.count > 1 ? 0 : 0.5));
  fill(brush, picked ? colours.accent : colours.borderStrong, span.x0, top + 3, width, height - 6);
  if (faulty) fill(brush, colours.warning, span.x0, top + 3, width, 2);
}

export function drawCue(brush: Brush, stage: Stage, cue: Cue, from: number, to: number): void {
  const { context, look } = brush;
  const { colours } = look;
  const { captions } = stage.props.model;
  const { top } = stage.rows.captions;
  const height = ownHeight(stage);
  const selected = stage.props.selection.cues.has(cue.id);
  const x0 = crisp(brush, from) + 0.5;
  const width = Math.max(1, crisp(brush, to) - x0 - 0.5);
  context.fillStyle = selected ? colours.accentQuiet : colours.raised;
  roundedRect(context, x0, top + 1.5, width, height - 3, RADIUS);
  context.fill();
  const speaker = captions?.speakers.findIndex((each) => each.id === cue.speaker) ?? -1;
  const chip = speaker >= 0 && width >= CHIP_FROM ? drawChip(brush, stage, speaker, Math.max(x0, 0) + 3) : 0;
  const faulty = captions?.violated.has(cue.id) ?? false;
  const text = Math.max(x0, 0) + 6 + chip;
  const room = to - text - 5 - (faulty ? MARK : 0);
  if (room >= TEXT_FROM) write(brush, cue.text.replaceAll('\n', ' '), text, top + height / 2, { font: look.small, colour: selected ? colours.accentText : colours.text, room });
  context.strokeStyle = selected ? colours.accent : colours.borderStrong;
  context.lineWidth = selected ? 2 : 1;
  roundedRect(context, x0 + context.lineWidth / 2, top + 1.5 + context.lineWidth / 2, width - context.lineWidth, height - 3 - context.lineWidth, RADIUS);
  context.stroke();
  // A corner, so that it is told by its shape too.
  if (faulty) triangle(brush, colours.warning, [x0 + width - Math.min(MARK, width), top + 1.5, x0 + width, top + 1.5, x0 + width, top + 1.5 + Math.min(MARK, width)]);
}

/** The speaker's first letter on his colour. Returns the room it takes. */
function drawChip(brush: Brush, stage: Stage, index: number, x: number): number {
  const { context, look } = brush;
  const speaker = stage.props.model.captions?.speakers[index];
  if (!speaker) return 0;
  const middle = stage.rows.captions.top + ownHeight(stage) / 2;
  context.fillStyle = look.speakers[index % look.speakers.length] ?? look.colours.speech;
  roundedRect(context, x, middle - CHIP / 2, CHIP, CHIP, 3);
  context.fill();
  const [letter = ''] = speaker.name || speaker.id;
  context.textAlign = 'center';
  write(brush, letter.toUpperCase(), x + CHIP / 2, middle, { font: look.smallStrong, colour: look.colours.ground });
  context.textAlign = 'start';
  return CHIP + 1;
}

/** The cue in the hand with its new times, and its edges through the rows above. */
export function drawHeldCue(brush: Brush, stage: Stage): void {
  const { drag } = stage;
  if (drag?.kind !== 'cue') return;
  const x0 = xAt(stage.view, drag.start);
  const x1 = xAt(stage.view, drag.end);
  drawCue(brush, stage, drag.cue, x0, x1);
  if (!drag.moved) return;
  const { top } = stage.rows.shots;
  for (const x of [x0, x1]) verticalLine(brush, brush.look.colours.accent, x, top, stage.rows.captions.top - top, 1);
}
