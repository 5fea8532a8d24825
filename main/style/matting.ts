/** How much of each pixel belongs to a person. */
import { MATTING_PIXELS, mattingModel, MODELS } from './models.ts';
import { floatTensor, numberTensor, pictureTensor, type Networks } from './networks.ts';
import { enlarged, sameSize, sizeWithin } from './pixels.ts';
import type { RgbFrame } from './types.ts';
import { resized } from './generators/layOver.ts';

/** How much of the last frame's mask stays (models/cards/person-matting.md). */
const KEEP = 0.8;

/** `mask`: the last frame's; null at a cut. Alpha: one byte a pixel of the frame, 255 where a person is. */
export async function personAlpha(networks: Networks, frame: RgbFrame, mask: Float32Array | null): Promise<{ alpha: Uint8Array; mask: Float32Array }> {
  const model = mattingModel(frame);
  const [height, width] = model === MODELS.mattingWide ? [144, 256] : [256, 256];
  const seen = await resized(networks, frame, sizeWithin(frame, { pixels: MATTING_PIXELS }));
  const outputs = await networks.run(model, {
    frames: pictureTensor(seen),
    previous: floatTensor(mask ?? new Float32Array(width * height), [1, 1, height, width]),
    keep: numberTensor(mask ? KEEP : 0),
  });
  const alpha = toBytes(outputs.floats('alpha'));
  return { alpha: sameSize(seen, frame) ? alpha : enlarged(alpha, seen, frame, 1), mask: outputs.floats('mask') };
}

function toBytes(parts: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.length);
  for (let i = 0; i < parts.length; i++) bytes[i] = Math.min(1, Math.max(0, parts[i] ?? 0)) * 255 + 0.5;
  return bytes;
}
