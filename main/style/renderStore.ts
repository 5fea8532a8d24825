/**
 * Renders on disk: a folder for each, with its finished pieces and a journal that tells of them. A line is written to the journal when its piece
 * has its name, so whatever ends the process, the next run goes on from there. All renders together are bounded: the longest unused go.
 */
import { appendFile, mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { flicksSchema } from '../../shared/time.ts';
import { isAlive } from '../media/alive.ts';
import { writeFailure } from '../media/safeFile.ts';

const pieceSchema = z.object({
  piece: z.number().int().nonnegative(),
  file: z.string().regex(/^[\w.-]+$/),
  bytes: z.number().int().positive(),
  /** Of the frames, on the source's clock. */
  times: z.array(flicksSchema).min(1),
  /** When the shot that it ends in began. */
  shot: flicksSchema,
});
export type Piece = z.infer<typeof pieceSchema>;

const clipSchema = z.object({ clip: z.string().regex(/^[\w.-]+$/), bytes: z.number().int().positive(), frames: z.number().int().positive() });
export type FinishedClip = z.infer<typeof clipSchema>;

const JOURNAL = 'journal.jsonl';
/** 10 GB: some hours of small video. */
export const DEFAULT_LIMIT = 10e9;
/** A folder without a journal this old was left by a process that was killed. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** Renders that this process writes or reads: not dropped. By folder, how often. */
const held = new Map<string, number>();

/** Keeps a render from being dropped until the function that is given is called. `folder`: of that render. */
export function holdRender(folder: string): () => void {
  held.set(folder, (held.get(folder) ?? 0) + 1);
  let released = false;
  return () => {
    if (released) return;
    released = true;
    const count = (held.get(folder) ?? 1) - 1;
    if (count > 0) held.set(folder, count);
    else held.delete(folder);
  };
}

export class RenderFolder {
  readonly path: string;

  constructor(store: string, key: string) {
    this.path = join(store, key);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Makes the folder and removes what processes that are gone left half-made. */
  async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true }).catch((error: unknown) => {
      throw writeFailure(error, this.path);
    });
    for (const name of await readdir(this.path)) {
      const pid = /^\.\w+-(\d+)-/.exec(name)?.[1];
      if (pid !== undefined && !isAlive(Number(pid))) await rm(this.file(name), { force: true });
    }
  }

  /** What is there whole. Pieces up to the first that is missing or altered. */
  async read(): Promise<{ pieces: Piece[]; clip: FinishedClip | null }> {
    const text = await readFile(this.file(JOURNAL), 'utf8').catch(() => '');
    const pieces: Piece[] = [];
    let clip: FinishedClip | null = null;
    for (const line of text.split('\n')) {
      const value = parsed(line);
      const piece = pieceSchema.safeParse(value);
      if (piece.success && piece.data.piece === pieces.length) pieces.push(piece.data);
      const whole = clipSchema.safeParse(value);
      if (whole.success) clip = whole.data;
    }
    const sound = await Promise.all(pieces.map(({ file, bytes }) => this.#has(file, bytes)));
    const broken = sound.indexOf(false);
    const kept = broken < 0 ? pieces : pieces.slice(0, broken);
    return { pieces: kept, clip: clip && (await this.#has(clip.clip, clip.bytes)) ? clip : null };
  }

  async #has(name: string, bytes: number): Promise<boolean> {
    return (await stat(this.file(name)).catch(() => null))?.size === bytes;
  }

  /** Adds a line. Throws ExpectedError disk_full, target_not_writable. */
  async write(entry: Piece | FinishedClip): Promise<void> {
    // A line that an interruption cut short must not spoil this one.
    await appendFile(this.file(JOURNAL), `\n${JSON.stringify(entry)}\n`, { flush: true }).catch((error: unknown) => {
      throw writeFailure(error, this.file(JOURNAL));
    });
  }

  /** Marks it as used now. */
  async touch(): Promise<void> {
    const now = new Date();
    await utimes(this.path, now, now).catch(() => undefined);
  }

  async removePieces(pieces: readonly Piece[]): Promise<void> {
    for (const { file } of pieces) await rm(this.file(file), { force: true });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Makes room: renders that are not held go, the longest unused first, until the rest takes at most `limit` bytes. */
export async function trimRenders(store: string, limit: number): Promise<void> {
  const renders: { path: string; bytes: number; usedMs: number }[] = [];
  for (const entry of await readdir(store, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory()) continue;
    const path = join(store, entry.name);
    const names = await readdir(path).catch((): string[] => []);
    const facts = await Promise.all(names.map((name) => stat(join(path, name)).catch(() => null)));
    const usedMs = (await stat(path).catch(() => null))?.mtimeMs ?? 0;
    const bytes = facts.reduce((sum, each) => sum + (each?.size ?? 0), 0);
    if (!names.includes(JOURNAL) && !held.has(path) && Date.now() - usedMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
    else renders.push({ path, bytes, usedMs });
  }
  renders.sort((a, b) => a.usedMs - b.usedMs);
  let total = renders.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of renders) {
    if (total <= limit) return;
    if (held.has(path)) continue;
    await rm(path, { recursive: true, force: true });
    total -= bytes;
  }
}
