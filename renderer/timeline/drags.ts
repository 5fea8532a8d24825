/** What each drag becomes when the pointer moves to (x): pure changes of the drag, no actions. */
import { trimEdge } from '../../shared/edit.ts';
import { flicks } from '../../shared/time.ts';
import { moveCueDrag } from './cues.ts';
import { draggedEdge, reorderTarget, startAfterMove } from './clips.ts';
import { snapTime, SNAP_PIXELS } from './snapping.ts';
import type { Drag, Stage } from './stage.ts';
import { frameLength, frameStart, timeAt, toTime, xAt } from './viewport.ts';

/** Alt turns snapping round while it is held. */
export interface DragKeys {
  readonly altKey: boolean;
}

export function moveDrag(stage: Stage, drag: Drag, x: number, keys: DragKeys): Drag {
  switch (drag.kind) {
    case 'scrub':
    case 'press':
    case 'pan':
      return drag;
    case 'range': {
      const { time, snapped } = pointed(stage, x, keys);
      return { ...drag, snapped, start: time < drag.anchor ? time : drag.anchor, end: time < drag.anchor ? drag.anchor : time };
    }
    case 'in':
    case 'out':
      return { ...drag, ...limited(stage, drag.kind, pointed(stage, x, keys)) };
    case 'reorder':
      return reorder(stage, drag, x, keys);
    case 'trim':
      return trim(stage, drag, x, keys);
    case 'cue':
      return moveCueDrag(stage, drag, x, snaps(stage, keys));
  }
}

const snaps = (stage: Stage, keys: DragKeys): boolean => (stage.props.snapping ?? true) !== keys.altKey;

/** The time under the pointer on the frame grid, or where it snaps. */
export function pointed(stage: Stage, x: number, keys: DragKeys): { time: ReturnType<typeof toTime>; snapped: number | null } {
  const { model, playhead } = stage.props;
  const raw = timeAt(stage.view, x);
  const snapped = snaps(stage, keys) ? snapTime(raw, model.shots, [playhead, stage.bounds.start, stage.bounds.end], SNAP_PIXELS * stage.view.scale) : null;
  return { time: toTime(snapped ?? frameStart(raw, stage.bounds.start, model.rate), stage.bounds), snapped };
}

/** In stays before out by at least a frame, and out after in. */
function limited(stage: Stage, kind: 'in' | 'out', at: ReturnType<typeof pointed>): ReturnType<typeof pointed> {
  const { inPoint, outPoint, model } = stage.props;
  const frame = frameLength(model.rate);
  const other = kind === 'in' ? outPoint : inPoint;
  if (other === null) return at;
  const time = kind === 'in' ? Math.min(at.time, other - frame) : Math.max(at.time, other + frame);
  return time === at.time ? at : { time: toTime(time, stage.bounds), snapped: null };
}

function reorder(stage: Stage, drag: Extract<Drag, { kind: 'reorder' }>, x: number, keys: DragKeys): Drag {
  const { clips } = stage.props.model;
  const length = drag.clip.end - drag.clip.start;
  let left = x - drag.grab;
  const to = reorderTarget(clips, drag.index, timeAt(stage.lane, left) + length / 2);
  const slot = xAt(stage.lane, startAfterMove(clips, drag.index, to));
  if (snaps(stage, keys) && Math.abs(slot - left) <= SNAP_PIXELS) left = slot;
  return { ...drag, to, left };
}

function trim(stage: Stage, drag: Extract<Drag, { kind: 'trim' }>, x: number, keys: DragKeys): Drag {
  const { model, playhead, inPoint, outPoint } = stage.props;
  const media = model.clipMedia(drag.clip.media);
  const own = drag.clip.media === model.media;
  const frame = frameLength(media?.rate ?? model.rate);
  const limits = media ?? { start: drag.clip.start, end: drag.clip.end };
  const raw = draggedEdge(drag.clip, drag.edge, (x - drag.x) * stage.lane.scale, frame);
  const exact = drag.clip[drag.edge] + (x - drag.x) * stage.lane.scale;
  const near = own && snaps(stage, keys) ? snapTime(exact, model.shots, [drag.clip[drag.edge], playhead, inPoint, outPoint], SNAP_PIXELS * stage.lane.scale) : null;
  const range = trimEdge(drag.clip, drag.edge, flicks(near ?? raw), { low: limits.start, high: limits.end, shortest: flicks(Math.round(frame)) });
  return { ...drag, ...range, snapped: near !== null && range[drag.edge] === near ? near : null };
}

