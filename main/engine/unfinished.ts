/**
 * Outputs of a process that was killed: their temporary files are removed at the next start. The library remembers which process
 * was writing into which folder; temporary files carry their process's id in their names.
 */
import { readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Library } from '../library/types.ts';
import { isAlive } from '../media/alive.ts';
import { temporariesOf } from '../media/safeFile.ts';

const FACT = 'outputs-under-way';
const recordSchema = z.object({ pid: z.number().int().positive(), folder: z.string() });
type OutputRecord = z.infer<typeof recordSchema>;

export class UnfinishedOutputs {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** Runs an export that writes to `path`, a file or a folder, remembering so while it does. */
  async *during<E>(path: string, source: AsyncIterable<E>): AsyncGenerator<E> {
    const full = resolve(path);
    const records = [full, dirname(full)].map((folder): OutputRecord => ({ pid: process.pid, folder }));
    this.#write([...this.#read(), ...records]);
    try {
      yield* source;
    } finally {
      const isOurs = ({ pid, folder }: OutputRecord): boolean => records.some((each) => each.pid === pid && each.folder === folder);
      this.#write(this.#read().filter((record) => !isOurs(record)));
    }
  }

  /** Removes what processes that are gone left behind. A folder that is not there any more is forgotten. */
  async sweep(): Promise<void> {
    const dead = this.#read().filter(({ pid }) => !isAlive(pid));
    for (const record of dead) {
      const names = await readdir(record.folder).catch(() => []);
      for (const name of temporariesOf(record.pid, names)) await rm(join(record.folder, name), { recursive: true, force: true }).catch(() => undefined);
      this.#write(this.#read().filter(({ pid, folder }) => pid !== record.pid || folder !== record.folder));
    }
  }

  #read(): OutputRecord[] {
    return z.array(recordSchema).safeParse(this.#library.getFact(FACT)).data ?? [];
  }

  /** A library that can't be written costs only the tidying. */
  #write(records: OutputRecord[]): void {
    try {
      this.#library.putFact(FACT, records);
    } catch {
      return;
    }
  }
}
