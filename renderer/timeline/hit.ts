/** What lies under a point of the canvas. */
import { clipAtTime } from './clips.ts';
import { layoutChips } from './chips.ts';
import { chapterAtTime } from './draw-chapters.ts';
import { cueAtX } from './cues.ts';
import { ownHeight } from './draw-cues.ts';
import { nearestIn } from './filmstrip.ts';
import { OTHER_TRACK, rowAt } from './rows.ts';
import { shotAt } from './shots.ts';
import { tagsOf, type Stage, type Target } from './stage.ts';
import { endOf, timeAt, xAt, type Viewport } from './viewport.ts';

/** Reach of handles in pixels: wide enough for a hand, narrow enough for short clips. */
const HANDLE = 6;
const DOT = 5;

export const CHIP_INSET = 4;

/** Room for a shot's chips: the shot's visible part, a little inside its borders. */
export function chipRoom(view: Viewport, start: number, end: number): { x0: number; x1: number } {
  const x0 = Math.max(xAt(view, start), 0) + CHIP_INSET;
  return { x0, x1: Math.min(xAt(view, end), view.width) - CHIP_INSET };
}

/** `measure`: width of a text in the chips' face. */
export function hitTest(stage: Stage, x: number, y: number, measure: (text: string) => number): Target | null {
  const row = rowAt(stage.rows, y);
  if (row === null) return null;
  if (row === 'clips') return hitClips(stage, x);
  const time = timeAt(stage.view, x);
  if (row === 'ruler') return hitRuler(stage, x, time);
  if (row === 'chapters') return { area: 'chapter', index: chapterAtTime(stage.props.model.chapters, time), time };
  if (row === 'captions') return hitCaptions(stage, x, y, time);
  const { model } = stage.props;
  const shot = shotAt(model.shots, time);
  const reach = DOT * stage.view.scale;
  const keyframe = row === 'shots' ? nearestIn(model.keyframes, time, time, reach) : null;
  return { area: row, time, shot, keyframe, tag: row === 'tags' ? hitTag(stage, shot, x, measure) : null };
}

function hitCaptions(stage: Stage, x: number, y: number, time: number): Target {
  const { captions } = stage.props.model;
  const under = y - stage.rows.captions.top - ownHeight(stage);
  if (!captions || under >= 0) return { area: 'captions', track: captions?.others[Math.floor(under / OTHER_TRACK)]?.id ?? null, time };
  const found = cueAtX(captions.cues, stage.view, x);
  return found ? { area: 'cue', ...found, time } : { area: 'captions', track: null, time };
}

function hitRuler(stage: Stage, x: number, time: number): Target {
  const { inPoint, outPoint } = stage.props;
  const near = (point: number | null): boolean => point !== null && Math.abs(xAt(stage.view, point) - x) <= HANDLE;
  const both = near(inPoint) && near(outPoint);
  if (near(outPoint) && (!both || time >= (outPoint ?? 0))) return { area: 'out', time };
  if (near(inPoint)) return { area: 'in', time };
  return { area: 'ruler', time };
}

function hitTag(stage: Stage, index: number, x: number, measure: (text: string) => number): ReturnType<typeof tagsOf>[number] | null {
  const shot = stage.props.model.shots[index];
  if (!shot) return null;
  const tags = tagsOf(stage, index);
  const room = chipRoom(stage.view, shot.start, shot.end);
  const { chips } = layoutChips(tags.map((tag) => stage.props.model.tagName(tag)), room.x0, room.x1, measure);
  const chip = chips.find((one) => x >= one.x && x < one.x + one.width);
  return chip ? (tags[chip.tag] ?? null) : null;
}

/**
 * Clip and part of it. Edges reach inward by at most a third of the clip, and outward where no neighbour's edge is
 * nearer, so that short clips still have a body to hold.
 */
function hitClips(stage: Stage, x: number): Target {
  const { lane, offsets } = stage;
  const time = timeAt(lane, x);
  const last = offsets.at(-1) ?? 0;
  const index = clipAtTime(offsets, Math.min(Math.max(time, 0), Math.max(0, last - 1)));
  const outside = index < 0 || time < -HANDLE * lane.scale || time > last + HANDLE * lane.scale || time > endOf(lane);
  if (outside) return { area: 'lane', time };
  const x0 = xAt(lane, offsets[index] as number);
  const x1 = xAt(lane, offsets[index + 1] as number);
  const reach = Math.min(HANDLE, (x1 - x0) / 3);
  if (x <= x0 + reach) return { area: 'clip', index, part: 'start', time };
  if (x >= x1 - reach) return { area: 'clip', index, part: 'end', time };
  return { area: 'clip', index, part: 'body', time };
}
