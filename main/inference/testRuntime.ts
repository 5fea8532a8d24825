/** For tests: the worker built from source, and a stand-in for onnxruntime-node whose other providers misbehave on order. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { throwIfCancelled, untilCancelled } from '../../shared/errors.ts';
import { createInference } from './index.ts';
import { readManifest } from './manifest.ts';
import type { Facts, Inference, ModelSession, OpenModelOptions, Program, ProgramOptions, Tensor } from './types.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
export const MODELS = join(ROOT, 'models');
export const CLIPS = join(ROOT, 'e2e', 'media');

/**
 * Builds the worker into a folder of its own, from where it finds the project's packages. `programs`: entry files to build beside it, by
 * the program's name.
 */
export async function buildWorker(programs: Record<string, string> = {}): Promise<{ workerPath: string; remove(): void }> {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'inference-'));
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    ssr: { external: ['onnxruntime-node'], noExternal: true },
    build: {
      ssr: true,
      outDir,
      rollupOptions: { input: { 'inference-worker': 'main/inference/worker.ts', ...programs }, output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
    },
  });
  writeFileSync(join(outDir, 'package.json'), '{"type":"module"}');
  return { workerPath: join(outDir, 'inference-worker.js'), remove: () => rmSync(outDir, { recursive: true, force: true }) };
}

/** What the stand-in does. Everything else is the real runtime on its CPU provider. */
export interface Behaviour {
  /** Added to each run of a provider, milliseconds. */
  delay?: Partial<Record<string, number>>;
  /** Added to each run of a model file, milliseconds. */
  modelDelay?: Record<string, number>;
  /** Give a fixed answer in place of TransNetV2's, which takes a second a run on a busy machine. */
  cannedShots?: boolean;
  /** Error text with which a provider refuses to make a session. */
  refuse?: Partial<Record<string, string>>;
  /** Providers, or model files, whose answers are off. */
  wrong?: string[];
  /** Providers that end their process by a signal at the first run, as a driver's fault does. */
  crash?: string[];
  /** Providers that never come back from a run. */
  hang?: string[];
  /** Providers that fail from this run of a session on (0 is the first). */
  failFrom?: Partial<Record<string, number>>;
  /** Providers whose thread ends at this run of a session. */
  exitAt?: Partial<Record<string, number>>;
}

export interface FakeRuntime {
  /** The module to give as `runtime`. */
  runtime: string;
  /** "create cuda", "run cpu" … in the order in which they happened, over all workers. */
  log(): string[];
  remove(): void;
}

export function fakeRuntime(behaviour: Behaviour): FakeRuntime {
  const folder = mkdtempSync(join(tmpdir(), 'rushes-runtime-'));
  const runtime = join(folder, 'runtime.mjs');
  const log = join(folder, 'log');
  writeFileSync(runtime, source(behaviour, log));
  return {
    runtime,
    log: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const source = (behaviour: Behaviour, log: string): string => `
import { createRequire } from 'node:module';
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
const ort = createRequire(${JSON.stringify(join(ROOT, 'package.json'))})('onnxruntime-node');
const b = ${JSON.stringify(behaviour)};
const note = (text) => appendFileSync(${JSON.stringify(log)}, text + '\\n');
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const canned = () => new ort.Tensor('float32', Float32Array.from({ length: 100 }, (_, i) => (i === 49 ? 0.9 : 0.01)), [1, 100]);
export const Tensor = ort.Tensor;
export class InferenceSession {
  static async create(path, options) {
    const provider = options.executionProviders[0];
    note('create ' + provider);
    if (b.refuse?.[provider]) throw new Error(b.refuse[provider]);
    const real = b.cannedShots && basename(path).startsWith('transnetv2')
      ? { run: async () => ({ single: canned(), many: canned() }), release: async () => {} }
      : await ort.InferenceSession.create(path, { ...options, executionProviders: ['cpu'] });
    return new InferenceSession(real, provider, basename(path));
  }
  constructor(real, provider, file) { Object.assign(this, { real, provider, file, runs: 0 }); }
  async run(feeds, ...fetches) {
    const { provider, file } = this;
    const number = this.runs++;
    note('run ' + provider);
    if (b.crash?.includes(provider)) process.kill(process.pid, 'SIGSEGV');
    if (b.hang?.includes(provider)) for (;;) sleep(1000);
    if (b.exitAt?.[provider] === number) { process.exit(1); }
    if (number >= (b.failFrom?.[provider] ?? Infinity)) throw new Error('device lost');
    sleep((b.delay?.[provider] ?? 0) + (b.modelDelay?.[file] ?? 0));
    const results = await this.real.run(feeds, ...fetches);
    if (b.wrong?.includes(provider) || b.wrong?.includes(file))
      for (const tensor of Object.values(results)) tensor.data.forEach((value, i, all) => (all[i] = 1 - value));
    return results;
  }
  release() { return this.real.release(); }
}
`;

/** Facts that are kept in memory and can be looked into. */
export function memoryFacts(): Facts & { all: Map<string, unknown> } {
  const all = new Map<string, unknown>();
  return { all, getFact: (key) => all.get(key), putFact: (key, value) => void all.set(key, structuredClone(value)) };
}

/**
 * Models stay loaded until `inner` is closed: who opens one again doesn't wait for it. Closing one rejects what was asked through it, as ever. For the CPU alone: nobody is
 * told of a fallback.
 */
export function keepLoaded(inner: Inference): Inference {
  const loaded = new Map<string, Promise<unknown>>();
  const once = async <T>(what: unknown, load: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(what);
    const found = (loaded.get(key) as Promise<T> | undefined) ?? load();
    loaded.set(key, found);
    return found.catch((error: unknown) => {
      loaded.delete(key);
      throw error;
    });
  };
  return Object.assign(Object.create(inner) as Inference, {
    open: async (model: string, { threads, signal }: OpenModelOptions = {}): Promise<ModelSession> => {
      const session = await untilCancelled(once([model, threads], () => inner.open(model, { threads })), signal);
      const closed = new AbortController();
      return {
        model,
        provider: session.provider,
        run: async (inputs) => {
          throwIfCancelled(closed.signal);
          return untilCancelled(session.run(inputs), closed.signal);
        },
        close: () => Promise.resolve(closed.abort()),
      };
    },
    openProgram: async <Question, Answer>({ program: name, models, threads, signal }: ProgramOptions): Promise<Program<Question, Answer>> => {
      const program = await untilCancelled(once([name, models, threads], () => inner.openProgram<Question, Answer>({ program: name, models, threads })), signal);
      const closed = new AbortController();
      return {
        provider: program.provider,
        ask: (question, { transfer, signal: asker } = {}) => program.ask(question, { transfer, signal: asker ? AbortSignal.any([asker, closed.signal]) : closed.signal }),
        close: () => Promise.resolve(closed.abort()),
      };
    },
    openFile: inner.openFile.bind(inner),
    hash: inner.hash.bind(inner),
    prefersInt8: inner.prefersInt8.bind(inner),
    close: inner.close.bind(inner),
  });
}

/** A models folder with these of the project's models only. */
export function someModels(...ids: string[]): { modelsDir: string; remove(): void } {
  const modelsDir = mkdtempSync(join(tmpdir(), 'rushes-models-'));
  const entries = readManifest(MODELS).filter(({ id }) => ids.includes(id));
  writeFileSync(join(modelsDir, 'manifest.json'), JSON.stringify(entries));
  for (const { file, companions } of entries) for (const one of [file, ...companions.map((companion) => companion.file)]) symlinkSync(join(MODELS, one), join(modelsDir, one));
  return { modelsDir, remove: () => rmSync(modelsDir, { recursive: true, force: true }) };
}

/** The project's models on the CPU, behind a worker built for the test. */
export interface RealModels {
  inference: Inference;
  /** One run of a session of its own. What is given is handed over to the worker. */
  run(model: string, inputs: Record<string, Tensor>): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

export async function openRealModels(): Promise<RealModels> {
  const worker = await buildWorker();
  const inference = createInference({ facts: memoryFacts(), provider: 'cpu', workerPath: worker.workerPath, modelsDir: MODELS });
  return {
    inference,
    run: async (model, inputs) => {
      const session = await inference.open(model);
      try {
        return await session.run(inputs);
      } finally {
        await session.close();
      }
    },
    close: async () => {
      await inference.close();
      worker.remove();
    },
  };
}
