/** The library: one SQLite file in the data folder, shared by the app and the command line. */
import { statSync } from 'node:fs';
import { ExpectedError } from '../../shared/errors.ts';
import { analysisEventSchema, type AnalysisEvent } from '../../shared/events.ts';
import type { Moment } from '../../shared/ipc/engine.ts';
import { mediaSchema, type Media, type MediaId } from '../../shared/media.ts';
import { storedSpeechSchema, type StoredSpeech } from '../../shared/speech.ts';
import { measuresEventSchema, type StoredMeasures } from '../../shared/understanding/highlights/measures.ts';
import type { Sentence } from '../../shared/understanding/types.ts';
import { blobOf, bytesOf } from './blobs.ts';
import { Database, databasePath, isDamage, isUnwritable, setAside, translate } from './database.ts';
import { SearchStore } from './searchStore.ts';
import { searchTags } from './search.ts';
import { Stages, type SearchTerms } from './stages.ts';
import type { EncoderName, Library, PictureText, SearchIndex, ShotVector, ShotVectorKind, StageKey, StoredEvent, StoredStage, StoredWaveform } from './types.ts';

export interface OpenLibraryOptions {
  /** Data folder; made when it isn't there. */
  folder: string;
  /** Other words a label is found by: Chinese name, broader terms in both languages. */
  searchTerms: SearchTerms;
  /** The file was damaged, is kept under `kept`, and a fresh one is in use. */
  onDamaged?: (kept: string) => void;
  /** The library can't be used: results live in memory until the process ends. */
  onNotSaved?: (reason: Error) => void;
}

/**
 * Opens the library. A damaged file is set aside, never deleted. One that can't be used (no right to write, held by another process for
 * long, written by a newer version, disk full) is left alone and told to `onNotSaved`: the work goes on without it.
 */
export function openLibrary(options: OpenLibraryOptions): Library {
  try {
    const path = databasePath(options.folder);
    return new SqliteLibrary(openOrReplace(path, options), options);
  } catch (error) {
    const reason = translate(error, options.folder);
    if (!(reason instanceof ExpectedError) && !isUnwritable(error)) throw error;
    options.onNotSaved?.(asError(reason));
    return new SqliteLibrary(Database.open(':memory:'), options);
  }
}

/** A library that is gone when it is closed, for texts that are looked at once. */
export function openTemporaryLibrary(searchTerms: SearchTerms = () => []): Library {
  return new SqliteLibrary(Database.open(':memory:'), { folder: ':memory:', searchTerms });
}

const readAnalysis = (json: unknown): AnalysisEvent => analysisEventSchema.parse(json);
const readSpeech = (json: unknown): StoredSpeech => storedSpeechSchema.parse(json);
const readMeasures = (json: unknown): StoredMeasures => measuresEventSchema.parse(json);

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

function openOrReplace(path: string, options: OpenLibraryOptions): Database {
  const inode = inodeOf(path);
  try {
    return Database.open(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Another process may have replaced the file since; then the new one is opened.
    if (inodeOf(path) === inode) options.onDamaged?.(setAside(path));
    return Database.open(path);
  }
}

function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

class SqliteLibrary implements Library {
  readonly #options: OpenLibraryOptions;
  #database: Database;
  #stages: Stages;
  #search: SearchStore;
  readonly found: SearchIndex;

  constructor(database: Database, options: OpenLibraryOptions) {
    this.#options = options;
    this.#database = database;
    this.#stages = new Stages(database, options.searchTerms);
    this.#search = new SearchStore(database);
    this.found = this.#guardedSearch();
  }

  get path(): string {
    return this.#database.path;
  }

  putMedia(media: Media): void {
    this.#guard(() => {
      this.#database
        .prepare('INSERT INTO media (id, name, json) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET name = ?2, json = ?3')
        .run(media.id, media.name, JSON.stringify(media));
    });
  }

  getMedia(id: MediaId): Media | null {
    return this.#guard(() => {
      const row = this.#database.prepare('SELECT json FROM media WHERE id = ?').get(id) as { json: string } | undefined;
      if (!row) return null;
      // A row of an older version that no longer fits is as good as none: the file is probed again.
      const parsed = mediaSchema.safeParse(JSON.parse(row.json));
      return parsed.success ? parsed.data : null;
    });
  }

  countMedia(): number {
    return this.#guard(() => (this.#database.prepare('SELECT count(*) AS media FROM media').get() as { media: number }).media);
  }

  getStage(key: StageKey): StoredStage | null {
    return this.#guard(() => this.#stages.get(key, readAnalysis));
  }

  getSpeech(key: StageKey): StoredStage<StoredSpeech> | null {
    return this.#guard(() => this.#stages.get(key, readSpeech));
  }

  getMeasures(key: StageKey): StoredStage<StoredMeasures> | null {
    return this.#guard(() => this.#stages.get(key, readMeasures));
  }

  append(key: StageKey, events: StoredEvent[], checkpoint: unknown): void {
    this.#guard(() => this.#stages.append(key, events, checkpoint));
  }

  completeStage(key: StageKey): void {
    this.#guard(() => this.#stages.complete(key));
  }

  clearStage(key: StageKey): void {
    this.#guard(() => this.#stages.clear(key));
  }

  latestEvents(media: MediaId, stage: string): AnalysisEvent[] {
    return this.#guard(() => this.#stages.latest(media, stage, readAnalysis));
  }

  latestSpeech(media: MediaId, stage: string): StoredSpeech[] {
    return this.#guard(() => this.#stages.latest(media, stage, readSpeech));
  }

  putPicture(media: MediaId, picture: string, jpeg: Uint8Array): void {
    this.#guard(() => {
      this.#database.prepare('INSERT OR REPLACE INTO picture (media, picture, jpeg) VALUES (?, ?, ?)').run(media, picture, jpeg);
    });
  }

  getPicture(media: MediaId, picture: string): Uint8Array<ArrayBuffer> | null {
    return this.#guard(() => {
      const row = this.#database.prepare('SELECT jpeg FROM picture WHERE media = ? AND picture = ?').get(media, picture);
      return row ? blobOf(row.jpeg) : null;
    });
  }

  putWaveform(media: MediaId, waveform: StoredWaveform): void {
    this.#guard(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO waveform (media, buckets_per_second, samples) VALUES (?, ?, ?)')
        .run(media, waveform.bucketsPerSecond, bytesOf(waveform.samples));
    });
  }

  getWaveform(media: MediaId): StoredWaveform | null {
    return this.#guard(() => {
      const row = this.#database.prepare('SELECT buckets_per_second, samples FROM waveform WHERE media = ?').get(media);
      if (!row) return null;
      return { samples: new Float32Array(blobOf(row.samples).buffer), bucketsPerSecond: Number(row.buckets_per_second) };
    });
  }

  putSyncFrames(media: MediaId, times: Float64Array): void {
    this.#guard(() => {
      this.#database.prepare('INSERT OR REPLACE INTO sync_frames (media, times) VALUES (?, ?)').run(media, bytesOf(times));
    });
  }

  getSyncFrames(media: MediaId): Float64Array | null {
    return this.#guard(() => {
      const row = this.#database.prepare('SELECT times FROM sync_frames WHERE media = ?').get(media);
      return row ? new Float64Array(blobOf(row.times).buffer) : null;
    });
  }

  searchTags(query: string, media: MediaId[] | null, limit: number): Moment[] {
    return this.#guard(() => searchTags(this.#database, this.#stages.labels(), query, media, limit));
  }

  getEmbedding(hash: string): Float32Array | null {
    return this.#guard(() => this.#search.embeddings.get(hash));
  }

  putEmbeddings(entries: readonly (readonly [string, Float32Array])[]): void {
    this.#guard(() => this.#search.embeddings.put(entries));
  }

  isIndexed(media: MediaId, key: string): boolean {
    return this.#guard(() => this.#search.talks.has(media, key));
  }

  indexSentences(media: MediaId, key: string, sentences: readonly Sentence[], vectors: readonly Float32Array[] | null, encoder: EncoderName | null): void {
    this.#guard(() => this.#search.talks.put(media, key, sentences, vectors, encoder));
  }

  putPictureText(media: MediaId, texts: readonly PictureText[]): void {
    this.#guard(() => this.#search.pictures.putTexts(media, texts));
  }

  putShotVectors(media: MediaId, kind: ShotVectorKind, vectors: readonly ShotVector[]): void {
    this.#guard(() => this.#search.pictures.putVectors(media, kind, vectors));
  }

  addPictureText(media: MediaId, texts: readonly PictureText[]): void {
    this.#guard(() => this.#search.pictures.addTexts(media, texts));
  }

  addShotVectors(media: MediaId, kind: ShotVectorKind, vectors: readonly ShotVector[]): void {
    this.#guard(() => this.#search.pictures.addVectors(media, kind, vectors));
  }

  shotVectors(media: MediaId | null, kind: ShotVectorKind): (ShotVector & { media: MediaId })[] {
    return this.#guard(() => this.#search.pictures.vectors(media, kind));
  }

  forgetIndex(media: MediaId): void {
    this.#guard(() => this.#search.forget(media));
  }

  /** The lists, each call guarded like the rest: `#search` changes when a damaged file is replaced. */
  #guardedSearch(): SearchIndex {
    const ask = <T>(work: (search: SearchStore) => T): T => this.#guard(() => work(this.#search));
    return {
      get meaningMissing() {
        return ask((search) => search.meaningMissing);
      },
      encoders: () => ask((search) => search.talks.encoders()),
      talks: () => ask((search) => search.talks.media()),
      words: (...args) => ask((search) => search.talks.byWords(...args)),
      meaning: (...args) => ask((search) => search.talks.byMeaning(...args)),
      pictureText: (...args) => ask((search) => search.pictures.byWords(...args)),
      sentences: (ids) => ask((search) => search.talks.sentences(ids)),
      labels: () => ask((search) => search.shots.labels()),
      tagged: (...args) => ask((search) => search.shots.tagged(...args)),
      shot: (...args) => ask((search) => search.shots.shot(...args)),
      shotAt: (...args) => ask((search) => search.shots.at(...args)),
      mediaName: (media) => ask((search) => search.shots.mediaName(media)),
    };
  }

  getFact(key: string): unknown {
    return this.#guard(() => {
      const row = this.#database.prepare('SELECT json FROM fact WHERE key = ?').get(key) as { json: string } | undefined;
      return row ? (JSON.parse(row.json) as unknown) : null;
    });
  }

  putFact(key: string, value: unknown): void {
    this.#guard(() => {
      this.#database.prepare('INSERT OR REPLACE INTO fact (key, json) VALUES (?, ?)').run(key, JSON.stringify(value ?? null));
    });
  }

  bytes(): number {
    return this.#guard(() => {
      const pages = this.#database.prepare('PRAGMA page_count').get() as { page_count: number };
      const size = this.#database.prepare('PRAGMA page_size').get() as { page_size: number };
      return pages.page_count * size.page_size;
    });
  }

  close(): void {
    this.#database.close();
  }

  /**
   * Damage met later than at opening: the file is set aside and a fresh one begun, and the operation fails as
   * 'library_damaged'. What was under way starts anew, because its first pieces are no longer there.
   */
  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error) || this.#database.path === ':memory:') throw translate(error, this.path);
      throw this.#replace(error);
    }
  }

  #replace(cause: unknown): ExpectedError {
    const path = this.#database.path;
    const begun = this.#stages.begunKeys();
    const ours = this.#database.isStillAtPath();
    this.#database.close();
    let kept = path;
    try {
      if (ours) kept = setAside(path);
      this.#database = openOrReplace(path, this.#options);
      if (ours) this.#options.onDamaged?.(kept);
    } catch (error) {
      // Windows renames no file that is still open; then this process goes on without saving.
      this.#database = Database.open(':memory:');
      this.#options.onNotSaved?.(asError(error));
    }
    this.#stages = new Stages(this.#database, this.#options.searchTerms, begun);
    this.#search = new SearchStore(this.#database);
    return new ExpectedError('library_damaged', { path: kept }, { cause });
  }
}
