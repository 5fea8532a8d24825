/** Facts about a file by ffprobe. */
import { basename, resolve } from 'node:path';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { AudioStream, Media, Stream, VideoStream } from '../../shared/media.ts';
import { add, FLICKS_PER_SECOND, fromSeconds, maxTime, subtract, ZERO, type Flicks } from '../../shared/time.ts';
import { checkFile, fingerprint, openChecked, readBlock } from './fingerprint.ts';
import { playabilityOf } from './playability.ts';
import { probedSchema, probedStreamSchema, type Probed } from './probeSchema.ts';
import { fileUrl, inputOptions, startTool } from './process.ts';
import { toStream } from './streams.ts';

/** Demuxers that take plain text for pictures: such a file is no media. */
const TEXT_FORMATS = ['tty'];
const JSON_LIMIT = 32 << 20;

/**
 * Reads what is known about a media file without decoding it.
 *
 * Throws ExpectedError: file_missing, file_is_folder, file_not_regular (fifo, device, socket; never opened), file_unreadable,
 * file_empty, file_not_media (no video and no audio in it), file_no_index (an mp4 or mov without its moov box), ffmpeg_missing;
 * CancelledError. A file that can be read in part gives what could be read.
 */
export async function probeMedia(path: string, options: { signal?: AbortSignal } = {}): Promise<Media> {
  const { signal } = options;
  throwIfCancelled(signal);
  const full = resolve(path);
  const name = basename(full);
  const facts = await checkFile(full);
  const id = await fingerprint(full);
  const head = await readHead(full);
  const { probed, log } = await runProbe(full, name, signal);
  const format = formatName(probed.format?.format_name ?? '', head);
  const streams = TEXT_FORMATS.includes(format) ? [] : readStreams(probed);
  const video = preferred(streams.filter((stream): stream is VideoStream => stream.kind === 'video'));
  const audio = preferred(streams.filter((stream): stream is AudioStream => stream.kind === 'audio'));
  if (!video && !audio) {
    const unfinished = /moov atom not found/.test(log) && looksLikeIsoMedia(head);
    throw new ExpectedError(unfinished ? 'file_no_index' : 'file_not_media', { name }, { cause: new Error(log) });
  }
  const startTime = fromSeconds(probed.format?.start_time ?? 0);
  const duration = longest(streams, probed.format?.duration ?? null, startTime);
  return {
    id,
    name,
    path: full,
    bytes: facts.bytes,
    modifiedMs: facts.modifiedMs,
    format,
    duration,
    startTime,
    streams,
    video,
    audio,
    playability: playabilityOf(format, video, audio, duration !== null),
  };
}

async function readHead(path: string): Promise<Buffer> {
  const file = await openChecked(path);
  try {
    return await readBlock(file, 0, 4096, basename(path));
  } finally {
    await file.close();
  }
}

/** ffprobe's answer, even when it failed half-way: what it printed until then counts. */
async function runProbe(path: string, name: string, signal?: AbortSignal): Promise<{ probed: Probed; log: string }> {
  const args = ['-show_format', '-show_streams', '-of', 'json', ...inputOptions(), '-i', fileUrl(path)];
  const run = await startTool('ffprobe', args, { pipes: 1, signal, name });
  const chunks: Buffer[] = [];
  let bytes = 0;
  run.pipes[0]?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > JSON_LIMIT) run.stop();
    else chunks.push(chunk);
  });
  await run.done.catch((error: unknown) => {
    throwIfCancelled(signal);
    if (!(error instanceof ExpectedError) || error.code === 'ffmpeg_missing' || error.code === 'file_missing') throw error;
  });
  return { probed: probedSchema.parse(parseJson(Buffer.concat(chunks).toString('utf8'))), log: run.log() };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function readStreams(probed: Probed): Stream[] {
  return probed.streams.flatMap((raw) => {
    const parsed = probedStreamSchema.safeParse(raw);
    return parsed.success ? [toStream(parsed.data)] : [];
  });
}

/** ffprobe calls both "matroska,webm"; the file's EBML DocType tells which. */
function formatName(name: string, head: Buffer): string {
  if (name !== 'matroska,webm') return name;
  const docType = head.indexOf(Buffer.from([0x42, 0x82]));
  return docType >= 0 && head.toString('latin1', docType + 3, docType + 7) === 'webm' ? 'webm' : 'matroska';
}

/** ISO base media begins with a box of one of these types (ISO/IEC 14496-12; `wide`, `pnot`: QuickTime). */
function looksLikeIsoMedia(head: Buffer): boolean {
  return ['ftyp', 'mdat', 'free', 'skip', 'wide', 'moov', 'pnot', 'styp', 'uuid'].includes(head.toString('latin1', 4, 8));
}

function preferred<S extends VideoStream | AudioStream>(streams: S[]): S | null {
  return streams.find((stream) => stream.isDefault) ?? streams[0] ?? null;
}

/** The container's length, by its streams' exact ticks where those agree with it (it is rounded to microseconds). */
function longest(streams: Stream[], containerSeconds: number | null, start: Flicks): Flicks | null {
  let end: Flicks | null = null;
  for (const stream of streams) {
    if (stream.kind !== 'video' && stream.kind !== 'audio') continue;
    if (stream.duration !== null) end = maxTime(end ?? ZERO, add(stream.startTime, stream.duration));
  }
  const exact = end === null || end <= start ? null : subtract(end, start);
  if (containerSeconds === null || containerSeconds <= 0) return exact;
  const stated = fromSeconds(containerSeconds);
  return exact !== null && Math.abs(exact - stated) < FLICKS_PER_SECOND / 1000 ? exact : stated;
}
