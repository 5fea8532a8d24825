/** The clip lane: where clips lie in the sequence, and what dragging them means. */
import type { Clip } from '../../shared/edit.ts';
import { FLICKS_PER_SECOND } from '../../shared/time.ts';
import { MARGIN, type Bounds } from './viewport.ts';

/** Sequence time at which each clip begins; one more entry holds the whole length. */
export function clipOffsets(clips: readonly Clip[]): Float64Array {
  const offsets = new Float64Array(clips.length + 1);
  clips.forEach((clip, i) => (offsets[i + 1] = (offsets[i] as number) + clip.end - clip.start));
  return offsets;
}

/** Index of the clip at a sequence time; -1 outside. */
export function clipAtTime(offsets: Float64Array, time: number): number {
  if (offsets.length < 2 || time < 0 || time >= (offsets.at(-1) as number)) return -1;
  let low = 0;
  let high = offsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] as number) <= time) low = middle;
    else high = middle;
  }
  return low;
}

/** No second of a clip is shown wider than this many pixels when all clips fit: a lone short clip stays a clip. */
const WIDEST_SECOND = 90;

/** The lane's own viewport limits: it shows the whole sequence unless someone zooms into it. */
export function laneBounds(offsets: Float64Array, finest: number, width: number): Bounds {
  const total = offsets.at(-1) ?? 0;
  return { start: 0, end: Math.max(total, ((width - 2 * MARGIN) / WIDEST_SECOND) * FLICKS_PER_SECOND), finest };
}

/**
 * Index the dragged clip takes when its middle is at `middle` (sequence time): it passes a neighbour once its middle passes
 * the neighbour's, so that long and short clips change places alike.
 */
export function reorderTarget(clips: readonly Clip[], dragged: number, middle: number): number {
  let to = 0;
  let start = 0;
  for (const [i, clip] of clips.entries()) {
    const length = clip.end - clip.start;
    const own = start + length / 2;
    if (i < dragged ? middle >= own : i > dragged && middle > own) to++;
    start += length;
  }
  return to;
}

/** Sequence time at which clip `dragged` begins once it has index `to`. */
export function startAfterMove(clips: readonly Clip[], dragged: number, to: number): number {
  const rest = clips.filter((_, i) => i !== dragged);
  return rest.slice(0, to).reduce((sum, clip) => sum + clip.end - clip.start, 0);
}

export type Edge = 'start' | 'end';

/** Moves an edge by a pointer's way in flicks, in whole frames from where it was, so that it stays on frames. */
export function draggedEdge(clip: Pick<Clip, 'start' | 'end'>, edge: Edge, way: number, frame: number): number {
  return clip[edge] + Math.round(Math.round(way / frame) * frame);
}
