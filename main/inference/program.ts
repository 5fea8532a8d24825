/**
 * A program: a worker thread that holds several models and runs its own loop over them. Like a session it falls back to the CPU at
 * the first failure of another provider, and then answers again what was under way.
 */
import { Worker } from 'node:worker_threads';
import { CancelledError, ExpectedError } from '../../shared/errors.ts';
import type { Provider } from '../../shared/settings.ts';
import type { FromProgram, ProgramModel, ToProgram } from './protocol.ts';
import type { CheckedModel } from './registry.ts';
import type { Program } from './types.ts';
import { pause, THREAD_LIMIT_MS, WorkerFailure } from './worker-client.ts';

/** A provider other than the CPU that takes longer than this over one question, or to load, has hung. Milliseconds. */
const ANSWER_LIMIT_MS = 120_000;

export interface PlacedModel {
  model: CheckedModel;
  provider: Provider;
}

export interface ProgramThreadOptions {
  file: string;
  models: readonly PlacedModel[];
  threads: number;
  runtime: string | null;
  onFallback(from: Provider, reason: string): void;
  onClose(program: ProgramThread): void;
}

export class ProgramThread implements Program<unknown, unknown> {
  readonly #options: ProgramThreadOptions;
  #models: readonly PlacedModel[];
  #thread: Promise<Thread>;
  #closed = false;

  private constructor(options: ProgramThreadOptions) {
    this.#options = options;
    this.#models = options.models;
    this.#thread = this.#start();
  }

  /** Loads the models; those that another provider can't load are loaded on the CPU. ExpectedError 'model_failed' when that fails too. */
  static async open(options: ProgramThreadOptions): Promise<ProgramThread> {
    const program = new ProgramThread(options);
    try {
      await program.#thread;
    } catch (error) {
      if (program.#onCpu) throw program.#failure(error);
      await program.#fallBack(program.#thread, error);
    }
    return program;
  }

  get provider(): Provider {
    return this.#models[0]?.provider ?? 'cpu';
  }

  get #onCpu(): boolean {
    return this.#models.every(({ provider }) => provider === 'cpu');
  }

  async ask(question: unknown, options: { transfer?: ArrayBuffer[]; signal?: AbortSignal } = {}): Promise<unknown> {
    if (this.#closed || options.signal?.aborted) throw new CancelledError();
    const thread = this.#thread;
    const onCpu = this.#onCpu;
    try {
      const running = await thread;
      // A provider that may fail must leave the question here: the CPU gets it then.
      return await running.ask(question, { transfer: onCpu ? (options.transfer ?? []) : [], limit: onCpu ? Infinity : ANSWER_LIMIT_MS, signal: options.signal });
    } catch (error) {
      if (this.#closed || options.signal?.aborted) throw new CancelledError();
      if (onCpu) {
        this.#replaceIfEnded(thread, error);
        throw this.#failure(error);
      }
      await this.#fallBack(thread, error);
      return this.ask(question, options);
    }
  }

  /** Questions under way reject with CancelledError. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClose(this);
    const thread = await this.#thread.catch(() => null);
    await thread?.end('closed');
  }

  async #fallBack(failed: Promise<Thread>, error: unknown): Promise<void> {
    if (this.#thread === failed) {
      const from = this.#models.find(({ provider }) => provider !== 'cpu')?.provider ?? 'cpu';
      this.#models = this.#models.map(({ model }) => ({ model, provider: 'cpu' }));
      this.#thread = this.#start();
      this.#thread.catch(() => undefined);
      this.#options.onFallback(from, error instanceof Error ? error.message : String(error));
      void failed.then((thread) => thread.end('replaced')).catch(() => undefined);
    }
    await this.#thread.catch((second: unknown) => {
      throw this.#failure(second);
    });
  }

  #replaceIfEnded(failed: Promise<Thread>, error: unknown): void {
    if (this.#thread !== failed || !(error instanceof WorkerFailure) || !error.ended) return;
    this.#thread = this.#start();
    this.#thread.catch(() => undefined);
  }

  #start(): Promise<Thread> {
    const { file, threads, runtime } = this.#options;
    const models = Object.fromEntries(
      this.#models.map(({ model, provider }): [string, ProgramModel] => [model.entry.id, { path: model.path, provider, companions: model.companions }]),
    );
    return Thread.open(file, { kind: 'load', models, threads, runtime }, this.#onCpu ? Infinity : ANSWER_LIMIT_MS);
  }

  #failure(error: unknown): Error {
    if (!(error instanceof WorkerFailure)) return error instanceof Error ? error : new Error(String(error));
    return new ExpectedError('model_failed', { model: this.#models[0]?.model.entry.id ?? '', reason: error.message }, { cause: error });
  }
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(failure: Error): void;
}

interface AskOptions {
  transfer: ArrayBuffer[];
  /** Milliseconds. */
  limit: number;
  signal: AbortSignal | undefined;
}

/** The worker thread itself and who waits for its answers. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #gone: Promise<void>;
  #nextId = 0;
  #ended: string | null = null;
  #load: Waiting | null = null;

  private constructor(file: string) {
    this.#worker = new Worker(file, { name: 'program' });
    this.#gone = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('message', (message: FromProgram) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(error.message));
    this.#worker.on('exit', (code) => this.#fail(`the worker ended with code ${code}`));
  }

  static async open(file: string, load: Extract<ToProgram, { kind: 'load' }>, limit: number): Promise<Thread> {
    const thread = new Thread(file);
    const loaded = new Promise<unknown>((resolve, reject) => (thread.#load = { resolve, reject }));
    const timer = thread.#limit(limit);
    thread.#send(load);
    try {
      await loaded;
    } catch (error) {
      void thread.end('not loaded');
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return thread;
  }

  async ask(question: unknown, { transfer, limit, signal }: AskOptions): Promise<unknown> {
    if (this.#ended !== null) throw new WorkerFailure(this.#ended, true);
    const id = this.#nextId++;
    const timer = this.#limit(limit);
    const drop = (): void => {
      this.#send({ kind: 'drop', id });
      this.#take(id)?.reject(new CancelledError());
    };
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.#send({ kind: 'ask', id, question }, transfer);
        signal?.addEventListener('abort', drop, { once: true });
        // It may have fired while the thread was waited for.
        if (signal?.aborted) drop();
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', drop);
    }
  }

  /** Asks the thread to end after the run that it is in: terminating one inside the runtime aborts the whole process. */
  async end(reason: string): Promise<void> {
    this.#fail(reason);
    this.#send({ kind: 'close' });
    await Promise.race([this.#gone, pause(THREAD_LIMIT_MS)]);
    this.#worker.unref();
  }

  #send(message: ToProgram, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #limit(milliseconds: number): NodeJS.Timeout | undefined {
    if (!Number.isFinite(milliseconds)) return undefined;
    return setTimeout(() => this.#fail(`took longer than ${milliseconds / 1000} s`), milliseconds);
  }

  #receive(message: FromProgram): void {
    switch (message.kind) {
      case 'loaded':
        return this.#load?.resolve(undefined);
      case 'answer':
        return this.#take(message.id)?.resolve(message.answer);
      case 'failed': {
        const failure = new WorkerFailure(message.reason, false);
        if (message.id === null) this.#load?.reject(failure);
        else this.#take(message.id)?.reject(failure);
      }
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(reason: string): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    const failure = new WorkerFailure(reason, true);
    this.#load?.reject(failure);
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(failure);
  }
}
