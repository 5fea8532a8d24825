/** Shots and their labels, as the search asks for them: of each media's latest analysis. */
import type { MediaId } from '../../shared/media.ts';
import type { Database } from './database.ts';
import type { FoundShot, KnownLabel, TaggedShot } from './types.ts';

export class ShotIndex {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  of(media: MediaId): FoundShot[] {
    return this.#database
      .prepare(
        `SELECT shot.shot, shot.start_time AS start, shot.end_time AS end,
           (SELECT keyframe.picture FROM run AS frames JOIN keyframe ON keyframe.run = frames.id
            WHERE frames.media = ?1 AND frames.current = 1 AND keyframe.shot = shot.shot ORDER BY keyframe.rank LIMIT 1) AS picture
         FROM run JOIN shot ON shot.run = run.id WHERE run.media = ?1 AND run.current = 1 ORDER BY shot.start_time`,
      )
      .all(media) as unknown as FoundShot[];
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
