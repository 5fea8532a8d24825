/** The motion-flow graph on pictures whose motion is known because the test draws them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRealModels, type RealModels } from '../inference/testRuntime.ts';
import type { ModelSession } from '../inference/types.ts';

let models: RealModels;
let session: ModelSession;

beforeAll(async () => {
  models = await openRealModels();
  session = await models.inference.open('motion-flow');
});
afterAll(async () => models.close());

type Point = readonly [x: number, y: number];
type Scene = (point: Point) => number[];

/** A texture without end: waves of many lengths and directions, so that no offset looks like another. */
const WAVES = Array.from({ length: 40 }, (_, index) => {
  const angle = index * 2.4;
  const length = 5 + 1.6 * index;
  return { x: (2 * Math.PI * Math.cos(angle)) / length, y: (2 * Math.PI * Math.sin(angle)) / length, phase: index * index * 0.7, channel: index % 3 };
});
const texture: Scene = ([x, y]) => {
  let [red, green, blue] = [120, 120, 120];
  for (const wave of WAVES) {
    const level = 14 * Math.sin(wave.x * x + wave.y * y + wave.phase);
    red += level * (wave.channel === 0 ? 1 : 0.6);
    green += level * (wave.channel === 1 ? 1 : 0.6);
    blue += level * (wave.channel === 2 ? 1 : 0.6);
  }
  return [red, green, blue];
};

function draw(width: number, height: number, scene: Scene): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.set(scene([x, y]).map((level) => Math.max(0, Math.min(255, Math.round(level)))), (y * width + x) * 3);
  }
  return pixels;
}

/** By size: many pictures move away from the same one. */
const textures = new Map<string, Uint8Array>();

function drawTexture(width: number, height: number): Uint8Array {
  const key = `${width}x${height}`;
  const drawn = textures.get(key) ?? draw(width, height, texture);
  textures.set(key, drawn);
  return drawn;
}

async function flowOf(width: number, height: number, from: Uint8Array, to: Uint8Array): Promise<{ at(x: number, y: number): Point; values: number[] }> {
  const dims = [1, height, width, 3];
  const { flow } = await session.run({ from: { type: 'uint8', dims, data: from.slice() }, to: { type: 'uint8', dims, data: to.slice() } });
  expect(flow?.dims).toEqual([1, 2, height, width]);
  const values = Array.from(flow?.data ?? [], Number);
  const at = (x: number, y: number): Point => [values[y * width + x] ?? NaN, values[(height + y) * width + x] ?? NaN];
  return { at, values };
}

/**
 * Mean distance, in pixels, of the graph's flow from the true one where the true one stays in view. `go` says where a point of the first
 * picture lies in the second, `back` the other way round; `light` alters the second picture's levels.
 */
async function errorOf(go: (point: Point) => Point, back: (point: Point) => Point, size: Point = [320, 180], light = (level: number) => level): Promise<number> {
  const [width, height] = size;
  const second = draw(width, height, (point) => texture(back(point)).map(light));
  const { at } = await flowOf(width, height, drawTexture(width, height), second);
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [goalX, goalY] = go([x, y]);
      if (goalX < 0 || goalY < 0 || goalX > width - 1 || goalY > height - 1) continue;
      const [across, down] = at(x, y);
      sum += Math.hypot(x + across - goalX, y + down - goalY);
      count++;
    }
  }
  return sum / count;
}

const translation = (across: number, down: number, size?: Point, light?: (level: number) => number): Promise<number> =>
  errorOf(([x, y]) => [x + across, y + down], ([x, y]) => [x - across, y - down], size, light);

/** About the middle of 320x180: turned by `angle` radians and `zoom` times as large. */
function turned(zoom: number, angle: number): Promise<number> {
  const turn = (factor: number, by: number) => {
    const [cosine, sine] = [factor * Math.cos(by), factor * Math.sin(by)];
    return ([x, y]: Point): Point => [160 + cosine * (x - 160) - sine * (y - 90), 90 + sine * (x - 160) + cosine * (y - 90)];
  };
  return errorOf(turn(zoom, angle), turn(1 / zoom, -angle));
}

test.each([
  [1.4, -0.7],
  [8, 5],
  [-20, 11],
  [30, 0],
  [0, -30],
])('a picture moved by %f, %f', async (across, down) => {
  expect(await translation(across, down)).toBeLessThan(0.3);
});

test('a zoom and a turn', async () => {
  expect(await turned(1.06, 0)).toBeLessThan(0.4);
  expect(await turned(0.9, 0)).toBeLessThan(0.7);
  expect(await turned(1, 0.05)).toBeLessThan(0.4);
});

test('darker light is no motion', async () => {
  expect(await translation(6, -3, undefined, (level) => level * 0.75 + 8)).toBeLessThan(0.8);
  const [width, height] = [160, 90];
  const { values } = await flowOf(width, height, draw(width, height, texture), draw(width, height, (point) => texture(point).map((level) => level * 0.6)));
  expect(values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length).toBeLessThan(0.5);
});

test('a thing that moves over still ground has its own flow, up to its edge', async () => {
  const [width, height] = [320, 180];
  const scene = (left: number): Scene => ([x, y]) => {
    const onThing = x >= left && x < left + 90 && y >= 50 && y < 130;
    return onThing ? texture([x - left + 1000, y + 700]).map((level) => 255 - level) : texture([x, y]);
  };
  const { at } = await flowOf(width, height, draw(width, height, scene(100)), draw(width, height, scene(112)));
  const wrong = (x: number, y: number, across: number) => (Math.hypot(at(x, y)[0] - across, at(x, y)[1]) > 1.5 ? 1 : 0);
  let inThing = 0;
  let onGround = 0;
  for (let y = 56; y < 124; y++) {
    for (let x = 106; x < 184; x++) inThing += wrong(x, y, 12);
    for (let x = 10; x < 90; x++) onGround += wrong(x, y, 0);
  }
  expect(inThing / (68 * 78)).toBeLessThan(0.05);
  expect(onGround / (68 * 80)).toBeLessThan(0.05);
});

test('the same frame twice has no flow', async () => {
  const picture = draw(200, 112, texture);
  const { values } = await flowOf(200, 112, picture, picture);
  expect(Math.max(...values.map(Math.abs))).toBeLessThan(0.02);
});

test('flat pictures have no flow, whatever their light', async () => {
  for (const [first, second] of [[90, 90], [40, 200], [0, 255]] as const) {
    const { values } = await flowOf(96, 64, new Uint8Array(96 * 64 * 3).fill(first), new Uint8Array(96 * 64 * 3).fill(second));
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(0.05);
  }
});

test.each([
  [33, 47],
  [47, 33],
  [32, 32],
  [427, 240],
])('%i x %i', async (width, height) => {
  expect(await translation(2, 1, [width, height])).toBeLessThan(0.6);
});

test.each([
  [1, 1],
  [7, 3],
  [1, 300],
])('%i x %i is answered too', async (width, height) => {
  const { values } = await flowOf(width, height, draw(width, height, texture), draw(width, height, ([x, y]) => texture([x - 1, y])));
  expect(values).toHaveLength(2 * width * height);
  expect(values.every(Number.isFinite)).toBe(true);
});

test('another scene gives finite numbers', async () => {
  const { values } = await flowOf(160, 90, draw(160, 90, texture), draw(160, 90, ([x, y]) => texture([y + 5000, x - 3000]).map((level) => 255 - level)));
  expect(values.every((value) => Number.isFinite(value) && Math.abs(value) < 200)).toBe(true);
});
