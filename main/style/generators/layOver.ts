/**
 * What a generator did to a small picture, done to the large one: a global and a local map of colours, and what those leave over, enlarged. The
 * frame's own detail stays; enlarging the styled picture would lose it.
 */
import { guideSize, MODELS } from '../models.ts';
import { floatTensor, numberTensor, pictureTensor, type Networks } from '../networks.ts';
import { changedLike, sameSize, sizeWithin, type Size } from '../pixels.ts';
import type { KeyFrame } from '../questions.ts';
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
export const guideOf = (networks: Networks, frame: RgbFrame): Promise<RgbFrame> => resized(networks, frame, guideSize(frame));

/** Fits the maps that take the key to its styled form. `low`: the guide of the key's frame. */
export async function fitted(networks: Networks, { working, styled }: Pick<Made, 'working' | 'styled'>, low: RgbFrame): Promise<KeyFrame> {
  const outputs = await networks.run(MODELS.fit, { frame: pictureTensor(working), styled: pictureTensor(styled), low: pictureTensor(low) });
  return {
    low,
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

/** The frame in the look of a key made of itself. `texture` as in `Carry`. */
export function laidOver(networks: Networks, frame: RgbFrame, key: KeyFrame, texture: number): Promise<RgbFrame> {
  const still = new Float32Array(2 * key.low.width * key.low.height);
  return carriedOver(networks, frame, key.low, { ...keyInputs('before', key, still), ...keyInputs('after', key, still), near: numberTensor(1), texture: numberTensor(texture) });
}

/** Runs style-carry; `inputs` are all but the frame and its guide. */
export function carriedOver(networks: Networks, frame: RgbFrame, low: RgbFrame, inputs: Record<string, Tensor>): Promise<RgbFrame> {
  return onLarge(networks, frame, async (part) => (await networks.run(MODELS.carry, { frame: pictureTensor(part), low: pictureTensor(low), ...inputs })).picture('styled'));
}
