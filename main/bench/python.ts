/**
 * References in Python, started from the benchmarks only: an environment of their own under the system's temporary folder, filled by pip at
 * the first run. A script reads one JSON a line and answers one JSON a line; its first line says that it is ready.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from './place.ts';

export interface PythonEnvironment {
  /** The environment's own interpreter. */
  python: string;
  /** For what else the reference needs. */
  folder: string;
}

/** Installs `packages` once. Throws when Python or the packages can't be had. */
export async function pythonEnvironment(name: string, packages: readonly string[], print: (line: string) => void): Promise<PythonEnvironment> {
  const folder = join(tmpdir(), 'rushes-bench', name);
  const python = join(folder, 'environment', process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  const complete = join(folder, 'installed');
  if (!existsSync(complete)) {
    print(`Installing ${name} for the comparison (once)…`);
    mkdirSync(folder, { recursive: true });
    await finished(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', join(folder, 'environment')]);
    await finished(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
    writeFileSync(complete, packages.join('\n'));
  }
  return { python, folder };
}

export class PythonReference {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #script: string;
  #complaint = '';

  private constructor(child: ChildProcessWithoutNullStreams, script: string) {
    this.#child = child;
    this.#script = script;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (data: Buffer) => (this.#complaint = (this.#complaint + data.toString()).slice(-2000)));
  }

  /** `script`: path within the project. */
  static async open({ python }: PythonEnvironment, script: string, args: readonly string[] = []): Promise<PythonReference> {
    const child = spawn(python, [join(projectRoot(), script), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const reference = new PythonReference(child, script);
    await reference.#next();
    return reference;
  }

  async ask(request: unknown): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return JSON.parse(await this.#next());
  }

  close(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }

  async #next(): Promise<string> {
    const line = await this.#lines.next();
    if (line.done) throw new Error(`${this.#script} ended: ${this.#complaint}`);
    return line.value;
  }
}

/** Runs a command to its end; what it wrote. */
export async function finished(command: string, list: readonly string[]): Promise<string> {
  const child = spawn(command, list, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(-2000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${list[0] ?? ''} ended with ${code}: ${complaint}`);
  return output;
}
