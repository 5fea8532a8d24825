/** How much of a key frame's texture carried frames keep, and how much of it comes from the key before. Figures: tuning clips of `bench -- style`, docs/styles.md. */
import type { Generator } from './questions.ts';

export interface TextureShares {
  /** Of the texture's remainder, which a map of colours can't say: what frames keep of it, key frames as well as those between, so that keys don't stand out. 0..1. */
  kept: number;
  /** Of a key's texture: what comes from the key before it, where that one shows the same. 0..1. */
  settled: number;
}

export const NO_TEXTURE: TextureShares = { kept: 0, settled: 0 };

/** Of a painting the texture is what one came for, but each key makes it anew, which would pulse. */
const PAINTED: TextureShares = { kept: 0.75, settled: 0.5 };
/** CycleGAN on what was drawn or stands still: it flickers little by itself, and may flicker seven tenths of that at most (an animated film with .7 of the texture: .71). */
const CALM: TextureShares = { kept: 0.4, settled: 0.5 };
/** CycleGAN on what a camera saw: it draws another texture on every frame, so that more may be kept, and is nearer to it (hand-held: SSIM .966 beside .963, a street: .949 beside .945). */
const LIVELY: TextureShares = { kept: 0.6, settled: 0 };

/** Motion from the first frame of a shot to the sixteenth (or nearer), as the key plan measures it: a still shot has less, a held camera some 2, an animated film's camera 4 to 7, a street more. */
const STILL = 0.5;
const HELD = 4;
const STREET = 7.5;

/** Shares for a shot of this motion. Keys of rounded networks pulse more: they settle everywhere (a still shot: warping error .10 without, .06 with half). */
export function sharesFor(generator: Generator, motion: number): TextureShares {
  if (generator.id !== 'vintage') return PAINTED;
  const shares = (motion > STILL && motion <= HELD) || motion > STREET ? LIVELY : CALM;
  return generator.int8 ? { ...shares, settled: CALM.settled } : shares;
}
