/** The pieces of a render as one file on the source's clock, with the source's sound around. */
import { writeFile } from 'node:fs/promises';
import { ExpectedError } from '../../shared/errors.ts';
import type { AudioStream, Media, VideoStream } from '../../shared/media.ts';
import { flicks, FLICKS_PER_SECOND, fromSeconds, subtract, toSeconds, ZERO, type Flicks } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { fileUrl, inputOptions, startTool } from '../media/process.ts';
import { writeFailure } from '../media/safeFile.ts';
import { frameTimes } from '../media/syncFrames.ts';
import type { Piece } from './renderStore.ts';

/** Codecs that QuickTime holds as they are; others become uncompressed. */
const QUICKTIME_AUDIO = /^(aac|mp3|ac3|alac|pcm_(s16|s24|s32|f32)(le|be))$/;
/** Sound before and after the pictures: a decoder needs some to begin with. */
const SOUND_MARGIN = 1;
const LARGEST_TIMESCALE = 2 ** 31 - 1;

export interface JoinOptions {
  media: Media;
  video: VideoStream;
  pieces: readonly Piece[];
  /** Gives the path of a piece's file. */
  fileOf(piece: Piece): string;
  /** For the list that ffmpeg reads. */
  listPath: string;
  path: string;
  signal: AbortSignal;
}

/** Writes `path` and checks it. Throws ExpectedError disk_full, verify_failed…; CancelledError. */
export async function joinPieces(options: JoinOptions): Promise<Media> {
  const { media, pieces, listPath, path, signal } = options;
  await writeFile(listPath, listOf(options)).catch((error: unknown) => {
    throw writeFailure(error, listPath);
  });
  const run = await startTool('ffmpeg', joinArguments(options), { pipes: 0, signal, name: media.name, target: path, targetName: media.name });
  await run.done;
  const times = pieces.flatMap((piece) => piece.times);
  const joined = await probeMedia(path, { signal });
  await verifyTimes(joined, times, signal);
  return joined;
}

/** Lengths in microseconds, rounded on the whole. */
function listOf({ pieces, fileOf }: JoinOptions): string {
  const start = pieces[0]?.times[0] ?? ZERO;
  const micro = (time: Flicks): number => Math.round((subtract(time, start) / FLICKS_PER_SECOND) * 1e6);
  const lines = pieces.map((piece, i) => {
    const [first, next] = [piece.times[0], pieces[i + 1]?.times[0]];
    const length = first !== undefined && next !== undefined ? `duration ${((micro(next) - micro(first)) / 1e6).toFixed(6)}\n` : '';
    return `file ${quoted(fileUrl(fileOf(piece)))}\n${length}`;
  });
  return `ffconcat version 1.0\n${lines.join('')}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function joinArguments({ media, video, pieces, listPath, path }: JoinOptions): string[] {
  const start = pieces[0]?.times[0] ?? ZERO;
  const end = pieces.at(-1)?.times.at(-1) ?? ZERO;
  const audio = media.streams.filter((stream): stream is AudioStream => stream.kind === 'audio');
  const from = Math.max(toSeconds(media.startTime), toSeconds(start) - SOUND_MARGIN);
  const seek = from > toSeconds(media.startTime) ? ['-seek_timestamp', '1', '-ss', from.toFixed(9)] : [];
  const sound = audio.length === 0 ? [] : ['-max_error_rate', '1', ...seek, ...inputOptions(), '-i', fileUrl(media.path)];
  return [
    '-copyts', '-itsoffset', toSeconds(start).toFixed(6), ...inputOptions(), '-f', 'concat', '-safe', '0', '-i', fileUrl(listPath),
    ...sound,
    '-map', '0:v', ...audio.flatMap(({ index }) => ['-map', `1:${index}`]),
    '-c', 'copy', ...audio.flatMap((stream, i) => [`-c:a:${i}`, soundCodec(stream)]), '-copypriorss', '0',
    '-to', (toSeconds(end) + SOUND_MARGIN + 1).toFixed(6),
    '-map_metadata', '-1', '-map_chapters', '-1', '-avoid_negative_ts', 'disabled', '-max_interleave_delta', '0',
    '-video_track_timescale', String(video.timeBase.den), '-movie_timescale', String(movieTimescale(video, audio)),
    '-f', 'mov', '-y', fileUrl(path),
  ];
}

function soundCodec({ codec }: AudioStream): string {
  if (QUICKTIME_AUDIO.test(codec)) return 'copy';
  return codec === 'flac' || codec.startsWith('pcm_') ? 'pcm_s32le' : 'pcm_f32le';
}

/** Edit lists, by which streams begin late, count in this: a common multiple, so that none is moved. */
function movieTimescale(video: VideoStream, audio: readonly AudioStream[]): number {
  return audio.reduce((scale, { sampleRate }) => {
    const common = sampleRate > 0 ? (scale / divisor(scale, sampleRate)) * sampleRate : scale;
    return common <= LARGEST_TIMESCALE ? common : scale;
  }, video.timeBase.den);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** Throws ExpectedError('verify_failed') when the frames of `made` are not at `times`. */
export async function verifyTimes(made: Media, times: readonly Flicks[], signal: AbortSignal): Promise<void> {
  const fail = (what: string): never => {
    throw new ExpectedError('verify_failed', { name: made.name, what });
  };
  const base = made.video?.timeBase;
  if (!base) return fail('video');
  const far = flicks((times.at(-1) ?? 0) + fromSeconds(10));
  const found = await frameTimes(made, flicks((times[0] ?? 0) - fromSeconds(10)), far, { signal });
  if (found.length !== times.length) fail(`frames ${found.length} ${times.length}`);
  // A microsecond where ticks are finer than the list's; else less than half a tick.
  const slack = Math.max(FLICKS_PER_SECOND / 1e6, (0.4 * FLICKS_PER_SECOND * base.num) / base.den);
  const moved = times.findIndex((time, i) => Math.abs(time - (found[i] ?? 0)) > slack);
  if (moved >= 0) fail(`time of frame ${moved}`);
}
