/** A film of a real lecture, with slides and streets to look at. */
import { execFileSync } from 'node:child_process';
import { media, root } from './app.ts';
import { join } from 'node:path';

/** Written on the slides, and never said. */
export const SLIDES = ['Library opening hours', 'Winter garden'] as const;
/** Seconds: a slide, the street of bikes.mp4, a slide, the stills of testvideo.mp4. */
const PARTS = [15, 20, 21, 24] as const;
export const LENGTH = PARTS.reduce((sum, part) => sum + part, 0);

/** The first minute and a half of a lecture on printing, read aloud. */
export function printingFilm(target: string): string {
  const font = join(root, 'shared', 'fonts', 'NotoSansSC-Regular.ttf');
  const slide = (index: 0 | 1, colour: string): string[] => ['-f', 'lavfi', '-t', String(PARTS[index * 2]), '-i', `color=${colour}:s=640x360:r=25,drawtext=fontfile=${font}:text='${SLIDES[index]}':fontsize=44:fontcolor=black:x=(w-tw)/2:y=(h-th)/2`];
  const inputs = [...slide(0, 'white'), '-stream_loop', '-1', '-t', String(PARTS[1]), '-i', media('bikes.mp4'), ...slide(1, 'lightyellow'), '-i', media('testvideo.mp4'), '-i', media('printing.ogg')];
  const fitted = [0, 1, 2, 3].map((index) => `[${index}:v]fps=25,scale=640:360:force_original_aspect_ratio=decrease,pad=640:360:-1:-1,setsar=1,format=yuv420p[v${index}]`);
  const graph = `${fitted.join(';')};[v0][v1][v2][v3]concat=n=4:v=1:a=0[v]`;
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...inputs, '-filter_complex', graph, '-map', '[v]', '-map', '4:a', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac', '-ac', '1', '-t', String(LENGTH), '-y', target]);
  return target;
}
