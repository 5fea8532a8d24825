/** A model that runs: on its provider while that works, on the CPU from its first failure on. */
import { CancelledError, ExpectedError } from '../../shared/errors.ts';
import type { Provider } from '../../shared/settings.ts';
import type { ModelSession, Tensor } from './types.ts';
import { WorkerClient, WorkerFailure, type WorkerOptions } from './worker-client.ts';

/** A provider other than the CPU that takes longer than this for one run has hung. Milliseconds. */
const RUN_LIMIT_MS = 60_000;
const LOAD_LIMIT_MS = 60_000;

export interface SessionOptions {
  model: { id: string; path: string };
  provider: Provider;
  threads: number;
  workerFile: string;
  runtime: string | null;
  /** After a failure of a provider other than the CPU, before the CPU takes over. */
  onFallback(from: Provider, reason: string): void;
  onClose(session: ModelSession): void;
}

export class WorkerSession implements ModelSession {
  readonly model: string;
  provider: Provider;
  readonly #options: SessionOptions;
  #client: Promise<WorkerClient>;
  #closed = false;

  private constructor(options: SessionOptions) {
    this.model = options.model.id;
    this.provider = options.provider;
    this.#options = options;
    this.#client = this.#start();
  }

  /** Loads the model. When its provider can't, the CPU does; ExpectedError 'model_failed' when that fails too. */
  static async open(options: SessionOptions): Promise<WorkerSession> {
    const session = new WorkerSession(options);
    try {
      await session.#client;
    } catch (error) {
      if (session.provider === 'cpu') throw session.#failure(error);
      await session.#fallBack(session.#client, error);
    }
    return session;
  }

  async run(inputs: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    if (this.#closed) throw new CancelledError();
    const client = this.#client;
    const onCpu = this.provider === 'cpu';
    try {
      const worker = await client;
      // A provider that may fail must leave the input here: the CPU gets it then.
      const { outputs } = await worker.run(inputs, { keep: !onCpu, limit: onCpu ? Infinity : RUN_LIMIT_MS });
      return outputs;
    } catch (error) {
      if (this.#closed) throw new CancelledError();
      if (!onCpu) return await this.#runAgain(client, inputs, error);
      this.#replaceIfEnded(client, error);
      throw this.#failure(error);
    }
  }

  /** Requests under way reject with CancelledError. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClose(this);
    const client = await this.#client.catch(() => null);
    await client?.close();
  }

  async #runAgain(failed: Promise<WorkerClient>, inputs: Record<string, Tensor>, error: unknown): Promise<Record<string, Tensor>> {
    await this.#fallBack(failed, error);
    return this.run(inputs);
  }

  /**
   * Opens the CPU's session in place of `failed`; once, however many requests it failed. Requests come back in the
   * order in which they were made, so they also reach the CPU in that order.
   */
  async #fallBack(failed: Promise<WorkerClient>, error: unknown): Promise<void> {
    if (this.#client === failed) {
      const from = this.provider;
      this.provider = 'cpu';
      this.#client = this.#start();
      this.#client.catch(() => undefined);
      this.#options.onFallback(from, reasonOf(error));
      void failed.then((client) => client.kill()).catch(() => undefined);
    }
    await this.#client.catch((second: unknown) => {
      throw this.#failure(second);
    });
  }

  /** A worker that died (killed, out of memory) fails the requests it had; the next one finds a new worker. */
  #replaceIfEnded(failed: Promise<WorkerClient>, error: unknown): void {
    if (this.#client !== failed || !(error instanceof WorkerFailure) || !error.ended) return;
    this.#client = this.#start();
    this.#client.catch(() => undefined);
  }

  #start(): Promise<WorkerClient> {
    const { model, threads, workerFile, runtime } = this.#options;
    const options: WorkerOptions = {
      workerFile,
      isolation: 'thread',
      path: model.path,
      provider: this.provider,
      threads,
      runtime,
      loadLimit: this.provider === 'cpu' ? Infinity : LOAD_LIMIT_MS,
    };
    return WorkerClient.open(options);
  }

  #failure(error: unknown): Error {
    if (!(error instanceof WorkerFailure)) return error instanceof Error ? error : new Error(String(error));
    return new ExpectedError('model_failed', { model: this.model, reason: error.message }, { cause: error });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
