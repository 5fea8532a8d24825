import { isCancelled } from '../../shared/errors.ts';
import type { EngineClient } from '../bridge/engine.ts';
import type { MediaEntry } from './media-list.svelte.ts';

/** The most that the engine gives at once. */
const PAGE = 20_000;
const FLOATS_PER_BUCKET = 3;

/** The finest peaks of one media, whole: what silences are found in. Three hours are 13 MB. */
export class Peaks {
  /** min, max and rms of each bucket. A new view whenever there is more. */
  samples = $state.raw<Float32Array>(new Float32Array(0));
  bucketsPerSecond = $state(100);
  complete = $state(false);
  #buffer = new Float32Array(0);
  #filled = 0;
  #entry: MediaEntry | null = null;
  #reading: AbortController | null = null;
  readonly #engine: EngineClient;

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  get entry(): MediaEntry | null {
    return this.#entry;
  }

  /** Reads what there is of a media's peaks and was not read yet. Called again when there is more. */
  async read(entry: MediaEntry | null): Promise<void> {
    if (entry !== this.#entry) this.#reset(entry);
    if (!entry?.media.audio || this.complete || this.#reading) return;
    const reading = new AbortController();
    this.#reading = reading;
    try {
      while (!reading.signal.aborted) {
        const answer = await this.#engine.call('waveform', { media: entry.media.id, level: 0, from: this.#filled / FLOATS_PER_BUCKET, count: PAGE }, reading.signal);
        this.bucketsPerSecond = answer.bucketsPerSecond;
        this.#append(answer.samples, answer.total);
        if (this.#filled / FLOATS_PER_BUCKET >= answer.total) this.complete = answer.complete;
        if (answer.samples.length === 0 || this.complete) break;
      }
    } catch (error) {
      if (!isCancelled(error)) throw error;
    } finally {
      if (this.#reading === reading) this.#reading = null;
    }
  }

  #append(samples: Float32Array, total: number): void {
    if (samples.length === 0) return;
    const needed = this.#filled + samples.length;
    if (needed > this.#buffer.length) {
      const larger = new Float32Array(Math.max(needed, total * FLOATS_PER_BUCKET));
      larger.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = larger;
    }
    this.#buffer.set(samples, this.#filled);
    this.#filled = needed;
    this.samples = this.#buffer.subarray(0, this.#filled);
  }

  #reset(entry: MediaEntry | null): void {
    this.#reading?.abort();
    this.#reading = null;
    this.#entry = entry;
    this.#buffer = new Float32Array(0);
    this.#filled = 0;
    this.samples = this.#buffer;
    this.complete = false;
  }
}
