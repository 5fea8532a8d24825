/** models/manifest.json: what each graph is, its file and hash, and what goes in and comes out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const tensorTypeSchema = z.enum(['uint8', 'float32', 'int64']);
/** A number is a fixed size, a word names one that the caller chooses ("batch") or that follows from the input. */
const shapeSchema = z.array(z.union([z.number().int().positive(), z.string()]));

/**
 * How two answers of one output are compared (agreement.ts). `picture`: levels of 0 to 255. `boxes`: rows whose first four numbers are the box's
 * corners; `score` and `class` are the columns of its score and its class (null: one class only).
 */
const meaningSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('probability') }),
  z.object({ kind: z.literal('features') }),
  z.object({ kind: z.literal('picture') }),
  z.object({ kind: z.literal('boxes'), score: z.number().int(), class: z.number().int().nullable() }),
]);
export type OutputMeaning = z.infer<typeof meaningSchema>;

/** A file of the models folder, as it must be. */
const fileSchema = z.object({
  file: z.string().regex(/^[\w.-]+$/),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ManifestFile = z.infer<typeof fileSchema>;

const manifestEntrySchema = fileSchema.extend({
  id: z.string(),
  what: z.string(),
  licence: z.string(),
  /** Files with the licence's text and the card, relative to the models folder. */
  licenceFiles: z.array(z.string()).min(1),
  card: z.string(),
  /** For a quantised form: the id of the float model that it stands in for. */
  int8Of: z.string().nullable(),
  /** Where its weights come from; none when it has no weights and is made by models/tools alone. */
  source: z.array(z.object({ registry: z.string(), package: z.string(), version: z.string(), sha256: z.string() })),
  /** Other files that the model is no use without (its vocabulary, its numbers). */
  companions: z.array(fileSchema).default([]),
  /** The named sizes when the model is tried out; 1 for those not given. */
  trial: z.record(z.string(), z.number().int().positive()).default({}),
  /** `probe`: the number that fills the input when the model is tried out, where a drawn picture, sound or noise would mean nothing (a switch, a weight). */
  inputs: z.array(z.object({ name: z.string(), type: tensorTypeSchema, shape: shapeSchema, probe: z.number().optional() })).min(1),
  outputs: z.array(z.object({ name: z.string(), type: tensorTypeSchema, shape: shapeSchema, meaning: meaningSchema })).min(1),
});
export type ManifestEntry = z.infer<typeof manifestEntrySchema>;

const manifestSchema = z.array(manifestEntrySchema);

/** The parsed manifest of `modelsDir`. A malformed one is a bug of the build, not of the person's machine: it throws as such. */
export function readManifest(modelsDir: string): ManifestEntry[] {
  return manifestSchema.parse(JSON.parse(readFileSync(join(modelsDir, 'manifest.json'), 'utf8')));
}
