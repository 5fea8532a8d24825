/** How much is done, the rate and time left, told at most ten times a second. */
import type { ProgressEvent } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import { toSeconds } from '../../shared/time.ts';

const LEAST_MS = 100;
/** The rate shown is that of about this many latest milliseconds. */
const SMOOTHING_MS = 3000;

export class ProgressMeter {
  readonly #tell: (event: ProgressEvent) => void;
  readonly #total: number | null;
  readonly #now: () => number;
  readonly #what: Pick<ProgressEvent, 'stage' | 'unit'>;
  #toldAt: number | null = null;
  #toldDone = 0;
  #rate = 0;

  /** `total`: units of the whole; null while unknown. `now`: milliseconds of a steady clock. */
  constructor(
    total: number | null,
    tell: (event: ProgressEvent) => void,
    what: Pick<ProgressEvent, 'stage' | 'unit'> = { stage: 'analyze', unit: 'frames' },
    now: () => number = () => performance.now(),
  ) {
    this.#tell = tell;
    this.#total = total;
    this.#what = what;
    this.#now = now;
  }

  /** `done`: units so far, those of an earlier run included; the first call only starts the clock. */
  update(done: number): void {
    const at = this.#now();
    if (this.#toldAt === null) {
      this.#toldAt = at;
      this.#toldDone = done;
      return;
    }
    const elapsed = at - this.#toldAt;
    if (elapsed < LEAST_MS || done <= this.#toldDone) return;
    const latest = ((done - this.#toldDone) * 1000) / elapsed;
    const weight = this.#rate === 0 ? 1 : 1 - Math.exp(-elapsed / SMOOTHING_MS);
    this.#rate += weight * (latest - this.#rate);
    this.#toldAt = at;
    this.#toldDone = done;
    const total = this.#total === null ? null : Math.max(this.#total, done);
    const eta = total === null || this.#rate <= 0 ? null : (total - done) / this.#rate;
    this.#tell({ type: 'progress', ...this.#what, done, total, rate: this.#rate, eta });
  }
}

/** Frames of the video as the container tells or its duration suggests; null when neither is known. */
export function expectedFrames(media: Media): number | null {
  const { video } = media;
  if (!video) return null;
  if (video.frames !== null && video.frames > 0) return video.frames;
  const duration = video.duration ?? media.duration;
  if (duration === null || video.frameRate.num <= 0) return null;
  return Math.max(1, Math.round((toSeconds(duration) * video.frameRate.num) / video.frameRate.den));
}
