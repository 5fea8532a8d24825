/** A copy of a media's file that has chapters. Nothing is encoded. */
import { writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { subtract, toSeconds, type Flicks } from '../../shared/time.ts';
import type { Chapter } from '../../shared/understanding/types.ts';
import { probeMedia } from '../media/probe.ts';
import { collect, fileUrl, inputOptions } from '../media/process.ts';
import { openSafeFile, writeFailure } from '../media/safeFile.ts';
import { containerFacts, containerForPath, holdsAudio, holdsVideo, subtitlesFor, type Container } from './containers.ts';
import { namedAfter } from './names.ts';
import { runFfmpeg, type ProgressScope } from './progress.ts';

/** What a chapter is in a file: seconds from the file's first moment. */
export interface FileChapter {
  title: string;
  start: number;
  end: number;
}

/** Containers whose chapters players read. */
const WITH_CHAPTERS: ReadonlySet<Container> = new Set(['mp4', 'mov', 'm4a', 'mkv', 'mka']);
export function holdsChapters(container: Container): boolean {
  return WITH_CHAPTERS.has(container);
}

/** A chapter of no length is none. Seconds. */
const SHORTEST = 0.001;
/** MP4's chapter track counts in ms, Matroska in ns: what is read back may be off by this. Seconds. */
const SLACK = 0.00101;

/**
 * The chapters in the file's own time: each ends where the next begins, the last at `end`, in seconds from the file's first moment. Those without a time, or past the end, are
 * left out; of several at one moment the last counts.
 */
export function fileChapters(startTime: Flicks, end: number, chapters: readonly Chapter[]): FileChapter[] {
  const at = (time: Flicks): number => Math.max(0, toSeconds(subtract(time, startTime)));
  const timed = chapters.flatMap(({ title, start }) => (start === null || at(start) >= end - SHORTEST ? [] : [{ title: plainTitle(title), start: at(start) }]));
  timed.sort((a, b) => a.start - b.start);
  return timed.map((chapter, i) => ({ ...chapter, end: timed[i + 1]?.start ?? end })).filter(({ start, end: until }) => until - start >= SHORTEST);
}

/** One line, well-formed, without control characters: what every container keeps as it is. */
function plainTitle(title: string): string {
  return Buffer.from(title.replace(/[\s\p{Cc}]+/gu, ' ').trim()).toString('utf8');
}

/** ffmpeg's metadata file (https://ffmpeg.org/ffmpeg-formats.html#Metadata-2): `=`, `;`, `#`, `\` and line breaks are escaped. */
export function chapterMetadata(chapters: readonly FileChapter[]): string {
  const ticks = (seconds: number): number => Math.round(seconds * 1_000_000);
  const parts = chapters.map(({ title, start, end }) => `[CHAPTER]\nTIMEBASE=1/1000000\nSTART=${ticks(start)}\nEND=${ticks(end)}\ntitle=${title.replace(/[=;#\\\n]/gu, '\\$&')}\n`);
  return `;FFMETADATA1\n${parts.join('')}`;
}

/**
 * Copies all pictures, sound, subtitles and (Matroska) attachments of the media into `target` with these chapters in place of its own. Throws ExpectedError chapters_container for a
 * container that holds none, chapters_codec and chapters_turned for one that can’t hold this media, chapters_none without a chapter inside the media, target_*, disk_full,
 * verify_failed and what ffmpeg’s log tells; CancelledError.
 */
export async function* exportWithChapters(media: Media, chapters: readonly Chapter[], target: { path: string; overwrite: boolean }, signal: AbortSignal): AsyncGenerator<ExportEvent> {
  throwIfCancelled(signal);
  const name = basename(target.path);
  const container = containerForPath(target.path);
  if (container === null || !holdsChapters(container)) throw new ExpectedError('chapters_container', { name, container: extname(target.path).slice(1).toUpperCase() });
  const end = yield* lengthOf(media, signal);
  const wanted = fileChapters(media.startTime, end, chapters);
  if (wanted.length === 0) throw new ExpectedError('chapters_none', { name: media.name });
  const output = await openSafeFile({ ...target, inputs: [media.path] });
  try {
    const metadata = join(await output.workFolder(), 'chapters.txt');
    await writeFile(metadata, chapterMetadata(wanted));
    yield* runFfmpeg(copyArguments(media, metadata, container, output.path), secondsOf(end), { name: media.name, target: output.path, signal });
    await verifyChapters(output.path, wanted, signal);
    await verifyStreams(output.path, container, media, signal);
    throwIfCancelled(signal);
    yield { type: 'file', path: target.path, bytes: await output.commit(), index: 0 };
  } catch (error) {
    throw namedAfter(codecFailure(error, media, container) ?? writeFailure(error, target.path), output.path, target.path);
  } finally {
    await output.discard();
  }
}

const secondsOf = (total: number | null): ProgressScope => ({ before: 0, total: total === null ? null : Math.round(total), unit: 'seconds', startedMs: Date.now() });

/** Seconds; read to its end where the file does not tell its length. */
async function* lengthOf(media: Media, signal: AbortSignal): AsyncGenerator<ExportEvent, number> {
  if (media.duration !== null) return toSeconds(media.duration);
  const args = [...inputOptions(), '-i', fileUrl(media.path), '-map', '0:v?', '-map', '0:a?', '-c', 'copy', '-f', 'null', '-'];
  const { units } = yield* runFfmpeg(args, secondsOf(null), { name: media.name, target: media.path, signal });
  return units;
}

/** When a copy failed because the container doesn't take a codec, an ExpectedError that says so; else null. */
function codecFailure(error: unknown, media: Media, container: Container): ExpectedError | null {
  if (!(error instanceof ExpectedError) || (error.code !== 'ffmpeg_failed' && error.code !== 'target_not_writable')) return null;
  const stranger = media.streams.find((stream) => (stream.kind === 'video' && !holdsVideo(container, stream)) || (stream.kind === 'audio' && !holdsAudio(container, stream)));
  return stranger ? new ExpectedError('chapters_codec', { container: container.toUpperCase(), codec: stranger.codec ?? '' }, { cause: error }) : null;
}

/** Everything that the container takes; a cover picture stays where the container knows covers. Data (the old chapters' own track, telemetry) is left out. */
function copyArguments(media: Media, metadata: string, container: Container, path: string): string[] {
  const { muxer, editLists } = containerFacts(container);
  const matroska = muxer === 'matroska';
  const kept = media.streams.filter(({ kind }) => kind === 'video' || kind === 'audio' || (kind === 'picture' && editLists) || (kind === 'attachment' && matroska));
  const texts = muxer === 'ipod' ? [] : subtitlesFor(matroska ? 'mkv' : container, media);
  return [
    ...inputOptions(), '-i', fileUrl(media.path), ...inputOptions(), '-f', 'ffmetadata', '-i', fileUrl(metadata),
    ...kept.flatMap(({ index }) => ['-map', `0:${index}`]), ...texts.flatMap(({ stream }) => ['-map', `0:${stream.index}`]),
    '-c', 'copy', ...texts.flatMap(({ codec }, i) => [`-c:s:${i}`, codec]), '-map_metadata', '0', '-map_chapters', '1',
    ...(editLists ? ['-movflags', '+faststart'] : []), '-f', muxer, fileUrl(path),
  ];
}

const probedSchema = z.object({
  chapters: z.array(z.object({ start_time: z.coerce.number(), tags: z.object({ title: z.string().default('') }).default({ title: '' }) })),
  streams: z.array(z.object({ codec_type: z.string().optional(), disposition: z.object({ attached_pic: z.number() }).optional() })),
});

async function probeChapters(path: string, signal?: AbortSignal): Promise<z.infer<typeof probedSchema>> {
  const args = ['-show_chapters', '-show_entries', 'stream=codec_type:stream_disposition=attached_pic', '-of', 'json', ...inputOptions(), '-i', fileUrl(path)];
  return probedSchema.parse(JSON.parse((await collect('ffprobe', args, { name: basename(path), signal })).toString('utf8')));
}

/** Reads the file again: throws ExpectedError('verify_failed') unless every chapter has its title and beginning. */
export async function verifyChapters(path: string, wanted: readonly FileChapter[], signal?: AbortSignal): Promise<void> {
  const { chapters } = await probeChapters(path, signal);
  const fail = (what: string): never => {
    throw new ExpectedError('verify_failed', { name: basename(path), what });
  };
  if (chapters.length !== wanted.length) fail(`chapters ${chapters.length} ${wanted.length}`);
  for (const [i, { title, start }] of wanted.entries()) {
    const chapter = chapters[i];
    if (chapter?.tags.title !== title || Math.abs(chapter.start_time - start) > SLACK) fail(`chapter ${i + 1}`);
  }
}

/** All pictures and sounds of the source are in the copy, and turned as they were. */
async function verifyStreams(path: string, container: Container, media: Media, signal: AbortSignal): Promise<void> {
  const { streams } = await probeChapters(path, signal);
  for (const kind of ['video', 'audio'] as const) {
    const found = streams.filter((stream) => stream.codec_type === kind && stream.disposition?.attached_pic !== 1).length;
    if (found !== media.streams.filter((stream) => stream.kind === kind).length) throw new ExpectedError('verify_failed', { name: basename(path), what: kind });
  }
  // Matroska says how a picture is turned since ffmpeg 6.1 only.
  if (media.video && media.video.rotation !== 0 && (await probeMedia(path, { signal })).video?.rotation !== media.video.rotation) {
    throw new ExpectedError('chapters_turned', { name: media.name, container: container.toUpperCase() });
  }
}

/** Where a media ends, in its own time; null: not told. */
export function endOf(media: Pick<Media, 'startTime' | 'duration'>): Flicks | null {
  return media.duration === null ? null : ((media.startTime + media.duration) as Flicks);
}
