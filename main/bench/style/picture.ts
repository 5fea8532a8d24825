/** A picture as a style for the benchmark: a test pattern of strong colours, made here, so that no picture has to be there. */
import type { Stylist } from '../../style/types.ts';

const SIDE = 256;

/** The 100 numbers of a pattern of overlapping waves in blue, orange and white. */
export async function pictureVector(stylist: Stylist): Promise<Float32Array> {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const wave = Math.sin(x / 9 + 3 * Math.sin(y / 31)) + Math.sin(y / 7 + 2 * Math.sin(x / 23));
      const share = (wave + 2) / 4;
      data.set([40 + 215 * share, 60 + 130 * share, 200 - 150 * share].map(Math.round), (y * SIDE + x) * 3);
    }
  }
  return stylist.vector({ width: SIDE, height: SIDE, data }, new AbortController().signal);
}
