/** What the strip of sound shows, and where its edges snap. */
import type { Cue } from '../../../shared/captions/types.ts';
import { flicks, fromSeconds, type Flicks } from '../../../shared/time.ts';
import { countBegun } from '../../state/cue-times.ts';

export interface StripView {
  readonly start: Flicks;
  readonly end: Flicks;
}

const SHORTEST_VIEW = fromSeconds(6);

/** A stretch around a cue, twice as long as it and six seconds at least; around `time` where there is none. */
export function stripView(cue: Pick<Cue, 'start' | 'end'> | null, time: Flicks, range: StripView): StripView {
  const length = Math.max(SHORTEST_VIEW, cue ? 2 * (cue.end - cue.start) : 0);
  const middle = cue ? (cue.start + cue.end) / 2 : time;
  const latest = Math.max(range.start, range.end - length);
  const start = flicks(Math.round(Math.min(Math.max(middle - length / 2, range.start), latest)));
  return { start, end: flicks(start + length) };
}

/** Where the cues before and behind one end and begin. */
export function edgesAround(cues: readonly Cue[], cue: Cue | null): Flicks[] {
  if (!cue) return [];
  const begun = countBegun(cues, cue.start);
  return cues
    .slice(Math.max(0, begun - 3), begun + 2)
    .filter((other) => other.id !== cue.id)
    .flatMap(({ start, end }) => [start, end]);
}

/** The nearest of `targets` within `reach`, else `time` itself. */
export function snapTime(time: Flicks, targets: readonly Flicks[], reach: number): Flicks {
  let best: Flicks | null = null;
  for (const target of targets) if (Math.abs(target - time) <= (best === null ? reach : Math.abs(best - time))) best = target;
  return best ?? time;
}
