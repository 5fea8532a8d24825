/** `rushes chapters`: topics with titles, as text for other programs or in a copy of the media. */
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import { toSeconds } from '../../shared/time.ts';
import { writeChapters, youtubeFindings } from '../../shared/understanding/chapters/index.ts';
import type { Chapter, Sentence } from '../../shared/understanding/types.ts';
import { endOf } from '../export/chapters.ts';
import { containerForPath } from '../export/containers.ts';
import { checkTarget, writeSafely } from '../media/safeFile.ts';
import type { ChaptersOptions } from './chaptersOptions.ts';
import type { CommandContext } from './run.ts';
import { readText } from './textSource.ts';
import { understandText } from './understood.ts';
import { report } from './written.ts';

export async function chapters(options: ChaptersOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { file, out, overwrite, count, detail } = options;
  const target = out === null ? null : { path: out, overwrite, inputs: file === '-' ? [] : [file] };
  // An hour of work must not end at a file that may not be written.
  if (target) await checkTarget(target);
  const source = await readText(file, context, options.language);
  const found = await understandText(source, { chapters: { count, detail, cuts: [] } }, context);
  throwIfCancelled(signal);
  if (target && containerForPath(target.path) !== null) return writeCopy(source.media, found.chapters, target, context);
  if (options.format === 'youtube') tellYoutube(found.chapters, source, context);
  const text = textOf(options, found.chapters, source.sentences, source.media);
  if (target) {
    await writeSafely(target, `${text}\n`);
    output.note(m.cli_wrote({ path: target.path }));
  } else if (text !== '') {
    await output.line(text);
  }
}

/** What YouTube won't show as it was found. */
function tellYoutube(found: readonly Chapter[], { media, sentences }: { media: Media | null; sentences: readonly Sentence[] }, { output }: CommandContext): void {
  if (!found.some(({ start }) => start !== null)) return;
  const { merged, shown } = youtubeFindings(found, { end: media ? endOf(media) : (sentences.at(-1)?.end ?? null) });
  if (merged.length > 0) output.note(m.story_youtube_merged({ n: merged.length, titles: merged.join(', ') }));
  if (!shown) output.note(m.story_youtube_few());
}

async function writeCopy(media: Media | null, found: readonly Chapter[], { path, overwrite }: { path: string; overwrite: boolean }, context: CommandContext): Promise<void> {
  if (!media) throw new ExpectedError('captions_no_media', { name: path });
  if (found.length === 0) throw new ExpectedError('chapters_none', { name: media.name });
  const engine = await context.engine();
  await report(engine.jobs.exportChapters({ media: media.id, chapters: [...found], format: 'media', target: { path, overwrite } }, context.signal), context, false);
}

/** In a text without times every format but JSON has the line's number (from 1) in place of a time. */
function textOf({ format }: ChaptersOptions, found: readonly Chapter[], sentences: readonly Sentence[], media: Media | null): string {
  const lineOf = ({ firstSentence }: Chapter): number => sentences[firstSentence]?.line ?? 0;
  if (format === 'json') return JSON.stringify({ chapters: found.map((chapter) => toJson(chapter, lineOf(chapter))) });
  if (found.every(({ start }) => start === null)) return found.map((chapter) => `${m.cli_search_line({ n: lineOf(chapter) + 1 })} ${chapter.title}`).join('\n');
  const last = sentences.at(-1)?.end ?? null;
  return writeChapters(found, format, { end: media ? endOf(media) : last }).replace(/\n+$/u, '');
}

function toJson({ title, start }: Chapter, line: number): Record<string, unknown> {
  return { title, ...(start === null ? {} : { start: Number(toSeconds(start).toFixed(3)) }), firstSentence: line };
}
