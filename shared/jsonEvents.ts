/** The lines that `rushes analyze --json` prints: one object a line, times in seconds, `end` exclusive. */
import { z } from 'zod';
import { boxSchema, doneEventSchema, progressEventSchema, tagSourceSchema, transitionSchema, warningEventSchema } from './events.ts';

/** `file` is there when several files were given: the path as it was given. */
const line = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject({ ...shape, file: z.string().optional() });

export const jsonShotSchema = line({
  type: z.literal('shot'),
  index: z.number().int().nonnegative(),
  start: z.number(),
  end: z.number(),
  startFrame: z.number().int().nonnegative(),
  endFrame: z.number().int().positive(),
  transitionIn: transitionSchema,
  confidence: z.number().min(0).max(1),
});

export const jsonKeyframeSchema = line({
  type: z.literal('keyframe'),
  shot: z.number().int().nonnegative(),
  time: z.number(),
  frame: z.number().int().nonnegative(),
});

export const jsonTagSchema = line({
  type: z.literal('tag'),
  shot: z.number().int().nonnegative(),
  label: z.string(),
  score: z.number(),
  source: tagSourceSchema,
  box: boxSchema.optional(),
});

export const jsonEventSchema = z.discriminatedUnion('type', [
  jsonShotSchema,
  jsonKeyframeSchema,
  jsonTagSchema,
  line(progressEventSchema.shape),
  line(warningEventSchema.shape),
  line(doneEventSchema.shape),
]);
export type JsonEvent = z.infer<typeof jsonEventSchema>;
