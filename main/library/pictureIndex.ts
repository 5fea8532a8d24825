/** Text read in keyframes, and how shots look. */
import type { MediaId } from '../../shared/media.ts';
import { blobOf } from './blobs.ts';
import type { Database } from './database.ts';
import { fromFloat16, toFloat16 } from './float16.ts';
import type { FoundPictureText, PictureText, ShotVector, ShotVectorKind } from './types.ts';
import { indexedText, wordExpression } from './words.ts';

/** Key of the fact that tells how far a kind of result has come. */
export const picturesFact = (media: MediaId, part: 'text' | ShotVectorKind): string => `pictures:${media}:${part}`;

export class PictureIndex {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  putTexts(media: MediaId, texts: readonly PictureText[]): void {
    this.#database.transaction(() => {
      this.#removeTexts(media);
      this.#insertTexts(media, texts);
    });
  }

  addTexts(media: MediaId, texts: readonly PictureText[]): void {
    this.#database.transaction(() => {
      for (const { shot, time } of texts) this.#removeTextsAt(media, shot, time);
      this.#insertTexts(media, texts);
    });
  }

  #insertTexts(media: MediaId, texts: readonly PictureText[]): void {
    const row = this.#database.prepare('INSERT INTO picture_text (media, shot, time, text, score) VALUES (?, ?, ?, ?, ?)');
    const words = this.#database.prepare('INSERT INTO picture_words (rowid, words, characters) VALUES (?, ?, ?)');
    for (const { shot, time, text, score } of texts) {
      const indexed = indexedText(text);
      words.run(row.run(media, shot, time, text, score).lastInsertRowid, indexed.words, indexed.characters);
    }
  }

  putVectors(media: MediaId, kind: ShotVectorKind, vectors: readonly ShotVector[]): void {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM shot_vector WHERE media = ? AND kind = ?').run(media, kind);
      this.addVectors(media, kind, vectors);
    });
  }

  addVectors(media: MediaId, kind: ShotVectorKind, vectors: readonly ShotVector[]): void {
    const row = this.#database.prepare('INSERT OR REPLACE INTO shot_vector (media, kind, shot, vector) VALUES (?, ?, ?, ?)');
    for (const { shot, vector } of vectors) row.run(media, kind, shot, toFloat16(vector));
  }

  vectors(media: MediaId | null, kind: ShotVectorKind): (ShotVector & { media: MediaId })[] {
    const rows = this.#database
      .prepare('SELECT media, shot, vector FROM shot_vector WHERE kind = ?1 AND (?2 IS NULL OR media = ?2) ORDER BY media, shot')
      .all(kind, media) as { media: MediaId; shot: number; vector: unknown }[];
    return rows.map(({ vector, ...row }) => ({ ...row, vector: fromFloat16(blobOf(vector)) }));
  }

  /** By BM25, best first. */
  byWords(words: readonly string[], media: readonly MediaId[] | null, limit: number): FoundPictureText[] {
    if (words.length === 0) return [];
    return this.#database
      .prepare(
        `SELECT text.media, text.shot, text.time, text.text, text.score FROM picture_words JOIN picture_text AS text ON text.id = picture_words.rowid
         WHERE picture_words MATCH ?1 AND (?2 IS NULL OR text.media IN (SELECT value FROM json_each(?2)))
         ORDER BY bm25(picture_words, 1.0, 0.5), text.id LIMIT ?3`,
      )
      .all(words.map((word) => `(${wordExpression(word)})`).join(' OR '), media === null ? null : JSON.stringify(media), limit) as unknown as FoundPictureText[];
  }

  /** And how far the examination has come, else what is removed would never be found again. */
  remove(media: MediaId): void {
    this.#database.transaction(() => {
      this.#removeTexts(media);
      this.#database.prepare('DELETE FROM shot_vector WHERE media = ?').run(media);
      const fact = this.#database.prepare('DELETE FROM fact WHERE key = ?');
      for (const part of ['text', 'features', 'joint'] as const) fact.run(picturesFact(media, part));
    });
  }

  #removeTextsAt(media: MediaId, shot: number, time: number): void {
    const which = 'SELECT id FROM picture_text WHERE media = ? AND shot = ? AND time = ?';
    this.#database.prepare(`DELETE FROM picture_words WHERE rowid IN (${which})`).run(media, shot, time);
    this.#database.prepare(`DELETE FROM picture_text WHERE id IN (${which})`).run(media, shot, time);
  }

  #removeTexts(media: MediaId): void {
    this.#database.prepare('DELETE FROM picture_words WHERE rowid IN (SELECT id FROM picture_text WHERE media = ?)').run(media);
    this.#database.prepare('DELETE FROM picture_text WHERE media = ?').run(media);
  }
}
