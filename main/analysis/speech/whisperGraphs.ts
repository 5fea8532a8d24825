/**
 * The two graphs with their memory: what the encoder heard of a batch of clips, and the decoder's cache, both in buffers that are used again and
 * again. The runtime writes into them, so that nothing is copied between two steps and nothing is left for the garbage collector.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Runtime } from '../../inference/ort.ts';
import { FRAME_SAMPLES, VOCABULARY, type WhisperConfig } from './whisperConfig.ts';

type Tensors = Record<string, Tensor>;

/** A buffer that grows to what is asked of it and stays. */
class Buffer32 {
  #values = new Float32Array(0);

  take(length: number): Float32Array {
    if (this.#values.length < length) this.#values = new Float32Array(length);
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
}

/** Keys and values of the tokens so far. */
export interface Cache {
  rows: number;
  length: number;
  tensors: Tensors;
}

export interface Step {
  /** [rows, new tokens, vocabulary]; valid until the next step. */
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
  readonly #heard = [new BufferSet(), new BufferSet()];
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
   * Encodes clips of `samples` samples each (a multiple of 320), one a run. What was heard before is overwritten. `dropped` is asked between
   * the runs; null when it says true.
   */
  async hear(clips: readonly Float32Array[], samples: number, dropped: () => boolean): Promise<Heard | null> {
    const rows = clips.length;
    const frames = samples / FRAME_SAMPLES;
    const padded = this.#results.take('pcm', samples);
    for (const [row, clip] of clips.entries()) {
      if (dropped()) return null;
      padded.fill(0);
      padded.set(clip.subarray(0, samples));
      const outputs: Tensors = {};
      for (const name of this.#layers) outputs[`cross_${name}`] = this.#part(this.#heard[0]?.take(name, rows * this.#rowSize(frames)), row, frames);
      await this.#graphs.encoder.run({ pcm: this.#tensor(padded, [1, samples]) }, outputs);
    }
    return { rows, frames, tensors: this.#whole(this.#heard[0], 'cross', rows, frames) };
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
    const logits = this.#results.take('logits', rows * n * VOCABULARY);
    const attention = this.#results.take('attention', rows * this.alignmentHeads * n * heard.frames);
    const present = this.#whole(this.#cache[this.#side], 'present', rows, length);
    await this.#graphs.decoder.run(
      { tokens: new this.#graphs.runtime.Tensor('int64', tokens, [rows, n]), ...cache.tensors, ...heard.tensors },
      {
        ...present,
        logits: this.#tensor(logits, [rows, n, VOCABULARY]),
        alignment: this.#tensor(attention, [rows, this.alignmentHeads, n, heard.frames]),
      },
    );
    const tensors = Object.fromEntries(this.#layers.map((name): [string, Tensor] => [`past_${name}`, present[`present_${name}`] as Tensor]));
    return { logits, attention, cache: { rows, length, tensors } };
  }

  /** The same for some of the rows only, in that order. */
  keepHeard(heard: Heard, rows: readonly number[]): Heard {
    if (rows.length === heard.rows) return heard;
    const tensors = this.#gather(heard.tensors, 'cross', 'cross', this.#heard[1], rows, heard.frames);
    return { rows: rows.length, frames: heard.frames, tensors };
  }

  keepCache(cache: Cache, rows: readonly number[]): Cache {
    if (rows.length === cache.rows) return cache;
    this.#side = 1 - this.#side;
    const tensors = this.#gather(cache.tensors, 'past', 'past', this.#cache[this.#side], rows, cache.length);
    return { rows: rows.length, length: cache.length, tensors };
  }

  async close(): Promise<void> {
    await this.#graphs.encoder.release();
    await this.#graphs.decoder.release();
  }

  /** Numbers of one row of one layer. */
  #rowSize(length: number): number {
    return this.config.heads * length * this.config.head_dim;
  }

  #dims(rows: number, length: number): number[] {
    return [rows, this.config.heads, length, this.config.head_dim];
  }

  #tensor(values: Float32Array, dims: number[]): Tensor {
    return new this.#graphs.runtime.Tensor('float32', values, dims);
  }

  #part(values: Float32Array = new Float32Array(0), row: number, length: number): Tensor {
    const size = this.#rowSize(length);
    return this.#tensor(values.subarray(row * size, (row + 1) * size), this.#dims(1, length));
  }

  #whole(set: BufferSet | undefined, prefix: string, rows: number, length: number): Tensors {
    const tensors: Tensors = {};
    for (const name of this.#layers) {
      tensors[`${prefix}_${name}`] = this.#tensor(set?.take(name, rows * this.#rowSize(length)) ?? new Float32Array(0), this.#dims(rows, length));
    }
    return tensors;
  }

  #gather(from: Tensors, fromPrefix: string, prefix: string, set: BufferSet | undefined, rows: readonly number[], length: number): Tensors {
    const size = this.#rowSize(length);
    const gathered = this.#whole(set, prefix, rows.length, length);
    for (const name of this.#layers) {
      const source = from[`${fromPrefix}_${name}`]?.data as Float32Array;
      const target = gathered[`${prefix}_${name}`]?.data as Float32Array;
      // In order: a row only ever moves to the front, so this is right within one buffer, too.
      for (const [at, row] of rows.entries()) target.set(source.subarray(row * size, (row + 1) * size), at * size);
    }
    return gathered;
  }
}
