/** The packed graphs against what their sources make of one small picture (fixtures/, by models/tools/style_fixtures.py). */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createInference } from '../inference/index.ts';
import { buildWorker, memoryFacts, MODELS } from '../inference/testRuntime.ts';
import type { Inference, Tensor } from '../inference/types.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
/** Side of the picture, and of what is kept of large results. */
const SIDE = 96;
const STATISTICS = 10_496;
/** The card's 35 dB is of natural frames of 480x272; so small a picture has fewer pixels to normalise over. */
const INT8_DECIBEL = 30;

let worker: Awaited<ReturnType<typeof buildWorker>>;
let inference: Inference;

beforeAll(async () => {
  worker = await buildWorker();
  inference = createInference({ facts: memoryFacts(), provider: 'cpu', workerPath: worker.workerPath, modelsDir: MODELS });
});
afterAll(async () => {
  await inference.close();
  worker.remove();
});

function pixels(name: string): Uint8Array {
  const file = join(FIXTURES, `${name}.png`);
  const { stdout, status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1 << 24 });
  if (status !== 0) throw new Error(stderr.toString());
  return new Uint8Array(stdout);
}

const picture = (data: Uint8Array, side: number): Tensor => ({ type: 'uint8', dims: [1, side, side, 3], data });
const scalar = (value: number): Tensor => ({ type: 'float32', dims: [], data: Float32Array.of(value) });

async function run(model: string, inputs: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await inference.open(model);
  try {
    return await session.run(inputs);
  } finally {
    await session.close();
  }
}

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
  const expected = pixels('cyclegan-vintage');
  const square = Array.from(styled?.data ?? [], Number).reduce((sum, value, index) => sum + (value - (expected[index] ?? NaN)) ** 2, 0) / expected.length;
  expect(10 * Math.log10(255 ** 2 / square)).toBeGreaterThan(INT8_DECIBEL);
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
  const expected = z.array(z.number()).parse(JSON.parse(readFileSync(join(FIXTURES, 'arbitrary-style-predict.json'), 'utf8')));
  const { style } = await run('arbitrary-style-predict', { style_image: picture(square(source, SIDE, 256), 256) });
  // The fixture has six decimals.
  expect(differences(style, expected).most).toBeLessThan(1e-4);
  if (!style) return;
  const { styled } = await run('arbitrary-style-transform', { content_image: picture(square(source, SIDE, 384), 384), style });
  const corner = square(new Uint8Array(Array.from(styled?.data ?? [], Number)), 384, SIDE);
  expect(differences(picture(corner, SIDE), pixels('arbitrary-style-transform')).most).toBeLessThanOrEqual(1);
});
