/** What each style is, honestly: whether a GAN made it, on what it works, which models it needs. Names and cards are messages `style_*`. */
import type { StyleId } from './types.ts';

export interface StyleFacts {
  readonly id: StyleId;
  /** `gan`: a generator trained against a discriminator. `network`: a feed-forward network that is no GAN. */
  readonly kind: 'gan' | 'network';
  /** Ids of models/manifest.json that it runs. */
  readonly models: readonly string[];
  /** Changes faces only. */
  readonly faces: boolean;
  /** Has a fast way: key frames carried along the motion. */
  readonly carried: boolean;
  /** Size of the result over the source's. */
  readonly scale: 1 | 2;
}

const FACE = ['blazeface', 'face-landmarks'] as const;
const CARRY = ['motion-flow', 'style-guide', 'style-fit', 'style-lay', 'style-settle', 'style-carry'] as const;

export const STYLES: Readonly<Record<StyleId, StyleFacts>> = {
  vintage: { id: 'vintage', kind: 'gan', models: ['cyclegan-vintage', ...CARRY], faces: false, carried: true, scale: 1 },
  'face-sketch': { id: 'face-sketch', kind: 'gan', models: [...FACE, 'face-stylegan-sketch'], faces: true, carried: false, scale: 1 },
  'face-ink': { id: 'face-ink', kind: 'gan', models: [...FACE, 'face-stylegan-ink'], faces: true, carried: false, scale: 1 },
  'face-oil': { id: 'face-oil', kind: 'gan', models: [...FACE, 'face-stylegan-oil'], faces: true, carried: false, scale: 1 },
  enhance: { id: 'enhance', kind: 'gan', models: ['realesr-animevideo-x2'], faces: false, carried: false, scale: 2 },
  painter: { id: 'painter', kind: 'network', models: ['painter-26', ...CARRY], faces: false, carried: true, scale: 1 },
  picture: { id: 'picture', kind: 'network', models: ['arbitrary-style-transform', ...CARRY], faces: false, carried: true, scale: 1 },
};
