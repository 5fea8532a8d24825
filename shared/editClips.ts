/** Changes of the clip lane. Each gives a new list and leaves the one given as it is. */
import { EditError } from './editError.ts';
import type { Clip } from './editSchemas.ts';
import { clampTime, flicks, type Flicks } from './time.ts';

type Clips = readonly Clip[];

const LONGEST_NAME = 200;
const LONGEST_ID = 64;

export function insertClips(clips: Clips, at: number, added: Clips): Clip[] {
  const place = checkPosition(at, clips.length);
  const ids = new Set(clips.map((clip) => clip.id));
  for (const clip of added) {
    if (ids.has(clip.id)) throw new EditError('duplicate_clip', { id: clip.id });
    ids.add(clip.id);
    checkClip(clip);
  }
  return [...clips.slice(0, place), ...added, ...clips.slice(place)];
}

export function removeClips(clips: Clips, ids: readonly string[]): Clip[] {
  const known = new Set(clips.map((clip) => clip.id));
  for (const id of ids) if (!known.has(id)) throw new EditError('unknown_clip', { id });
  const gone = new Set(ids);
  return clips.filter((clip) => !gone.has(clip.id));
}

export function moveClip(clips: Clips, id: string, to: number): Clip[] {
  const from = indexOfClip(clips, id);
  const rest = clips.filter((clip) => clip.id !== id);
  const place = checkPosition(to, rest.length);
  return [...rest.slice(0, place), ...clips.slice(from, from + 1), ...rest.slice(place)];
}

export function trimClip(clips: Clips, id: string, start: Flicks, end: Flicks): Clip[] {
  checkRange(id, start, end);
  return replaceClip(clips, id, { start, end });
}

export function renameClip(clips: Clips, id: string, name: string): Clip[] {
  checkName(id, name);
  return replaceClip(clips, id, { name });
}

function replaceClip(clips: Clips, id: string, change: Partial<Clip>): Clip[] {
  const index = indexOfClip(clips, id);
  return clips.map((clip, i) => (i === index ? { ...clip, ...change } : clip));
}

function indexOfClip(clips: Clips, id: string): number {
  const index = clips.findIndex((clip) => clip.id === id);
  if (index < 0) throw new EditError('unknown_clip', { id });
  return index;
}

function checkPosition(position: number, length: number): number {
  if (!Number.isInteger(position) || position < 0) throw new EditError('position_invalid', { position });
  return Math.min(position, length);
}

/** Throws EditError `range_invalid` unless the range holds at least one flick. */
export function checkRange(id: string, start: Flicks, end: Flicks): void {
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start >= end) throw new EditError('range_invalid', { id, start, end });
}

/** Throws EditError `name_too_long` for more than 200 characters. */
export function checkName(id: string, name: string): void {
  if (name.length > LONGEST_NAME) throw new EditError('name_too_long', { id });
}

/** True for what may be the id of a clip, track or cue. */
export function isId(id: string): boolean {
  return id.length > 0 && id.length <= LONGEST_ID;
}

function checkClip(clip: Clip): void {
  checkRange(clip.id, clip.start, clip.end);
  if (!isId(clip.id)) throw new EditError('unknown_clip', { id: clip.id });
  checkName(clip.id, clip.name);
}

/** Throws EditError where the lane breaks a rule that every command keeps. */
export function assertClips(clips: Clips): void {
  const ids = new Set<string>();
  for (const clip of clips) {
    checkClip(clip);
    if (ids.has(clip.id)) throw new EditError('duplicate_clip', { id: clip.id });
    ids.add(clip.id);
  }
}

/**
 * The range of a clip after one of its edges is dragged to `time`: kept within `low` and `high` (the media's first and last
 * moment) and at least `shortest` long (one frame).
 */
export function trimEdge(
  clip: Pick<Clip, 'start' | 'end'>,
  edge: 'start' | 'end',
  time: Flicks,
  bounds: { low: Flicks; high: Flicks; shortest: Flicks },
): { start: Flicks; end: Flicks } {
  const { low, high, shortest } = bounds;
  if (edge === 'start') {
    const latest = flicks(clip.end - shortest);
    return { start: clampTime(time, low < latest ? low : latest, latest), end: clip.end };
  }
  const earliest = flicks(clip.start + shortest);
  return { start: clip.start, end: clampTime(time, earliest, high > earliest ? high : earliest) };
}
