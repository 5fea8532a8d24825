/**
 * The crash journal: one JSON line a change, forced to disk before the change counts. A crash can tear only the last line, which then
 * was never confirmed, so it is left out.
 */
import { open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { editCommandSchema } from '../../shared/edit.ts';
import { writeFailure } from '../media/safeFile.ts';
import { mediaReferenceSchema } from './projectFile.ts';

const entrySchema = z.discriminatedUnion('kind', [
  z.object({ n: z.number().int().positive(), kind: z.literal('edit'), command: editCommandSchema }),
  z.object({ n: z.number().int().positive(), kind: z.literal('media'), media: mediaReferenceSchema }),
]);
export type JournalEntry = z.infer<typeof entrySchema>;

export interface JournalRead {
  entries: JournalEntry[];
  /** A line before the last could not be read: the file was damaged, not torn. Entries after it are left out. */
  damaged: boolean;
  /** The file ends with a whole line: more can be appended. */
  clean: boolean;
}

/** Entries of a journal file; none when there is no file. */
export async function readJournal(path: string): Promise<JournalRead> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return parseJournal(text);
}

/** What follows the last line feed was not confirmed, even when it can be read. */
export function parseJournal(text: string): JournalRead {
  const lines = text.split('\n').slice(0, -1);
  const clean = text === '' || text.endsWith('\n');
  const entries: JournalEntry[] = [];
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line);
    if (!entry) return { entries, damaged: index < lines.length - 1, clean: false };
    entries.push(entry);
  }
  return { entries, damaged: false, clean };
}

function parseLine(line: string): JournalEntry | null {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/**
 * Appends entries and forces them to disk. When that fails the file is cut back to what it was, so that a half-written
 * line is never followed by another. Throws ExpectedError disk_full and target_not_writable.
 */
export async function appendJournal(path: string, entries: readonly JournalEntry[]): Promise<void> {
  try {
    const file = await open(path, 'a');
    const { size } = await file.stat();
    try {
      await file.appendFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      await file.datasync();
    } catch (error) {
      await file.truncate(size).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw writeFailure(error, path);
  }
}

export async function removeJournal(path: string): Promise<void> {
  await rm(path, { force: true });
}
