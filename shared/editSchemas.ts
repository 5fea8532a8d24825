/**
 * The edit as data: an ordered clip lane and the caption tracks of the project's media, and the commands that change it. Undo, the
 * crash journal and the tests are all the same list of commands.
 */
import { z } from 'zod';
import { mediaIdSchema } from './media.ts';
import { flicksSchema } from './time.ts';
import { captionTrackSchema, cueSchema, speakerSchema } from './captions/types.ts';
import { clipEffectSchema, stylePictureSchema } from './style/types.ts';
import { chapterSchema, understandingSettingsChangeSchema, understandingSettingsSchema } from './understanding/types.ts';

export const clipSchema = z.object({
  id: z.string().min(1).max(64),
  media: mediaIdSchema,
  /** Range in the media's own time; end exclusive. */
  start: flicksSchema,
  end: flicksSchema,
  name: z.string().max(200),
  /** What is done to its pictures. Absent: nothing. */
  effect: clipEffectSchema.optional(),
});
export type Clip = z.infer<typeof clipSchema>;

export const editSchema = z.object({
  clips: z.array(clipSchema),
  /** Caption tracks of any of the project's media. Absent in projects written before there were any. */
  captions: z.array(captionTrackSchema).default([]),
  /** Chapters of a media as a person has them: in order of start, no two at one moment. A media that isn't here has those that are computed. */
  chapters: z.record(mediaIdSchema, z.array(chapterSchema)).default({}),
  /** How the understanding of each media is set. */
  understanding: z.record(mediaIdSchema, understandingSettingsSchema).default({}),
  /** Pictures that a person gave as styles, by id. */
  stylePictures: z.record(z.string(), stylePictureSchema).default({}),
});
export type Edit = z.infer<typeof editSchema>;

export const EMPTY_EDIT: Edit = { clips: [], captions: [], chapters: {}, understanding: {}, stylePictures: {} };

/** Positions past the end of the lane mean its end. */
const simpleChanges = [
  z.object({ type: z.literal('clips.insert'), at: z.number().int().nonnegative(), clips: z.array(clipSchema).min(1) }),
  z.object({ type: z.literal('clips.remove'), ids: z.array(z.string()).min(1) }),
  z.object({ type: z.literal('clip.move'), id: z.string(), to: z.number().int().nonnegative() }),
  z.object({ type: z.literal('clip.trim'), id: z.string(), start: flicksSchema, end: flicksSchema }),
  z.object({ type: z.literal('clip.rename'), id: z.string(), name: z.string().max(200) }),
  /** Null: none. Its strength keys must be in order; its picture must be among the edit's. */
  z.object({ type: z.literal('clip.effect'), id: z.string(), effect: clipEffectSchema.nullable() }),
  z.object({ type: z.literal('stylePictures.add'), picture: stylePictureSchema }),
  /** Refused while a clip uses it. */
  z.object({ type: z.literal('stylePictures.remove'), id: z.string() }),
  z.object({ type: z.literal('captions.add'), track: captionTrackSchema }),
  z.object({ type: z.literal('captions.remove'), id: z.string() }),
  /** Changes a track's own properties, never its cues. */
  z.object({ type: z.literal('captions.set'), id: z.string(), change: captionTrackSchema.omit({ id: true, media: true, cues: true, extras: true }).partial() }),
  /** Every change of cues: those named go, those given come (an id may be in both: the cue is replaced). */
  z.object({ type: z.literal('cues.replace'), track: z.string(), remove: z.array(z.string()), insert: z.array(cueSchema) }),
  /** A media's chapters become these; null: those that are computed. */
  z.object({ type: z.literal('chapters.set'), media: mediaIdSchema, chapters: z.array(chapterSchema).nullable() }),
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

/** A setting of a media's understanding: like `captions.stream` it belongs to every step of the history, so that undo never moves a slider back. */
export const understandingChangeSchema = z.object({ type: z.literal('understanding.set'), media: mediaIdSchema, change: understandingSettingsChangeSchema });
export type UnderstandingChange = z.infer<typeof understandingChangeSchema>;

/** What the journal holds: changes, and undo and redo as commands of their own. */
export const editCommandSchema = z.discriminatedUnion('type', [
  ...editChangeSchema.options,
  streamChangeSchema,
  understandingChangeSchema,
  z.object({ type: z.literal('undo') }),
  z.object({ type: z.literal('redo') }),
]);
export type EditCommand = z.infer<typeof editCommandSchema>;
