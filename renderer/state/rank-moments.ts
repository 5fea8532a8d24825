import type { TimeRange } from '../../shared/ranges.ts';
import type { HighlightMoment } from '../../shared/understanding/types.ts';

/** Moments that a list shows at most: what is worse than the best hundreds is not worth a look. */
const MOST_RANKED = 300;

export interface RankedMoment {
  readonly moment: HighlightMoment;
  /** 0 to 1. */
  readonly score: number;
  /** 1 for the best. */
  readonly rank: number;
  /** The reel of the length asked for shows it. */
  readonly inReel: boolean;
}

/** The best moments, best first. `moments` and `reel` are in order of time; `scores` are the moments'. Those that score nothing are left out. */
export function rankMoments(moments: readonly HighlightMoment[], scores: readonly number[], reel: readonly TimeRange[]): RankedMoment[] {
  return moments
    .map((moment, index) => ({ moment, score: scores[index] ?? 0 }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.moment.start - b.moment.start)
    .slice(0, MOST_RANKED)
    .map(({ moment, score }, index) => ({ moment, score, rank: index + 1, inReel: holds(reel, moment) }));
}

/** The same moments in order of time. */
export function inStoryOrder(ranked: readonly RankedMoment[]): RankedMoment[] {
  return [...ranked].sort((a, b) => a.moment.start - b.moment.start);
}

/** A clip of the reel holds the middle of the moment: its edges may lie in the pauses beside it. */
function holds(reel: readonly TimeRange[], { start, end }: HighlightMoment): boolean {
  const middle = (start + end) / 2;
  return reel.some((clip) => clip.start <= middle && middle < clip.end);
}
