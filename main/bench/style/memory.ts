/** Peak memory of a 3840x2160 render, by the command line in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINE_ENVIRONMENT } from '../../engine/environment.ts';
import { startTool } from '../../media/process.ts';
import { projectRoot } from '../place.ts';
import { watchMemory } from '../processes.ts';
import type { Figure } from '../table.ts';

const FRAMES = 24;
const TARGET_MB = 1500;
/** Style, and quality as the command takes it. */
const RENDERS = [['vintage', 'fast'], ['painter:6', 'fast'], ['enhance', 'best'], ['face-oil', 'best']] as const;

export async function measureStyleMemory(clips: string, print: (line: string) => void): Promise<Figure[]> {
  if (process.platform !== 'linux') throw new Error('the memory of processes is read from /proc: this runs on Linux');
  await mkdir(join(tmpdir(), 'rushes-bench', 'style'), { recursive: true });
  const film = await largeFilm(clips);
  const figures: Figure[] = [];
  for (const [style, quality] of RENDERS) {
    const { bytes, tree, seconds } = await rendered(film, style, quality);
    print(`${style}, 3840x2160: ${FRAMES} frames in ${seconds.toFixed(0)} s, with ffmpeg ${(tree / 1e6).toFixed(0)} MB`);
    figures.push({ name: `${style} at 3840x2160, peak memory of the engine`, value: bytes / 1e6, unit: 'MB', target: { kind: 'at_most', value: TARGET_MB } });
  }
  return figures;
}

async function largeFilm(clips: string): Promise<string> {
  const target = join(tmpdir(), 'rushes-bench', 'style', `large-${FRAMES}.mp4`);
  if (await stat(target).catch(() => null)) return target;
  const partial = `${target}.part.mp4`;
  const run = await startTool('ffmpeg', ['-y', '-i', join(clips, 'bigbuckbunny.mp4'), '-an', '-vf', 'scale=3840:2160', '-frames:v', String(FRAMES), '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', partial], { pipes: 0, name: target });
  await run.done;
  await rename(partial, target);
  return target;
}

async function rendered(film: string, style: string, quality: string): Promise<{ bytes: number; tree: number; seconds: number }> {
  const data = mkdtempSync(join(tmpdir(), 'rushes-bench-data-'));
  const command = join(projectRoot(), 'dist', 'main', 'cli.js');
  const started = performance.now();
  const args = [command, 'style', film, '--style', style, '--quality', quality, '--out', join(data, 'styled.mp4')];
  const child = spawn(process.execPath, args, { env: { ...ENGINE_ENVIRONMENT, ...process.env, RUSHES_DATA: data }, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    if (child.pid === undefined) throw new Error(`${command} did not start`);
    const watch = watchMemory(child.pid, 100);
    const code = await ended;
    const peaks = await watch.stop();
    if (code !== 0) throw new Error(`rendering ${film} ended with ${code}`);
    return { bytes: peaks.process, tree: peaks.tree, seconds: (performance.now() - started) / 1000 };
  } finally {
    child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}
