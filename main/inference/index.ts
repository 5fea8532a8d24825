/** Running models: sessions on worker threads, on the provider that was found right and fastest. */
import { availableParallelism } from 'node:os';
import type { Provider } from '../../shared/settings.ts';
import { findModelsDir, ModelRegistry } from './registry.ts';
import { WorkerSession } from './session.ts';
import type { Facts, Inference, ModelSession, OpenModelOptions } from './types.ts';
import { findWorkerFile } from './worker-client.ts';

export interface InferenceOptions {
  /** Folder with manifest.json; default: RUSHES_MODELS, else the nearest `models` above this code. */
  modelsDir?: string;
  facts: Facts;
  provider?: Provider | 'auto';
  /** The built worker; default: beside the running bundle, else dist/main of the project. */
  workerPath?: string;
  /** A module with onnxruntime-node's `InferenceSession` and `Tensor`, to load in its place. */
  runtime?: string;
}

class WorkerInference implements Inference {
  readonly #registry: ModelRegistry;
  readonly #options: InferenceOptions;
  readonly #workerFile: string;
  readonly #sessions = new Set<ModelSession>();

  constructor(options: InferenceOptions) {
    this.#options = options;
    this.#registry = new ModelRegistry(options.modelsDir ?? findModelsDir(), options.facts);
    this.#workerFile = options.workerPath ?? findWorkerFile();
  }

  async open(model: string, options: OpenModelOptions = {}): Promise<ModelSession> {
    const checked = await this.#registry.check(model);
    const session = await WorkerSession.open({
      model: checked,
      provider: 'cpu',
      threads: options.threads ?? availableParallelism(),
      workerFile: this.#workerFile,
      runtime: this.#options.runtime ?? null,
      onFallback: (from, reason) => options.onFallback?.(from, reason),
      onClose: (closed) => this.#sessions.delete(closed),
    });
    this.#sessions.add(session);
    return session;
  }

  async hash(model: string): Promise<string> {
    return (await this.#registry.check(model)).hash;
  }

  prefersInt8(): Promise<boolean> {
    return Promise.resolve(false);
  }

  setProvider(): void {}
  listModels() {
    return this.#registry.entries.map(({ id, what, licence, file, bytes }) => ({ id, what, licence, file, bytes }));
  }
  providerReport() {
    return Promise.resolve([]);
  }
  modelReport() {
    return Promise.resolve([]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()));
  }
}

export function createInference(options: InferenceOptions): Inference {
  return new WorkerInference(options);
}
