/** The shots that styles are measured on: real clips, each one shot, scaled to one size. None of them served to choose a parameter. */
import { mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTool } from '../../media/process.ts';

export interface StyleClip {
  name: string;
  /** What moves in it. */
  motion: 'film' | 'hand_held' | 'static' | 'violent';
  clip: string;
  /** Seconds. */
  from: number;
  frames: number;
  /** Filters before scaling: a camera's movement over a real picture where no real clip has it. */
  camera?: string;
}

/** Slow drift and tremor of a hand over a larger picture: sines that don't repeat within the clip; amplitude up to 2 % of the width. */
const HAND = "crop=iw*0.9:ih*0.9:x='iw*0.05+iw*0.02*sin(n/11)+iw*0.004*sin(n/2.3)':y='ih*0.05+ih*0.02*sin(n/17+1)+ih*0.004*sin(n/1.9)'";

export const STYLE_CLIPS: readonly StyleClip[] = [
  { name: 'film, animated', motion: 'film', clip: 'bigbuckbunny.mp4', from: 2.6, frames: 60 },
  { name: 'street, walking legs', motion: 'film', clip: 'bikes.mp4', from: 7.6, frames: 50 },
  { name: 'deer, hand-held', motion: 'hand_held', clip: 'testvideo.mp4', from: 8.4, frames: 60, camera: HAND },
  { name: 'leaf, static', motion: 'static', clip: 'testvideo.mp4', from: 14.6, frames: 60 },
  { name: 'traffic, violent', motion: 'violent', clip: 'bikes.mp4', from: 3.1, frames: 50 },
];

/** What parameters were chosen on. */
export const TUNING_CLIPS: readonly StyleClip[] = [
  { name: 'tuning, animated', motion: 'film', clip: 'bigbuckbunny.mp4', from: 0.2, frames: 33 },
  { name: 'tuning, street', motion: 'film', clip: 'bikes.mp4', from: 5.7, frames: 33 },
  { name: 'tuning, static', motion: 'static', clip: 'testvideo.mp4', from: 20, frames: 33 },
  { name: 'tuning, leaf, hand-held', motion: 'hand_held', clip: 'testvideo.mp4', from: 1.5, frames: 33, camera: HAND },
];

export const WIDTH = 854;
export const HEIGHT = 480;

/** H.264, as footage mostly is: FFV1 takes as long to decode as a small network to run. */
const LOSSLESS = ['-c:v', 'libx264', '-qp', '0', '-preset', 'ultrafast'];

/** The clip as a file of its own, lossless, in the system's temporary folder; made once. */
export async function styleClip(folder: string, { clip, from, frames, camera, name }: StyleClip): Promise<string> {
  const target = join(tmpdir(), 'rushes-bench', 'style', `${name.replace(/\W+/g, '-')}-${frames}.mkv`);
  if (await stat(target).catch(() => null)) return target;
  await mkdir(join(tmpdir(), 'rushes-bench', 'style'), { recursive: true });
  const filters = [...(camera ? [camera] : []), `scale=${WIDTH}:${HEIGHT}:force_original_aspect_ratio=increase:flags=lanczos`, `crop=${WIDTH}:${HEIGHT}`, 'setsar=1', 'format=yuv420p'];
  const partial = `${target}.part.mkv`;
  const run = await startTool('ffmpeg', ['-y', '-ss', String(from), '-i', join(folder, clip), '-an', '-vf', filters.join(','), '-frames:v', String(frames), ...LOSSLESS, partial], { pipes: 0, name: target });
  await run.done;
  await rename(partial, target);
  return target;
}
