/**
 * Which of the candidates together are worth most within a length: 0/1 knapsack by dynamic programming (Bellman 1957) over time in
 * quanta, with two states a candidate, shown or not, since one that follows a shown neighbour joins its clip and costs no cut.
 */
import type { TimeRange } from '../../ranges.ts';
import { FLICKS_PER_SECOND, type Flicks } from '../../time.ts';
import { secondsOf } from './worth.ts';

export interface Candidate extends TimeRange {
  /** Its moment. */
  readonly index: number;
  /** Of a second; more than 0. */
  readonly worth: number;
}

/** Cells of the table, at most: about 10 ms of work. */
const MOST_CELLS = 1_500_000;
/** Quanta of a reel: enough that a quantum is a frame or two of a short one. */
const MOST_QUANTA = 1500;
/** A cut costs this many seconds of a middling moment, so that few long clips go before many short ones of the same worth. */
const CUT_SECONDS = 0.6;

/** More quanta are tried, for lengths that were rounded up though their sum fits. */
const ROUNDED_UP = 16;

/** Indices of the chosen moments, in order. Lengths are rounded to quanta for the choice; their exact sum never exceeds `budget`, in flicks. */
export function chooseMoments(candidates: readonly Candidate[], budget: number, pause: Flicks): number[] {
  if (candidates.length === 0 || !(budget > 0)) return [];
  const quanta = Math.max(50, Math.min(MOST_QUANTA, Math.floor(MOST_CELLS / candidates.length)));
  const quantum = budget / quanta;
  const mean = candidates.reduce((sum, each) => sum + each.worth, 0) / candidates.length;
  const cut = mean * CUT_SECONDS;
  const table = new Table(candidates.length, quanta + ROUNDED_UP);
  candidates.forEach((each, at) => {
    const before = candidates[at - 1];
    const gap = before && each.index === before.index + 1 ? each.start - before.end : Infinity;
    const length = each.end - each.start;
    const joins = gap <= pause;
    const overlap = joins ? Math.min(0, gap / FLICKS_PER_SECOND) : 0;
    table.add({
      alone: { length, quanta: Math.max(1, Math.round(length / quantum)), worth: each.worth * secondsOf(each) - cut },
      after: joins ? { length: length + gap, quanta: Math.max(0, Math.round((length + gap) / quantum)), worth: each.worth * (secondsOf(each) + overlap) } : null,
    });
  });
  return table.best(budget).map((at) => candidates[at]?.index ?? 0);
}

/** What showing a candidate takes and brings. */
interface Way {
  /** Flicks. */
  length: number;
  quanta: number;
  worth: number;
}
/** A candidate that begins a clip, and one that joins the clip before it: where it can, it must. */
interface Ways {
  alone: Way;
  after: Way | null;
}

/** How each cell came about: bits of what was best, for going back. */
const JOINED = 2;
const FROM_SHOWN = 4;
const SKIP_FROM_SHOWN = 8;

class Table {
  readonly #quanta: number;
  readonly #how: Uint8Array;
  readonly #ways: Ways[] = [];
  /** Best worth with the last candidate not shown, and shown, by quanta used at most. */
  #skipped: Float64Array;
  #shown: Float64Array;
  #nextSkipped: Float64Array;
  #nextShown: Float64Array;

  constructor(candidates: number, quanta: number) {
    this.#quanta = quanta;
    this.#how = new Uint8Array(candidates * (quanta + 1));
    this.#skipped = new Float64Array(quanta + 1);
    this.#shown = new Float64Array(quanta + 1).fill(-Infinity);
    this.#nextSkipped = new Float64Array(quanta + 1);
    this.#nextShown = new Float64Array(quanta + 1);
  }

  /** The next candidate. */
  add(ways: Ways): void {
    const row = this.#ways.length * (this.#quanta + 1);
    const { quanta: alone, worth: aloneWorth } = ways.alone;
    const [after, afterWorth] = ways.after ? [ways.after.quanta, ways.after.worth] : [Infinity, 0];
    const [skipped, shown, nextSkipped, nextShown, how] = [this.#skipped, this.#shown, this.#nextSkipped, this.#nextShown, this.#how];
    for (let used = 0; used <= this.#quanta; used++) {
      const without = skipped[used] ?? 0;
      const withIt = shown[used] ?? 0;
      let bits = withIt > without ? SKIP_FROM_SHOWN : 0;
      nextSkipped[used] = withIt > without ? withIt : without;
      let best = -Infinity;
      if (used >= alone) {
        const fromSkipped = (skipped[used - alone] ?? 0) + aloneWorth;
        const fromShown = after < Infinity ? -Infinity : (shown[used - alone] ?? 0) + aloneWorth;
        best = fromShown > fromSkipped ? fromShown : fromSkipped;
        bits |= fromShown > fromSkipped ? FROM_SHOWN : 0;
      }
      if (used >= after) {
        const joined = (shown[used - after] ?? 0) + afterWorth;
        if (joined > best) {
          best = joined;
          bits |= JOINED;
        }
      }
      nextShown[used] = best;
      how[row + used] = bits;
    }
    this.#ways.push(ways);
    [this.#skipped, this.#nextSkipped, this.#shown, this.#nextShown] = [nextSkipped, skipped, nextShown, shown];
  }

  /** Positions of the shown candidates in the best solution whose exact length is at most `budget`. */
  best(budget: number): number[] {
    for (let quanta = this.#quanta; quanta > 0; quanta--) {
      const { positions, length } = this.#within(quanta);
      if (length <= budget) return positions;
    }
    return [];
  }

  /** The best solution of so many quanta. */
  #within(quanta: number): { positions: number[]; length: number } {
    const positions: number[] = [];
    let used = quanta;
    let length = 0;
    let shown = (this.#shown[used] ?? -Infinity) > (this.#skipped[used] ?? 0);
    for (let at = this.#ways.length - 1; at >= 0; at--) {
      const bits = this.#how[at * (this.#quanta + 1) + used] ?? 0;
      const ways = this.#ways[at];
      if (!ways) break;
      if (!shown) {
        shown = (bits & SKIP_FROM_SHOWN) !== 0;
        continue;
      }
      const joined = (bits & JOINED) !== 0;
      const way = joined && ways.after ? ways.after : ways.alone;
      positions.push(at);
      used -= way.quanta;
      length += way.length;
      shown = joined || (bits & FROM_SHOWN) !== 0;
    }
    return { positions: positions.reverse(), length };
  }
}
