/** What the stylist and its worker say to each other. Both are ours and of one build. Every question holds all that its answer needs, so that any of them can be asked again. */
import type { Provider } from '../../shared/settings.ts';
import type { StyleArea, StyleId } from '../../shared/style/types.ts';
import type { RgbFrame } from './types.ts';

/** The build entry of the worker. */
export const STYLE_PROGRAM = 'style-worker';

/** A generator with all it needs. `none`: the picture stays as it is. */
export type Generator =
  | { id: 'none' }
  | { id: 'vintage'; int8: boolean }
  | { id: 'painter'; weights: readonly number[] }
  | { id: 'picture'; vector: readonly number[] }
  | { id: 'enhance' }
  | { id: FaceStyle };
export type FaceStyle = Extract<StyleId, `face-${string}`>;

/** What stands behind the people of one frame. `picture`: pixels of the result's size. */
export type BackgroundNow = { mode: 'blur'; amount: number } | { mode: 'colour'; rgb: readonly [number, number, number] } | { mode: 'picture'; pixels: Uint8Array } | { mode: 'remove' };

/** How the generator's picture is laid over the source's, at one moment. */
export interface Treatment {
  /** 0 to 1. */
  strength: number;
  keepColours: boolean;
  area: StyleArea;
  background: BackgroundNow | null;
}

/** A square of a frame, turned by `angle` (radians, clockwise on the screen). Pixels of the frame. */
export interface Square {
  x: number;
  y: number;
  side: number;
  angle: number;
}

/** A face that is followed. */
export interface FaceTrack {
  square: Square;
  /** Frames since it was last seen. */
  missed: number;
  /** 0 to 1: how far it has been faded in. */
  shown: number;
}

/** What a frame leaves for the next one of its shot. */
export interface Memory {
  /** The person matting's mask. */
  mask: Float32Array | null;
  /** Null before the first frame. */
  faces: readonly FaceTrack[] | null;
}
export const NO_MEMORY: Memory = { mask: null, faces: null };

export interface Painted {
  picture: RgbFrame;
  /** One byte a pixel where the background was removed. */
  alpha: Uint8Array | null;
  memory: Memory;
  /** Faces that were styled; null for other styles. */
  faces: number | null;
  warnings: ('tiles_smaller' | 'size_reduced')[];
}

/** A styled frame that others take their look from. Tensors as models/README.md describes them for style-fit. */
export interface KeyFrame {
  low: RgbFrame;
  coefficients: Float32Array;
  overall: Float32Array;
  /** Twice the size at which the key was styled; one pixel of nothing, doubled, where no texture is wanted. */
  residual: RgbFrame;
}

export interface Questions {
  /** A frame from its generator. */
  paint: { question: { frame: RgbFrame; generator: Generator; treatment: Treatment; memory: Memory }; answer: Painted };
  /** The frame's small picture, by which it is carried; the frame comes back. */
  guide: { question: { frame: RgbFrame; generator: Generator }; answer: { frame: RgbFrame; low: RgbFrame } };
  /** `error`: how badly `to`, moved, explains `from`: mean of levels. */
  motion: { question: { from: RgbFrame; to: RgbFrame }; answer: { from: RgbFrame; to: RgbFrame; error: number } };
  /**
   * `statistics`: what to normalise with; null: the frame's own. `previous`: the key that it settles towards, which comes back; null for none. `motion` of its shot:
   * as in `Redrawn` (textureShares.ts); null: its texture isn't wanted. `kept`: the share of it that frames shall keep, 0 to 1.
   */
  key: {
    question: { frame: RgbFrame; low: RgbFrame; generator: Generator; statistics: Float32Array | null; previous: KeyFrame | null; motion: number | null };
    answer: { frame: RgbFrame; key: KeyFrame; kept: number; previous: KeyFrame | null; statistics: Float32Array | null; reduced: boolean };
  };
  /** A frame from the key before it and the one after it. `after` null: from `before` alone. */
  carry: { question: Carry; answer: { painted: Painted; before: KeyFrame; after: KeyFrame | null } };
  /** The 100 numbers of a picture of 256x256. */
  vector: { question: { picture: RgbFrame }; answer: Float32Array };
}

export interface Carry {
  frame: RgbFrame;
  /** Null: the frame is that of `before`. */
  low: RgbFrame | null;
  before: KeyFrame;
  after: KeyFrame | null;
  /** 1 at `before`, 0 at `after`. */
  near: number;
  /** Share of the texture's remainder, 0 to 1. */
  texture: number;
  treatment: Treatment;
  memory: Memory;
}

export type QuestionKind = keyof Questions;
export type Question = { [K in QuestionKind]: { kind: K } & Questions[K]['question'] }[QuestionKind];
export type Answer = Questions[QuestionKind]['answer'];

export type OnFallback = (from: Provider, reason: string) => void;
