/** Changes of the caption tracks. Each gives a new list; tracks and cues that did not change are the same objects. */
import type { CaptionTrack, Cue, Speaker } from './captions/types.ts';
import { checkName, checkRange, isId } from './editClips.ts';
import { EditError } from './editError.ts';
import type { SimpleChange, StreamChange } from './editSchemas.ts';
import { maxTime } from './time.ts';

type Tracks = readonly CaptionTrack[];
export type TrackChange = Extract<SimpleChange, { type: 'captions.set' }>['change'];

/** Order of a track's cues: by start, then end. Cues with the same times keep the order they came in. */
export function compareCues(a: Pick<Cue, 'start' | 'end'>, b: Pick<Cue, 'start' | 'end'>): number {
  return a.start - b.start || a.end - b.end;
}

/** Cues in order; the list given when it is in order already. */
export function sortCues(cues: readonly Cue[]): readonly Cue[] {
  return isSorted(cues) ? cues : [...cues].sort(compareCues);
}

function isSorted(cues: readonly Cue[]): boolean {
  return cues.every((cue, i) => {
    const before = cues[i - 1];
    return !before || compareCues(before, cue) <= 0;
  });
}

export function addTrack(tracks: Tracks, track: CaptionTrack): CaptionTrack[] {
  if (tracks.some((other) => other.id === track.id)) throw new EditError('duplicate_track', { id: track.id });
  const sorted = { ...track, cues: [...sortCues(track.cues)] };
  checkTrack(sorted);
  return [...tracks, sorted];
}

export function removeTrack(tracks: Tracks, id: string): CaptionTrack[] {
  trackOf(tracks, id);
  return tracks.filter((track) => track.id !== id);
}

export function setTrack(tracks: Tracks, id: string, change: TrackChange): CaptionTrack[] {
  const changed = { ...trackOf(tracks, id), ...change };
  checkProperties(changed);
  return withTrack(tracks, changed);
}

/**
 * Takes cues away and puts others in. An id in both is a cue replaced. Throws EditError for an unknown track or cue, an id that
 * stays and comes again, and an empty range; a cue that a command names twice to remove is one.
 */
export function replaceCues(tracks: Tracks, id: string, remove: readonly string[], insert: readonly Cue[]): CaptionTrack[] {
  const track = trackOf(tracks, id);
  const removed = new Set(remove);
  const inserted = new Set<string>();
  for (const cue of insert) {
    checkCue(cue);
    if (inserted.has(cue.id)) throw new EditError('duplicate_cue', { id: cue.id });
    inserted.add(cue.id);
  }
  const kept = track.cues.filter((cue) => !removed.has(cue.id));
  if (track.cues.length - kept.length !== removed.size) {
    const known = new Set(track.cues.map((cue) => cue.id));
    throw new EditError('unknown_cue', { id: remove.find((each) => !known.has(each)) ?? '' });
  }
  const twice = kept.find((cue) => inserted.has(cue.id));
  if (twice) throw new EditError('duplicate_cue', { id: twice.id });
  return withTrack(tracks, { ...track, cues: mergeCues(kept, sortCues(insert)) });
}

/** Two ordered lists as one; of cues with the same times those of the first come first. */
function mergeCues(kept: readonly Cue[], insert: readonly Cue[]): Cue[] {
  const merged: Cue[] = [];
  let from = 0;
  for (const cue of insert) {
    for (let other = kept[from]; other && compareCues(other, cue) <= 0; other = kept[from]) {
      merged.push(other);
      from += 1;
    }
    merged.push(cue);
  }
  for (; from < kept.length; from += 1) merged.push(kept[from] as Cue);
  return merged;
}

/** Who speaks by what a person found out: a speaker that was merged is the one it was merged into. */
export function speakerIn(track: Pick<CaptionTrack, 'sameSpeakers'>, speaker: string | null): string | null {
  return speaker === null ? null : (track.sameSpeakers?.[speaker] ?? speaker);
}

/** `sameSpeakers` of a track in which everything that `from` says is said by `into`. */
export function withSameSpeaker(track: Pick<CaptionTrack, 'sameSpeakers'>, from: string, into: string): Record<string, string> {
  const before = Object.entries(track.sameSpeakers ?? {}).map(([id, other]) => [id, other === from ? into : other] as const);
  return Object.fromEntries([...before.filter(([id]) => id !== into), [from, into]]);
}

/**
 * The tracks after what recognition brought, in the order it came; the list given when none of it is for them. What a person
 * touched stays, what a person removed does not come back, a speaker keeps the name that a person gave, and merged ones stay one.
 * Throws EditError for an empty range.
 */
export function streamCues(tracks: Tracks, changes: readonly StreamChange[]): Tracks {
  if (!tracks.some((track) => changes.some((change) => change.track === track.id))) return tracks;
  return tracks.map((track) => streamInto(track, changes.filter((change) => change.track === track.id)));
}

function streamInto(track: CaptionTrack, changes: readonly StreamChange[]): CaptionTrack {
  if (changes.length === 0) return track;
  const named = new Set(changes.flatMap((change) => change.cues.map((cue) => cue.id)));
  const present = new Map(track.cues.filter((cue) => named.has(cue.id)).map((cue) => [cue.id, cue]));
  /** In the order they came last, so that all at once is the same as one after another. */
  const come = new Map<string, Cue>();
  let { streamedUntil, speakers, language } = track;
  for (const change of changes) {
    for (const told of change.cues) {
      checkCue(told);
      const cue = { ...told, speaker: speakerIn(track, told.speaker) };
      const before = come.get(cue.id) ?? present.get(cue.id);
      if (before ? before.touched : cue.start < streamedUntil) continue;
      come.delete(cue.id);
      come.set(cue.id, cue);
    }
    streamedUntil = maxTime(streamedUntil, change.until);
    speakers = change.speakers ? addSpeakers(speakers, change.speakers.filter(({ id }) => speakerIn(track, id) === id)) : speakers;
    language = change.language ?? language;
  }
  const kept = track.cues.filter((cue) => !come.has(cue.id));
  return { ...track, cues: mergeCues(kept, sortCues([...come.values()])), streamedUntil, speakers, language };
}

function addSpeakers(present: Speaker[], found: readonly Speaker[]): Speaker[] {
  const known = new Set(present.map((speaker) => speaker.id));
  const added = found.filter((speaker, i) => !known.has(speaker.id) && found.findIndex((other) => other.id === speaker.id) === i);
  return added.length === 0 ? present : [...present, ...added];
}

export function trackOf(tracks: Tracks, id: string): CaptionTrack {
  const track = tracks.find((other) => other.id === id);
  if (!track) throw new EditError('unknown_track', { id });
  return track;
}

function withTrack(tracks: Tracks, changed: CaptionTrack): CaptionTrack[] {
  return tracks.map((track) => (track.id === changed.id ? changed : track));
}

function checkCue(cue: Cue): void {
  checkRange(cue.id, cue.start, cue.end);
  if (!isId(cue.id)) throw new EditError('unknown_cue', { id: cue.id });
}

function checkProperties(track: CaptionTrack): void {
  if (!isId(track.id)) throw new EditError('unknown_track', { id: track.id });
  checkName(track.id, track.name);
  const speakers = new Set<string>();
  for (const { id } of track.speakers) {
    if (speakers.has(id)) throw new EditError('duplicate_speaker', { id });
    speakers.add(id);
  }
}

function checkTrack(track: CaptionTrack): void {
  checkProperties(track);
  const ids = new Set<string>();
  track.cues.forEach((cue, i) => {
    checkCue(cue);
    if (ids.has(cue.id)) throw new EditError('duplicate_cue', { id: cue.id });
    ids.add(cue.id);
    const before = track.cues[i - 1];
    if (before && compareCues(before, cue) > 0) throw new EditError('position_invalid', { position: i });
  });
}

/** Throws EditError where the tracks break a rule that every command keeps: ids are unique, ranges hold time, cues are in order. */
export function assertTracks(tracks: Tracks): void {
  const ids = new Set<string>();
  for (const track of tracks) {
    if (ids.has(track.id)) throw new EditError('duplicate_track', { id: track.id });
    ids.add(track.id);
    checkTrack(track);
  }
}
