/** Finds the models folder and vouches for its files before anything loads them. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ExpectedError } from '../../shared/errors.ts';
import { readManifest, type ManifestEntry, type ManifestFile } from './manifest.ts';
import type { Facts } from './types.ts';

/** A model whose files passed their checks: safe to load from `path`. */
export interface CheckedModel {
  entry: ManifestEntry;
  path: string;
  /** Paths of its companions, by file name. */
  companions: Record<string, string>;
  hash: string;
}

/** One version of a file on disk: the hash is computed anew when any of these changes. */
const checkedFileSchema = z.object({
  bytes: z.number(),
  modifiedMs: z.number(),
  changedMs: z.number(),
  inode: z.number(),
  sha256: z.string(),
});
type CheckedFile = z.infer<typeof checkedFileSchema>;
type FileVersion = Omit<CheckedFile, 'sha256'>;

/**
 * The folder with manifest.json: `RUSHES_MODELS`, else `models` in the nearest folder above this module, which is the
 * project's root when run from source or from dist, and the resources folder of an installed app.
 */
export function findModelsDir(from = dirname(fileURLToPath(import.meta.url))): string {
  const override = process.env['RUSHES_MODELS'];
  if (override) return override;
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'models');
    if (existsSync(join(candidate, 'manifest.json'))) return outsideArchive(candidate);
    if (folder === dirname(folder)) throw new ExpectedError('model_missing', { file: join(from, 'models', 'manifest.json') });
  }
}

/** ONNX Runtime opens files itself and can't look into app.asar: models packed there lie beside it, unpacked. */
function outsideArchive(folder: string): string {
  return folder.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
}

export class ModelRegistry {
  readonly modelsDir: string;
  readonly entries: ManifestEntry[];
  readonly #facts: Facts;
  readonly #checks = new Map<string, CheckedFile>();

  constructor(modelsDir: string, facts: Facts) {
    this.modelsDir = modelsDir;
    this.entries = readManifest(modelsDir);
    this.#facts = facts;
  }

  /** The manifest's entry. An unknown id is a bug of the caller. */
  entry(id: string): ManifestEntry {
    const entry = this.entries.find((candidate) => candidate.id === id);
    if (!entry) throw new Error(`no model ${id} in ${this.modelsDir}`);
    return entry;
  }

  pathOf(id: string): string {
    return join(this.modelsDir, this.entry(id).file);
  }

  /**
   * Checks the sizes of the model's files and, once for each version of a file, the SHA-256. ExpectedError
   * 'model_missing', 'model_short' or 'model_altered' with `file`.
   */
  async check(id: string): Promise<CheckedModel> {
    const entry = this.entry(id);
    const path = await this.#checkFile(entry);
    const companions: Record<string, string> = {};
    for (const companion of entry.companions) companions[companion.file] = await this.#checkFile(companion);
    return { entry, path, companions, hash: entry.sha256 };
  }

  /** SHA-256 of a file from elsewhere, computed once for each version of it. ExpectedError 'model_missing' with `file`. */
  async hashFile(path: string): Promise<string> {
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) throw new ExpectedError('model_missing', { file: path });
    return this.#hashOf(path, versionOf(found));
  }

  async #checkFile(entry: ManifestFile): Promise<string> {
    const path = join(this.modelsDir, entry.file);
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) throw new ExpectedError('model_missing', { file: path });
    if (found.size < entry.bytes) throw new ExpectedError('model_short', { file: path, bytes: found.size, expected: entry.bytes });
    if (found.size > entry.bytes) throw new ExpectedError('model_altered', { file: path });
    const sha256 = await this.#hashOf(path, versionOf(found));
    if (sha256 !== entry.sha256) throw new ExpectedError('model_altered', { file: path });
    return path;
  }

  async #hashOf(path: string, version: FileVersion): Promise<string> {
    return this.#remembered(path, version) ?? (await this.#hashAndRemember(path, version));
  }

  #remembered(path: string, version: FileVersion): string | null {
    const known = this.#checks.get(path) ?? checkedFileSchema.safeParse(this.#facts.getFact(factKey(path))).data;
    if (!known) return null;
    const same =
      known.bytes === version.bytes &&
      known.modifiedMs === version.modifiedMs &&
      known.changedMs === version.changedMs &&
      known.inode === version.inode;
    return same ? known.sha256 : null;
  }

  async #hashAndRemember(path: string, version: FileVersion): Promise<string> {
    const digest = createHash('sha256');
    await pipeline(createReadStream(path), digest).catch(() => {
      throw new ExpectedError('model_missing', { file: path });
    });
    const checked = { ...version, sha256: digest.digest('hex') };
    this.#checks.set(path, checked);
    this.#facts.putFact(factKey(path), checked);
    return checked.sha256;
  }
}

const versionOf = ({ size, mtimeMs, ctimeMs, ino }: Stats): FileVersion => ({ bytes: size, modifiedMs: mtimeMs, changedMs: ctimeMs, inode: ino });
const factKey = (path: string): string => `model-file:${path}`;
