/** What the library keeps of the measures that highlights are made of. */
import { z } from 'zod';

/** A run of cells: each row has the columns of its stage, rounded. `from` is the first one's number, counted from the media's start. */
export const measuresEventSchema = z.object({
  type: z.literal('measures'),
  from: z.number().int().nonnegative(),
  rows: z.array(z.array(z.number())),
});
export type StoredMeasures = z.infer<typeof measuresEventSchema>;
