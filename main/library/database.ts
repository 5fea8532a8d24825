/** One SQLite file, opened so that several processes may use it at once, and set aside when it is damaged. */
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { ExpectedError } from '../../shared/errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { loadVectors } from './vectors.ts';

/** Primary result codes, https://sqlite.org/rescode.html */
const BUSY = 5;
const LOCKED = 6;
const READ_ONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;

/** How long one process waits for another's transaction. Ours last milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

type Handle = InstanceType<typeof DatabaseSync>;
type Statement = ReturnType<Handle['prepare']>;

/** SQLite's sentences (sqlite3_errstr): the binding leaves the code out of errors met while it reads rows. */
const SENTENCES: ReadonlyMap<string, number> = new Map([
  ['database is locked', BUSY],
  ['database table is locked', LOCKED],
  ['attempt to write a readonly database', READ_ONLY],
  ['database disk image is malformed', CORRUPT],
  ['database or disk is full', FULL],
  ['unable to open database file', CANNOT_OPEN],
  ['file is not a database', NOT_A_DATABASE],
]);

function resultCode(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  return SENTENCES.get(error.message) ?? null;
}

export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** True when the folder or file can't be written or made; the caller may go on without saving. */
export function isUnwritable(error: unknown): boolean {
  const code = resultCode(error);
  if (code === READ_ONLY || code === CANNOT_OPEN) return true;
  const name = error instanceof Error && 'code' in error ? error.code : null;
  return name === 'EACCES' || name === 'EPERM' || name === 'EROFS' || name === 'ENOTDIR' || name === 'EEXIST' || name === 'ENOENT';
}

/** SQLite's failures as the user's: locked, disk full. Anything else stays what it is. */
export function translate(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (code === BUSY || code === LOCKED) return new ExpectedError('library_locked', { path }, { cause: error });
  if (code === FULL) return new ExpectedError('disk_full', { name: path }, { cause: error });
  return error;
}

/** An open database with its statements kept prepared. */
export class Database {
  readonly path: string;
  /** Why sqlite-vec can't be used; null when it can. */
  readonly vectorsMissing: Error | null;
  readonly #handle: Handle;
  readonly #statements = new Map<string, Statement>();
  readonly #inode: number;

  private constructor(path: string, handle: Handle, vectorsMissing: Error | null) {
    this.path = path;
    this.vectorsMissing = vectorsMissing;
    this.#handle = handle;
    this.#inode = path === ':memory:' ? 0 : statSync(path).ino;
  }

  /** Opens or makes the file and brings it to the newest version. Throws SQLite's own errors. */
  static open(path: string): Database {
    const handle = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, allowExtension: true });
    try {
      const vectorsMissing = loadVectors(handle);
      // WAL: readers go on while another process writes. NORMAL is safe against crashes of the process;
      // a power cut may lose the last pieces, which are then computed again.
      handle.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
      migrate(handle, path);
      return new Database(path, handle, vectorsMissing);
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#handle.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Runs `work` as one transaction: all of it is stored or nothing. */
  transaction<T>(work: () => T): T {
    this.#handle.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#handle.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#handle.isTransaction) this.#handle.exec('ROLLBACK');
      throw error;
    }
  }

  /** False when another process has already set the file aside and begun a new one. */
  isStillAtPath(): boolean {
    return this.path === ':memory:' || (existsSync(this.path) && statSync(this.path).ino === this.#inode);
  }

  /**
   * Writes the log back into the file first: the binding keeps statements, and with them the connection, until they are collected,
   * so that SQLite's own clean-up at the last close may never come.
   */
  close(): void {
    if (!this.#handle.isOpen) return;
    this.#statements.clear();
    try {
      this.#handle.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Another process reads, the disk is full or the file is damaged: the log stays and is used at the next opening.
    }
    this.#handle.close();
  }
}

function userVersion(handle: Handle): number {
  const row = handle.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

/** A library of a newer app is refused by name rather than written to in an old shape. */
function migrate(handle: Handle, path: string): void {
  if (userVersion(handle) === MIGRATIONS.length) return;
  handle.exec('BEGIN IMMEDIATE');
  try {
    const from = userVersion(handle);
    if (from > MIGRATIONS.length) throw new ExpectedError('library_newer', { path });
    for (const step of MIGRATIONS.slice(from)) handle.exec(step);
    handle.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT;`);
  } catch (error) {
    if (handle.isTransaction) handle.exec('ROLLBACK');
    throw error;
  }
}

/** Renames a damaged database and its side files; returns the name it is kept under. */
export function setAside(path: string, now: Date = new Date()): string {
  const stamp = now.toISOString().replace(/[:.]/g, '-');
  const kept = `${path}.damaged-${stamp}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix);
  }
  return kept;
}

/** The library's file inside a data folder, which is made when it isn't there. */
export function databasePath(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, 'library.db');
}
