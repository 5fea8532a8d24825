/** Pulling a dragged time to what is near it: shot borders, playhead, in and out. */
import type { ShotEvent } from '../../shared/events.ts';
import { lowerBound } from './shots.ts';

/** Pull, in pixels. */
export const SNAP_PIXELS = 8;

/**
 * The nearest of the shots' borders and `others` within `tolerance` flicks; null when none is that near. On a tie
 * the earlier argument wins: `others` (playhead, in, out) before borders.
 */
export function snapTime(time: number, shots: readonly ShotEvent[], others: readonly (number | null)[], tolerance: number): number | null {
  const after = lowerBound(shots, time, (shot) => shot.start);
  const ends = lowerBound(shots, time, (shot) => shot.end);
  const borders = [shots[after - 1]?.start, shots[after]?.start, shots[ends - 1]?.end, shots[ends]?.end];
  let best: number | null = null;
  for (const candidate of [...others, ...borders]) {
    if (candidate === null || candidate === undefined) continue;
    const distance = Math.abs(candidate - time);
    if (distance <= tolerance && (best === null || distance < Math.abs(best - time))) best = candidate;
  }
  return best;
}
