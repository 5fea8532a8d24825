/** The models of a look, in the worker: each is loaded at its first use. */
import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import type { ProgramSetup } from '../inference/program-host.ts';
import type { Tensor } from '../inference/types.ts';
import { isLarge } from './models.ts';
import type { RgbFrame } from './types.ts';

export class Networks {
  readonly #setup: ProgramSetup;
  readonly #sessions = new Map<string, Promise<InferenceSession>>();
  #keepsMemory: boolean | null = null;

  constructor(setup: ProgramSetup) {
    this.#setup = setup;
  }

  /**
   * Says how large the frames are, before the first run. Networks that keep what a run took are 1.4 to 2 times as fast; but on large frames what one keeps
   * for its next run, the others lack (1.1 GB for 3840x2160 beside 2.2).
   */
  expect(frame: RgbFrame): void {
    this.#keepsMemory ??= !isLarge(frame);
  }

  /** Runs a model. Throws what the runtime throws. */
  async run(model: string, inputs: Record<string, Tensor>): Promise<Outputs> {
    const session = await this.#session(model);
    const feeds: Record<string, RuntimeTensor> = {};
    for (const [name, { type, data, dims }] of Object.entries(inputs)) feeds[name] = new this.#setup.runtime.Tensor(type, data, dims);
    return new Outputs(model, await session.run(feeds));
  }

  async close(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values());
    for (const session of sessions) if (session.status === 'fulfilled') await session.value.release();
  }

  #session(model: string): Promise<InferenceSession> {
    const known = this.#sessions.get(model);
    if (known) return known;
    const opened = this.#setup.session(model, { keepsMemory: this.#keepsMemory ?? true });
    this.#sessions.set(model, opened);
    // A failure to load (out of memory) may pass: it is tried again when asked for again.
    opened.catch(() => this.#sessions.delete(model));
    return opened;
  }
}

/** What a run gave, by name; a name or type that isn't there is a bug of the graph. */
export class Outputs {
  readonly #model: string;
  readonly #results: InferenceSession.OnnxValueMapType;

  constructor(model: string, results: InferenceSession.OnnxValueMapType) {
    this.#model = model;
    this.#results = results;
  }

  floats(name: string): Float32Array {
    const data = this.#results[name]?.data;
    if (!(data instanceof Float32Array)) throw new Error(`${this.#model} gave no floats as ${name}`);
    return owned(data);
  }

  bytes(name: string): Uint8Array {
    const data = this.#results[name]?.data;
    if (!(data instanceof Uint8Array)) throw new Error(`${this.#model} gave no bytes as ${name}`);
    return owned(data);
  }

  /** A picture of shape [1, height, width, 3]. */
  picture(name: string): RgbFrame {
    const [, height = 0, width = 0] = this.#results[name]?.dims ?? [];
    return { width, height, data: this.bytes(name) };
  }
}

/** A view of its whole buffer, which can be handed over to another thread. */
export function owned<T extends Uint8Array | Float32Array>(data: T): T {
  return data.byteLength === data.buffer.byteLength && data.buffer instanceof ArrayBuffer ? data : (data.slice() as T);
}

export const pictureTensor = ({ width, height, data }: RgbFrame): Tensor => ({ type: 'uint8', dims: [1, height, width, 3], data });
export const floatTensor = (data: Float32Array, dims: number[]): Tensor => ({ type: 'float32', dims, data });
export const numberTensor = (value: number): Tensor => floatTensor(Float32Array.of(value), []);
