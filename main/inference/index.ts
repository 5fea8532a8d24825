/** Running models: sessions on worker threads, on the provider that was found right and fastest. */
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CancelledError, untilCancelled } from '../../shared/errors.ts';
import type { DoctorReport } from '../../shared/ipc/engine.ts';
import type { Provider } from '../../shared/settings.ts';
import { isPreferred, measureInt8, rememberedInt8, type Int8Measurement } from './int8.ts';
import { providerFromEnvironment, Providers } from './providers.ts';
import { findModelsDir, ModelRegistry } from './registry.ts';
import { reportModels, reportProviders } from './report.ts';
import { ProgramThread, type PlacedModel } from './program.ts';
import { WorkerSession } from './session.ts';
import type { Facts, Inference, ModelSession, ModelSummary, OpenModelOptions, Program, ProgramOptions } from './types.ts';
import { findWorkerFile } from './worker-client.ts';

export { findModelsDir } from './registry.ts';

export interface InferenceOptions {
  /** Folder with manifest.json; default: RUSHES_MODELS, else the nearest `models` above this code. */
  modelsDir?: string;
  facts: Facts;
  /** The setting; RUSHES_PROVIDER overrides it. Default 'auto'. */
  provider?: Provider | 'auto';
  /** The built worker; default: beside the running bundle, else dist/main of the project. */
  workerPath?: string;
  /** A module with onnxruntime-node's `InferenceSession` and `Tensor`, to load in its place. */
  runtime?: string;
  /** Providers to try, best first; default: those of this platform. */
  candidates?: Provider[];
}

class WorkerInference implements Inference {
  readonly #registry: ModelRegistry;
  readonly #providers: Providers;
  readonly #facts: Facts;
  readonly #workerFile: string;
  readonly #runtime: string | null;
  readonly #sessions = new Set<{ close(): Promise<void> }>();
  readonly #closing = new AbortController();
  #setting: Provider | 'auto';

  constructor(options: InferenceOptions) {
    this.#facts = options.facts;
    this.#registry = new ModelRegistry(options.modelsDir ?? findModelsDir(), options.facts);
    this.#workerFile = options.workerPath ?? findWorkerFile();
    this.#runtime = options.runtime ?? null;
    this.#setting = providerFromEnvironment() ?? options.provider ?? 'auto';
    this.#providers = new Providers({
      facts: options.facts,
      workerFile: this.#workerFile,
      runtime: this.#runtime,
      signal: this.#closing.signal,
      candidates: options.candidates ?? null,
    });
  }

  async open(id: string, options: OpenModelOptions = {}): Promise<ModelSession> {
    const model = await this.#registry.check(id);
    const provider = await untilCancelled(this.#providers.choose(model, this.#setting), options.signal);
    return this.#openSession({ id, path: model.path }, provider, options, (from, reason) => {
      this.#providers.recordFailure(model, from, reason);
      options.onFallback?.(from, reason);
    });
  }

  async openFile(path: string, options: OpenModelOptions = {}): Promise<{ session: ModelSession; hash: string }> {
    const hash = await this.#registry.hashFile(path);
    const session = await this.#openSession({ id: basename(path), path }, 'cpu', options, () => undefined);
    return { session, hash };
  }

  async #openSession(model: { id: string; path: string }, provider: Provider, options: OpenModelOptions, onFallback: NonNullable<OpenModelOptions['onFallback']>): Promise<ModelSession> {
    const session = await WorkerSession.open({
      model,
      provider,
      threads: options.threads ?? availableParallelism(),
      workerFile: this.#workerFile,
      runtime: this.#runtime,
      onFallback,
      onClose: (closed) => this.#sessions.delete(closed),
    });
    await this.#keep(session, options.signal);
    return session;
  }

  /** To be closed with the rest; at once when it comes too late. */
  async #keep(opened: { close(): Promise<void> }, signal: AbortSignal | undefined): Promise<void> {
    this.#sessions.add(opened);
    if (!signal?.aborted && !this.#closing.signal.aborted) return;
    await opened.close();
    throw new CancelledError();
  }

  async openProgram<Question, Answer>(options: ProgramOptions): Promise<Program<Question, Answer>> {
    const models: PlacedModel[] = [];
    for (const id of options.models) {
      const model = await this.#registry.check(id);
      models.push({ model, provider: await untilCancelled(this.#providers.choose(model, this.#setting), options.signal) });
    }
    const program = await ProgramThread.open({
      file: join(dirname(this.#workerFile), `${options.program}.js`),
      models,
      threads: options.threads ?? availableParallelism(),
      runtime: this.#runtime,
      onFallback: (from, reason) => {
        for (const { model, provider } of models) if (provider !== 'cpu') this.#providers.recordFailure(model, provider, reason);
        options.onFallback?.(from, reason);
      },
      onClose: (closed) => this.#sessions.delete(closed),
    });
    await this.#keep(program, options.signal);
    // The two ends of a program are of one build and agree on these types.
    return program as Program<Question, Answer>;
  }

  async hash(model: string): Promise<string> {
    return (await this.#registry.check(model)).hash;
  }

  async prefersInt8(model: string, signal?: AbortSignal): Promise<boolean> {
    const measurement = await untilCancelled(this.#int8(model), signal);
    return measurement !== null && isPreferred(measurement);
  }

  setProvider(provider: Provider | 'auto'): void {
    this.#setting = providerFromEnvironment() ?? provider;
  }

  listModels(): ModelSummary[] {
    return this.#registry.entries.map(({ id, what, licence, file, bytes }) => ({ id, what, licence, file, bytes }));
  }

  async providerReport(): Promise<DoctorReport['providers']> {
    const checks = await Promise.allSettled(this.#registry.entries.map(({ id }) => this.#registry.check(id)));
    return reportProviders(this.#providers, checks.flatMap((check) => (check.status === 'fulfilled' ? [check.value] : [])));
  }

  modelReport(): Promise<DoctorReport['models']> {
    return reportModels({
      registry: this.#registry,
      providers: this.#providers,
      setting: this.#setting,
      int8: (floatId) => this.#int8(floatId),
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    // A trial under way ends by the signal; its workers are waited for, since a process that exits over them is aborted.
    const trials = this.#providers.exclusive(() => undefined).catch(() => undefined);
    await Promise.all([trials, ...[...this.#sessions].map((session) => session.close())]);
  }

  /** Null where the float form runs on another provider than the CPU, or there is no int8 form. */
  async #int8(floatId: string): Promise<Int8Measurement | null> {
    const form = this.#registry.entries.find(({ int8Of }) => int8Of === floatId);
    if (!form) return null;
    const [float, int8] = await Promise.all([this.#registry.check(floatId), this.#registry.check(form.id)]);
    if ((await this.#providers.choose(float, this.#setting)) !== 'cpu') return null;
    const options = { float, int8, facts: this.#facts, workerFile: this.#workerFile, runtime: this.#runtime, signal: this.#closing.signal };
    return this.#providers.exclusive(() => rememberedInt8(options) ?? measureInt8(options));
  }
}

/** The engine's way to models. Throws when the models folder, the worker or the runtime is not there. */
export function createInference(options: InferenceOptions): Inference {
  return new WorkerInference(options);
}
