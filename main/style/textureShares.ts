/** How much of the keys' texture carried frames keep, and how much of a key's own comes from the key before. Figures: tuning clips of `bench -- style`, docs/styles.md. */
import type { Generator } from './questions.ts';
import type { RgbFrame } from './types.ts';

export interface TextureShares {
  /** Of the texture's remainder, which a map of colours can't say: what frames keep of it, key frames as well as those between, so that keys don't stand out. 0..1. */
  kept: number;
  /** Of a key's texture: what comes from the key before it, where that one shows the same. 0..1. */
  settled: number;
}

/** Of a painting the texture is what one came for, but each key makes it anew, which would pulse. */
const PAINTED: TextureShares = { kept: 0.75, settled: 0.5 };
/**
 * CycleGAN on what it flickers little on beside the source itself: drawn film, which moves in ways that motion explains badly, and what stands still. Frames may flicker seven
 * tenths of the plain ones at most, which more of the texture would exceed.
 */
const CALM: TextureShares = { kept: 0.35, settled: 0.5 };
/** CycleGAN on camera footage that moves: more may be kept, and is nearer to the plain frames (hand-held: SSIM .966 beside .963, a street: .949 beside .945). */
const LIVELY: TextureShares = { kept: 0.6, settled: 0 };
/** Motion of a street: see `Redrawn`. Film with a moving camera has 4 to 7. */
const STREET = 7.5;
/** Texture drawn anew over the source's own change, from key to key: 1 for animated film, 2.2 for a hand-held camera. Shares go from calm to lively between these. */
const [FILM, HELD] = [1.3, 1.8];
/** A source that changes by less than this from key to key stands still, levels. */
const STILL = 0.3;

/** What a key's texture is beside that of the key before it. */
export interface Redrawn {
  /** The worst difference that motion leaves between the shot's first frames, up to 16 apart, levels. */
  motion: number;
  /** Mean difference of the two textures along the motion, levels. */
  texture: number;
  /** Mean difference of the two source frames along the motion, levels. */
  source: number;
}

/** Shares for a key; `change` null for a shot's first. Keys of rounded networks pulse more: they settle everywhere (a still shot: warping error .10 without, .06 with half). */
export function sharesFor(generator: Generator, change: Redrawn | null): TextureShares {
  if (generator.id !== 'vintage') return PAINTED;
  const lively = change ? livelinessOf(change) : 0;
  const between = (calm: number, other: number): number => calm + (other - calm) * lively;
  return { kept: between(CALM.kept, LIVELY.kept), settled: generator.int8 ? CALM.settled : between(CALM.settled, LIVELY.settled) };
}

/** 0: calm, 1: lively. */
function livelinessOf({ motion, texture, source }: Redrawn): number {
  if (motion > STREET) return 1;
  return source < STILL ? 0 : Math.min(1, Math.max(0, (texture / source - FILM) / (HELD - FILM)));
}

/** Every fourth pixel of the guide in both directions is looked at. */
const STEP = 4;

/**
 * How far a key's texture is another than that of the key before it: the mean difference of green where both show the same, levels. `flow`: float32 [2, guide height,
 * guide width], from the key's guide to the other's; textures of any size over the same picture.
 */
export function textureChange(texture: RgbFrame, before: RgbFrame, flow: Float32Array, guide: { width: number; height: number }): number {
  const { width, height } = guide;
  let [difference, seen] = [0, 0];
  for (let y = 0; y < height; y += STEP) {
    for (let x = 0; x < width; x += STEP) {
      const pixel = y * width + x;
      const own = greenAt(texture, (x + 0.5) / width, (y + 0.5) / height);
      const other = greenAt(before, (x + 0.5 + (flow[pixel] ?? 0)) / width, (y + 0.5 + (flow[width * height + pixel] ?? 0)) / height);
      if (own === null || other === null) continue;
      difference += Math.abs(own - other);
      seen += 1;
    }
  }
  return seen === 0 ? 0 : difference / seen;
}

/** Green of a texture at a place from 0 to 1; null outside of it. */
function greenAt({ width, height, data }: RgbFrame, across: number, down: number): number | null {
  const [x, y] = [Math.floor(across * width), Math.floor(down * height)];
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  return data[(y * width + x) * 3 + 1] ?? 0;
}
