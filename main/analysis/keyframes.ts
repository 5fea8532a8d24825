/**
 * The frames that stand for a shot: typical of it (near the medoid of EfficientNet features), sharp, well exposed,
 * and clear of the transitions at its ends.
 */
import type { ShotEvent, Transition } from '../../shared/events.ts';
import { toSeconds } from '../../shared/time.ts';
import type { Examined } from './samples.ts';

export const KEYFRAME_RULES = {
  /** Frames next to a cut are often soft or caught between two pictures; next to a dissolve or fade still tinted. */
  clearOfCut: 2,
  clearOfGradual: 6,
  /** Weights of typical, sharp and well exposed, each 0 to 1 within the shot. */
  weights: { typical: 1, sharp: 0.5, exposed: 0.5 },
  /** A second keyframe: in shots this long (seconds) … */
  secondFrom: 4,
  /**
   * … whose picture comes to differ this much from the first keyframe's, as 1 - cosine of features. In the sample
   * clips, frames of one calm shot lie within 0.15, a pan or an actor walking in reach 0.4 and more, other shots 0.5 to 0.9.
   */
  secondDistance: 0.4,
} as const;

/** One or two of the candidates, in order of rank; none when there is none. `next` tells how the shot ends; null: the film does. */
export function chooseKeyframes(shot: ShotEvent, next: Transition | null, candidates: readonly Examined[]): Examined[] {
  const inside = candidates.filter((each) => each.index >= shot.startFrame && each.index < shot.endFrame);
  const clear = clearOf(shot, next, inside);
  const usable = clear.length > 0 ? clear : inside;
  const scores = scoresOf(usable);
  const first = best(usable, scores);
  if (!first) return [];
  if (toSeconds(shot.end) - toSeconds(shot.start) < KEYFRAME_RULES.secondFrom) return [first];
  const far = usable.filter((each) => distance(first, each) >= KEYFRAME_RULES.secondDistance);
  // Typical of what differs, not the odd one out: scored among themselves.
  const second = best(far, scoresOf(far));
  return second ? [first, second] : [first];
}

/** Frames of the shot that are clear of the transitions at its ends: first and end (exclusive). Null when it is too short. */
export function clearRange(shot: ShotEvent, next: Transition | null): { first: number; end: number } | null {
  const first = shot.startFrame + clearance(shot.transitionIn);
  const end = shot.endFrame - (next === null ? 0 : clearance(next));
  return first < end ? { first, end } : null;
}

export function clearOf(shot: ShotEvent, next: Transition | null, candidates: readonly Examined[]): Examined[] {
  const range = clearRange(shot, next);
  return range ? candidates.filter(({ index }) => index >= range.first && index < range.end) : [];
}

function clearance(transition: Transition): number {
  switch (transition) {
    case 'start':
      return 0;
    case 'cut':
      return KEYFRAME_RULES.clearOfCut;
    case 'dissolve':
    case 'fade':
      return KEYFRAME_RULES.clearOfGradual;
  }
}

function scoresOf(candidates: readonly Examined[]): number[] {
  const { typical, sharp, exposed } = KEYFRAME_RULES.weights;
  const spread = candidates.map((each) => candidates.reduce((sum, other) => sum + distance(each, other), 0) / candidates.length);
  const nearest = Math.min(...spread);
  const range = Math.max(...spread) - nearest;
  const sharpest = Math.max(...candidates.map((each) => each.sharpness), 1e-9);
  return candidates.map((each, i) => {
    const closeness = range > 0 ? 1 - ((spread[i] ?? 0) - nearest) / range : 1;
    return typical * closeness + sharp * (each.sharpness / sharpest) + exposed * each.exposure;
  });
}

function best(candidates: readonly Examined[], scores: readonly number[]): Examined | null {
  let index = -1;
  scores.forEach((score, i) => {
    if (index < 0 || score > (scores[index] ?? 0)) index = i;
  });
  return candidates[index] ?? null;
}

/** 1 - cosine of two samples' features: 0 for the same picture. */
export function distance(a: Examined, b: Examined): number {
  let dot = 0;
  for (let i = 0; i < a.features.length; i++) dot += (a.features[i] ?? 0) * (b.features[i] ?? 0);
  return Math.max(0, 1 - dot);
}
