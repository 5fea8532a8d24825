/** Peaks of the audio at several zoom levels: stored ones, or what has been read so far. */
import type { ProgressEvent } from '../../shared/events.ts';
import type { EngineArgs, EngineResult } from '../../shared/ipc/engine.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import { toSeconds } from '../../shared/time.ts';
import type { Library } from '../library/types.ts';
import { BUCKETS_PER_SECOND, LEVEL_FACTOR, readWaveform, VALUES, waveformLevels } from '../media/waveform.ts';
import { SharedRun } from './jobs.ts';

/** Media whose levels are kept in memory: the ones on screen. */
const MEDIA_KEPT = 4;

/** Level 0 while it grows. */
class GrowingWaveform {
  #values = new Float32Array(60 * BUCKETS_PER_SECOND * VALUES);
  #length = 0;

  append(samples: Float32Array): void {
    if (this.#length + samples.length > this.#values.length) {
      const larger = new Float32Array(2 * (this.#length + samples.length));
      larger.set(this.samples);
      this.#values = larger;
    }
    this.#values.set(samples, this.#length);
    this.#length += samples.length;
  }

  get samples(): Float32Array {
    return this.#values.subarray(0, this.#length);
  }
}

export class Waveforms {
  readonly #library: Library;
  readonly #growing = new Map<MediaId, GrowingWaveform>();
  readonly #runs = new Map<MediaId, SharedRun<ProgressEvent>>();
  readonly #levels = new Map<MediaId, Float32Array[]>();

  constructor(library: Library) {
    this.#library = library;
  }

  /** What there is of the waveform now; complete without samples when the media has no audio. */
  part(media: Media, { level, from, count }: EngineArgs<'waveform'>): EngineResult<'waveform'> {
    const growing = this.#growing.get(media.id);
    const levels = growing ? waveformLevels(growing.samples, level + 1) : this.#stored(media.id);
    const samples = levels?.[level] ?? new Float32Array(0);
    return {
      samples: samples.slice(from * VALUES, (from + count) * VALUES),
      bucketsPerSecond: BUCKETS_PER_SECOND / LEVEL_FACTOR ** level,
      total: samples.length / VALUES,
      complete: media.audio === null || (!growing && levels !== null),
    };
  }

  /** Reads the peaks, once for all who ask at the same time, and stores them. Nothing to do when they are stored. */
  async *read(media: Media, signal: AbortSignal): AsyncGenerator<ProgressEvent> {
    if (!media.audio || this.#library.getWaveform(media.id)) return;
    let run = this.#runs.get(media.id);
    if (!run || run.ended) {
      await run?.finished;
      const started = new SharedRun(
        (inner) => this.#read(media, inner),
        () => true,
      );
      this.#runs.set(media.id, started);
      void started.finished.then(() => {
        if (this.#runs.get(media.id) === started) this.#runs.delete(media.id);
      });
      run = started;
    }
    yield* run.watch(signal);
  }

  async *#read(media: Media, signal: AbortSignal): AsyncGenerator<ProgressEvent> {
    const began = performance.now();
    const total = media.duration === null ? null : toSeconds(media.duration);
    const growing = new GrowingWaveform();
    this.#growing.set(media.id, growing);
    try {
      for await (const chunk of readWaveform(media, { signal })) {
        growing.append(chunk.samples);
        yield progressOf(chunk.first + chunk.samples.length / VALUES, total, began);
      }
      this.#library.putWaveform(media.id, { samples: growing.samples, bucketsPerSecond: BUCKETS_PER_SECOND });
    } finally {
      this.#growing.delete(media.id);
    }
  }

  #stored(id: MediaId): Float32Array[] | null {
    const known = this.#levels.get(id);
    const stored = known ? null : this.#library.getWaveform(id);
    const levels = known ?? (stored ? waveformLevels(stored.samples) : null);
    if (!levels) return null;
    // Put last: the first is then the longest unused.
    this.#levels.delete(id);
    this.#levels.set(id, levels);
    const oldest = this.#levels.keys().next();
    if (this.#levels.size > MEDIA_KEPT && !oldest.done) this.#levels.delete(oldest.value);
    return levels;
  }
}

function progressOf(buckets: number, total: number | null, began: number): ProgressEvent {
  const done = buckets / BUCKETS_PER_SECOND;
  const rate = done / Math.max(0.001, (performance.now() - began) / 1000);
  const eta = total === null ? null : Math.max(0, total - done) / Math.max(rate, 0.001);
  return { type: 'progress', stage: 'waveform', done: total === null ? done : Math.min(done, total), total, unit: 'seconds', rate, eta };
}
