/** Chapters of an exported cut: a file that ffmpeg reads them from, and what must be found again. */
import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import { FLICKS_PER_SECOND, ZERO } from '../../shared/time.ts';
import { chaptersOfSequence, type ChaptersByMedia } from '../../shared/understanding/chapters/sequence.ts';
import { chapterMetadata, fileChapters, holdsChapters, verifyChapters, type FileChapter } from './chapters.ts';
import type { Container } from './containers.ts';
import type { ExportSegment } from './plan.ts';

export interface OutputChapters {
  /** ffmpeg's metadata file. */
  path: string;
  marks: FileChapter[];
}

/** Throws ExpectedError('chapters_container') for a container that holds none. */
export function requireChapters(container: Container, path: string): void {
  if (!holdsChapters(container)) throw new ExpectedError('chapters_container', { container: (extname(path).slice(1) || container).toUpperCase() });
}

/**
 * Writes the chapters of one output into `folder` (made when there are any); null without one. By what is written, which with a copy may begin earlier than what was
 * asked for.
 */
export async function prepareChapters(chapters: ChaptersByMedia | null, segments: readonly ExportSegment[], folder: () => Promise<string>): Promise<OutputChapters | null> {
  if (!chapters) return null;
  const clips = segments.map(({ media, from, to }) => ({ media, start: from, end: to }));
  const length = clips.reduce((sum, { start, end }) => sum + end - start, 0) / FLICKS_PER_SECOND;
  const marks = fileChapters(ZERO, length, chaptersOfSequence(chapters, clips));
  if (marks.length === 0) return null;
  const path = join(await folder(), 'chapters.txt');
  await writeFile(path, chapterMetadata(marks));
  return { path, marks };
}

/** Throws ExpectedError('verify_failed') unless the file at `path` has these chapters. */
export async function verifyOutputChapters(path: string, chapters: OutputChapters | null, signal?: AbortSignal): Promise<void> {
  if (chapters) await verifyChapters(path, chapters.marks, signal);
}
