/**
 * The two graphs with their memory: what the encoder heard of a batch of clips, and the decoder's cache, both in buffers that are used again and
 * again. The runtime's binding for Node (1.30) still answers with copies of what it wrote, about 6 MB a step with four rows.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Runtime } from '../../inference/ort.ts';
import { FRAME_SAMPLES, VOCABULARY, type WhisperConfig } from './whisperConfig.ts';

type Tensors = Record<string, Tensor>;

/** Numbers by which a buffer grows, 1 MB: the cache gets longer with every token. */
const GROWTH = 1 << 18;

/** A buffer that grows to what is asked of it and stays. */
class Buffer32 {
  #values = new Float32Array(0);

  take(length: number): Float32Array {
    if (this.#values.length < length) this.#values = new Float32Array(Math.ceil(length / GROWTH) * GROWTH);
    return this.#values.subarray(0, length);
  }
}

class BufferSet {
  readonly #buffers = new Map<string, Buffer32>();

  take(name: string, length: number): Float32Array {
    let buffer = this.#buffers.get(name);
    if (!buffer) this.#buffers.set(name, (buffer = new Buffer32()));
    return buffer.take(length);
  }
}

/** What the decoder attends to, for `rows` clips of the same number of frames. */
export interface Heard {
  rows: number;
  frames: number;
  tensors: Tensors;
  /** False once rows were taken out (`keepRows`). */
  complete: boolean;
}

/** Keys and values of the tokens so far. */
export interface Cache {
  rows: number;
  length: number;
  tensors: Tensors;
}

export interface Step {
  /** [rows, vocabulary], after the last of the new tokens; valid until the next step. */
  logits: Float32Array;
  /** [rows, heads, new tokens, frames]; valid until the next step. */
  attention: Float32Array;
  cache: Cache;
}

export interface Graphs {
  runtime: Runtime;
  encoder: InferenceSession;
  decoder: InferenceSession;
  config: WhisperConfig;
}

export class WhisperGraphs {
  readonly config: WhisperConfig;
  readonly #graphs: Graphs;
  readonly #layers: readonly string[];
  readonly #heard = new BufferSet();
  readonly #cache = [new BufferSet(), new BufferSet()];
  readonly #results = new BufferSet();
  #side = 0;

  constructor(graphs: Graphs) {
    this.#graphs = graphs;
    this.config = graphs.config;
    this.#layers = Array.from({ length: graphs.config.layers }, (_, i) => [`k_${i}`, `v_${i}`]).flat();
  }

  get alignmentHeads(): number {
    return this.config.alignment_heads.length;
  }

  /**
   * Encodes clips of at most `samples` samples (a multiple of 320), silence behind the shorter ones, one a run. What was heard before is
   * overwritten. `dropped` is asked between the runs; null when it says true.
   */
  async hear(clips: readonly Float32Array[], samples: number, dropped: () => boolean): Promise<Heard | null> {
    const rows = clips.length;
    const frames = samples / FRAME_SAMPLES;
    const tensors = this.#cross(rows, frames);
    const padded = this.#results.take('pcm', samples);
    for (const [row, clip] of clips.entries()) {
      if (dropped()) return null;
      padded.fill(0);
      padded.set(clip.subarray(0, samples));
      const outputs = this.#rowsOf(tensors, row, row + 1);
      await this.#graphs.encoder.run({ pcm: this.#tensor(padded, [1, samples]) }, outputs);
    }
    return { rows, frames, tensors, complete: true };
  }

  emptyCache(rows: number): Cache {
    return { rows, length: 0, tensors: Object.fromEntries(this.#layers.map((name) => [`past_${name}`, this.#tensor(new Float32Array(0), this.#dims(rows, 0))])) };
  }

  /** Feeds `tokens` ([rows, n] in one) after what `cache` holds. */
  async step(tokens: BigInt64Array, heard: Heard, cache: Cache): Promise<Step> {
    const { rows } = cache;
    const n = tokens.length / rows;
    const length = cache.length + n;
    this.#side = 1 - this.#side;
    const logits = this.#results.take('logits', rows * VOCABULARY);
    const attention = this.#results.take('attention', rows * this.alignmentHeads * n * heard.frames);
    const present = this.#present(rows, length);
    await this.#graphs.decoder.run(
      { tokens: new this.#graphs.runtime.Tensor('int64', tokens, [rows, n]), ...cache.tensors, ...heard.tensors },
      {
        ...present,
        logits: this.#tensor(logits, [rows, 1, VOCABULARY]),
        alignment: this.#tensor(attention, [rows, this.alignmentHeads, n, heard.frames]),
      },
    );
    const tensors = Object.fromEntries(this.#layers.map((name): [string, Tensor] => [`past_${name}`, present[`present_${name}`] as Tensor]));
    return { logits, attention, cache: { rows, length, tensors } };
  }

  /**
   * Takes rows out. `from`: for each row that is left, the row it was; a row only ever moves to the front. Nothing but the moved rows is copied;
   * `heard` and `cache` themselves are of no use afterwards.
   */
  keepRows(heard: Heard, cache: Cache, from: readonly number[]): { heard: Heard; cache: Cache } {
    heard.complete = false;
    return {
      heard: { ...heard, rows: from.length, tensors: this.#moved(heard.tensors, from) },
      cache: { ...cache, rows: from.length, tensors: this.#moved(cache.tensors, from) },
    };
  }

  async close(): Promise<void> {
    await this.#graphs.encoder.release();
    await this.#graphs.decoder.release();
  }

  #tensor(values: Float32Array, dims: readonly number[]): Tensor {
    return new this.#graphs.runtime.Tensor('float32', values, dims);
  }

  #dims(rows: number, length: number): number[] {
    return [rows, this.config.heads, length, this.config.head_dim];
  }

  #sizeOf(rows: number, length: number): number {
    return this.#dims(rows, length).reduce((product, size) => product * size, 1);
  }

  /** Keys lie as the decoder multiplies by them, frames last. */
  #cross(rows: number, frames: number): Tensors {
    const { heads, head_dim } = this.config;
    const tensor = (name: string): Tensor =>
      this.#tensor(this.#heard.take(name, this.#sizeOf(rows, frames)), name.startsWith('k') ? [rows, heads, head_dim, frames] : this.#dims(rows, frames));
    return Object.fromEntries(this.#layers.map((name) => [`cross_${name}`, tensor(name)]));
  }

  #present(rows: number, length: number): Tensors {
    const set = this.#cache[this.#side] ?? new BufferSet();
    return Object.fromEntries(this.#layers.map((name) => [`present_${name}`, this.#tensor(set.take(name, this.#sizeOf(rows, length)), this.#dims(rows, length))]));
  }

  /** Views of some rows. */
  #rowsOf(tensors: Tensors, from: number, to: number): Tensors {
    return Object.fromEntries(
      Object.entries(tensors).map(([name, { data, dims }]) => {
        const [rows = 1, ...row] = dims;
        const size = data.length / rows;
        return [name, this.#tensor((data as Float32Array).subarray(from * size, to * size), [to - from, ...row])];
      }),
    );
  }

  #moved(tensors: Tensors, from: readonly number[]): Tensors {
    for (const { data, dims } of Object.values(tensors)) {
      const size = data.length / (dims[0] ?? 1);
      for (const [to, row] of from.entries()) if (to !== row) (data as Float32Array).copyWithin(to * size, row * size, (row + 1) * size);
    }
    return this.#rowsOf(tensors, 0, from.length);
  }
}
