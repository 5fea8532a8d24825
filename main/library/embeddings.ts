/** Embeddings of texts by hash, so that correcting one cue embeds one sentence. The oldest ones are forgotten. */
import type { Database } from './database.ts';
import { blobOf } from './blobs.ts';
import { fromFloat16, toFloat16 } from './float16.ts';

/** Texts kept: some two hundred hours of talk, 150 MB. */
const MOST_EMBEDDINGS = 200_000;

export class Embeddings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(hash: string): Float32Array | null {
    const row = this.#database.prepare('SELECT vector FROM embedding WHERE hash = ?').get(hash) as { vector: unknown } | undefined;
    return row ? fromFloat16(blobOf(row.vector)) : null;
  }

  put(entries: readonly (readonly [hash: string, vector: Float32Array])[]): void {
    this.#database.transaction(() => {
      const insert = this.#database.prepare('INSERT OR REPLACE INTO embedding (hash, vector) VALUES (?, ?)');
      for (const [hash, vector] of entries) insert.run(hash, toFloat16(vector));
      this.#database.prepare(`DELETE FROM embedding WHERE id <= (SELECT max(id) FROM embedding) - ${MOST_EMBEDDINGS}`).run();
    });
  }
}
