/** Runs the built command line: in the test's own process, or in one of its own as a person would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { bundle, bundleFolder } from '../../../e2e/bundle.ts';

export interface RunOptions {
  /** Data folder. */
  data: string;
  environment?: Record<string, string>;
}
export interface ProcessOptions extends RunOptions {
  uid?: number;
  cwd?: string;
}
export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

const ENTRIES = {
  cli: 'main/cli/index.ts',
  run: 'main/cli/run.ts',
  'inference-worker': 'main/inference/worker.ts',
  'speech-worker': 'main/analysis/speech/worker.ts',
  'language-worker': 'main/analysis/language/worker.ts',
  'picture-worker': 'main/analysis/pictures/worker.ts',
  'style-worker': 'main/style/worker.ts',
};

export class CommandLine {
  readonly #folder: string;
  readonly #runCli: typeof import('../run.ts').runCli;

  private constructor(folder: string, runCli: typeof import('../run.ts').runCli) {
    this.#folder = folder;
    this.#runCli = runCli;
  }

  /** Bundles it, once for all files of a run of the tests. */
  static async build(): Promise<CommandLine> {
    // Trials of other providers are tested with the models; here they would only cost time.
    process.env.RUSHES_PROVIDER = 'cpu';
    const folder = await bundled();
    const { runCli } = (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'run.js')).href)) as typeof import('../run.ts');
    return new CommandLine(folder, runCli);
  }

  start(args: readonly string[], options: ProcessOptions): ChildProcess {
    const environment = { RUSHES_PROVIDER: 'cpu', PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', RUSHES_DATA: options.data, ...options.environment };
    return spawn(process.execPath, [join(this.#folder, 'cli.js'), ...args], { env: environment, uid: options.uid, cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** In a process of its own: what a shell sees. */
  async runProcess(args: readonly string[], options: ProcessOptions): Promise<Finished> {
    return finished(this.start(args, options));
  }

  /** The same bundle in this process, which saves starting Node and reading the bundle. `environment`: only what the command line itself reads. */
  async run(args: readonly string[], options: RunOptions): Promise<Finished> {
    const [stdout, stderr] = [new Collected(), new Collected()];
    const environment = { LANG: 'C.UTF-8', RUSHES_DATA: options.data, ...options.environment };
    const code = await this.#runCli(args, { stdout, stderr, showsProgress: false, columns: () => 80, environment, onStop: () => () => undefined });
    return { code, signal: null, stdout: stdout.text, stderr: stderr.text };
  }
}

class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Folder of the bundle of this run of the tests: the first file that needs it builds it, others wait for that. */
async function bundled(): Promise<string> {
  const { RUSHES_TEST_RUN: run, VITEST_MODE: mode } = process.env;
  // While watching, sources change within a run.
  const folder = bundleFolder(`command-${mode === 'WATCH' || !run ? randomUUID() : run}`);
  const lock = `${folder}.lock`;
  mkdirSync(dirname(folder), { recursive: true });
  for (;;) {
    if (existsSync(folder)) return folder;
    if (taken(lock)) {
      await pause(50);
      continue;
    }
    try {
      sweep(dirname(folder));
      await bundle(ENTRIES, `${folder}.partial`);
      renameSync(`${folder}.partial`, folder);
      return folder;
    } finally {
      rmSync(lock, { recursive: true });
    }
  }
}

/** Bundles of earlier runs. */
function sweep(folder: string): void {
  const day = 86_400_000;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = name.startsWith('command-') ? statSync(path, { throwIfNoEntry: false }) : undefined;
    if (stat && Date.now() - stat.mtimeMs > day) rmSync(path, { recursive: true, force: true });
  }
}

/** True when another process has the lock. */
function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return true;
    throw error;
  }
}

export async function finished(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

export const jsonLines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

export function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Process ids whose command line mentions `text`: on Linux, what a command left running on a file. */
export function processesOn(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}
