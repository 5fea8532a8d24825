/** For tests: small clips made by ffmpeg, and what is in a file, told by decoding it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { flicks, FLICKS_PER_SECOND, type Flicks } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import type { ExportOptions, ExportRange } from './plan.ts';
import { prepareExport } from './prepare.ts';
import { runExport, type RunExportOptions } from './run.ts';
import type { ExportTarget } from './targets.ts';

const execute = promisify(execFile);

export async function ffmpeg(...args: string[]): Promise<void> {
  await execute('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 64 << 20 });
}

export async function testFolder(name: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `rushes-${name}-`));
  return { path, remove: async () => rm(path, { recursive: true, force: true }) };
}

/** 29.97 frames/s H.264 with B-frames, a sync frame every 48, stereo AAC. */
export async function makeClip(path: string, options: { seconds?: number; video?: string[]; audio?: string[]; size?: string; rate?: string; source?: string } = {}): Promise<Media> {
  const { seconds = 6, size = '320x180', rate = '30000/1001', source = 'testsrc2' } = options;
  await ffmpeg(
    '-f', 'lavfi', '-i', `${source}=s=${size}:r=${rate}:d=${seconds}`,
    '-f', 'lavfi', '-i', `sine=f=440:r=48000:d=${seconds}:b=3`,
    ...(options.video ?? ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48', '-bf', '3']),
    ...(options.audio ?? ['-c:a', 'aac', '-ac', '2']),
    path,
  );
  return probeMedia(path);
}

export interface HashedFrame {
  /** Seconds, the file's own. */
  time: number;
  md5: string;
}
/** By path, size and time of change: sources are compared with again and again. */
const hashed = new Map<string, Promise<readonly HashedFrame[]>>();

/** MD5 of every decoded frame with its time; turned nowhere. */
export async function frameHashes(path: string): Promise<readonly HashedFrame[]> {
  const { size, mtimeMs, ino } = await stat(path);
  const key = [path, size, mtimeMs, ino].join();
  const known = hashed.get(key) ?? hashFrames(path);
  hashed.set(key, known);
  return known;
}

async function hashFrames(path: string): Promise<HashedFrame[]> {
  const args = ['-nostdin', '-v', 'error', '-noautorotate', '-copyts', '-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough', '-enc_time_base', '1/90000', '-f', 'framemd5', '-'];
  const { stdout } = await execute('ffmpeg', args, { maxBuffer: 64 << 20 });
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const fields = line.split(',').map((field) => field.trim());
      return { time: Number(fields[2]) / 90_000, md5: fields[5] ?? '' };
    });
}

/** Decoded sound of one stream, mono f32, from its own first sample on. */
export async function samples(path: string, stream = 0, rate = 48_000): Promise<Float32Array> {
  const { stdout } = await execute('ffmpeg', ['-nostdin', '-v', 'error', '-i', path, '-map', `0:a:${stream}`, '-ac', '1', '-ar', String(rate), '-f', 'f32le', '-'], { encoding: 'buffer', maxBuffer: 256 << 20 });
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength));
}

/** Lowest PSNR in dB of a frame of `output` against frames [first, first + count) of `source`. */
export async function psnr(output: string, source: string, first: number, count: number): Promise<number> {
  return psnrOfRuns(output, source, [{ first, count }]);
}

/** The same for several runs of frames, ascending, one after another in `output`. */
export async function psnrOfRuns(output: string, source: string, runs: readonly { first: number; count: number }[]): Promise<number> {
  const chosen = runs.map(({ first, count }) => `between(n\\,${first}\\,${first + count - 1})`).join('+');
  const count = runs.reduce((sum, run) => sum + run.count, 0);
  const graph = `[0:v]settb=1/1000,setpts=N[a];[1:v]select=${chosen},settb=1/1000,setpts=N[b];[a][b]psnr=stats_file=-`;
  const args = ['-nostdin', '-v', 'error', '-noautorotate', '-i', output, '-noautorotate', '-i', source, '-lavfi', graph, '-f', 'null', '-'];
  const { stdout } = await execute('ffmpeg', args, { maxBuffer: 64 << 20 });
  const values = [...stdout.matchAll(/psnr_avg:(\S+)/g)].map((match) => (match[1] === 'inf' ? 100 : Number(match[1])));
  if (values.length !== count) throw new Error(`${values.length} frames compared of ${count}`);
  return Math.min(...values);
}

export async function fileHash(path: string): Promise<string> {
  return createHash('sha256').update(await readFile(path)).digest('hex');
}

export async function names(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}

export function at(seconds: number): Flicks {
  return flicks(Math.round(seconds * FLICKS_PER_SECOND));
}

/** Time of frame `n` at 30000/1001 frames/s. */
export function frame(n: number, num = 30_000, den = 1001): Flicks {
  return flicks(Math.round((n * den * FLICKS_PER_SECOND) / num));
}

export function rangeOf(media: Media, start: Flicks, end: Flicks, name = 'clip'): ExportRange {
  return { media: media.id, start, end, name };
}

/** Plans and runs an export; gives all events. */
export async function exportAll(
  media: readonly Media[],
  ranges: readonly ExportRange[],
  options: ExportOptions,
  target: ExportTarget,
  run: RunExportOptions = { overwrite: false },
): Promise<{ events: ExportEvent[]; files: string[]; how: string[] }> {
  const plan = await prepareExport(ranges, options, (id) => {
    const found = media.find((each) => each.id === id);
    if (!found) throw new Error(`not open: ${id}`);
    return found;
  });
  const events: ExportEvent[] = [];
  for await (const event of runExport(plan, target, run)) events.push(event);
  return {
    events,
    files: events.flatMap((event) => (event.type === 'file' ? [event.path] : [])),
    how: plan.segments.map(({ how, why }) => `${how}:${why}`),
  };
}
