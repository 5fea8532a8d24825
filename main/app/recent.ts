/** Files opened lately, newest first. The window sees an id, a name and a folder; it opens by id. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import type { Recent } from '../../shared/ipc/app.ts';
import { openStore, type Store } from './store.ts';

const KEEP = 20;
const recentFileSchema = z.object({
  files: z.array(z.object({ path: z.string(), openedMs: z.number() })).default([]),
});
type RecentFile = z.infer<typeof recentFileSchema>;

const idOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 32);

export class RecentFiles {
  readonly #store: Store<RecentFile>;
  readonly #onChange: () => void;

  constructor(folder: string, onChange: () => void) {
    this.#store = openStore(folder, 'recent', recentFileSchema);
    this.#onChange = onChange;
  }

  add(path: string): void {
    const others = this.#store.get().files.filter((entry) => entry.path !== path);
    this.#store.set({ files: [{ path, openedMs: Date.now() }, ...others].slice(0, KEEP) });
    app.addRecentDocument(path);
    this.#onChange();
  }

  list(): Recent[] {
    return this.#store.get().files.map(({ path, openedMs }) => ({
      id: idOf(path),
      name: basename(path),
      folder: dirname(path),
      openedMs,
      exists: existsSync(path),
    }));
  }

  /** Path behind an id; undefined for one that is not in the list (any more). */
  path(id: string): string | undefined {
    return this.#store.get().files.find((entry) => idOf(entry.path) === id)?.path;
  }

  forget(id: string): void {
    this.#store.set({ files: this.#store.get().files.filter((entry) => idOf(entry.path) !== id) });
    this.#onChange();
  }
}
