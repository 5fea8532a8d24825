/** Frames of a file as ffmpeg sees them, to compare what was exported with what it came from. */
import { execFileSync } from 'node:child_process';

const ffmpeg = process.env['FFMPEG_BIN'] ?? 'ffmpeg';
const run = (args: string[]): string => execFileSync(ffmpeg, ['-hide_banner', '-nostdin', ...args], { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });

/** MD5 of each decoded video frame, in order. */
export function frameHashes(path: string): string[] {
  return run(['-v', 'error', '-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'])
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}

/** When each frame is shown, in seconds from the first. */
export function frameTimes(path: string): number[] {
  const text = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=pts_time', '-of', 'csv=p=0', path], { encoding: 'utf8' });
  // Side data leave lines of their own.
  const shown = text.split('\n').flatMap((line) => (/^\d/.test(line) ? [parseFloat(line)] : []));
  return shown.map((time) => time - (shown[0] ?? 0));
}

/** Of the sound, seconds. */
export const soundLength = (path: string): number =>
  Number(execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'a:0', '-show_entries', 'stream=duration', '-of', 'csv=p=0', path], { encoding: 'utf8' }).trim());

/** Index in `all` at which `part` stands as a whole; -1 when it does not. */
export function findFrames(part: readonly string[], all: readonly string[]): number {
  return all.findIndex((_, index) => part.every((hash, offset) => all[index + offset] === hash));
}

/** Lowest PSNR in dB of the frames of `path` against frames from `first` on of `source`. */
export function lowestPsnr(path: string, source: string, first: number, count: number): number {
  const graph = `[0:v]trim=start_frame=${first}:end_frame=${first + count},setpts=N[a];[1:v]setpts=N[b];[a][b]psnr=stats_file=-`;
  const values = [...run(['-v', 'error', '-i', source, '-i', path, '-lavfi', graph, '-f', 'null', '-']).matchAll(/psnr_avg:(\S+)/g)];
  if (values.length !== count) throw new Error(`compared ${values.length} frames of ${count}`);
  return Math.min(...values.map(([, value]) => (value === 'inf' ? 200 : Number(value))));
}

/** Frame number of a non-drop timecode HH:MM:SS:FF at a whole or 1000/1001 rate. */
export function frameOf(timecode: string, base: number): number {
  const [hours = 0, minutes = 0, seconds = 0, frames = 0] = timecode.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * base + frames;
}

/** A longer film: `times` the clip, encoded anew with a sync frame every two seconds. */
export function loopClip(clip: string, times: number, target: string): void {
  run(['-v', 'error', '-stream_loop', String(times - 1), '-i', clip, '-map', '0:v', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '50', '-pix_fmt', 'yuv420p', '-y', target]);
}

/**
 * PSNR in dB of one frame of `path` against one of `source`, in the part of the picture from `top` to `bottom` (shares of its height).
 * A frame that both have alike gives 200.
 */
export function partPsnr(path: string, frame: number, source: string, sourceFrame: number, [top, bottom]: readonly [number, number]): number {
  const part = (input: number, number: number, name: string): string =>
    `[${input}:v]trim=start_frame=${number}:end_frame=${number + 1},setpts=0,crop=iw:ih*${bottom - top}:0:ih*${top}[${name}]`;
  const graph = `${part(0, frame, 'a')};${part(1, sourceFrame, 'b')};[a][b]psnr=stats_file=-`;
  const [, value] = /psnr_y:(\S+)/.exec(run(['-v', 'error', '-i', path, '-i', source, '-lavfi', graph, '-f', 'null', '-'])) ?? [];
  if (value === undefined) throw new Error(`no frame ${frame} of ${path} or ${sourceFrame} of ${source}`);
  return value === 'inf' ? 200 : Number(value);
}
