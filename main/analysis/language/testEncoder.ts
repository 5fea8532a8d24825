/** For tests: the real encoders with a library that lives as long as they do. */
import { createInference } from '../../inference/index.ts';
import { buildWorker, memoryFacts, MODELS } from '../../inference/testRuntime.ts';
import { openTemporaryLibrary } from '../../library/library.ts';
import type { Library } from '../../library/types.ts';
import { openEncoder, type LanguageEncoder } from './encoder.ts';

export interface TestEncoder {
  encoder: LanguageEncoder;
  library: Library;
  close(): Promise<void>;
}

export async function openTestEncoder(): Promise<TestEncoder> {
  const worker = await buildWorker({ 'language-worker': 'main/analysis/language/worker.ts' });
  const inference = createInference({ facts: memoryFacts(), provider: 'cpu', workerPath: worker.workerPath, modelsDir: MODELS });
  const library = openTemporaryLibrary();
  const encoder = openEncoder(inference, library);
  return {
    encoder,
    library,
    close: async () => {
      await encoder.close();
      await inference.close();
      library.close();
      worker.remove();
    },
  };
}
