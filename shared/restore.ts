/** Bringing back what was cut out of a media: the opposite of `rippleDelete`. */
import type { Clip, Edit, EditChange, SimpleChange } from './edit.ts';
import type { MediaId } from './media.ts';
import { mergeRanges, subtractRanges, type TimeRange } from './ranges.ts';

/**
 * Puts the parts of `ranges` (media time) that no clip of the media plays back where they were cut: the clip that ends there goes on,
 * and joins the next where all between them is back; else the clip that begins there begins earlier; else a clip comes, behind the
 * one that ends before it. One change, hence one step of undo; null when nothing of it is missing.
 */
export function restoreRanges(edit: Pick<Edit, 'clips'>, media: MediaId, ranges: readonly TimeRange[], newId: () => string): EditChange | null {
  const kept = mergeRanges(edit.clips.filter((clip) => clip.media === media));
  if (kept.length === 0) return null;
  const missing = mergeRanges(ranges).flatMap((range) => subtractRanges(range, kept));
  const changes: SimpleChange[] = [];
  let lane: readonly Clip[] = edit.clips;
  for (const range of missing) {
    const step = restoreOne(lane, media, range, newId);
    lane = step.lane;
    changes.push(...step.changes);
  }
  const [only, ...others] = changes;
  return !only ? null : others.length === 0 ? only : { type: 'group', changes };
}

interface Step {
  lane: readonly Clip[];
  changes: SimpleChange[];
}

function restoreOne(lane: readonly Clip[], media: MediaId, range: TimeRange, newId: () => string): Step {
  const before = lane.findIndex((clip) => clip.media === media && clip.end === range.start);
  const after = lane.findIndex((clip) => clip.media === media && clip.start === range.end);
  const [left, right] = [lane[before], lane[after]];
  if (left && right && after === before + 1 && JSON.stringify(left.effect) === JSON.stringify(right.effect)) return joinAcross(lane, left, right);
  if (left) return trimTo(lane, left, left.start, range.end);
  if (right) return trimTo(lane, right, range.start, right.end);
  const clip: Clip = { id: newId(), media, start: range.start, end: range.end, name: lane.find((other) => other.media === media)?.name ?? '' };
  const at = placeFor(lane, media, range);
  return { lane: [...lane.slice(0, at), clip, ...lane.slice(at)], changes: [{ type: 'clips.insert', at, clips: [clip] }] };
}

function joinAcross(lane: readonly Clip[], left: Clip, right: Clip): Step {
  const { lane: extended, changes } = trimTo(lane, left, left.start, right.end);
  return { lane: extended.filter((clip) => clip.id !== right.id), changes: [{ type: 'clips.remove', ids: [right.id] }, ...changes] };
}

function trimTo(lane: readonly Clip[], clip: Clip, start: Clip['start'], end: Clip['end']): Step {
  return {
    lane: lane.map((other) => (other.id === clip.id ? { ...clip, start, end } : other)),
    changes: [{ type: 'clip.trim', id: clip.id, start, end }],
  };
}

/** Behind the media's clip that ends last before the range; in front of its first clip when there is none. */
function placeFor(lane: readonly Clip[], media: MediaId, range: TimeRange): number {
  let best = -1;
  lane.forEach((clip, index) => {
    if (clip.media === media && clip.end <= range.start && (best < 0 || clip.end > (lane[best]?.end ?? 0))) best = index;
  });
  return best >= 0 ? best + 1 : Math.max(0, lane.findIndex((clip) => clip.media === media));
}
