/** The graphs that carry a look, on pictures whose look and motion the test chose. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRealModels, type RealModels } from '../inference/testRuntime.ts';
import type { Tensor } from '../inference/types.ts';

let models: RealModels;
beforeAll(async () => {
  models = await openRealModels();
});
afterAll(async () => models.close());

const [WIDTH, HEIGHT] = [48, 32];
const LOW = { width: WIDTH / 2, height: HEIGHT / 2 };

type Level = (x: number, y: number, channel: number) => number;

function picture(width: number, height: number, level: Level): Tensor {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++) for (let channel = 0; channel < 3; channel++, at++) data[at] = level(x, y, channel);
  return { type: 'uint8', dims: [1, height, width, 3], data };
}

const floats = (dims: number[], value: (index: number) => number): Tensor => ({ type: 'float32', dims, data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, index) => value(index)) });
/** The same motion everywhere, in pixels of the guide. */
const motion = (x: number, y: number): Tensor => floats([1, 2, LOW.height, LOW.width], (index) => (index < LOW.width * LOW.height ? x : y));
const low = (level: number): Tensor => picture(LOW.width, LOW.height, () => level);
/** Colours stay as they are. */
const unchanged = (): Tensor => floats([1, LOW.height, LOW.width, 12], (index) => ([0, 4, 8].includes(index % 12) ? 1 : 0));
const overall = (): Tensor => floats([1, 12, 1, 1], (index) => ([0, 4, 8].includes(index) ? 1 : 0));

const run: RealModels['run'] = (model, inputs) => models.run(model, inputs);

/** A texture that has something at every pixel, smooth enough that half a pixel lies between its neighbours. */
const texture: Level = (x, y, channel) => 128 + Math.round(40 * Math.sin(x / 3 + channel) + 30 * Math.cos(y / 4));

const settle = (share: number, before: { low: Tensor; residual: Tensor; flow?: Tensor }, residual: Tensor): Promise<Record<string, Tensor>> =>
  run('style-settle', { low: low(100), residual, before_low: before.low, before_residual: before.residual, before_flow: before.flow ?? motion(0, 0), share: floats([], () => share) });

/** What `settled` holds at a pixel of the former size. */
const at = ({ settled }: Record<string, Tensor>, x: number, y: number, channel = 0): number => Number(settled?.data[(2 * y * 2 * WIDTH + 2 * x) * 3 + channel]);

test('a settled key has its own texture and half of the one before, where both show the same', async () => {
  // Made anew each time: what a session is given is handed over to its worker.
  const before = (level = 100): { low: Tensor; residual: Tensor } => ({ low: low(level), residual: picture(2 * WIDTH, 2 * HEIGHT, () => 68) });
  const own = (): Tensor => picture(WIDTH, HEIGHT, texture);
  const [half, none, other] = [await settle(0.5, before(), own()), await settle(0, before(), own()), await settle(0.5, before(180), own())];
  for (const [x, y] of [[0, 0], [7, 5], [WIDTH - 1, HEIGHT - 1]] as const) {
    expect(at(none, x, y)).toBe(texture(x, y, 0));
    expect(Math.abs(at(half, x, y) - (texture(x, y, 0) + 68) / 2)).toBeLessThanOrEqual(1);
    // Eight times the doubt: nothing of it is taken.
    expect(at(other, x, y)).toBe(texture(x, y, 0));
  }
});

test('the key before is taken from where its motion says', async () => {
  // A step of 3 pixels to the right in the guide is 6 of the picture, and 12 of the doubled one.
  const before = { low: low(100), residual: picture(2 * WIDTH, 2 * HEIGHT, (x) => x), flow: motion(3, 0) };
  const moved = await settle(1, before, picture(WIDTH, HEIGHT, () => 128));
  for (const x of [0, 10, 30]) expect(at(moved, x, 9)).toBe(2 * x + 12);
  expect(at(moved, WIDTH - 1, 9)).toBe(2 * WIDTH - 1);
});

test('a carried texture lies on its pixels, and on half pixels between', async () => {
  const still = { low: low(100), residual: picture(2 * WIDTH, 2 * HEIGHT, () => 0) };
  const { settled } = await settle(0, still, picture(WIDTH, HEIGHT, texture));
  if (!settled) throw new Error('nothing was settled');
  for (const [guideStep, step] of [[0, 0], [1, 2], [0.25, 0.5]] as const) {
    const key = (name: string): Record<string, Tensor> => ({
      [`${name}_low`]: low(100), [`${name}_coefficients`]: unchanged(), [`${name}_overall`]: overall(),
      [`${name}_residual`]: { ...settled, data: (settled.data as Uint8Array).slice() }, [`${name}_flow`]: motion(guideStep, 0),
    });
    const { styled } = await run('style-carry', { frame: picture(WIDTH, HEIGHT, () => 100), low: low(100), ...key('before'), ...key('after'), near: floats([], () => 0.5), texture: floats([], () => 1) });
    for (const [x, y] of [[4, 3], [20, 17], [40, 30]] as const) {
      for (let channel = 0; channel < 3; channel++) {
        const [left, right] = [texture(Math.floor(x + step), y, channel), texture(Math.ceil(x + step), y, channel)];
        expect(Math.abs(Number(styled?.data[(y * WIDTH + x) * 3 + channel]) - (100 + (left + right) / 2 - 128))).toBeLessThanOrEqual(1);
      }
    }
  }
});

test('a look is laid over the frame that it was fitted to', async () => {
  const frame = picture(WIDTH, HEIGHT, () => 100);
  const inputs = { coefficients: unchanged(), residual: picture(WIDTH, HEIGHT, texture), texture: floats([], () => 0.5) };
  const { styled } = await run('style-lay', { frame, ...inputs });
  expect(Number(styled?.data[0])).toBe(Math.round(100 + (texture(0, 0, 0) - 128) / 2));
});
