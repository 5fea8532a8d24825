/** Runs of stages: pieces appended in one transaction, indexed for search, guarded against a second writer. */
import type { TagSource } from '../../shared/events.ts';
import type { Database } from './database.ts';
import { words, type SearchableLabel } from './search.ts';
import type { StageKey, StoredEvent, StoredStage } from './types.ts';

/** Runs kept for a media and stage, so that going back to former settings costs nothing and the file stays small. */
const RUNS_KEPT = 3;

/** Never a run's count of pieces. */
const LOST = -1;

interface RunRow {
  id: number;
  complete: number;
  checkpoint: string;
  pieces: number;
  events: number;
}

/** Reads one stored event; throws when it has not the shape of its stage. */
export type EventReader<E> = (json: unknown) => E;
export type SearchTerms = (source: TagSource, label: string) => string[];

/**
 * The stages of one open library. `seen` remembers how many pieces a run had when this process last looked:
 * when another process has written since, this one's pieces are left out, because both find the same thing
 * and a mixture would count it twice.
 */
export class Stages {
  readonly #database: Database;
  readonly #searchTerms: SearchTerms;
  readonly #seen = new Map<string, number>();
  #labels: readonly SearchableLabel[] = [];
  #lastLabel = -1;

  /** `lost`: keys begun in a file that had to be replaced; nothing is appended to them until they are read or cleared again. */
  constructor(database: Database, searchTerms: SearchTerms, lost: Iterable<string> = []) {
    this.#database = database;
    this.#searchTerms = searchTerms;
    for (const name of lost) this.#seen.set(name, LOST);
  }

  begunKeys(): string[] {
    return [...this.#seen.keys()];
  }

  get<E extends StoredEvent>(key: StageKey, read: EventReader<E>): StoredStage<E> | null {
    const run = this.#find(key);
    this.#seen.set(nameOf(key), run?.pieces ?? 0);
    if (!run) return null;
    return { complete: run.complete === 1, checkpoint: JSON.parse(run.checkpoint), events: this.#events(run.id, read) };
  }

  append(key: StageKey, events: StoredEvent[], checkpoint: unknown): boolean {
    return this.#database.transaction(() => {
      const run = this.#find(key) ?? this.#create(key);
      const name = nameOf(key);
      if (run.pieces !== (this.#seen.get(name) ?? 0)) return false;
      this.#insert(run, events);
      this.#touch(run.id, key);
      this.#database
        .prepare('UPDATE run SET checkpoint = ?, pieces = pieces + 1, events = events + ?, complete = 0 WHERE id = ?')
        .run(JSON.stringify(checkpoint ?? null), events.length, run.id);
      this.#seen.set(name, run.pieces + 1);
      return true;
    });
  }

  complete(key: StageKey): boolean {
    return this.#database.transaction(() => {
      const run = this.#find(key) ?? this.#create(key);
      if (run.pieces !== (this.#seen.get(nameOf(key)) ?? 0)) return false;
      this.#database.prepare('UPDATE run SET complete = 1 WHERE id = ?').run(run.id);
      this.#touch(run.id, key);
      return true;
    });
  }

  clear(key: StageKey): void {
    this.#database
      .prepare('DELETE FROM run WHERE media = ? AND stage = ? AND model_hash = ? AND params = ?')
      .run(key.media, key.stage, key.modelHash, key.params);
    this.#seen.set(nameOf(key), 0);
  }

  latest<E extends StoredEvent>(media: string, stage: string, read: EventReader<E>): E[] {
    const row = this.#database
      .prepare('SELECT id FROM run WHERE media = ? AND stage = ? AND current = 1')
      .get(media, stage) as { id: number } | undefined;
    return row ? this.#events(row.id, read) : [];
  }

  #find(key: StageKey): RunRow | null {
    const row = this.#database
      .prepare('SELECT id, complete, checkpoint, pieces, events FROM run WHERE media = ? AND stage = ? AND model_hash = ? AND params = ?')
      .get(key.media, key.stage, key.modelHash, key.params) as RunRow | undefined;
    return row ?? null;
  }

  #create(key: StageKey): RunRow {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO run (media, stage, model_hash, params, current) VALUES (?, ?, ?, ?, 0)')
      .run(key.media, key.stage, key.modelHash, key.params);
    return { id: Number(lastInsertRowid), complete: 0, checkpoint: 'null', pieces: 0, events: 0 };
  }

  #events<E extends StoredEvent>(run: number, read: EventReader<E>): E[] {
    const rows = this.#database.prepare('SELECT json FROM event WHERE run = ? ORDER BY sequence').all(run) as { json: string }[];
    return rows.map((row) => read(JSON.parse(row.json)));
  }

  /** Makes this run the one that search looks at, and forgets the oldest ones of its stage. */
  #touch(run: number, key: StageKey): void {
    this.#database
      .prepare('UPDATE run SET current = (id = ?1) WHERE media = ?2 AND stage = ?3 AND current <> (id = ?1)')
      .run(run, key.media, key.stage);
    this.#database.prepare('UPDATE run SET touched = 1 + (SELECT max(touched) FROM run) WHERE id = ?').run(run);
    this.#database
      .prepare(
        `DELETE FROM run WHERE media = ?1 AND stage = ?2 AND id NOT IN
         (SELECT id FROM run WHERE media = ?1 AND stage = ?2 ORDER BY touched DESC LIMIT ${RUNS_KEPT})`,
      )
      .run(key.media, key.stage);
  }

  #insert(run: RunRow, events: StoredEvent[]): void {
    const insert = this.#database.prepare('INSERT INTO event (run, sequence, json) VALUES (?, ?, ?)');
    events.forEach((event, offset) => {
      insert.run(run.id, run.events + offset, JSON.stringify(event));
      this.#index(run.id, event);
    });
  }

  #index(run: number, event: StoredEvent): void {
    const database = this.#database;
    if (event.type === 'shot') {
      database
        .prepare('INSERT OR REPLACE INTO shot (run, shot, start_time, end_time) VALUES (?, ?, ?, ?)')
        .run(run, event.index, event.start, event.end);
    } else if (event.type === 'keyframe') {
      database
        .prepare('INSERT OR REPLACE INTO keyframe (run, shot, rank, picture) VALUES (?, ?, ?, ?)')
        .run(run, event.shot, event.rank, event.picture);
    } else if (event.type === 'tag') {
      database
        .prepare('INSERT OR REPLACE INTO tag (run, shot, label, score) VALUES (?, ?, ?, ?)')
        .run(run, event.shot, this.#label(event.source, event.label), event.score);
    }
  }

  #label(source: string, label: string): number {
    const select = this.#database.prepare('SELECT id FROM label WHERE source = ? AND label = ?');
    const known = select.get(source, label) as { id: number } | undefined;
    if (known) return known.id;
    return Number(this.#database.prepare('INSERT INTO label (source, label) VALUES (?, ?)').run(source, label).lastInsertRowid);
  }

  /** Every label met so far with the words it is found by. Labels are only ever added, so the last id tells whether there are new ones. */
  labels(): readonly SearchableLabel[] {
    const last = (this.#database.prepare('SELECT coalesce(max(id), 0) AS last FROM label').get() as { last: number }).last;
    if (last === this.#lastLabel) return this.#labels;
    const rows = this.#database.prepare('SELECT id, source, label FROM label').all() as { id: number; source: TagSource; label: string }[];
    this.#labels = rows.map(({ id, source, label }) => ({
      id,
      parts: [...new Set([label, ...this.#searchTerms(source, label)].flatMap(words))],
    }));
    this.#lastLabel = last;
    return this.#labels;
  }
}

function nameOf(key: StageKey): string {
  return JSON.stringify([key.media, key.stage, key.modelHash, key.params]);
}
