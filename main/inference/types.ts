/** How the rest of the engine runs a model: tensors in, tensors out; the thread, provider and fallback are hidden. */
import type { DoctorReport } from '../../shared/ipc/engine.ts';
import type { Provider } from '../../shared/settings.ts';

export interface Tensor {
  type: 'uint8' | 'float32' | 'int64';
  dims: number[];
  data: Uint8Array | Float32Array | BigInt64Array;
}

export interface ModelSession {
  readonly model: string;
  /** What it runs on now; changes to 'cpu' after a failure. */
  readonly provider: Provider;
  /**
   * Runs the model in its worker. Input buffers are transferred when they own their whole ArrayBuffer, copied otherwise.
   * Runs queue up in order. Rejects with ExpectedError('model_failed') when the CPU fails too, CancelledError when closed.
   */
  run(inputs: Record<string, Tensor>): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

export interface OpenModelOptions {
  /** Threads for the CPU provider; default: all cores. */
  threads?: number;
  /** Called once when a provider failed and the CPU took over. */
  onFallback?: (from: Provider, reason: string) => void;
  /** Stops waiting (CancelledError); a measurement under way goes on for the next one who asks. */
  signal?: AbortSignal;
}

export interface ProgramOptions {
  /** Name of the program's build entry: the file `NAME.js` beside the inference worker. */
  program: string;
  /** Ids of the models it holds. */
  models: readonly string[];
  /** Threads for the CPU provider; default: all cores. */
  threads?: number;
  /** Called once when a provider failed and the CPU took over. */
  onFallback?: (from: Provider, reason: string) => void;
  signal?: AbortSignal;
}

/** A worker thread that holds several models and answers questions with them, for work that goes back and forth between runs (a decoder's loop). */
export interface Program<Question, Answer> {
  /** What its first model runs on now. */
  readonly provider: Provider;
  /**
   * Questions are answered in order. Buffers in `transfer` are handed over where nothing can need them again. Rejects with ExpectedError
   * 'model_failed' when the CPU fails too, CancelledError when closed or aborted (at once; the program stops soon after).
   */
  ask(question: Question, options?: { transfer?: ArrayBuffer[]; signal?: AbortSignal }): Promise<Answer>;
  close(): Promise<void>;
}

/** Small facts that outlive a run (the library keeps them): checked files, provider choices, measured speeds. */
export interface Facts {
  getFact(key: string): unknown;
  /** `value` is plain JSON. */
  putFact(key: string, value: unknown): void;
}

/** One model of models/manifest.json, for lists and cards. */
export interface ModelSummary {
  id: string;
  what: string;
  licence: string;
  file: string;
  bytes: number;
}

/** Opens sessions, remembers which provider gives the CPU's answer for which model on this machine. */
export interface Inference {
  /** ExpectedError 'model_missing' | 'model_short' | 'model_altered' names the file; 'provider_absent' | 'provider_unavailable' when a forced provider is not there or not right. */
  open(model: string, options?: OpenModelOptions): Promise<ModelSession>;
  /** Starts a program with its models, each on the provider that is right for it. Errors as `open`. */
  openProgram<Question, Answer>(options: ProgramOptions): Promise<Program<Question, Answer>>;
  /**
   * Opens a graph that a person added, which is not in the manifest: on the CPU, since nothing is known to try other providers on. `hash` is the
   * file's SHA-256. ExpectedError 'model_missing' | 'model_failed'.
   */
  openFile(path: string, options?: OpenModelOptions): Promise<{ session: ModelSession; hash: string }>;
  /** SHA-256 of the model's file, from the manifest, after it was checked. Part of the library's keys. */
  hash(model: string): Promise<string>;
  /** True when the int8 form of `model` is faster on this CPU and agrees: measured once, remembered. */
  prefersInt8(model: string, signal?: AbortSignal): Promise<boolean>;
  /** The setting for sessions opened from now on; open ones stay where they are. */
  setProvider(provider: Provider | 'auto'): void;
  listModels(): ModelSummary[];
  /** `rushes doctor`: each provider's state on this machine, after trying it. */
  providerReport(): Promise<DoctorReport['providers']>;
  /** `rushes doctor`: each model's file and what it would run on. */
  modelReport(): Promise<DoctorReport['models']>;
  /** Ends every session, trial and measurement; who waits for one gets CancelledError. */
  close(): Promise<void>;
}
