/** For tests: real speech models and libraries in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInference } from '../../inference/index.ts';
import { buildWorker, memoryFacts, MODELS } from '../../inference/testRuntime.ts';
import type { Inference } from '../../inference/types.ts';
import { openLibrary } from '../../library/library.ts';
import type { Library } from '../../library/types.ts';

/** For `skip` of a test whose speech is synthesised: not every ffmpeg has the filter. */
export const NO_FLITE = [spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'flite=text=a', '-f', 'null', '-']).status !== 0, 'this ffmpeg has no flite filter'] as const;

export interface SpeechBench {
  folder: string;
  inference: Inference;
  /** A library of its own for each name. */
  library(name: string): Library;
  close(): Promise<void>;
}

export async function openSpeechBench(): Promise<SpeechBench> {
  const worker = await buildWorker({ 'speech-worker': 'main/analysis/speech/worker.ts' });
  const folder = mkdtempSync(join(tmpdir(), 'rushes-speech-'));
  const inference = createInference({ facts: memoryFacts(), workerPath: worker.workerPath, modelsDir: MODELS, candidates: [] });
  const libraries: Library[] = [];
  return {
    folder,
    inference,
    library: (name) => {
      const library = openLibrary({ folder: join(folder, `library-${createHash('sha1').update(name).digest('hex')}`), searchTerms: () => [] });
      libraries.push(library);
      return library;
    },
    close: async () => {
      for (const library of libraries) library.close();
      await inference.close();
      worker.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
