/** A copy of a media's file that has chapters. Nothing is encoded. */
import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { subtract, toSeconds, type Flicks } from '../../shared/time.ts';
import type { Chapter } from '../../shared/understanding/types.ts';
import { collect, fileUrl, inputOptions } from '../media/process.ts';
import { openSafeFile, writeFailure } from '../media/safeFile.ts';
import { containerFacts, containerForPath, type Container } from './containers.ts';
import { runFfmpeg } from './progress.ts';

/** What a chapter is in a file: seconds from the file's first moment. */
export interface FileChapter {
  title: string;
  start: number;
  end: number;
}

/** Containers whose chapters players read. */
const WITH_CHAPTERS: ReadonlySet<Container> = new Set(['mp4', 'mov', 'm4a', 'mkv', 'mka']);
/** A chapter of no length is none. Seconds. */
const SHORTEST = 0.001;
/** MP4 keeps chapters' times in 100 ns, its chapter track in ms, Matroska in ns: what is read back may be off by this. Seconds. */
const SLACK = 0.002;
/** Longest that is told by a file that does not tell its length. Seconds. */
const UNKNOWN_END = 24 * 3600;

/** The chapters in the file's own time: each ends where the next begins, the last with the media. Those without a time, or past the end, are left out. */
export function fileChapters(media: Pick<Media, 'startTime' | 'duration'>, chapters: readonly Chapter[]): FileChapter[] {
  const end = media.duration === null ? UNKNOWN_END : toSeconds(media.duration);
  const at = (time: Flicks): number => Math.max(0, toSeconds(subtract(time, media.startTime)));
  const timed = chapters.flatMap(({ title, start }) => (start === null || at(start) >= end - SHORTEST ? [] : [{ title: title.replace(/\s+/gu, ' ').trim(), start: at(start) }]));
  return timed.map((chapter, i) => ({ ...chapter, end: timed[i + 1]?.start ?? end })).filter(({ start, end: until }) => until - start >= SHORTEST);
}

/** ffmpeg's metadata file (https://ffmpeg.org/ffmpeg-formats.html#Metadata-2): `=`, `;`, `#`, `\` and line breaks are escaped. */
export function chapterMetadata(chapters: readonly FileChapter[]): string {
  const ticks = (seconds: number): number => Math.round(seconds * 1_000_000);
  const parts = chapters.map(({ title, start, end }) => `[CHAPTER]\nTIMEBASE=1/1000000\nSTART=${ticks(start)}\nEND=${ticks(end)}\ntitle=${title.replace(/[=;#\\\n]/gu, '\\$&')}\n`);
  return `;FFMETADATA1\n${parts.join('')}`;
}

/**
 * Copies all pictures, sound, subtitles and (Matroska) attachments of the media into `target` with these chapters in place of its own. Throws ExpectedError chapters_container for a
 * container that holds none, chapters_none without a chapter inside the media, target_*, disk_full, verify_failed and what ffmpeg's log tells; CancelledError.
 */
export async function* exportWithChapters(media: Media, chapters: readonly Chapter[], target: { path: string; overwrite: boolean }, signal: AbortSignal): AsyncGenerator<ExportEvent> {
  throwIfCancelled(signal);
  const name = basename(target.path);
  const container = containerForPath(target.path);
  if (container === null || !WITH_CHAPTERS.has(container)) throw new ExpectedError('chapters_container', { name, container: extname(target.path).slice(1).toUpperCase() });
  const wanted = fileChapters(media, chapters);
  if (wanted.length === 0) throw new ExpectedError('chapters_none', { name: media.name });
  const output = await openSafeFile({ ...target, inputs: [media.path] });
  try {
    const metadata = join(await output.workFolder(), 'chapters.txt');
    await writeFile(metadata, chapterMetadata(wanted));
    const total = media.duration === null ? null : Math.round(toSeconds(media.duration));
    const scope = { before: 0, total, unit: 'seconds' as const, startedMs: Date.now() };
    yield* runFfmpeg(copyArguments(media, metadata, container, output.path), scope, { name: media.name, target: output.path, signal });
    await verifyChapters(output.path, wanted, media, signal);
    throwIfCancelled(signal);
    yield { type: 'file', path: target.path, bytes: await output.commit(), index: 0 };
  } catch (error) {
    throw named(writeFailure(error, target.path), output.path, target.path);
  } finally {
    await output.discard();
  }
}

/** Sentences speak of the file the person asked for, not of the temporary one. */
function named(error: unknown, temporary: string, path: string): unknown {
  if (!(error instanceof ExpectedError)) return error;
  const params = Object.entries(error.params).map(([key, value]) => [key, value === temporary || value === basename(temporary) ? basename(path) : value] as const);
  return new ExpectedError(error.code, { folder: dirname(path), ...Object.fromEntries(params) }, { cause: error.cause });
}

function copyArguments(media: Media, metadata: string, container: Container, path: string): string[] {
  const { muxer, subtitles, textSubtitles, editLists, video } = containerFacts(container);
  const matroska = muxer === 'matroska';
  const pictures = video === null || video.size > 0 ? ['-map', '0:v?'] : [];
  // Text that the container doesn't hold becomes text that it does; pictures of text that it can't hold are left out.
  const texts = media.streams.flatMap(({ kind, index, codec }) => (kind === 'subtitle' && codec !== null ? [{ index, codec }] : []));
  const kept = texts.filter(({ codec }) => subtitles === null || subtitles.has(codec) || (textSubtitles !== null && TEXT_CODECS.has(codec)));
  const subtitleMaps = subtitles !== null && subtitles.size === 0 && !matroska ? [] : kept.flatMap(({ index }) => ['-map', `0:${index}`]);
  const subtitleCodecs = subtitleMaps.length === 0 ? [] : kept.flatMap(({ codec }, i) => [`-c:s:${i}`, subtitles === null || subtitles.has(codec) ? 'copy' : (textSubtitles ?? 'copy')]);
  return [
    '-noautorotate', ...inputOptions(), '-i', fileUrl(media.path), ...inputOptions(), '-f', 'ffmetadata', '-i', fileUrl(metadata),
    ...pictures, '-map', '0:a?', ...subtitleMaps, ...(matroska ? ['-map', '0:t?'] : []),
    '-c', 'copy', ...subtitleCodecs, '-map_metadata', '0', '-map_chapters', '1',
    ...(editLists ? ['-movflags', '+faststart'] : []), '-f', muxer, fileUrl(path),
  ];
}

const TEXT_CODECS: ReadonlySet<string> = new Set(['subrip', 'mov_text', 'ass', 'ssa', 'webvtt', 'text']);

const probedSchema = z.object({
  chapters: z.array(z.object({ start_time: z.coerce.number(), end_time: z.coerce.number(), tags: z.object({ title: z.string().default('') }).default({ title: '' }) })),
  streams: z.array(z.object({ codec_type: z.string().optional() })),
});

/** Reads the file again: every chapter with title and start, and as many pictures and sounds as the source. */
async function verifyChapters(path: string, wanted: readonly FileChapter[], media: Media, signal: AbortSignal): Promise<void> {
  const name = basename(path);
  const args = ['-show_chapters', '-show_entries', 'stream=codec_type', '-of', 'json', ...inputOptions(), '-i', fileUrl(path)];
  const found = probedSchema.parse(JSON.parse((await collect('ffprobe', args, { name, signal })).toString('utf8')));
  const fail = (what: string): never => {
    throw new ExpectedError('verify_failed', { name, what });
  };
  if (found.chapters.length !== wanted.length) fail(`chapters ${found.chapters.length} ${wanted.length}`);
  for (const [i, { title, start }] of wanted.entries()) {
    const chapter = found.chapters[i];
    if (chapter?.tags.title !== title || Math.abs(chapter.start_time - start) > SLACK) fail(`chapter ${i + 1}`);
  }
  const count = (kind: string): number => found.streams.filter(({ codec_type: type }) => type === kind).length;
  const sounds = media.streams.filter(({ kind }) => kind === 'audio').length;
  if (count('audio') !== sounds) fail('audio');
  if (media.video && count('video') === 0) fail('video');
}

/** Where a media ends, in its own time; null: not told. */
export function endOf(media: Pick<Media, 'startTime' | 'duration'>): Flicks | null {
  return media.duration === null ? null : ((media.startTime + media.duration) as Flicks);
}
