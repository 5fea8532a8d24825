/** Licences and sizes of the pack's networks, from the pack's own list. */
import { z } from 'zod';
import manifest from '../../../models/manifest.json';

const manifestSchema = z.array(z.object({ id: z.string(), bytes: z.number(), licence: z.string() }));
const known = new Map(manifestSchema.parse(manifest).map((model) => [model.id, model]));

export interface Network {
  readonly name: string;
  readonly licence: string;
  readonly bytes: number;
}

/** Null for one that this pack doesn't have. */
export function networkOf(id: string): Network | null {
  const model = known.get(id);
  return model ? { name: model.id, licence: model.licence, bytes: model.bytes } : null;
}
