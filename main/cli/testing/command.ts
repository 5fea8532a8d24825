/** Runs the built command line in a real process of its own, as a person would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, bundleFolder } from '../../../e2e/bundle.ts';

export interface RunOptions {
  /** Data folder. */
  data: string;
  environment?: Record<string, string>;
  uid?: number;
  cwd?: string;
}
export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export class CommandLine {
  readonly #entry: string;

  private constructor(entry: string) {
    this.#entry = entry;
  }

  /** Builds it under a name of the test file's own. */
  static async build(name: string): Promise<CommandLine> {
    const folder = bundleFolder(name);
    await bundle(
      {
        cli: 'main/cli/index.ts',
        'inference-worker': 'main/inference/worker.ts',
        'speech-worker': 'main/analysis/speech/worker.ts',
        'language-worker': 'main/analysis/language/worker.ts',
        'picture-worker': 'main/analysis/pictures/worker.ts',
        'style-worker': 'main/style/worker.ts',
      },
      folder,
    );
    return new CommandLine(join(folder, 'cli.js'));
  }

  start(args: readonly string[], options: RunOptions): ChildProcess {
    // Trials of other providers are tested with the models; here they would only cost time.
    const environment = { RUSHES_PROVIDER: 'cpu', PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', RUSHES_DATA: options.data, ...options.environment };
    return spawn(process.execPath, [this.#entry, ...args], { env: environment, uid: options.uid, cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async run(args: readonly string[], options: RunOptions): Promise<Finished> {
    return finished(this.start(args, options));
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
