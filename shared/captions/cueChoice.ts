/**
 * Choosing where cues end in one stretch of speech: Viterbi's algorithm over the places between words with the cost of cueCost.ts. Each place remembers the
 * best place before it; as soon as all that can still be followed agree on a place, everything before it is settled and never changes.
 */
import type { SpokenStretch } from './cueCost.ts';

/** Words [from, to) of the stretch. */
export interface WordRange {
  from: number;
  to: number;
}

/** How often settled cues are looked for, in words. By count, so that the outcome does not depend on how the words were handed over. */
const LOOK_EVERY = 4;
/** Unsettled words after which the best so far is taken: speech as even as “la la la” gets here, and little else. */
const MOST_OPEN = 80;

export class CueChoice {
  readonly #stretch: SpokenStretch;
  readonly #best: number[] = [0];
  readonly #from: number[] = [0];
  #settled = 0;

  constructor(stretch: SpokenStretch) {
    this.#stretch = stretch;
  }

  /** The word `at` has come (its start is where a cue before it must end): the way to the place before it is found. Gives what is settled now. */
  reach(at: number): WordRange[] {
    const lowest = this.#solve(at, this.#stretch.words[at]?.start ?? Infinity, this.#stretch.edgeCost(at));
    if (at - this.#settled >= MOST_OPEN) return this.#settle(this.#firstHalf(at));
    return at % LOOK_EVERY === 0 ? this.#settle(this.#agreed(lowest, at)) : [];
  }

  /** The stretch ends; `next` is when speech goes on (Infinity: never). Gives all that is left. */
  end(next: number): WordRange[] {
    const at = this.#stretch.size;
    if (at === 0) return [];
    this.#solve(at, next, 0);
    return this.#settle(at);
  }

  /** Best way to the place; gives the earliest place that a cue could reach it from. */
  #solve(at: number, next: number, edge: number): number {
    let best = Infinity;
    let from = at - 1;
    let lowest = at - 1;
    for (let start = at - 1; start >= this.#settled; start -= 1) {
      const cue = this.#stretch.cueCost(start, at, next);
      if (cue === Infinity) break;
      lowest = start;
      const total = (this.#best[start] ?? Infinity) + cue + edge;
      if (total < best) {
        best = total;
        from = start;
      }
    }
    this.#best[at] = best;
    this.#from[at] = from;
    return lowest;
  }

  /** The latest place that the best ways to all of [lowest, at] go through. */
  #agreed(lowest: number, at: number): number {
    let place = lowest;
    for (let other = at; other > lowest; other -= 1) place = this.#common(place, other);
    return place;
  }

  #common(a: number, b: number): number {
    let [low, high] = a < b ? [a, b] : [b, a];
    while (low !== high) {
      high = this.#from[high] ?? 0;
      if (high < low) [low, high] = [high, low];
    }
    return low;
  }

  /** The first place of the best way so far that half of the open words lie before. */
  #firstHalf(at: number): number {
    let place = at;
    while ((this.#from[place] ?? 0) - this.#settled > MOST_OPEN / 2) place = this.#from[place] ?? 0;
    const half = this.#from[place] ?? 0;
    return half > this.#settled ? half : place;
  }

  /** Settles everything before a place. Ways that don't go through it are given up. */
  #settle(place: number): WordRange[] {
    const ranges: WordRange[] = [];
    for (let to = place; to > this.#settled; to = this.#from[to] ?? 0) ranges.unshift({ from: this.#from[to] ?? 0, to });
    this.#settled = Math.max(this.#settled, place);
    for (let at = this.#settled + 1; at < this.#best.length; at += 1) {
      if (this.#common(at, this.#settled) !== this.#settled) this.#best[at] = Infinity;
    }
    return ranges;
  }
}
