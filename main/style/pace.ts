/** Progress of work that is counted: how fast it goes, and how long it will take. */
import type { ProgressEvent } from '../../shared/events.ts';

/** Seconds over which the rate is smoothed. */
const SMOOTHING = 10;

export class Pace {
  readonly #stage: string;
  readonly #unit: ProgressEvent['unit'];
  readonly #now: () => number;
  total: number | null;
  #last: { done: number; ms: number };
  #rate: number | null = null;

  /** `done`: what an earlier run did; it counts for the whole, not for the rate. `now` in milliseconds. */
  constructor(stage: string, unit: ProgressEvent['unit'], total: number | null, done = 0, now: () => number = () => performance.now()) {
    this.#stage = stage;
    this.#unit = unit;
    this.#now = now;
    this.total = total;
    this.#last = { done, ms: now() };
  }

  event(done: number): ProgressEvent {
    const ms = this.#now();
    const elapsed = (ms - this.#last.ms) / 1000;
    if (done > this.#last.done && elapsed > 0) {
      const rate = (done - this.#last.done) / elapsed;
      const weight = 1 - Math.exp(-elapsed / SMOOTHING);
      this.#rate = this.#rate === null ? rate : this.#rate + weight * (rate - this.#rate);
      this.#last = { done, ms };
    }
    const left = this.total === null ? null : Math.max(0, this.total - done);
    const eta = left === null || !this.#rate ? null : left / this.#rate;
    return { type: 'progress', stage: this.#stage, done, total: this.total === null ? null : Math.max(this.total, done), unit: this.#unit, rate: this.#rate ?? 0, eta };
  }
}
