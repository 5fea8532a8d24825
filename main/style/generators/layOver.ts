/**
 * What a generator did to a small picture, done to the large one: a global and a local map of colours, and what those leave over, enlarged. The
 * frame's own detail stays; enlarging the styled picture would lose it.
 */
import { guideSize, MODELS } from '../models.ts';
import { floatTensor, numberTensor, pictureTensor, type Networks } from '../networks.ts';
import { changedLike, sameSize, sizeWithin, type Size } from '../pixels.ts';
import type { Generator, KeyFrame } from '../questions.ts';
import type { RgbFrame } from '../types.ts';
import type { Made } from './whole.ts';
import type { Tensor } from '../../inference/types.ts';

/** The picture made smaller by the mean of each area; itself where it has the size already. */
export async function resized(networks: Networks, frame: RgbFrame, size: Size): Promise<RgbFrame> {
  if (sameSize(frame, size)) return frame;
  const outputs = await networks.run(MODELS.guide, { frame: pictureTensor(frame), size: { type: 'int64', dims: [2], data: BigInt64Array.of(BigInt(size.height), BigInt(size.width)) } });
  return outputs.picture('low');
}

/** The small picture by which a frame is fitted and carried. */
export const guideOf = (networks: Networks, generator: Generator, frame: RgbFrame): Promise<RgbFrame> => resized(networks, frame, guideSize(generator, frame));

/** What a generator did to a frame. Tensors as models/README.md describes them for style-fit. */
export interface Fitted {
  coefficients: Float32Array;
  overall: Float32Array;
  /** Of the size at which the frame was styled. */
  residual: RgbFrame;
}

/** Fits the maps that take a frame to its styled form. `low`: the frame's guide. */
export async function fitted(networks: Networks, { working, styled }: Pick<Made, 'working' | 'styled'>, low: RgbFrame): Promise<Fitted> {
  const outputs = await networks.run(MODELS.fit, { frame: pictureTensor(working), styled: pictureTensor(styled), low: pictureTensor(low) });
  return {
    coefficients: outputs.floats('coefficients'),
    overall: outputs.floats('overall'),
    residual: outputs.picture('residual'),
  };
}

/** Inputs of style-carry for one key. `flow`: from the frame's guide to the key's. */
export function keyInputs(which: 'before' | 'after', { low, coefficients, overall, residual }: KeyFrame, flow: Float32Array): Record<string, Tensor> {
  const { width, height } = low;
  return {
    [`${which}_low`]: pictureTensor(low),
    [`${which}_coefficients`]: floatTensor(coefficients, [1, height, width, 12]),
    [`${which}_overall`]: floatTensor(overall, [1, 12, 1, 1]),
    [`${which}_residual`]: pictureTensor(residual),
    [`${which}_flow`]: floatTensor(flow, [1, 2, height, width]),
  };
}

/** Largest frame to which maps are applied as a whole, pixels: it takes 400 MB. */
const MOST_PIXELS = 2560 * 1440;

/** `style` for a frame of any size: on a larger one, what it changed on a smaller one is added to the frame's own pixels. */
async function onLarge(networks: Networks, frame: RgbFrame, style: (frame: RgbFrame) => Promise<RgbFrame>): Promise<RgbFrame> {
  const small = await resized(networks, frame, sizeWithin(frame, { pixels: MOST_PIXELS }));
  return small === frame ? style(frame) : changedLike(frame, small, await style(small));
}

/** The frame in the look that was fitted to it. `low`: the size of its guide. */
export function laidOver(networks: Networks, frame: RgbFrame, low: Size, { coefficients, residual }: Fitted): Promise<RgbFrame> {
  const inputs = { coefficients: floatTensor(coefficients, [1, low.height, low.width, 12]), residual: pictureTensor(residual), texture: numberTensor(1) };
  return onLarge(networks, frame, async (part) => (await networks.run(MODELS.lay, { frame: pictureTensor(part), ...inputs })).picture('styled'));
}

/** Runs style-carry; `inputs` are all but the frame and its guide. */
export function carriedOver(networks: Networks, frame: RgbFrame, low: RgbFrame, inputs: Record<string, Tensor>): Promise<RgbFrame> {
  return onLarge(networks, frame, async (part) => (await networks.run(MODELS.carry, { frame: pictureTensor(part), low: pictureTensor(low), ...inputs })).picture('styled'));
}
