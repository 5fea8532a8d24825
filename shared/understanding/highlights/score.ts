/** Scores of moments by the weights that a person sets. */
import { FLICKS_PER_SECOND } from '../../time.ts';
import { HIGHLIGHT_SIGNALS, type HighlightMoment, type HighlightWeights } from '../types.ts';

/** Seconds below which a moment is too short to be followed on its own: its score shrinks with its length, so that a grunt never leads. */
export const SHORT_MOMENT = 1.5;

/**
 * A score of 0 to 1 for each moment: the sum of its signals by their weights, divided by the sum of the weights, times
 * min(1, length / SHORT_MOMENT). Weights that are all 0 score everything 0.
 */
export function scoreMoments(moments: readonly HighlightMoment[], weights: HighlightWeights): number[] {
  const used = HIGHLIGHT_SIGNALS.filter((signal) => weights[signal] > 0);
  const whole = used.reduce((sum, signal) => sum + weights[signal], 0);
  if (whole === 0) return moments.map(() => 0);
  return moments.map((moment) => {
    const sum = used.reduce((total, signal) => total + weights[signal] * moment.signals[signal], 0);
    return (sum / whole) * Math.min(1, (moment.end - moment.start) / (SHORT_MOMENT * FLICKS_PER_SECOND));
  });
}
