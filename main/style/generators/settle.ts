/** From what was fitted to a key frame to what others are carried from. */
import { MODELS } from '../models.ts';
import { flowBetween, motionError } from '../motion.ts';
import { floatTensor, numberTensor, pictureTensor, type Networks } from '../networks.ts';
import type { Generator, KeyFrame } from '../questions.ts';
import { sharesFor, textureChange } from '../textureShares.ts';
import type { RgbFrame } from '../types.ts';
import type { Fitted } from './layOver.ts';

/** Of a key whose texture nobody wants: one pixel of nothing, twice as large. Made anew each time, as a key's arrays are handed over. */
const noTexture = (): RgbFrame => ({ width: 2, height: 2, data: new Uint8Array(12).fill(128) });

interface Kept {
  key: KeyFrame;
  /** Share of its texture that frames keep. */
  kept: number;
}

/** A key whose texture nobody wants. */
export function plainKey({ coefficients, overall }: Fitted, low: RgbFrame): Kept {
  return { key: { low, coefficients, overall, residual: noTexture() }, kept: 0 };
}

/** A key whose texture settles towards that of the key before it. `motion` of its shot: as in `Redrawn`. */
export async function texturedKey(networks: Networks, fit: Fitted, low: RgbFrame, { generator, previous, motion }: { generator: Generator; previous: KeyFrame | null; motion: number }): Promise<Kept> {
  const { coefficients, overall, residual } = fit;
  const flow = previous ? await flowBetween(networks, low, previous.low) : new Float32Array(2 * low.width * low.height);
  const { kept, settled } = sharesFor(generator, previous && { motion, texture: textureChange(residual, previous.residual, flow, low), source: motionError(low, previous.low, flow) });
  const outputs = await networks.run(MODELS.settle, {
    low: pictureTensor(low),
    residual: pictureTensor(residual),
    before_low: pictureTensor(previous?.low ?? low),
    before_residual: pictureTensor(previous?.residual ?? doubleOf(residual)),
    before_flow: floatTensor(flow, [1, 2, low.height, low.width]),
    share: numberTensor(previous ? settled : 0),
  });
  return { key: { low, coefficients, overall, residual: outputs.picture('settled') }, kept };
}

/** Room for a picture twice as large. */
function doubleOf({ width, height }: RgbFrame): RgbFrame {
  return { width: 2 * width, height: 2 * height, data: new Uint8Array(12 * width * height) };
}
