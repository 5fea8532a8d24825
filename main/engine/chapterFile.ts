/** Chapters out: as text for other programs, or as a copy of the media that has them. */
import { basename } from 'node:path';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { writeChapters } from '../../shared/understanding/chapters/index.ts';
import type { Chapter, ChapterFormat } from '../../shared/understanding/types.ts';
import { endOf, exportWithChapters } from '../export/chapters.ts';
import { writeSafely } from '../media/safeFile.ts';
import type { Target } from './grants.ts';

export interface ChapterFileRequest {
  chapters: readonly Chapter[];
  format: ChapterFormat;
  target: Target;
}

/** Throws as `exportWithChapters`; chapters_none where no chapter has a time. */
export async function* writeChapterFile({ chapters, format, target }: ChapterFileRequest, media: Media, signal: AbortSignal): AsyncGenerator<ExportEvent> {
  throwIfCancelled(signal);
  if (format === 'media') return yield* exportWithChapters(media, chapters, target, signal);
  const text = writeChapters(chapters, format, { end: endOf(media) });
  if (!chapters.some(({ start }) => start !== null)) throw new ExpectedError('chapters_none', { name: basename(target.path) });
  yield { type: 'file', path: target.path, bytes: await writeSafely({ ...target, inputs: [media.path] }, text), index: 0 };
}
