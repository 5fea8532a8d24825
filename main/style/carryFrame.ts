/** Key frames and the frames between them, in the worker. */
import { carriedOver, fitted, keyInputs } from './generators/layOver.ts';
import { plainKey, texturedKey } from './generators/settle.ts';
import { generate, type WholeGenerator } from './generators/whole.ts';
import { flowBetween } from './motion.ts';
import { numberTensor, type Networks } from './networks.ts';
import { finished, isReduced } from './paintFrame.ts';
import type { Carry, Generator, KeyFrame, Questions } from './questions.ts';
import type { RgbFrame } from './types.ts';

export async function makeKey(networks: Networks, { frame, low, generator, statistics, previous, motion }: Questions['key']['question']): Promise<Questions['key']['answer']> {
  if (!isWhole(generator)) throw new Error(`${generator.id} has no key frames`);
  const made = await generate(networks, frame, generator, statistics);
  const fit = await fitted(networks, made, low);
  const { key, kept } = motion === null ? plainKey(fit, low) : await texturedKey(networks, fit, low, { generator, previous, motion });
  return { frame, key, kept, previous, statistics: made.statistics, reduced: isReduced(generator, frame) };
}

export async function carryFrame(networks: Networks, question: Carry): Promise<Questions['carry']['answer']> {
  const { frame, before, after, treatment, memory } = question;
  const picture = treatment.strength > 0 ? await carried(networks, question) : frame;
  const painted = await finished(networks, frame, { picture, tracks: null, warnings: [], treatment, memory });
  return { painted, before, after };
}

/** The look of the keys on the frame. */
async function carried(networks: Networks, { frame, low, before, after, near, texture }: Carry): Promise<RgbFrame> {
  if (!low) return onItself(networks, frame, before, texture);
  const back = await flowBetween(networks, low, before.low);
  const [other, on] = after ? [after, await flowBetween(networks, low, after.low)] : [before, back];
  return carriedOver(networks, frame, low, { ...keyInputs('before', before, back), ...keyInputs('after', other, on), near: numberTensor(near), texture: numberTensor(texture) });
}

/** The frame that a key was made of, in its look. */
function onItself(networks: Networks, frame: RgbFrame, key: KeyFrame, texture: number): Promise<RgbFrame> {
  const still = new Float32Array(2 * key.low.width * key.low.height);
  return carriedOver(networks, frame, key.low, { ...keyInputs('before', key, still), ...keyInputs('after', key, still), near: numberTensor(1), texture: numberTensor(texture) });
}

const isWhole = (generator: Generator): generator is WholeGenerator => generator.id === 'vintage' || generator.id === 'painter' || generator.id === 'picture';
