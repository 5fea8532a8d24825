/** From what was fitted to a key frame to what others are carried from. */
import { MODELS } from '../models.ts';
import { flowBetween } from '../motion.ts';
import { floatTensor, numberTensor, pictureTensor, type Networks } from '../networks.ts';
import type { KeyFrame } from '../questions.ts';
import type { RgbFrame } from '../types.ts';
import type { Fitted } from './layOver.ts';

/** Of a key whose texture nobody wants: one pixel of nothing, twice as large. Made anew each time, as a key's arrays are handed over. */
const noTexture = (): RgbFrame => ({ width: 2, height: 2, data: new Uint8Array(12).fill(128) });

/** `share` as `settled` in `Questions`. */
export async function settledKey(networks: Networks, { coefficients, overall, residual }: Fitted, low: RgbFrame, previous: KeyFrame | null, share: number | null): Promise<KeyFrame> {
  if (share === null) return { low, coefficients, overall, residual: noTexture() };
  const flow = previous ? await flowBetween(networks, low, previous.low) : new Float32Array(2 * low.width * low.height);
  const outputs = await networks.run(MODELS.settle, {
    low: pictureTensor(low),
    residual: pictureTensor(residual),
    before_low: pictureTensor(previous?.low ?? low),
    before_residual: pictureTensor(previous?.residual ?? doubleOf(residual)),
    before_flow: floatTensor(flow, [1, 2, low.height, low.width]),
    share: numberTensor(previous ? share : 0),
  });
  return { low, coefficients, overall, residual: outputs.picture('settled') };
}

/** Room for a picture twice as large. */
function doubleOf({ width, height }: RgbFrame): RgbFrame {
  return { width: 2 * width, height: 2 * height, data: new Uint8Array(12 * width * height) };
}
