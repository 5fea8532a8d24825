/**
 * The edit as data: an ordered clip lane, changed only by commands applied by a pure function. Undo, the crash
 * journal and the tests are all the same list of commands.
 */
import { z } from 'zod';
import { mediaIdSchema } from './media.ts';
import { clampTime, flicks, flicksSchema, type Flicks } from './time.ts';
import { captionTrackSchema, cueSchema, speakerSchema } from './captions/types.ts';
import { ExpectedError, type ErrorParams } from './errors.ts';

export const clipSchema = z.object({
  id: z.string().min(1).max(64),
  media: mediaIdSchema,
  /** Range in the media's own time; end exclusive. */
  start: flicksSchema,
  end: flicksSchema,
  name: z.string().max(200),
});
export type Clip = z.infer<typeof clipSchema>;

export const editSchema = z.object({
  clips: z.array(clipSchema),
  /** Caption tracks of any of the project's media. Absent in projects written before there were any. */
  captions: z.array(captionTrackSchema).default([]),
});
export type Edit = z.infer<typeof editSchema>;

export const EMPTY_EDIT: Edit = { clips: [], captions: [] };

/** Positions past the end of the lane mean its end. */
const simpleChanges = [
  z.object({ type: z.literal('clips.insert'), at: z.number().int().nonnegative(), clips: z.array(clipSchema).min(1) }),
  z.object({ type: z.literal('clips.remove'), ids: z.array(z.string()).min(1) }),
  z.object({ type: z.literal('clip.move'), id: z.string(), to: z.number().int().nonnegative() }),
  z.object({ type: z.literal('clip.trim'), id: z.string(), start: flicksSchema, end: flicksSchema }),
  z.object({ type: z.literal('clip.rename'), id: z.string(), name: z.string().max(200) }),
  z.object({ type: z.literal('captions.add'), track: captionTrackSchema }),
  z.object({ type: z.literal('captions.remove'), id: z.string() }),
  /** Changes a track's own properties, never its cues. */
  z.object({ type: z.literal('captions.set'), id: z.string(), change: captionTrackSchema.omit({ id: true, media: true, cues: true, extras: true }).partial() }),
  /** Every change of cues: those named go, those given come (an id may be in both: the cue is replaced). */
  z.object({ type: z.literal('cues.replace'), track: z.string(), remove: z.array(z.string()), insert: z.array(cueSchema) }),
] as const;
const simpleChangeSchema = z.discriminatedUnion('type', simpleChanges);
export type SimpleChange = z.infer<typeof simpleChangeSchema>;

/** Commands that change the edit. `group`: several changes that are one step of undo. */
export const editChangeSchema = z.discriminatedUnion('type', [
  ...simpleChanges,
  z.object({ type: z.literal('group'), changes: z.array(simpleChangeSchema).min(1) }),
]);
export type EditChange = z.infer<typeof editChangeSchema>;

/**
 * Cues that recognition brought: applied to every step of the history, so that undoing a correction does not undo what was recognised since. Cues whose
 * id is there already are replaced unless they are `touched`; those that begin before the track's `streamedUntil` and are not there stay away.
 */
export const streamChangeSchema = z.object({
  type: z.literal('captions.stream'),
  track: z.string(),
  cues: z.array(cueSchema),
  speakers: z.array(speakerSchema).nullable(),
  language: z.string().nullable(),
  until: flicksSchema,
});
export type StreamChange = z.infer<typeof streamChangeSchema>;

/** What the journal holds: changes, and undo and redo as commands of their own. */
export const editCommandSchema = z.discriminatedUnion('type', [
  ...editChangeSchema.options,
  streamChangeSchema,
  z.object({ type: z.literal('undo') }),
  z.object({ type: z.literal('redo') }),
]);
export type EditCommand = z.infer<typeof editCommandSchema>;

export type EditProblem =
  | 'unknown_clip'
  | 'duplicate_clip'
  | 'range_invalid'
  | 'name_too_long'
  | 'position_invalid'
  | 'nothing_to_undo'
  | 'nothing_to_redo';

/** A command that can't be applied. On the wire it is `range_invalid` for a bad range, else `bad_request`. */
export class EditError extends ExpectedError {
  readonly problem: EditProblem;
  constructor(problem: EditProblem, params: ErrorParams = {}) {
    super(problem === 'range_invalid' ? 'range_invalid' : 'bad_request', { ...params, problem });
    this.name = 'EditError';
    this.problem = problem;
  }
}

const LONGEST_NAME = 200;

/**
 * The edit after `command`; the edit given is left as it is. Throws EditError for an unknown or repeated clip id, a range
 * that is empty or turned round, a negative position, or a name over 200 characters.
 */
export function applyCommand(edit: Edit, command: EditChange): Edit {
  switch (command.type) {
    case 'clips.insert':
      return insertClips(edit, command.at, command.clips);
    case 'clips.remove':
      return removeClips(edit, command.ids);
    case 'clip.move':
      return moveClip(edit, command.id, command.to);
    case 'clip.trim':
      checkRange(command.id, command.start, command.end);
      return replaceClip(edit, command.id, { start: command.start, end: command.end });
    case 'clip.rename':
      if (command.name.length > LONGEST_NAME) throw new EditError('name_too_long', { id: command.id });
      return replaceClip(edit, command.id, { name: command.name });
  }
}

function insertClips(edit: Edit, at: number, clips: readonly Clip[]): Edit {
  const place = checkPosition(at, edit.clips.length);
  const ids = new Set(edit.clips.map((clip) => clip.id));
  for (const clip of clips) {
    if (ids.has(clip.id)) throw new EditError('duplicate_clip', { id: clip.id });
    ids.add(clip.id);
    checkClip(clip);
  }
  return { clips: [...edit.clips.slice(0, place), ...clips, ...edit.clips.slice(place)] };
}

function removeClips(edit: Edit, ids: readonly string[]): Edit {
  const gone = new Set(ids);
  for (const id of gone) indexOfClip(edit, id);
  return { clips: edit.clips.filter((clip) => !gone.has(clip.id)) };
}

function moveClip(edit: Edit, id: string, to: number): Edit {
  const from = indexOfClip(edit, id);
  const rest = edit.clips.filter((clip) => clip.id !== id);
  const place = checkPosition(to, rest.length);
  return { clips: [...rest.slice(0, place), ...edit.clips.slice(from, from + 1), ...rest.slice(place)] };
}

function replaceClip(edit: Edit, id: string, change: Partial<Clip>): Edit {
  const index = indexOfClip(edit, id);
  return { clips: edit.clips.map((clip, i) => (i === index ? { ...clip, ...change } : clip)) };
}

function indexOfClip(edit: Edit, id: string): number {
  const index = edit.clips.findIndex((clip) => clip.id === id);
  if (index < 0) throw new EditError('unknown_clip', { id });
  return index;
}

function checkPosition(position: number, length: number): number {
  if (!Number.isInteger(position) || position < 0) throw new EditError('position_invalid', { position });
  return Math.min(position, length);
}

function checkRange(id: string, start: Flicks, end: Flicks): void {
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start >= end) throw new EditError('range_invalid', { id, start, end });
}

function checkClip(clip: Clip): void {
  checkRange(clip.id, clip.start, clip.end);
  if (clip.id.length === 0 || clip.id.length > 64) throw new EditError('unknown_clip', { id: clip.id });
  if (clip.name.length > LONGEST_NAME) throw new EditError('name_too_long', { id: clip.id });
}

/** The document checker: throws EditError where the edit breaks a rule that every command keeps. */
export function assertEdit(edit: Edit): void {
  const ids = new Set<string>();
  for (const clip of edit.clips) {
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
