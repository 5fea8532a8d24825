import { describe, expect, it } from 'vitest';
import { motionOf, sharpnessOf } from './pictureMeasures.ts';
import { randomFrom } from './testSounds.ts';

const SIZE = { width: 160, height: 90 };
/** A wide field of soft blobs, and a window of it: a camera that pans moves the window. */
const FIELD = (() => {
  const random = randomFrom(7);
  const [width, height] = [320, 180];
  const blobs = Array.from({ length: 60 }, () => [random() * width, random() * height, 4 + 12 * random(), 200 * random()] as const);
  return Float64Array.from({ length: width * height }, (_, i) => blobs.reduce((sum, [x, y, wide, light]) => sum + light * Math.exp(-(((i % width) - x) ** 2 + (Math.floor(i / width) - y) ** 2) / wide ** 2), 20));
})();
const view = (across: number, down: number): Uint8Array =>
  Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, i) => Math.min(255, FIELD[(Math.floor(i / SIZE.width) + down) * 320 + (i % SIZE.width) + across] ?? 0));
/** The same view with a bright square somewhere. */
const withSquare = (picture: Uint8Array, left: number): Uint8Array => picture.map((value, i) => (i % 160 >= left && i % 160 < left + 40 && i / 160 > 30 && i / 160 < 70 ? 250 : value));

describe('motion', () => {
  it('of a still picture is nothing', () => expect(motionOf(view(40, 40), view(40, 40), SIZE)).toBe(0));

  it('of a camera that pans counts less than half, of a thing that moves in full', () => {
    const plain = (before: Uint8Array, after: Uint8Array): number => before.reduce((sum, value, i) => sum + Math.abs(value - (after[i] ?? 0)), 0) / before.length;
    for (const [across, down] of [[48, 40], [30, 40], [40, 46], [33, 35]] as const) {
      const [before, after] = [view(40, 40), view(across, down)];
      expect(motionOf(before, after, SIZE)).toBeLessThan(0.5 * plain(before, after));
    }
    const [before, after] = [withSquare(view(40, 40), 20), withSquare(view(40, 40), 90)];
    expect(motionOf(before, after, SIZE)).toBeGreaterThan(0.9 * plain(before, after));
  });
});

it('sharpness falls with blur and is nothing in a plain picture', () => {
  const sharp = Uint8Array.from({ length: 14_400 }, (_, i) => ((i % 160 >> 2) + (Math.floor(i / 160) >> 2)) % 2 * 200);
  const blurred = sharp.map((_, i) => [-2, -1, 0, 1, 2].reduce((sum, offset) => sum + (sharp[i + offset] ?? 0), 0) / 5);
  expect(sharpnessOf(blurred, SIZE)).toBeLessThan(sharpnessOf(sharp, SIZE) - 0.3);
  expect(sharpnessOf(new Uint8Array(14_400).fill(90), SIZE)).toBe(0);
});
