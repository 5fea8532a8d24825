/** Shots and their labels, as the search asks for them: of each media's latest analysis. */
import type { MediaId } from '../../shared/media.ts';
import type { Database } from './database.ts';
import type { FoundShot, KnownLabel, TaggedShot } from './types.ts';

export class ShotIndex {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One shot by its number. */
  shot(media: MediaId, number: number): FoundShot | null {
    return this.#first('shot.shot = ?2', media, number);
  }

  /** The shot shown at a time. */
  at(media: MediaId, time: number): FoundShot | null {
    return this.#first('shot.start_time <= ?2 AND shot.end_time > ?2', media, time);
  }

  #first(condition: string, media: MediaId, value: number): FoundShot | null {
    const row = this.#database
      .prepare(
        `SELECT shot.shot, shot.start_time AS start, shot.end_time AS end,
           (SELECT keyframe.picture FROM run AS frames JOIN keyframe ON keyframe.run = frames.id
            WHERE frames.media = ?1 AND frames.current = 1 AND keyframe.shot = shot.shot ORDER BY keyframe.rank LIMIT 1) AS picture
         FROM run JOIN shot ON shot.run = run.id WHERE run.media = ?1 AND run.current = 1 AND ${condition} LIMIT 1`,
      )
      .get(media, value) as unknown as FoundShot | undefined;
    return row ?? null;
  }

  labels(): KnownLabel[] {
    return this.#database.prepare('SELECT id, source, label FROM label').all() as unknown as KnownLabel[];
  }

  tagged(labels: readonly number[], media: readonly MediaId[] | null): TaggedShot[] {
    return this.#database
      .prepare(
        `SELECT run.media, tag.shot, tag.label, tag.score FROM json_each(?1) JOIN tag ON tag.label = value
         JOIN run ON run.id = tag.run AND run.current = 1 WHERE ?2 IS NULL OR run.media IN (SELECT value FROM json_each(?2))`,
      )
      .all(JSON.stringify(labels), media === null ? null : JSON.stringify(media)) as unknown as TaggedShot[];
  }

  mediaName(media: MediaId): string | null {
    const row = this.#database.prepare('SELECT name FROM media WHERE id = ?').get(media) as { name: string } | undefined;
    return row?.name ?? null;
  }
}
