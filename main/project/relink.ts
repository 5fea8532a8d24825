/** Finds a project's media again: where they were, beside the project, or under another name in the same folder. */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import type { Media } from '../../shared/media.ts';
import type { MediaReference } from './projectFile.ts';

/** Opens a file as media: probes it and tells its fingerprint. Throws ExpectedError for what is none. */
export type OpenMedia = (path: string) => Promise<Media>;

/** A folder with more entries than this is not searched. */
const LARGEST_FOLDER = 10_000;

/**
 * The media that `reference` names, wherever it is now; null when no file with its content is found. `folder` is the project file's,
 * null for the current project.
 */
export async function findMedia(reference: MediaReference, folder: string | null, open: OpenMedia): Promise<Media | null> {
  const beside = folder ? [...(reference.relative ? [resolve(folder, reference.relative)] : []), join(folder, reference.name)] : [];
  const places = [...new Set([...beside.slice(0, 1), reference.path, ...beside])];
  for (const path of places) {
    const media = await openIfSame(path, reference, open);
    if (media) return media;
  }
  for (const each of new Set([...(folder ? [folder] : []), dirname(reference.path)])) {
    for (const name of await listFolder(each)) {
      const path = join(each, name);
      const media = places.includes(path) ? null : await openIfSame(path, reference, open);
      if (media) return media;
    }
  }
  return null;
}

async function listFolder(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.length > LARGEST_FOLDER ? [] : names;
}

/** Files of another size are passed over without being read. */
async function openIfSame(path: string, reference: MediaReference, open: OpenMedia): Promise<Media | null> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile() || facts.size !== reference.bytes) return null;
  try {
    const media = await open(path);
    return media.id === reference.id ? media : null;
  } catch (error) {
    if (error instanceof ExpectedError) return null;
    throw error;
  }
}
