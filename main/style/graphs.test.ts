/** The packed graphs against what their sources make of small pictures (fixtures/, by style_fixtures.py, mediapipe_fixtures.py and blazeface_fixture.mjs of models/tools). */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openRealModels, type RealModels } from '../inference/testRuntime.ts';
import type { Tensor } from '../inference/types.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
/** Side of the picture, and of what is kept of large results. */
const SIDE = 96;
const STATISTICS = 10_496;
/** The card's 35 dB is of natural frames of 480x272; so small a picture has fewer pixels to normalise over. */
const INT8_DECIBEL = 30;
/** Sides of what the face networks take, and of what is kept of the stylizer's result: every other pixel of every other row. */
const FACE_SIDE = 256;
const LANDMARK_SIDE = 192;
const KEPT_SIDE = 128;
/** The card says 42 to 47: int8 weights against MediaPipe's float ones. */
const FACE_DECIBEL = 42;
/** Of the distance between the eyes (models/cards/face-landmarks.md). */
const LANDMARK_ERROR = 0.01;
/** Intersection over union: the card's least is 0.98; here the frame is scaled alike for both, and the network alone remains. */
const LEAST_OVERLAP = 0.99;

let models: RealModels;
beforeAll(async () => {
  models = await openRealModels();
});
afterAll(async () => models.close());

function pixels(name: string): Uint8Array {
  const file = join(FIXTURES, `${name}.png`);
  const { stdout, status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1 << 24 });
  if (status !== 0) throw new Error(stderr.toString());
  return new Uint8Array(stdout);
}

const picture = (data: Uint8Array, side: number): Tensor => ({ type: 'uint8', dims: [1, side, side, 3], data });
const numbers = (name: string): number[] => z.array(z.number()).parse(JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')));
const scalar = (value: number): Tensor => ({ type: 'float32', dims: [], data: Float32Array.of(value) });

const run: RealModels['run'] = (model, inputs) => models.run(model, inputs);

/** A part of a square picture, from its top left corner: of `side`, `to` pixels; larger than the picture, the picture again and again. */
function square(data: Uint8Array, side: number, to: number): Uint8Array {
  const target = new Uint8Array(to * to * 3);
  for (let y = 0; y < to; y++) {
    for (let x = 0; x < to; x++) {
      const at = ((y % side) * side + (x % side)) * 3;
      target.set(data.subarray(at, at + 3), (y * to + x) * 3);
    }
  }
  return target;
}

function differences(tensor: Tensor | undefined, expected: ArrayLike<number>): { most: number; mean: number } {
  const values = Array.from(tensor?.data ?? [], Number);
  expect(values).toHaveLength(expected.length);
  const found = values.map((value, index) => Math.abs(value - (expected[index] ?? NaN)));
  return { most: Math.max(...found), mean: found.reduce((sum, value) => sum + value, 0) / found.length };
}

/** Peak signal to noise ratio of levels from 0 to 255. */
function decibel(levels: ArrayLike<number>, expected: Uint8Array): number {
  expect(levels).toHaveLength(expected.length);
  const squares = expected.reduce((sum, value, index) => sum + (value - (levels[index] ?? NaN)) ** 2, 0);
  return 10 * Math.log10((255 ** 2 * expected.length) / squares);
}

const vintage = (model: string, frozen: number, statistics = new Float32Array(STATISTICS)): Promise<Record<string, Tensor>> =>
  run(model, { frames: picture(pixels('picture'), SIDE), statistics: { type: 'float32', dims: [1, STATISTICS], data: statistics }, frozen: scalar(frozen) });

test('CycleGAN is within one level of generator.py in double precision', async () => {
  const { styled } = await vintage('cyclegan-vintage', 0);
  expect(differences(styled, pixels('cyclegan-vintage')).most).toBeLessThanOrEqual(1);
});

test('CycleGAN frozen with a frame’s own statistics gives that frame, and the statistics back', async () => {
  const plain = await vintage('cyclegan-vintage', 0);
  const own = Float32Array.from(plain['statistics_out']?.data ?? [], Number);
  const frozen = await vintage('cyclegan-vintage', 1, own.slice());
  expect(differences(frozen['styled'], Array.from(plain['styled']?.data ?? [], Number)).most).toBeLessThanOrEqual(1);
  expect(differences(frozen['statistics_out'], own).most).toBe(0);
});

test('CycleGAN in int8 is near generator.py', async () => {
  const { styled } = await vintage('cyclegan-vintage.int8', 0);
  expect(decibel(Array.from(styled?.data ?? [], Number), pixels('cyclegan-vintage'))).toBeGreaterThan(INT8_DECIBEL);
});

test('Real-ESRGAN is within one level of its ncnn weights in double precision', async () => {
  const { enhanced } = await run('realesr-animevideo-x2', { frames: picture(pixels('picture'), SIDE) });
  expect(enhanced?.dims).toEqual([1, 2 * SIDE, 2 * SIDE, 3]);
  expect(differences(enhanced, pixels('realesr-animevideo-x2')).most).toBeLessThanOrEqual(1);
});

test('the painter is within one level of its package', async () => {
  const weights = Float32Array.from({ length: 26 }, (_, style) => (style === 7 || style === 19 ? 0.5 : 0));
  const { styled } = await run('painter-26', { frames: picture(pixels('picture'), SIDE), style_weights: { type: 'float32', dims: [26], data: weights } });
  expect(differences(styled, pixels('painter-26')).most).toBeLessThanOrEqual(1);
});

test('any picture as a style: both networks are those of the package', async () => {
  const source = pixels('picture');
  const expected = numbers('arbitrary-style-predict');
  const { style } = await run('arbitrary-style-predict', { style_image: picture(square(source, SIDE, 256), 256) });
  // The fixture has six decimals.
  expect(differences(style, expected).most).toBeLessThan(1e-4);
  if (!style) return;
  const { styled } = await run('arbitrary-style-transform', { content_image: picture(square(source, SIDE, 384), 384), style });
  const corner = square(new Uint8Array(Array.from(styled?.data ?? [], Number)), 384, SIDE);
  expect(differences(picture(corner, SIDE), pixels('arbitrary-style-transform')).most).toBeLessThanOrEqual(1);
});

test.each(['sketch', 'ink', 'oil'])('the face stylizer (%s) is near to MediaPipe’s', async (style) => {
  const { styled } = await run(`face-stylegan-${style}`, { faces: picture(pixels('face-stylegan-input'), FACE_SIDE) });
  expect(styled?.dims).toEqual([1, FACE_SIDE, FACE_SIDE, 3]);
  const kept = Array.from(styled?.data ?? [], Number).filter((_, index) => {
    const pixel = Math.floor(index / 3);
    return pixel % 2 === 0 && Math.floor(pixel / FACE_SIDE) % 2 === 0;
  });
  expect(kept).toHaveLength(KEPT_SIDE * KEPT_SIDE * 3);
  expect(decibel(kept, pixels(`face-stylegan-${style}`))).toBeGreaterThan(FACE_DECIBEL);
});

test('the landmarks of a face lie where MediaPipe’s lie', async () => {
  const { landmarks, presence } = await run('face-landmarks', { faces: picture(pixels('face-landmarks-input'), LANDMARK_SIDE) });
  const expected = numbers('face-landmarks');
  const eye = (outer: number, inner: number, axis: number): number => ((expected[outer * 3 + axis] ?? NaN) + (expected[inner * 3 + axis] ?? NaN)) / 2;
  const eyes = Math.hypot(eye(33, 133, 0) - eye(263, 362, 0), eye(33, 133, 1) - eye(263, 362, 1));
  expect(differences(landmarks, expected).most / eyes).toBeLessThan(LANDMARK_ERROR);
  expect(presence?.data[0]).toBeGreaterThan(0.9);
});

test('BlazeFace finds the face where TensorFlow.js finds it', async () => {
  const { faces } = await run('blazeface', { frame: picture(pixels('face-stylegan-input'), FACE_SIDE) });
  // Corners in parts of the picture, and the score (within 0.004 by the card; the fixture has five decimals).
  expect(differences(faces, numbers('blazeface')).most).toBeLessThan(0.004);
});

test.each([
  ['person-matting', 96, 96, 256, 256],
  ['person-matting-wide', 128, 72, 256, 144],
])('%s sees the person whom MediaPipe’s network sees', async (model, width, height, across, down) => {
  // With keep = 0 a mask of before counts for nothing, whatever it is.
  const previous: Tensor = { type: 'float32', dims: [1, 1, down, across], data: new Float32Array(down * across).fill(1) };
  const { mask, alpha } = await run(model, { frames: { type: 'uint8', dims: [1, height, width, 3], data: pixels(`${model}-input`) }, previous, keep: scalar(0) });
  expect(alpha?.dims).toEqual([1, height, width]);
  expect(mask?.dims).toEqual([1, 1, down, across]);
  const expected = pixels(model).filter((_, index) => index % 3 === 0);
  const counted = { both: 0, either: 0, apart: 0 };
  expected.forEach((level, index) => {
    const value = Number(mask?.data[index] ?? NaN);
    counted.both += Number(value > 0.5 && level > 127);
    counted.either += Number(value > 0.5 || level > 127);
    counted.apart += Math.abs(value - level / 255) / expected.length;
  });
  expect(counted.either / expected.length).toBeGreaterThan(0.2);
  expect(counted.both / counted.either).toBeGreaterThan(LEAST_OVERLAP);
  expect(counted.apart).toBeLessThan(0.003);
});
