/**
 * The engine's contract: what the window asks over its MessagePort, and what the app's main process asks over
 * the control channel. Every message is parsed on arrival; a malformed one is answered with `bad_request`.
 *
 * The window is untrusted: it names media by id (only media that the app opened for it) and outputs by a
 * grant (a token the app made after the person chose a place). It never names a path.
 */
import { z } from 'zod';
import { analysisEventSchema, progressEventSchema, stageSchema, tagSourceSchema, wireErrorSchema } from '../events.ts';
import { mediaIdSchema, mediaSchema } from '../media.ts';
import { captionTrackSchema } from '../captions/types.ts';
import { CAPTION_FORMATS, formatWarningSchema } from '../captions/formats/types.ts';
import { speechEventSchema, transcribeOptionsSchema } from '../speech.ts';
import { flicksSchema } from '../time.ts';
import { editCommandSchema, editSchema } from '../edit.ts';
import { askResultSchema, CHAPTER_FORMATS, chapterSchema, foundMomentSchema, highlightEventSchema, MOST_SENTENCES, searchListSchema, sentenceSchema, understandEventSchema, understandRequestSchema } from '../understanding/types.ts';
import { clipEffectSchema, galleryEventSchema, renderEventSchema, renderRequestSchema, stylePictureSchema, stylePreviewEventSchema } from '../style/types.ts';
import { PROVIDERS, providerSchema } from '../settings.ts';

export const grantSchema = z.string().regex(/^[0-9a-f]{32}$/);

export const rangeSchema = z.object({ media: mediaIdSchema, start: flicksSchema, end: flicksSchema, name: z.string() });

/** A range that leaves the app, with what is done to its pictures. `picture`: the one of the style `picture`. */
export const exportedRangeSchema = rangeSchema.extend({ effect: clipEffectSchema.optional(), picture: stylePictureSchema.optional() });
export type ExportedRange = z.infer<typeof exportedRangeSchema>;
export const cutModeSchema = z.enum(['auto', 'copy', 'exact']);
export type CutMode = z.infer<typeof cutModeSchema>;

/** One output segment as planned: copied or encoded, and why (a key of the catalogues: `export_why_<why>`). */
export const plannedSegmentSchema = z.object({
  media: mediaIdSchema,
  start: flicksSchema,
  end: flicksSchema,
  how: z.enum(['copy', 'encode']),
  why: z.enum([
    'starts_on_sync_frame',
    'starts_between_sync_frames',
    'asked_exact',
    'asked_copy',
    'joined_sources_differ',
    'joined_must_encode',
    'codec_not_copyable',
    'audio_only',
    'ends_among_reordered_frames',
    'times_unknown',
    'copy_differs',
    'captions_burned_in',
    'styled',
  ]),
  /** With `copy` asked for between sync frames: where the copy really begins. */
  actualStart: flicksSchema.nullable(),
  /** Likewise where it really ends, when frames are stored out of order around the asked end. */
  actualEnd: flicksSchema.nullable().default(null),
});
export type PlannedSegment = z.infer<typeof plannedSegmentSchema>;

export const doctorSchema = z.object({
  version: z.string(),
  ffmpeg: z.object({ path: z.string(), version: z.string() }).nullable(),
  ffprobe: z.object({ path: z.string(), version: z.string() }).nullable(),
  providers: z.array(
    z.object({
      provider: providerSchema,
      state: z.enum(['ok', 'absent', 'wrong_answer', 'failed']),
      detail: z.string().nullable(),
    }),
  ),
  models: z.array(
    z.object({
      id: z.string(),
      what: z.string(),
      licence: z.string(),
      file: z.string(),
      bytes: z.number(),
      state: z.enum(['ok', 'missing', 'short', 'altered']),
      /** What it would run on, and why: measured, forced by settings, or the only one. */
      runsOn: providerSchema.nullable(),
      note: z.string().nullable(),
    }),
  ),
  library: z.object({ path: z.string(), bytes: z.number(), media: z.number() }).nullable(),
});
export type DoctorReport = z.infer<typeof doctorSchema>;

export const momentSchema = z.object({
  media: mediaIdSchema,
  mediaName: z.string(),
  shot: z.number().int(),
  start: flicksSchema,
  end: flicksSchema,
  label: z.string(),
  score: z.number(),
  source: tagSourceSchema,
  picture: z.string().nullable(),
});
export type Moment = z.infer<typeof momentSchema>;

const bytesSchema = z.instanceof(Uint8Array);

export const captionFormatSchema = z.enum(CAPTION_FORMATS);

/** Captions that go with exported clips. Tracks are of the clips' media; their cues are moved to where the cut puts them. */
export const exportedCaptionsSchema = z.object({
  /** Drawn into the picture, in the track's style; needs encoding. One track for each media. */
  burn: z.array(captionTrackSchema),
  /** Written as streams of the file, with language and default flags. */
  embed: z.array(captionTrackSchema),
  /** Written as files beside it. */
  sidecar: z.array(captionTrackSchema),
  sidecarFormat: captionFormatSchema,
});
export type ExportedCaptions = z.infer<typeof exportedCaptionsSchema>;

/** Requests that end with one answer. `args` is what is sent, `result` what comes back. */
export const ENGINE_METHODS = {
  /** JPEG of a stored picture; null when it is not there (any more). */
  picture: { args: z.object({ media: mediaIdSchema, picture: z.string() }), result: bytesSchema.nullable() },
  /**
   * Filmstrip pictures: one JPEG, `height` pixels high, for each of `count` times start + i*step. `exact` decodes
   * the very frame shown at that time; otherwise the nearest sync frame before it will do.
   */
  thumbnails: {
    args: z.object({
      media: mediaIdSchema,
      start: flicksSchema,
      step: flicksSchema,
      count: z.number().int().min(1).max(32),
      height: z.number().int().min(16).max(720),
      exact: z.boolean(),
    }),
    result: z.array(bytesSchema.nullable()),
  },
  /**
   * Waveform peaks: `samples` holds min, max, rms of each bucket, -1 to 1, three floats a bucket. Level n has
   * 100 / 4^n buckets a second; level 0 is the finest. `complete` false while the audio is still being read.
   */
  waveform: {
    args: z.object({ media: mediaIdSchema, level: z.number().int().min(0).max(6), from: z.number().int().min(0), count: z.number().int().min(1).max(20_000) }),
    result: z.object({ samples: z.instanceof(Float32Array), bucketsPerSecond: z.number(), total: z.number().int(), complete: z.boolean() }),
  },
  /** Presentation times of sync frames of the video, in order. */
  syncFrames: { args: z.object({ media: mediaIdSchema }), result: z.array(flicksSchema) },
  /** Time of the frame `by` frames after (before) the one shown at `time`; null at the ends. */
  stepFrame: { args: z.object({ media: mediaIdSchema, time: flicksSchema, by: z.number().int() }), result: flicksSchema.nullable() },
  /** Tag search over everything analysed so far, best first. Labels match in English and Chinese, by broader terms too ("dog"). */
  searchTags: { args: z.object({ query: z.string().max(200), media: z.array(mediaIdSchema).nullable(), limit: z.number().int().min(1).max(500) }), result: z.array(momentSchema) },
  /**
   * Everything known so far by words, meaning, tags, text in the picture and (with a joint model) the picture itself, fused by reciprocal rank, best first.
   * `lists`: only these; null: all.
   */
  search: {
    args: z.object({ query: z.string().max(1000), media: z.array(mediaIdSchema).nullable(), lists: z.array(searchListSchema).nullable().default(null), limit: z.number().int().min(1).max(500) }),
    result: z.array(foundMomentSchema),
  },
  /** Shots that look like this one, best first, itself left out. Empty until the pictures were examined. */
  similarShots: { args: z.object({ media: mediaIdSchema, shot: z.number().int().nonnegative(), within: z.array(mediaIdSchema).nullable(), limit: z.number().int().min(1).max(500) }), result: z.array(foundMomentSchema) },
  /** Sentences of this transcript that answer a question, best first. */
  ask: {
    args: z.object({ question: z.string().max(1000), language: z.string().max(35), sentences: z.array(sentenceSchema).max(MOST_SENTENCES), limit: z.number().int().min(1).max(50).default(5) }),
    result: askResultSchema,
  },
  exportPlan: {
    args: z.object({ ranges: z.array(exportedRangeSchema).min(1), join: z.boolean(), mode: cutModeSchema, /** Captions are drawn into the picture. */ burn: z.boolean().default(false) }),
    result: z.array(plannedSegmentSchema),
  },
  doctor: { args: z.object({}), result: doctorSchema },
  /** Appends commands to the journal of the current project and forces them to disk. */
  projectAppend: { args: z.object({ commands: z.array(editCommandSchema).min(1) }), result: z.object({}) },
  projectLoad: { args: z.object({}), result: z.object({ edit: editSchema, media: z.array(mediaSchema), recovered: z.boolean() }) },
  projectNew: { args: z.object({}), result: z.object({}) },
  projectSave: { args: z.object({ grant: grantSchema }), result: z.object({}) },
} as const;
export type EngineMethod = keyof typeof ENGINE_METHODS;
export type EngineArgs<M extends EngineMethod> = z.infer<(typeof ENGINE_METHODS)[M]['args']>;
export type EngineResult<M extends EngineMethod> = z.infer<(typeof ENGINE_METHODS)[M]['result']>;

export const exportEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  z.object({ type: z.literal('plan'), segments: z.array(plannedSegmentSchema) }),
  /** Something the person should know of a styled clip. Message `style_warning_<code>`. */
  z.object({ type: z.literal('warning'), code: z.string() }),
  /** A finished, verified and renamed file. `path` is for display; `grant` reveals it. */
  z.object({ type: z.literal('file'), path: z.string(), bytes: z.number(), index: z.number().int() }),
]);
export type ExportEvent = z.infer<typeof exportEventSchema>;

/** Work that streams events until it ends, fails or is cancelled. */
export const ENGINE_JOBS = {
  analyze: { args: z.object({ media: mediaIdSchema, stages: z.array(stageSchema).min(1), fresh: z.boolean().default(false) }), event: analysisEventSchema },
  /** Reads the audio's peaks; `waveform` answers with what there is so far. */
  waveform: { args: z.object({ media: mediaIdSchema }), event: progressEventSchema },
  proxy: { args: z.object({ media: mediaIdSchema }), event: progressEventSchema },
  exportClips: {
    args: z.object({
      ranges: z.array(exportedRangeSchema).min(1),
      join: z.boolean(),
      mode: cutModeSchema,
      captions: exportedCaptionsSchema.nullable().default(null),
      /** By media: chapters written into the outputs, moved to where the cut puts them; null: none. */
      chapters: z.record(mediaIdSchema, z.array(chapterSchema).max(10_000)).nullable().default(null),
      grant: grantSchema,
    }),
    event: exportEventSchema,
  },
  /** Recognises the speech of a media; cues stream in time order. */
  transcribe: { args: transcribeOptionsSchema.extend({ media: mediaIdSchema }), event: speechEventSchema },
  /** One caption file. With `ranges` the cues are moved to where these clips, joined, put them. */
  exportCaptions: {
    args: z.object({ track: captionTrackSchema, format: captionFormatSchema, ranges: z.array(rangeSchema).nullable(), grant: grantSchema }),
    event: exportEventSchema,
  },
  /** Embeds, finds chapters, summarises, indexes: whatever of these is asked for. */
  understand: { args: understandRequestSchema, event: understandEventSchema },
  /** Measures what speaks for each moment of a media. Sentences may be none. */
  highlights: { args: z.object({ media: mediaIdSchema, language: z.string().max(35), sentences: z.array(sentenceSchema).max(MOST_SENTENCES) }), event: highlightEventSchema },
  /** Reads text in the keyframes and keeps how they look, for the search. After an analysis; what is stored is not done again. */
  examinePictures: { args: z.object({ media: mediaIdSchema }), event: progressEventSchema },
  /** Chapters as text, or (`media`) a copy of the media's file that has them: nothing is encoded. */
  exportChapters: { args: z.object({ media: mediaIdSchema, chapters: z.array(chapterSchema).min(1), format: z.enum(CHAPTER_FORMATS), grant: grantSchema }), event: exportEventSchema },
  /** A text of the window's (a summary) as a UTF-8 file. */
  exportText: { args: z.object({ text: z.string().max(5_000_000), grant: grantSchema }), event: exportEventSchema },
  /** Every style on one frame, the pack's and these pictures; `height` of the tiles in pixels. */
  styleGallery: { args: z.object({ media: mediaIdSchema, time: flicksSchema, height: z.number().int().min(32).max(360), pictures: z.array(stylePictureSchema).max(100) }), event: galleryEventSchema },
  /** Styled frames around the playhead at a reduced size; `request`'s range is the clip's. What was made is kept for the next time. */
  stylePreview: { args: z.object({ request: renderRequestSchema, at: flicksSchema, height: z.number().int().min(64).max(720) }), event: stylePreviewEventSchema },
  /** Renders a clip ahead of its export. Interrupted, it goes on from the last finished piece. */
  renderClip: { args: renderRequestSchema, event: renderEventSchema },
  exportKeyframes: { args: z.object({ media: mediaIdSchema, format: z.enum(['jpeg', 'png']), grant: grantSchema }), event: exportEventSchema },
  exportContactSheet: { args: z.object({ media: mediaIdSchema, grant: grantSchema }), event: exportEventSchema },
  /** `clips`: those on the lane; the JSON tells of the media's own which of them are generated. */
  exportTable: {
    args: z.object({ media: mediaIdSchema, format: z.enum(['csv', 'json']), clips: z.array(exportedRangeSchema).max(100_000).optional(), grant: grantSchema }),
    event: exportEventSchema,
  },
} as const;
export type EngineJob = keyof typeof ENGINE_JOBS;
export type JobArgs<J extends EngineJob> = z.input<(typeof ENGINE_JOBS)[J]['args']>;
export type JobEvent<J extends EngineJob> = z.infer<(typeof ENGINE_JOBS)[J]['event']>;

const keysOf = <T extends Record<string, unknown>>(record: T): [keyof T & string, ...(keyof T & string)[]] =>
  Object.keys(record) as [keyof T & string, ...(keyof T & string)[]];

/** Window -> engine. `args` is parsed again by the method's own schema. */
export const portRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.number().int(), method: z.enum(keysOf(ENGINE_METHODS)), args: z.unknown() }),
  z.object({ kind: z.literal('start'), id: z.number().int(), job: z.enum(keysOf(ENGINE_JOBS)), args: z.unknown() }),
  z.object({ kind: z.literal('cancel'), id: z.number().int() }),
]);
export type PortRequest = z.infer<typeof portRequestSchema>;

/** Engine -> window. `id` is the request's. A job sends `event`s, then one `end`. Batched under `events`. */
export const portReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), id: z.number().int(), result: z.unknown() }),
  z.object({ kind: z.literal('error'), id: z.number().int(), error: wireErrorSchema }),
  z.object({ kind: z.literal('events'), id: z.number().int(), events: z.array(z.unknown()) }),
  z.object({ kind: z.literal('end'), id: z.number().int() }),
]);
export type PortReply = z.infer<typeof portReplySchema>;

/** App -> engine over the control channel. A MessagePort travels beside `connect`. */
export const controlRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('open'), id: z.number().int(), path: z.string() }),
  z.object({ kind: z.literal('grant'), id: z.number().int(), grant: grantSchema, path: z.string(), overwrite: z.boolean() }),
  z.object({ kind: z.literal('openProject'), id: z.number().int(), path: z.string() }),
  /** Reads a subtitle file as a track of a media. */
  z.object({ kind: z.literal('readCaptions'), id: z.number().int(), path: z.string(), media: mediaIdSchema }),
  z.object({ kind: z.literal('settings'), provider: z.enum(['auto', ...PROVIDERS]), imageTextModel: z.string().nullable().default(null) }),
  /** Opens and tries the joint image-text model of a folder. */
  z.object({ kind: z.literal('checkImageText'), id: z.number().int(), folder: z.string() }),
  /** Reads a picture file as a style. */
  z.object({ kind: z.literal('readStylePicture'), id: z.number().int(), path: z.string() }),
  z.object({ kind: z.literal('quit') }),
]);
export type ControlRequest = z.infer<typeof controlRequestSchema>;

/** Engine -> app. `proxy` tells where media:// finds the playable form of a media. */
export const controlReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('opened'), id: z.number().int(), media: mediaSchema }),
  z.object({ kind: z.literal('granted'), id: z.number().int() }),
  z.object({ kind: z.literal('projectOpened'), id: z.number().int() }),
  z.object({ kind: z.literal('captions'), id: z.number().int(), track: captionTrackSchema, warnings: z.array(formatWarningSchema) }),
  z.object({ kind: z.literal('stylePicture'), id: z.number().int(), picture: stylePictureSchema }),
  z.object({ kind: z.literal('imageTextChecked'), id: z.number().int() }),
  z.object({ kind: z.literal('failed'), id: z.number().int(), error: wireErrorSchema }),
  /** A media that a project brought (opened by the person, or recovered at start): media:// may serve it from now on. */
  z.object({ kind: z.literal('media'), media: mediaSchema }),
  z.object({ kind: z.literal('proxy'), media: mediaIdSchema, path: z.string() }),
  z.object({ kind: z.literal('written'), path: z.string() }),
]);
export type ControlReply = z.infer<typeof controlReplySchema>;
