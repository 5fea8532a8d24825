/** Changes of an effect's data, as pure functions: its style's mix, its strength over time, and what a tile of the gallery is called. */
import { painting, strengthAt } from '../../shared/style/effect.ts';
import { PAINTINGS, type ClipEffect, type StrengthKey, type Style } from '../../shared/style/types.ts';
import { flicks, type Flicks } from '../../shared/time.ts';

/** Tells styles apart that have a tile of their own: `vintage`, `painting-6` (counted from 1), `picture-…`. Null for a mix, which has none. */
export function tileKey(style: Style): string | null {
  switch (style.id) {
    case 'painter': {
      const shares = sharesOf(style);
      return shares.length === 1 ? `painting-${(shares[0]?.index ?? 0) + 1}` : null;
    }
    case 'picture':
      return `picture-${style.picture}`;
    case 'none':
    case 'vintage':
    case 'face-sketch':
    case 'face-ink':
    case 'face-oil':
    case 'enhance':
      return style.id;
  }
}

export interface PaintingShare {
  /** From 0. */
  readonly index: number;
  /** 0 to 1; all together 1. */
  readonly share: number;
}

/** Paintings of a style and how much of each, in the painter's order; none for a style that is no painter's. */
export function sharesOf(style: Style): PaintingShare[] {
  if (style.id !== 'painter') return [];
  const sum = style.weights.reduce((total, weight) => total + weight, 0);
  return style.weights.flatMap((weight, index) => (weight > 0 ? [{ index, share: weight / sum }] : []));
}

/** The smallest and largest share that a painting of a mix can be given: at none it would not be part of it. */
export const LEAST_SHARE = 0.05;
export const MOST_SHARE = 0.95;

/** Gives one painting of a mix this share; the others keep their proportions among what is left. */
export function withShare(style: Style, index: number, share: number): Style {
  const others = sharesOf(style).filter((each) => each.index !== index);
  if (others.length === 0) return painting(index);
  const own = Math.min(MOST_SHARE, Math.max(LEAST_SHARE, share));
  const rest = others.reduce((sum, each) => sum + each.share, 0);
  return mixOf([{ index, share: own }, ...others.map((each) => ({ index: each.index, share: (each.share / rest) * (1 - own) }))]);
}

/** Adds a painting with an even share, or takes it out of the mix that it is in. What is no painter's becomes this painting alone. */
export function togglePainting(style: Style, index: number): Style {
  const shares = sharesOf(style);
  const others = shares.filter((each) => each.index !== index);
  if (shares.length === 0) return painting(index);
  if (others.length === shares.length) return withShare(style, index, 1 / (shares.length + 1));
  return others.length === 0 ? style : mixOf(others);
}

function mixOf(shares: readonly PaintingShare[]): Style {
  const sum = shares.reduce((total, { share }) => total + share, 0);
  const weights = Array.from({ length: PAINTINGS }, (_, index) => (shares.find((each) => each.index === index)?.share ?? 0) / sum);
  // Six digits are more than anyone sees, and keep equal mixes equal.
  return { id: 'painter', weights: weights.map((weight) => Math.round(weight * 1e6) / 1e6) };
}

/** The key at `time`, which may be up to half a frame away; -1 when there is none. */
export function keyNear(keys: readonly StrengthKey[], time: Flicks, frame: Flicks): number {
  return keys.findIndex(({ at }) => Math.abs(at - time) * 2 < frame);
}

/** A key at `time`, in place of the one that is there. */
export function withKey(keys: readonly StrengthKey[], time: Flicks, frame: Flicks, value: number = strengthAt(keys, time)): StrengthKey[] {
  const near = keyNear(keys, time, frame);
  const others = keys.filter((_, index) => index !== near);
  return [...others, { at: keys[near]?.at ?? time, value }].sort((a, b) => a.at - b.at);
}

/** Without the key at `time`; as it was when there is none or no other. */
export function withoutKey(keys: readonly StrengthKey[], time: Flicks, frame: Flicks): readonly StrengthKey[] {
  const near = keyNear(keys, time, frame);
  return near < 0 || keys.length === 1 ? keys : keys.filter((_, index) => index !== near);
}

/** The next key before (-1) or after (1) `time`; null when there is none. */
export function neighbourKey(keys: readonly StrengthKey[], time: Flicks, frame: Flicks, by: 1 | -1): StrengthKey | null {
  const near = keyNear(keys, time, frame);
  const beyond = keys.filter(({ at }, index) => index !== near && (by > 0 ? at > time : at < time));
  return (by > 0 ? beyond[0] : beyond.at(-1)) ?? null;
}

/** An effect for another clip: its keys keep their distance from the clip's start. */
export function movedEffect(effect: ClipEffect, from: Flicks, to: Flicks): ClipEffect {
  return { ...effect, strength: effect.strength.map(({ at, value }) => ({ at: flicks(at + to - from), value })) };
}
