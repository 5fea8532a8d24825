/** Clips as they lie in the lane now, a drag in progress included. */
import type { Clip } from '../../shared/edit.ts';
import { clipAtTime } from './clips.ts';
import type { Stage } from './stage.ts';
import { endOf, xAt } from './viewport.ts';

export interface LaneItem {
  readonly clip: Clip;
  /** Index in the model. */
  readonly index: number;
  readonly x0: number;
  readonly x1: number;
}

/**
 * The visible clips left to right. While the start of a clip is trimmed, that edge follows the pointer and the clips
 * before it come along; while one is reordered, the others already stand where they would.
 */
export function laneItems(stage: Stage): LaneItem[] {
  const { drag } = stage;
  if (drag?.kind === 'reorder') return reordered(stage, drag.index, drag.to);
  if (drag?.kind === 'trim') return trimmed(stage, drag.index, drag.start, drag.end);
  const { clips } = stage.props.model;
  const { lane, offsets } = stage;
  const total = offsets.at(-1) ?? 0;
  const items: LaneItem[] = [];
  const end = endOf(lane);
  if (total <= 0 || lane.origin >= total) return items;
  for (let index = Math.max(0, clipAtTime(offsets, Math.max(0, lane.origin))); index < clips.length; index++) {
    const start = offsets[index] as number;
    if (start > end) break;
    items.push({ clip: clips[index] as Clip, index, x0: xAt(lane, start), x1: xAt(lane, offsets[index + 1] as number) });
  }
  return items;
}

function reordered(stage: Stage, dragged: number, to: number): LaneItem[] {
  const order = stage.props.model.clips.map((clip, index) => ({ clip, index }));
  const [moved] = order.splice(dragged, 1);
  if (moved) order.splice(to, 0, moved);
  let start = 0;
  const items = order.map(({ clip, index }) => {
    const x0 = xAt(stage.lane, start);
    start += clip.end - clip.start;
    return { clip, index, x0, x1: xAt(stage.lane, start) };
  });
  return visible(stage, items);
}

function trimmed(stage: Stage, index: number, start: number, end: number): LaneItem[] {
  const { clips } = stage.props.model;
  const clip = clips[index];
  if (!clip) return [];
  const before = (start - clip.start) / stage.lane.scale;
  const after = (end - clip.end) / stage.lane.scale;
  const items = clips.map((one, i) => ({
    clip: i === index ? { ...one, start: start as typeof one.start, end: end as typeof one.end } : one,
    index: i,
    x0: xAt(stage.lane, stage.offsets[i] as number) + (i > index ? after : before),
    x1: xAt(stage.lane, stage.offsets[i + 1] as number) + (i < index ? before : after),
  }));
  return visible(stage, items);
}

const visible = (stage: Stage, items: LaneItem[]): LaneItem[] => items.filter((item) => item.x1 >= 0 && item.x0 <= stage.width);
