/**
 * The edit as data: an ordered clip lane, changed only by commands applied by a pure function. Undo, the crash
 * journal and the tests are all the same list of commands.
 */
import { z } from 'zod';
import { mediaIdSchema } from './media.ts';
import { flicksSchema } from './time.ts';

export const clipSchema = z.object({
  id: z.string().min(1).max(64),
  media: mediaIdSchema,
  /** Range in the media's own time; end exclusive. */
  start: flicksSchema,
  end: flicksSchema,
  name: z.string().max(200),
});
export type Clip = z.infer<typeof clipSchema>;

export const editSchema = z.object({ clips: z.array(clipSchema) });
export type Edit = z.infer<typeof editSchema>;

export const EMPTY_EDIT: Edit = { clips: [] };

export const editCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('clips.insert'), at: z.number().int().nonnegative(), clips: z.array(clipSchema).min(1) }),
  z.object({ type: z.literal('clips.remove'), ids: z.array(z.string()).min(1) }),
  z.object({ type: z.literal('clip.move'), id: z.string(), to: z.number().int().nonnegative() }),
  z.object({ type: z.literal('clip.trim'), id: z.string(), start: flicksSchema, end: flicksSchema }),
  z.object({ type: z.literal('clip.rename'), id: z.string(), name: z.string().max(200) }),
]);
export type EditCommand = z.infer<typeof editCommandSchema>;
