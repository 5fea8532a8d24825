/** The owner's end of one worker: a session on one provider. Requests are answered in order. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Provider } from '../../shared/settings.ts';
import { buffersOf, type FromWorker, type ToWorker } from './protocol.ts';
import type { Tensor } from './types.ts';

const WORKER_FILE = 'inference-worker.js';
/** How long a worker may take to end by itself before it is terminated. */
const CLOSE_LIMIT_MS = 2_000;
/** How long a thread may take to leave the call that it is in: many times the longest run on a busy machine. */
export const THREAD_LIMIT_MS = 15_000;

/** Thrown by a request when its worker failed it. `ended`: the worker is gone, so that later requests fail too. */
export class WorkerFailure extends Error {
  readonly ended: boolean;
  constructor(reason: string, ended: boolean) {
    super(reason);
    this.name = 'WorkerFailure';
    this.ended = ended;
  }
}

/** Where the built worker is: beside the bundle that runs, else in dist of the folder above (run from source). The programs lie beside it. */
export function findWorkerFile(from = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const candidate of [join(folder, WORKER_FILE), join(folder, 'dist', 'main', WORKER_FILE)]) {
      // A worker thread in an installed app starts from the unpacked copy, beside the native runtime that it loads.
      const unpacked = candidate.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
      if (existsSync(unpacked)) return unpacked;
      if (existsSync(candidate)) return candidate;
    }
    if (folder === dirname(folder)) throw new Error(`${WORKER_FILE} is not built: run npm run build`);
  }
}

interface Link {
  send(message: ToWorker, transfer: ArrayBuffer[]): void;
  /** Ends it at once; resolves when it is gone or when waiting longer makes no sense. */
  end(): Promise<void>;
}

interface LinkEvents {
  onMessage(message: FromWorker): void;
  onEnd(reason: string): void;
}

function threadLink(workerFile: string, events: LinkEvents): Link {
  // A worker's own objects are few and small: what it holds lies in the runtime's memory, outside V8's heap.
  const worker = new Worker(workerFile, { name: 'inference', resourceLimits: { maxYoungGenerationSizeMb: 4 } });
  worker.on('message', (message: FromWorker) => events.onMessage(message));
  worker.on('error', (error) => events.onEnd(error.message));
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('exit', (code) => events.onEnd(`the worker ended with code ${code}`));
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    // Terminating a thread inside the runtime's native code aborts the whole process (an exception of N-API that nothing can
    // catch), so it is asked to end after the call that it is in. One inside a hung driver is left behind.
    end: async () => {
      worker.postMessage({ kind: 'close' } satisfies ToWorker);
      await Promise.race([gone, pause(THREAD_LIMIT_MS)]);
      worker.unref();
    },
  };
}

function processLink(workerFile: string, events: LinkEvents): Link {
  const child = fork(workerFile, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (message) => events.onMessage(message as FromWorker));
  child.on('error', (error) => events.onEnd(error.message));
  child.on('exit', (code, signal) => events.onEnd(`the process ended with ${signal ?? `code ${code}`}`));
  return {
    send: (message) => child.send(message, (error) => error && events.onEnd(error.message)),
    end: async () => {
      child.kill('SIGKILL');
      await Promise.race([gone, pause(CLOSE_LIMIT_MS)]);
    },
  };
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

/**
 * Where something is tried out: in a process of its own, so that a driver's crash ends only that, and all memory comes back. Electron's
 * fuses forbid running its binary as Node: in the app it is a thread of the engine.
 */
export function trialIsolation(): 'thread' | 'process' {
  return process.versions['electron'] === undefined ? 'process' : 'thread';
}

export interface WorkerOptions {
  workerFile: string;
  /** `process` costs a start of Node. */
  isolation: 'thread' | 'process';
  path: string;
  provider: Provider;
  threads: number;
  /** Module to load in place of onnxruntime-node (tests). */
  runtime: string | null;
  /** Longest time for loading, milliseconds; Infinity for none. */
  loadLimit: number;
  /** Ends the worker at once. */
  signal?: AbortSignal;
}

export interface RunAnswer {
  outputs: Record<string, Tensor>;
  milliseconds: number;
}

interface Pending {
  resolve(answer: RunAnswer): void;
  reject(failure: WorkerFailure): void;
  timer: NodeJS.Timeout | null;
}

export class WorkerClient {
  readonly #link: Link;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #ended: string | null = null;
  #settleLoad: { resolve(): void; reject(failure: WorkerFailure): void } | null = null;
  readonly #gone: Promise<void>;
  #settleGone: () => void = () => undefined;

  private constructor(options: WorkerOptions) {
    this.#gone = new Promise((resolve) => (this.#settleGone = resolve));
    const events = { onMessage: (message: FromWorker) => this.#receive(message), onEnd: (reason: string) => this.#fail(reason) };
    this.#link = options.isolation === 'thread' ? threadLink(options.workerFile, events) : processLink(options.workerFile, events);
  }

  /** Starts a worker and loads the model. Rejects with WorkerFailure; nothing is left running then. */
  static async open(options: WorkerOptions): Promise<WorkerClient> {
    const client = new WorkerClient(options);
    const { path, provider, threads, runtime } = options;
    const loaded = new Promise<void>((resolve, reject) => (client.#settleLoad = { resolve, reject }));
    client.#obey(options.signal);
    const timer = client.#limit(options.loadLimit, 'loading');
    client.#link.send({ kind: 'load', path, provider, threads, runtime }, []);
    try {
      await loaded;
    } catch (error) {
      await client.kill();
      throw error;
    } finally {
      if (timer) clearTimeout(timer);
    }
    return client;
  }

  /**
   * One run. Buffers are transferred when a tensor owns its whole ArrayBuffer and `keep` is false, copied otherwise.
   * `limit`: milliseconds from now after which the worker counts as hung and is ended.
   */
  run(inputs: Record<string, Tensor>, { keep, limit }: { keep: boolean; limit: number }): Promise<RunAnswer> {
    if (this.#ended !== null) return Promise.reject(new WorkerFailure(this.#ended, true));
    const id = this.#nextId++;
    const sent = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, keep || isPart(tensor) ? copyOf(tensor) : tensor]));
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, timer: this.#limit(limit, 'a run') });
      this.#link.send({ kind: 'run', id, inputs: sent }, buffersOf(sent));
    });
  }

  /** Ends the worker after the run that it is in, dropping those that wait (they reject). */
  async close(): Promise<void> {
    if (this.#ended !== null) return this.#link.end();
    this.#link.send({ kind: 'close' }, []);
    const gone = this.#gone;
    this.#rejectAll('closed');
    await Promise.race([gone, pause(CLOSE_LIMIT_MS)]);
    await this.kill();
  }

  /** Ends the worker at once. */
  async kill(): Promise<void> {
    this.#fail('ended');
    await this.#link.end();
  }

  #obey(signal: AbortSignal | undefined): void {
    const kill = () => void this.kill();
    signal?.addEventListener('abort', kill);
    void this.#gone.then(() => signal?.removeEventListener('abort', kill));
    if (signal?.aborted) kill();
  }

  #limit(milliseconds: number, what: string): NodeJS.Timeout | null {
    if (!Number.isFinite(milliseconds)) return null;
    return setTimeout(() => {
      this.#fail(`${what} took longer than ${milliseconds / 1000} s`);
      void this.#link.end();
    }, milliseconds);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'loaded':
        this.#settleLoad?.resolve();
        return;
      case 'result':
        return this.#take(message.id)?.resolve({ outputs: message.outputs, milliseconds: message.milliseconds });
      case 'failed': {
        const failure = new WorkerFailure(message.reason, false);
        if (message.id === null) this.#settleLoad?.reject(failure);
        else this.#take(message.id)?.reject(failure);
      }
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (pending?.timer) clearTimeout(pending.timer);
    return pending;
  }

  #fail(reason: string): void {
    this.#settleGone();
    if (this.#ended !== null) return;
    this.#rejectAll(reason);
  }

  #rejectAll(reason: string): void {
    this.#ended = reason;
    this.#settleLoad?.reject(new WorkerFailure(reason, true));
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(new WorkerFailure(reason, true));
  }
}

/** True for a view of a larger buffer, which can't be handed over whole. */
function isPart({ data }: Tensor): boolean {
  return !(data.buffer instanceof ArrayBuffer) || data.byteLength !== data.buffer.byteLength;
}

function copyOf(tensor: Tensor): Tensor {
  const { data } = tensor;
  if (data instanceof Uint8Array) return { ...tensor, data: new Uint8Array(data) };
  if (data instanceof Float32Array) return { ...tensor, data: new Float32Array(data) };
  return { ...tensor, data: new BigInt64Array(data) };
}
