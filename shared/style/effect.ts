/** What follows from an effect: its strength at a moment, whether it does anything, and the one that a style begins with. */
import type { Flicks } from '../time.ts';
import { PAINTINGS, type ClipEffect, type StrengthKey, type Style } from './types.ts';

/** Strength at `time`: linear between the keys around it, the nearest key's outside them. 0 to 1. `keys` in order of time. */
export function strengthAt(keys: readonly StrengthKey[], time: Flicks): number {
  const next = keys.findIndex(({ at }) => at >= time);
  if (next < 0) return keys.at(-1)?.value ?? 1;
  const [before, after] = [keys[next - 1], keys[next]];
  if (!after) return 1;
  if (!before) return after.value;
  const share = (time - before.at) / (after.at - before.at);
  return before.value + share * (after.value - before.value);
}

/** False where every frame stays as it is: no style (or strength 0 throughout), no background and no label. */
export function changesPictures({ style, strength, background, label }: ClipEffect): boolean {
  return label || background !== null || (style.id !== 'none' && strength.some(({ value }) => value > 0));
}

/** True where a network made the picture or parts of it. */
export function isGenerated({ style, strength }: ClipEffect): boolean {
  return style.id !== 'none' && strength.some(({ value }) => value > 0);
}

/** The effect that a style begins with: full strength, on everything, the fast way that keeps the texture, no label. */
export function effectOf(style: Style, at: Flicks): ClipEffect {
  return { style, strength: [{ at, value: 1 }], keepColours: false, area: 'everything', background: null, quality: 'faithful', label: false };
}

/** One painting alone. `index` from 0. */
export function painting(index: number): Style {
  return { id: 'painter', weights: Array.from({ length: PAINTINGS }, (_, i) => (i === index ? 1 : 0)) };
}
