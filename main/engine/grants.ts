/** What a window may touch: media the app opened for it, and places the person chose, each for one job. */
import { ExpectedError } from '../../shared/errors.ts';
import type { MediaId } from '../../shared/media.ts';

export interface Target {
  path: string;
  overwrite: boolean;
}

/** Grants that were never used are dropped, oldest first, beyond this many. */
const MOST_TARGETS = 1000;

export class Grants {
  readonly #media = new Set<MediaId>();
  readonly #targets = new Map<string, Target>();

  addMedia(id: MediaId): void {
    this.#media.add(id);
  }

  get media(): MediaId[] {
    return [...this.#media];
  }

  /** Throws ExpectedError 'not_granted' for a media that was not opened for the window. */
  requireMedia(id: MediaId): void {
    if (!this.#media.has(id)) throw new ExpectedError('not_granted');
  }

  addTarget(grant: string, target: Target): void {
    this.#targets.set(grant, target);
    const oldest = this.#targets.keys().next();
    if (this.#targets.size > MOST_TARGETS && !oldest.done) this.#targets.delete(oldest.value);
  }

  /** The place a grant stands for; a second use throws ExpectedError 'not_granted'. */
  takeTarget(grant: string): Target {
    const target = this.#targets.get(grant);
    if (!target) throw new ExpectedError('not_granted');
    this.#targets.delete(grant);
    return target;
  }
}
