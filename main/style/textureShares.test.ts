import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textureChange, sharesFor } from './textureShares.ts';
import type { RgbFrame } from './types.ts';

const [WIDTH, HEIGHT] = [64, 48];
const guide = { width: WIDTH, height: HEIGHT };
const still = new Float32Array(2 * WIDTH * HEIGHT);
const texture = (width: number, height: number, green: (x: number, y: number) => number): RgbFrame => {
  const data = new Uint8Array(width * height * 3).fill(128);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[(y * width + x) * 3 + 1] = 128 + green(x, y);
  return { width, height, data };
};
/** Differs from pixel to pixel, and with the seed from picture to picture. */
const noise = (seed: number) => (x: number, y: number): number => Math.round(40 * Math.sin(12.9898 * x + 78.233 * y + 37.719 * seed + 5 * Math.sin(x * y + seed)));

test('a texture is the same as itself, at whichever size, and as itself moved along the motion', () => {
  const own = texture(WIDTH, HEIGHT, noise(1));
  expect(textureChange(own, own, still, guide)).toBe(0);
  const doubled = texture(2 * WIDTH, 2 * HEIGHT, (x, y) => noise(1)(x >> 1, y >> 1));
  expect(textureChange(own, doubled, still, guide)).toBe(0);
  const moved = texture(WIDTH, HEIGHT, (x, y) => noise(1)(x - 5, y + 3));
  const flow = Float32Array.from({ length: 2 * WIDTH * HEIGHT }, (_, i) => (i < WIDTH * HEIGHT ? 5 : -3));
  expect(textureChange(own, moved, flow, guide)).toBe(0);
  expect(textureChange(own, moved, still, guide)).toBeGreaterThan(20);
});

test('a texture that is brighter by some levels differs by them, where both are seen', () => {
  const brighter = texture(WIDTH, HEIGHT, (x, y) => noise(1)(x, y) + 7);
  expect(textureChange(texture(WIDTH, HEIGHT, noise(1)), brighter, still, guide)).toBe(7);
  expect(textureChange(texture(WIDTH, HEIGHT, noise(1)), brighter, still.map(() => 1000), guide)).toBe(0);
});

const vintage = { id: 'vintage', int8: false } as const;

test.each<[what: string, change: Parameters<typeof sharesFor>[1], kept: number, settled: number]>([
  ['a first key', null, 0.35, 0.5],
  ['animated film', { motion: 6, texture: 4.5, source: 4.3 }, 0.35, 0.5],
  ['a hand-held camera', { motion: 2, texture: 3.3, source: 1.6 }, 0.6, 0],
  ['a street', { motion: 9, texture: 4.3, source: 5.5 }, 0.6, 0],
  ['a still shot', { motion: 0.1, texture: 2.2, source: 0.05 }, 0.35, 0.5],
])('frames of %s keep their share', (_what, change, kept, settled) => {
  const shares = sharesFor(vintage, change);
  expect([shares.kept, shares.settled]).toEqual([expect.closeTo(kept), expect.closeTo(settled)]);
});

test('shares go from calm to lively without a step, and rounded networks settle everywhere', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.3, max: 20, noNaN: true }), fc.double({ min: 0, max: 40, noNaN: true }), (source, texture) => {
      const [shares, more] = [texture, texture + 0.01 * source].map((one) => sharesFor(vintage, { motion: 3, source, texture: one }));
      if (!shares || !more) throw new Error('no shares');
      expect(more.kept - shares.kept).toBeGreaterThanOrEqual(-1e-9);
      expect(more.kept - shares.kept).toBeLessThan(0.01);
      expect(sharesFor({ id: 'vintage', int8: true }, { motion: 3, source, texture })).toEqual({ kept: shares.kept, settled: 0.5 });
    }),
  );
});
