import type { Media } from '../../shared/media.ts';
import type { TimeRange } from '../../shared/ranges.ts';
import { flicks, frameDuration, type Flicks, type Rational } from '../../shared/time.ts';
import type { EngineClient } from '../bridge/engine.ts';
import type { Toasts } from './toasts.svelte.ts';

/** The player as stepping needs it. */
export interface StepHost {
  readonly media: Media | null;
  readonly time: Flicks;
  readonly range: TimeRange;
  readonly rate: Rational;
  readonly edit: { acrossEdge(time: Flicks | null, by: number): Flicks | null; seek(position: Flicks): void };
  seek(time: Flicks): void;
}

/** Stepping by real frames, as the engine knows them. */
export class FrameSteps {
  readonly #host: StepHost;
  readonly #engine: EngineClient;
  readonly #toasts: Toasts;
  #pending = 0;
  #stepping = false;

  constructor(host: StepHost, engine: EngineClient, toasts: Toasts) {
    this.#host = host;
    this.#engine = engine;
    this.#toasts = toasts;
  }

  /** The person went elsewhere: presses that wait for an answer are void. */
  forget(): void {
    this.#pending = 0;
  }

  /** Presses faster than the engine's answers add up. */
  async step(by: number): Promise<void> {
    this.#pending += by;
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      while (this.#pending !== 0 && this.#host.media) {
        const steps = this.#pending;
        this.#pending = 0;
        const time = await this.timeOf(steps);
        const wishes = this.#pending;
        this.#go(time, steps);
        this.#pending = wishes;
      }
    } catch (error) {
      this.#toasts.error(error);
    } finally {
      this.#stepping = false;
    }
  }

  #go(time: Flicks | null, steps: number): void {
    const { edit, range } = this.#host;
    const across = edit.acrossEdge(time, steps);
    if (across !== null) edit.seek(across);
    else this.#host.seek(time ?? (steps > 0 ? range.end : range.start));
  }

  /** Exact time of the frame `by` frames after the one shown; null beyond the ends. Sound alone moves by 1/25 s. */
  async timeOf(by: number): Promise<Flicks | null> {
    const { media, range, rate, time } = this.#host;
    if (!media) return null;
    if (media.video) return this.#engine.call('stepFrame', { media: media.id, time, by });
    const moved = flicks(time + by * frameDuration(rate));
    return moved < range.start || moved > range.end ? null : moved;
  }
}
