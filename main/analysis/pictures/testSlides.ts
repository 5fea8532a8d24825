/** For tests: videos of slides, drawn by ffmpeg in the bundled font. */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const FONT = join(resolve(import.meta.dirname, '..', '..', '..'), 'shared', 'fonts', 'NotoSansSC-Regular.ttf');

/** The picture worker, for `buildWorker`. */
export const PICTURE_PROGRAM = { 'picture-worker': 'main/analysis/pictures/worker.ts' };

export interface TextPlace {
  size: number;
  x: number | string;
  y: number;
  colour?: string;
}

/** A drawtext filter. The text has no quotes, colons or backslashes. */
export function drawtext(text: string, { size, x, y, colour }: TextPlace, enable = ''): string {
  return `drawtext=fontfile='${FONT}':text='${text}':fontsize=${size}:x=${x}:y=${y}:fontcolor=${colour ?? 'black'}${enable}`;
}

/** A video of one colour with filters over it, 2 s unless said. Returns its path. */
export function stillVideo(path: string, { size, colour, seconds = 2 }: { size: string; colour: string; seconds?: number }, filters: readonly string[]): string {
  execFileSync('ffmpeg', [
    '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', `color=c=${colour}:s=${size}:r=10:d=${seconds}`,
    '-vf', filters.join(','), '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', path,
  ]);
  return path;
}
