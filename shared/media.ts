/** Facts about a source file, as ffprobe tells them, in the terms the app uses. */
import { z } from 'zod';
import { flicksSchema, rationalSchema } from './time.ts';

/** Fingerprint of a file's content: 32 hex digits. Also its id everywhere. */
export const mediaIdSchema = z.string().regex(/^[0-9a-f]{32}$/);
export type MediaId = z.infer<typeof mediaIdSchema>;

export const colourSchema = z.object({
  space: z.string().nullable(),
  primaries: z.string().nullable(),
  transfer: z.string().nullable(),
  range: z.string().nullable(),
});

export const videoStreamSchema = z.object({
  kind: z.literal('video'),
  index: z.number().int(),
  codec: z.string(),
  profile: z.string().nullable(),
  /** Coded size in pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Size as shown: after sample aspect ratio and rotation, in pixels. */
  displayWidth: z.number().int().positive(),
  displayHeight: z.number().int().positive(),
  /** Clockwise degrees the picture is turned for display: 0, 90, 180, 270. */
  rotation: z.number().int(),
  sampleAspect: rationalSchema,
  /** Average frames/s; the nominal rate for timecode. */
  frameRate: rationalSchema,
  /** True when average and base rates differ: frame times are then only known from the packets. */
  variableRate: z.boolean(),
  timeBase: rationalSchema,
  pixelFormat: z.string().nullable(),
  bitDepth: z.number().int(),
  hasAlpha: z.boolean(),
  hdr: z.enum(['none', 'pq', 'hlg']),
  colour: colourSchema,
  fieldOrder: z.string().nullable(),
  /** Presentation time of the first frame, as the container says it. */
  startTime: flicksSchema,
  duration: flicksSchema.nullable(),
  /** Frame count as the container says it; null when it does not. */
  frames: z.number().int().nullable(),
  bitRate: z.number().nullable(),
  language: z.string().nullable(),
  isDefault: z.boolean(),
});

export const audioStreamSchema = z.object({
  kind: z.literal('audio'),
  index: z.number().int(),
  codec: z.string(),
  profile: z.string().nullable(),
  sampleRate: z.number().int(),
  channels: z.number().int(),
  channelLayout: z.string().nullable(),
  startTime: flicksSchema,
  duration: flicksSchema.nullable(),
  bitRate: z.number().nullable(),
  language: z.string().nullable(),
  isDefault: z.boolean(),
});

export const otherStreamSchema = z.object({
  kind: z.enum(['subtitle', 'data', 'attachment', 'picture']),
  index: z.number().int(),
  codec: z.string().nullable(),
  language: z.string().nullable(),
});

export const streamSchema = z.discriminatedUnion('kind', [videoStreamSchema, audioStreamSchema, otherStreamSchema]);

/** Why Chromium can't be trusted with this file, told from the facts, never by trying. */
export const playabilitySchema = z.discriminatedUnion('how', [
  z.object({ how: z.literal('direct') }),
  z.object({
    how: z.literal('proxy'),
    reasons: z.array(z.enum(['container', 'video_codec', 'pixel_format', 'audio_codec', 'no_index', 'late_start'])),
  }),
]);

export const mediaSchema = z.object({
  id: mediaIdSchema,
  /** File name without its folder, for display. */
  name: z.string(),
  /** For display and for the engine; the renderer never names a path back. */
  path: z.string(),
  bytes: z.number().int(),
  modifiedMs: z.number(),
  format: z.string(),
  /** Longest stream; null when nothing tells it before decoding. */
  duration: flicksSchema.nullable(),
  /** Container start time, subtracted nowhere: times are the file's own. */
  startTime: flicksSchema,
  streams: z.array(streamSchema),
  /** The video and audio streams that are used: the default one, else the first. Null when there is none. */
  video: videoStreamSchema.nullable(),
  audio: audioStreamSchema.nullable(),
  playability: playabilitySchema,
});

export type Colour = z.infer<typeof colourSchema>;
export type VideoStream = z.infer<typeof videoStreamSchema>;
export type AudioStream = z.infer<typeof audioStreamSchema>;
export type OtherStream = z.infer<typeof otherStreamSchema>;
export type Stream = z.infer<typeof streamSchema>;
export type Playability = z.infer<typeof playabilitySchema>;
export type Media = z.infer<typeof mediaSchema>;
