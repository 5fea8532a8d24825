/** A small JSON file of the app's own (settings, recent files, window place), always valid by its schema. */
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ipcMain } from 'electron';
import ElectronStore from 'electron-store';
import type { z } from 'zod';

export interface Store<T> {
  get(): T;
  /** Writes at once, through a temporary file. */
  set(value: T): void;
}

/**
 * Opens `folder/name.json`. A file that is not JSON or not what the schema says is kept beside as `name.bad.json`,
 * and the schema's defaults are used.
 */
export function openStore<T extends Record<string, unknown>>(folder: string, name: string, schema: z.ZodType<T>): Store<T> {
  const file = join(folder, `${name}.json`);
  const first = readValid(file, schema);
  const store = new ElectronStore<Record<string, unknown>>({ cwd: folder, name });
  // electron-store answers any page that asks where the app's data is; ours never does.
  ipcMain.removeAllListeners('electron-store-get-data');
  let current = first;
  return {
    get: () => current,
    set(value) {
      current = schema.parse(value);
      store.store = current;
    },
  };
}

/** The file's content by its schema; the defaults for a missing file; the defaults and the file kept aside for a bad one. */
export function readValid<T>(file: string, schema: z.ZodType<T>): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return schema.parse({});
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    renameSync(file, file.replace(/\.json$/, '.bad.json'));
    return schema.parse({});
  }
}
