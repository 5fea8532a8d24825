/** What turns one edit into another, as commands: how a copy that missed some is brought in line. */
import type { CaptionTrack } from './captions/types.ts';
import type { TrackChange } from './editCaptions.ts';
import type { Clip, Edit, SimpleChange, UnderstandingChange } from './editSchemas.ts';
import { DEFAULT_UNDERSTANDING } from './understanding/types.ts';

/** Changes after which `from` is equal to `to`, settings apart; none when they are equal. */
export function changesBetween(from: Edit, to: Edit): SimpleChange[] {
  const pictures = pictureChanges(from.stylePictures, to.stylePictures);
  // Pictures come before the clips that use them and go after them.
  return [...pictures.added, ...clipChanges(from.clips, to.clips), ...pictures.removed, ...trackChanges(from.captions, to.captions), ...chapterChanges(from.chapters, to.chapters)];
}

/** Commands after which the understanding is set in `from` as in `to`. They are no steps of undo, so they can't be in a group with changes. */
export function settingsBetween(from: Edit, to: Edit): UnderstandingChange[] {
  return allKeys(from.understanding, to.understanding).flatMap((media): UnderstandingChange[] => {
    const [before, after] = [from.understanding[media], to.understanding[media]];
    // No command takes settings away: those that are there no more become the usual ones.
    const change = after ?? DEFAULT_UNDERSTANDING;
    return equal(before, change) ? [] : [{ type: 'understanding.set', media, change }];
  });
}

function chapterChanges(from: Edit['chapters'], to: Edit['chapters']): SimpleChange[] {
  return allKeys(from, to).flatMap((media): SimpleChange[] => {
    const chapters = to[media] ?? null;
    return equal(from[media] ?? null, chapters) ? [] : [{ type: 'chapters.set', media, chapters }];
  });
}

function pictureChanges(from: Edit['stylePictures'], to: Edit['stylePictures']): { added: SimpleChange[]; removed: SimpleChange[] } {
  const added = Object.values(to).filter((picture) => !equal(from[picture.id], picture));
  const removed = Object.keys(from).filter((id) => !to[id]);
  return {
    added: added.map((picture) => ({ type: 'stylePictures.add', picture })),
    removed: removed.map((id) => ({ type: 'stylePictures.remove', id })),
  };
}

function allKeys(...records: readonly Record<string, unknown>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

function clipChanges(from: readonly Clip[], to: readonly Clip[]): SimpleChange[] {
  if (equal(from, to)) return [];
  const changes: SimpleChange[] = [];
  if (from.length > 0) changes.push({ type: 'clips.remove', ids: from.map((clip) => clip.id) });
  if (to.length > 0) changes.push({ type: 'clips.insert', at: 0, clips: [...to] });
  return changes;
}

/** Tracks are added at the end: from the first that is not where it was, all are taken away and added again. */
function trackChanges(from: readonly CaptionTrack[], to: readonly CaptionTrack[]): SimpleChange[] {
  const kept = to.findIndex((track, i) => !from[i] || !sameFixed(from[i], track));
  const count = kept < 0 ? to.length : kept;
  return [
    ...to.slice(0, count).flatMap((track, i) => cueChanges(from[i] as CaptionTrack, track)),
    ...from.slice(count).map((track): SimpleChange => ({ type: 'captions.remove', id: track.id })),
    ...to.slice(count).map((track): SimpleChange => ({ type: 'captions.add', track })),
  ];
}

/** What no command can change of a track. */
function sameFixed(a: CaptionTrack, b: CaptionTrack): boolean {
  return a.id === b.id && a.media === b.media && equal(a.extras, b.extras);
}

function cueChanges(from: CaptionTrack, to: CaptionTrack): SimpleChange[] {
  const changes: SimpleChange[] = [];
  const { id: _id, media: _media, cues: _cues, extras: _extras, ...properties } = to;
  // A property that is not there can't be set: what undo took away is set to nothing.
  const change = from.sameSpeakers && !to.sameSpeakers ? { ...properties, sameSpeakers: {} } : properties;
  const { id, media: _media2, cues: _cues2, extras: _extras2, ...before } = from;
  if (!equal(before, change)) changes.push({ type: 'captions.set', id, change: change satisfies TrackChange });
  const old = new Map(from.cues.map((cue) => [cue.id, JSON.stringify(cue)]));
  const same = new Set(to.cues.filter((cue) => old.get(cue.id) === JSON.stringify(cue)).map((cue) => cue.id));
  const remove = from.cues.filter((cue) => !same.has(cue.id)).map((cue) => cue.id);
  const insert = to.cues.filter((cue) => !same.has(cue.id));
  if (remove.length > 0 || insert.length > 0) changes.push({ type: 'cues.replace', track: id, remove, insert });
  return changes;
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
