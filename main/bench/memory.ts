/**
 * `bench memory`: the engine's memory while it analyses a long film beside a short one. The engine is the command line's, in a
 * process of its own with a library of its own; ffmpeg is told apart from it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ENGINE_ENVIRONMENT } from '../engine/environment.ts';
import { benchFilm } from './film.ts';
import { projectRoot } from './place.ts';
import { watchMemory, type MemoryPeaks } from './processes.ts';
import { machineLine, report } from './table.ts';

export interface MemoryBenchOptions {
  /** Minutes of the short and of the long film. */
  minutes: readonly [number, number];
  /** Folder of the sample clips. */
  clips: string;
  print(line: string): void;
}

const GIGABYTE = 1e9;
const TARGET_BYTES = GIGABYTE;
/** The long film's peak may exceed the short one's by a tenth. */
const TARGET_RATIO = 1.1;

export async function run({ minutes, clips, print }: MemoryBenchOptions): Promise<boolean> {
  if (process.platform !== 'linux') throw new Error('bench memory reads /proc: it runs on Linux');
  print(machineLine());
  const peaks: MemoryPeaks[] = [];
  for (const length of minutes) {
    const film = await benchFilm(clips, length);
    const found = await analyse(film);
    peaks.push(found.peaks);
    print(`${length} minutes: ${found.frames} frames in ${found.seconds.toFixed(0)} s, ${found.peaks.samples} samples of memory`);
  }
  const [short, long] = peaks;
  if (!short || !long) throw new Error('two lengths are needed');
  const megabytes = (bytes: number): number => bytes / 1e6;
  const beside = (bytes: number) => ({ name: `${minutes[0]} min`, value: megabytes(bytes) });
  return report(
    [
      { name: `engine, ${minutes[1]} min`, value: megabytes(long.process), unit: 'MB', reference: beside(short.process), target: { kind: 'at_most', value: megabytes(TARGET_BYTES) } },
      { name: 'long beside short', value: long.process / short.process, unit: 'times', target: { kind: 'at_most', value: TARGET_RATIO } },
      { name: `engine and ffmpeg, ${minutes[1]} min`, value: megabytes(long.tree), unit: 'MB', reference: beside(short.tree), target: null },
    ],
    print,
  );
}

interface Analysed {
  peaks: MemoryPeaks;
  frames: number;
  seconds: number;
}

async function analyse(film: string): Promise<Analysed> {
  const data = mkdtempSync(join(tmpdir(), 'rushes-bench-data-'));
  const command = join(projectRoot(), 'dist', 'main', 'cli.js');
  const child = spawn(process.execPath, [command, 'analyze', film, '--json'], { env: { ...ENGINE_ENVIRONMENT, ...process.env, RUSHES_DATA: data }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    if (child.pid === undefined) throw new Error(`${command} did not start`);
    const watch = watchMemory(child.pid);
    let done: Pick<Analysed, 'frames' | 'seconds'> | null = null;
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as { type: string; frames?: number; seconds?: number };
      if (event.type === 'done') done = { frames: event.frames ?? 0, seconds: event.seconds ?? 0 };
    }
    const code = await ended;
    const peaks = await watch.stop();
    if (code !== 0 || !done) throw new Error(`analysing ${film} ended with ${code}`);
    return { peaks, ...done };
  } finally {
    child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}
