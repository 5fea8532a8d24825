/** Generators that take a frame whole: their norms look at all of it, so it can't be cut into tiles. */
import { MODELS, PICTURE_SIDE, vintageModel, workingSize } from '../models.ts';
import { floatTensor, numberTensor, pictureTensor, type Networks } from '../networks.ts';
import { cropped, mirroredTo } from '../pixels.ts';
import type { Generator } from '../questions.ts';
import type { RgbFrame } from '../types.ts';
import { resized } from './layOver.ts';

export type WholeGenerator = Extract<Generator, { id: 'vintage' | 'painter' | 'picture' }>;

/** What CycleGAN's 23 norms say of a frame: their scales, then their offsets. */
export const STATISTICS = 10_496;

/** The painter's smallest side. */
const PAINTER_SIDE = 32;

/** A styled picture and the one it was made of, both of the size that the generator works at. */
export interface Made {
  working: RgbFrame;
  styled: RgbFrame;
  /** Of `vintage`; null for others. */
  statistics: Float32Array | null;
}

/** `statistics`: those to normalise with (vintage); null: the frame's own. */
export async function generate(networks: Networks, frame: RgbFrame, generator: WholeGenerator, statistics: Float32Array | null): Promise<Made> {
  const working = await resized(networks, frame, workingSize(generator, frame));
  switch (generator.id) {
    case 'vintage':
      return { working, ...(await vintage(networks, working, generator.int8, statistics)) };
    case 'painter':
      return { working, styled: await painter(networks, working, generator.weights), statistics: null };
    case 'picture':
      return { working, styled: await picture(networks, working, generator.vector), statistics: null };
  }
}

/** CycleGAN (Zhu et al., 2017). */
async function vintage(networks: Networks, frame: RgbFrame, int8: boolean, statistics: Float32Array | null): Promise<Pick<Made, 'styled' | 'statistics'>> {
  const outputs = await networks.run(vintageModel(int8), {
    frames: pictureTensor(frame),
    statistics: floatTensor(statistics ?? new Float32Array(STATISTICS), [1, STATISTICS]),
    frozen: numberTensor(statistics ? 1 : 0),
  });
  return { styled: outputs.picture('styled'), statistics: outputs.floats('statistics_out') };
}

/** 26 paintings in one network (Dumoulin et al., 2017); their sum is brought to 1, so that a mixture is as strong as one alone. */
async function painter(networks: Networks, frame: RgbFrame, weights: readonly number[]): Promise<RgbFrame> {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const padded = mirroredTo(frame, Math.max(PAINTER_SIDE, frame.width), Math.max(PAINTER_SIDE, frame.height));
  const outputs = await networks.run(MODELS.painter, {
    frames: pictureTensor(padded),
    style_weights: floatTensor(Float32Array.from(weights, (weight) => weight / (sum || 1)), [weights.length]),
  });
  return trimmed(outputs.picture('styled'), frame);
}

/** Any picture's style (Ghiasi et al., 2017). `frame` is at most 384 pixels a side. */
async function picture(networks: Networks, frame: RgbFrame, vector: readonly number[]): Promise<RgbFrame> {
  const outputs = await networks.run(MODELS.picture, {
    content_image: pictureTensor(mirroredTo(frame, PICTURE_SIDE, PICTURE_SIDE)),
    style: floatTensor(Float32Array.from(vector), [1, 1, 1, vector.length]),
  });
  return trimmed(outputs.picture('styled'), frame);
}

const trimmed = (styled: RgbFrame, { width, height }: RgbFrame): RgbFrame =>
  styled.width === width && styled.height === height ? styled : cropped(styled, 0, 0, width, height);
