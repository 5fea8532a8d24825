/** Cutting a media by its own time: what is taken out of the clip lane closes up, and what is left keeps its order. */
import type { Clip, Edit, EditChange, SimpleChange } from './edit.ts';
import type { MediaId } from './media.ts';
import { intersectRanges, mergeRanges, subtractRanges, type TimeRange } from './ranges.ts';
import { clampTime, flicks, type Flicks } from './time.ts';

export { fromSequence, sequenceLength, sequenceOf, toSequence, type Sequence, type SequenceClip } from './sequence.ts';

/** A media as far as cutting needs it. */
export interface RippleMedia {
  readonly id: MediaId;
  /** First and last moment of the media. */
  readonly range: TimeRange;
  /** Length of a frame: cuts then fall between frames, counted from the media's first. Without it they fall where asked. */
  readonly frame?: Flicks;
  /** What the clip is called that the whole media becomes. */
  readonly name?: string;
}

/**
 * Takes `ranges` of the media's time out of every clip of it. When no clip of the media is on the lane, the whole media becomes one
 * at the lane's end first. A clip's first piece keeps its id, the others get new ones. One change, hence one step of undo; null when
 * nothing would change.
 */
export function rippleDelete(edit: Pick<Edit, 'clips'>, media: RippleMedia, ranges: readonly TimeRange[], newId: () => string): EditChange | null {
  const removed = mergeRanges(ranges.map((range) => onFrames(media, range)));
  if (removed.length === 0) return null;
  const lane = withWhole(edit.clips, media, newId);
  const after = lane.flatMap((clip) => (clip.media === media.id ? without(clip, removed, media, newId) : [clip]));
  return laneChange(edit.clips, after);
}

/**
 * Moves what is kept of a range of the media's time to before the moment `to` of it, splitting the clip there. `to` that was cut out
 * means before the next moment that is kept, or the end of the media's last clip. One change; null when nothing would move.
 */
export function moveRange(edit: Pick<Edit, 'clips'>, media: RippleMedia, range: TimeRange, to: Flicks, newId: () => string): EditChange | null {
  const moved = onFrames(media, range);
  const target = nearestFrame(media, to);
  if (moved.start >= moved.end || (target >= moved.start && target < moved.end)) return null;
  const lane = withWhole(edit.clips, media, newId);
  const pieces = lane.filter((clip) => clip.media === media.id).flatMap((clip) => parts(clip, intersectRanges(clip, [moved]), newId, false));
  if (pieces.length === 0) return null;
  const rest = lane.flatMap((clip) => (clip.media === media.id ? without(clip, [moved], media, newId) : [clip]));
  const after = insertBefore(rest, pieces, media.id, target, newId);
  return sameOrder(lane, after) ? null : laneChange(edit.clips, joined(after, media.id));
}

/** Ranges of the media that the lane plays, in order and joined. Null: no clip of it is on the lane, so nothing of it is cut. */
export function keptRanges(edit: Pick<Edit, 'clips'>, media: MediaId): TimeRange[] | null {
  const own = edit.clips.filter((clip) => clip.media === media);
  return own.length === 0 ? null : mergeRanges(own);
}

/** The lane with the whole media at its end when it has no clip of it. */
function withWhole(clips: readonly Clip[], media: RippleMedia, newId: () => string): readonly Clip[] {
  if (clips.some((clip) => clip.media === media.id)) return clips;
  return [...clips, { id: newId(), media: media.id, ...media.range, name: media.name ?? '' }];
}

/** What is left of a clip. With frames known, less than half of one is nothing. */
function without(clip: Clip, removed: readonly TimeRange[], media: RippleMedia, newId: () => string): Clip[] {
  const shortest = media.frame === undefined ? 1 : Math.ceil(media.frame / 2);
  const left = subtractRanges(clip, removed);
  if (left.length === 1 && left[0]?.start === clip.start && left[0].end === clip.end) return [clip];
  return parts(
    clip,
    left.filter(({ start, end }) => end - start >= shortest),
    newId,
    true,
  );
}

function parts(clip: Clip, ranges: readonly TimeRange[], newId: () => string, keepId: boolean): Clip[] {
  return ranges.map(({ start, end }, i) => ({ ...clip, id: keepId && i === 0 ? clip.id : newId(), start, end }));
}

function insertBefore(lane: readonly Clip[], pieces: readonly Clip[], media: MediaId, to: Flicks, newId: () => string): Clip[] {
  const own = lane.filter((clip) => clip.media === media);
  const inside = own.find((clip) => clip.start < to && to < clip.end);
  if (inside) {
    const [before, after] = parts(inside, [{ start: inside.start, end: to }, { start: to, end: inside.end }], newId, true);
    return lane.flatMap((clip) => (clip === inside ? [before, ...pieces, after].filter((each) => each !== undefined) : [clip]));
  }
  const next = own.filter((clip) => clip.start >= to).reduce<Clip | null>((best, clip) => (best && best.start <= clip.start ? best : clip), null);
  const at = next ? lane.indexOf(next) : lane.indexOf(own.at(-1) as Clip) + 1;
  return own.length === 0 ? [...lane, ...pieces] : [...lane.slice(0, at), ...pieces, ...lane.slice(at)];
}

/** Neighbouring clips of the media that go on one from the other are one again: moving back leaves no seams. */
function joined(lane: readonly Clip[], media: MediaId): Clip[] {
  const result: Clip[] = [];
  for (const clip of lane) {
    const last = result.at(-1);
    if (last && last.media === media && clip.media === media && last.end === clip.start && last.name === clip.name && sameEffect(last, clip)) result[result.length - 1] = { ...last, end: clip.end };
    else result.push(clip);
  }
  return result;
}

/** True when both lanes play the same moments one after another. */
function sameOrder(a: readonly Clip[], b: readonly Clip[]): boolean {
  const flat = (lane: readonly Clip[]): string =>
    lane
      .reduce<{ media: MediaId; start: Flicks; end: Flicks }[]>((list, { media, start, end }) => {
        const last = list.at(-1);
        if (last && last.media === media && last.end === start) last.end = end;
        else list.push({ media, start, end });
        return list;
      }, [])
      .map(({ media, start, end }) => `${media}:${start}-${end}`)
      .join();
  return flat(a) === flat(b);
}

function onFrames(media: RippleMedia, { start, end }: TimeRange): TimeRange {
  return { start: nearestFrame(media, start), end: nearestFrame(media, end) };
}

const sameEffect = (a: Clip, b: Clip): boolean => JSON.stringify(a.effect) === JSON.stringify(b.effect);

/** The nearest moment between two frames, within the media. The media's own end counts as one. */
function nearestFrame({ range, frame }: RippleMedia, time: Flicks): Flicks {
  const inside = clampTime(time, range.start, range.end);
  if (frame === undefined || inside === range.end) return inside;
  return clampTime(flicks(range.start + Math.round((inside - range.start) / frame) * frame), range.start, range.end);
}

/** What turns one lane into another: clips at both ends that are the same stay. Null when all are. */
function laneChange(before: readonly Clip[], after: readonly Clip[]): EditChange | null {
  const least = Math.min(before.length, after.length);
  let first = 0;
  while (first < least && same(before[first], after[first])) first += 1;
  let last = 0;
  while (last < least - first && same(before[before.length - 1 - last], after[after.length - 1 - last])) last += 1;
  const gone = before.slice(first, before.length - last);
  const come = after.slice(first, after.length - last);
  const changes: SimpleChange[] = [];
  if (gone.length > 0) changes.push({ type: 'clips.remove', ids: gone.map((clip) => clip.id) });
  if (come.length > 0) changes.push({ type: 'clips.insert', at: first, clips: [...come] });
  const [only, ...others] = changes;
  return !only ? null : others.length === 0 ? only : { type: 'group', changes };
}

function same(a: Clip | undefined, b: Clip | undefined): boolean {
  return a !== undefined && b !== undefined && a.id === b.id && a.start === b.start && a.end === b.end && a.media === b.media && a.name === b.name && sameEffect(a, b);
}
