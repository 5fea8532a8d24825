/**
 * What the analysis of a media streams, in time order. The window, the command line and the library all
 * consume these; `toJsonEvent` is the command line's form (times in seconds).
 */
import { z } from 'zod';
import { flicksSchema, toSeconds } from './time.ts';
import { EXPECTED_CODES } from './errors.ts';

export const STAGES = ['shots', 'keyframes', 'tags'] as const;
export const stageSchema = z.enum(STAGES);
export type Stage = z.infer<typeof stageSchema>;

/** x, y, width, height of the frame as shown, 0 to 1. */
export const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type Box = z.infer<typeof boxSchema>;

export const transitionSchema = z.enum(['start', 'cut', 'dissolve', 'fade']);
export type Transition = z.infer<typeof transitionSchema>;

export const tagSourceSchema = z.enum(['imagenet', 'coco', 'face']);
export type TagSource = z.infer<typeof tagSourceSchema>;

/**
 * A shot: frames startFrame to endFrame (end exclusive), both counted from the first decoded frame. Frames of a
 * gradual transition belong to neither shot: `end` of one and `start` of the next leave them out.
 * `confidence` (0 to 1) is that of the transition that begins the shot; 1 for the first.
 */
export const shotEventSchema = z.object({
  type: z.literal('shot'),
  index: z.number().int().nonnegative(),
  start: flicksSchema,
  end: flicksSchema,
  startFrame: z.number().int().nonnegative(),
  endFrame: z.number().int().positive(),
  transitionIn: transitionSchema,
  confidence: z.number().min(0).max(1),
});

/** `picture` names the JPEG kept in the library; `rank` 0 is the shot's first keyframe, 1 its second. */
export const keyframeEventSchema = z.object({
  type: z.literal('keyframe'),
  shot: z.number().int().nonnegative(),
  rank: z.number().int().nonnegative(),
  time: flicksSchema,
  frame: z.number().int().nonnegative(),
  picture: z.string(),
});

export const detectionSchema = z.object({
  time: flicksSchema,
  frame: z.number().int().nonnegative(),
  box: boxSchema,
  score: z.number(),
});

/** One label of one shot, pooled over its frames. `box` is the best detection's; `detections` all that count. */
export const tagEventSchema = z.object({
  type: z.literal('tag'),
  shot: z.number().int().nonnegative(),
  label: z.string(),
  score: z.number(),
  source: tagSourceSchema,
  box: boxSchema.optional(),
  detections: z.array(detectionSchema).default([]),
});

/** First pass: a picture near `time`, shown until exact shots replace it. */
export const previewEventSchema = z.object({
  type: z.literal('preview'),
  time: flicksSchema,
  picture: z.string(),
});

export const progressEventSchema = z.object({
  type: z.literal('progress'),
  stage: z.string(),
  done: z.number(),
  /** Null while the whole is unknown. */
  total: z.number().nullable(),
  unit: z.enum(['frames', 'seconds', 'bytes', 'items']),
  /** Units a second of wall time, smoothed. */
  rate: z.number(),
  /** Seconds left; null while unknown. */
  eta: z.number().nullable(),
});

export const warningEventSchema = z.object({
  type: z.literal('warning'),
  code: z.enum(['damaged_part', 'ends_early', 'no_video', 'provider_fell_back', 'unknown_duration', 'not_saved']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const doneEventSchema = z.object({
  type: z.literal('done'),
  shots: z.number().int(),
  keyframes: z.number().int(),
  tags: z.number().int(),
  frames: z.number().int(),
  /** Wall time in seconds, 0 when everything came from the library. */
  seconds: z.number(),
  cached: z.boolean(),
});

export const analysisEventSchema = z.discriminatedUnion('type', [
  shotEventSchema,
  keyframeEventSchema,
  tagEventSchema,
  previewEventSchema,
  progressEventSchema,
  warningEventSchema,
  doneEventSchema,
]);

export type ShotEvent = z.infer<typeof shotEventSchema>;
export type KeyframeEvent = z.infer<typeof keyframeEventSchema>;
export type Detection = z.infer<typeof detectionSchema>;
export type TagEvent = z.infer<typeof tagEventSchema>;
export type PreviewEvent = z.infer<typeof previewEventSchema>;
export type ProgressEvent = z.infer<typeof progressEventSchema>;
export type WarningEvent = z.infer<typeof warningEventSchema>;
export type DoneEvent = z.infer<typeof doneEventSchema>;
export type AnalysisEvent = z.infer<typeof analysisEventSchema>;

export const wireErrorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cancelled') }),
  z.object({
    kind: z.literal('expected'),
    code: z.enum(EXPECTED_CODES),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  z.object({ kind: z.literal('bug'), detail: z.string() }),
]);

/** The command line's `--json` lines: times in seconds, internal fields left out. Null for what it does not print. */
export function toJsonEvent(event: AnalysisEvent): Record<string, unknown> | null {
  switch (event.type) {
    case 'shot':
      return { ...event, start: toSeconds(event.start), end: toSeconds(event.end) };
    case 'keyframe':
      return { type: 'keyframe', shot: event.shot, time: toSeconds(event.time), frame: event.frame };
    case 'tag': {
      const { detections: _detections, ...rest } = event;
      return rest;
    }
    case 'preview':
      return null;
    case 'progress':
    case 'warning':
    case 'done':
      return { ...event };
  }
}
