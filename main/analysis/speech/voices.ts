/** What voices sound like: GE2E vectors of runs of speech. Positions are samples from the media's start. */
import type { Inference, ModelSession, OpenModelOptions } from '../../inference/types.ts';
import type { SpeechAudio } from './source.ts';

export const VOICE_MODEL = 'speaker-ge2e';
/** The model's windows: 1.6 s, one each 0.77 s (models' notes). */
const WINDOW = 25_600;
const WINDOW_STEP = 12_320;
/** Windows whose vectors are averaged: single ones are weak. */
const NEIGHBOURS = 3;
export const VECTOR = 256;

/** One window. `vector` has length 1. */
export interface VoiceWindow {
  centre: number;
  vector: Float32Array;
}

export class VoiceEncoder {
  readonly #session: ModelSession;

  private constructor(session: ModelSession) {
    this.#session = session;
  }

  static async open(inference: Inference, options: OpenModelOptions): Promise<VoiceEncoder> {
    return new VoiceEncoder(await inference.open(VOICE_MODEL, { threads: 1, ...options }));
  }

  /** The windows of each stretch of a chunk, in order. A stretch shorter than a window has one, of what there is. Throws as `ModelSession.run`. */
  async windows({ start, pcm, stretches }: SpeechAudio): Promise<VoiceWindow[]> {
    const found: VoiceWindow[] = [];
    for (const stretch of stretches) {
      const sound = pcm.slice(stretch.start - start, stretch.end - start);
      const { embedding, windows } = await this.#session.run({ pcm: { type: 'float32', dims: [1, sound.length], data: sound } });
      const count = Math.max(0, Math.floor((stretch.end - stretch.start - WINDOW) / WINDOW_STEP) + 1);
      const vectors = windows?.data instanceof Float32Array ? rowsOf(windows.data).slice(0, count) : [];
      const middle = Math.round((stretch.start + stretch.end) / 2);
      if (vectors.length < 2) found.push({ centre: middle, vector: unit(rowsOf(floatsOf(embedding?.data))[0] ?? new Float32Array(VECTOR)) });
      else smoothed(vectors).forEach((vector, index) => found.push({ centre: stretch.start + index * WINDOW_STEP + WINDOW / 2, vector }));
    }
    return found;
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

function floatsOf(data: unknown): Float32Array {
  if (!(data instanceof Float32Array)) throw new TypeError('the voice encoder gave no floats');
  return data;
}

function rowsOf(data: Float32Array): Float32Array[] {
  return Array.from({ length: Math.floor(data.length / VECTOR) }, (_, row) => data.slice(row * VECTOR, (row + 1) * VECTOR));
}

function smoothed(vectors: readonly Float32Array[]): Float32Array[] {
  const half = (NEIGHBOURS - 1) / 2;
  return vectors.map((_, index) => meanOf(vectors.slice(Math.max(0, index - half), index + half + 1)));
}

/** The direction that vectors share. */
export function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(VECTOR);
  for (const vector of vectors) for (let index = 0; index < VECTOR; index += 1) sum[index] = (sum[index] ?? 0) + (vector[index] ?? 0);
  return unit(sum);
}

export function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares) || 1;
  return vector.map((value) => value / length);
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < VECTOR; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** A vector as text: 256 signed bytes, base64. Error of a cosine below 0.01. */
export function packVector(vector: Float32Array): string {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  return Buffer.from(Int8Array.from(vector, (value) => Math.round((127 * value) / largest)).buffer).toString('base64');
}

export function unpackVector(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return unit(Float32Array.from({ length: VECTOR }, (_, index) => (index < bytes.length ? bytes.readInt8(index) : 0)));
}
