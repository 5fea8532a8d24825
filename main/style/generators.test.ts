/** Every generator with its real model on single frames: sizes, colours, edges, tiles. */
import { rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelSession, Tensor } from '../inference/types.ts';
import { differenceOf, drawn, largestDifference, lookOf, meanOf, PAINTING, pictured, startStylist, VINTAGE, WITHOUT_END, type Colour, type TestStylist } from './testStylist.ts';
import type { Look, RgbFrame, StyleWarning } from './types.ts';

let test: TestStylist;
let picture: Look;

beforeAll(async () => {
  test = await startStylist();
  const vector = await test.stylist.vector(pictured('bikes.mp4', 256, 256, 6), WITHOUT_END.signal);
  picture = lookOf({ id: 'picture', picture: '0'.repeat(32) }, { vector });
}, 60_000);
afterAll(() => test.close());

const styled = async (frame: RgbFrame, look: Look): Promise<RgbFrame> => (await test.stylist.still(frame, look, WITHOUT_END)).frame;
const looks = (): [string, Look][] => [['vintage', VINTAGE], ['painting', PAINTING], ['picture', picture], ['enhance', lookOf({ id: 'enhance' })], ['faces', lookOf({ id: 'face-sketch' })]];
const tensor = ({ width, height, data }: RgbFrame): Tensor => ({ type: 'uint8', dims: [1, height, width, 3], data: data.slice() });

/** Opened at their first use; closed with the rest. */
const sessions = new Map<string, Promise<ModelSession>>();

async function direct(model: string, inputs: Record<string, Tensor>, output: string): Promise<Uint8Array> {
  const session = sessions.get(model) ?? test.inference.open(model);
  sessions.set(model, session);
  return (await (await session).run(inputs))[output]?.data as Uint8Array;
}
const single = (value: number): Tensor => ({ type: 'float32', dims: [], data: Float32Array.of(value) });

describe('any size', () => {
  it.each([[1, 1], [33, 47], [3, 200]])('styles %i x %i', async (width, height) => {
    const frame = drawn(width, height, (x, y) => [x % 256, y % 256, 90]);
    for (const [name, look] of looks()) {
      const scale = name === 'enhance' ? 2 : 1;
      const result = await styled(frame, look);
      expect([name, result.width, result.height, result.data.length]).toEqual([name, scale * width, scale * height, scale * scale * width * height * 3]);
    }
    for (const more of [{ area: 'people' as const }, { background: { mode: 'blur' as const, amount: 1 } }]) {
      const result = await styled(frame, lookOf({ id: 'none' }, more));
      expect([result.width, result.height]).toEqual([width, height]);
    }
  });
});

describe('colours and edges', () => {
  const halves = drawn(96, 64, (x) => (x < 48 ? [200, 40, 40] : [40, 40, 200]));

  it('gives what the networks give: no channel swapped, nothing moved', async () => {
    const photo = pictured('bikes.mp4', 96, 64, 6);
    for (const frame of [halves, photo]) {
      const statistics: Tensor = { type: 'float32', dims: [1, 10_496], data: new Float32Array(10_496) };
      const vintage = await direct('cyclegan-vintage', { frames: tensor(frame), statistics, frozen: single(0) }, 'styled');
      expect((await styled(frame, VINTAGE)).data).toEqual(vintage);
      const weights: Tensor = { type: 'float32', dims: [26], data: Float32Array.from({ length: 26 }, (_, i) => (i === 5 ? 1 : 0)) };
      expect((await styled(frame, PAINTING)).data).toEqual(await direct('painter-26', { frames: tensor(frame), style_weights: weights }, 'styled'));
    }
  });

  it('lays the style of a picture over the frame as the network painted it', async () => {
    const frame = pictured('bikes.mp4', 384, 384, 6);
    const style: Tensor = { type: 'float32', dims: [1, 1, 1, 100], data: picture.vector?.slice() ?? new Float32Array(100) };
    const painted = await direct('arbitrary-style-transform', { content_image: tensor(frame), style }, 'styled');
    const laid = await styled(frame, picture);
    expect(differenceOf(laid.data, painted)).toBeLessThan(3);
    // At the borders too, where maps and remainders are continued.
    const rows = (data: Uint8Array): Uint8Array => new Uint8Array([...data.subarray(0, 384 * 12), ...data.subarray(-384 * 12)]);
    expect(differenceOf(rows(laid.data), rows(painted))).toBeLessThan(6);
  });

  it('keeps red on the left and blue on the right where the generator keeps colours', async () => {
    for (const look of [VINTAGE, lookOf({ id: 'enhance' }), { ...PAINTING, keepColours: true }]) {
      const result = await styled(halves, look);
      const [left, right] = [meanOf(result, 4, 4, result.width / 2 - 8, result.height - 4), meanOf(result, result.width / 2 + 8, 4, result.width - 4, result.height - 4)];
      expect(left[0]).toBeGreaterThan(left[2] + 60);
      expect(right[2]).toBeGreaterThan(right[0] + 60);
    }
  });

  it('leaves the border of an even field as bright as its middle', async () => {
    const field = drawn(96, 64, () => [150, 120, 90]);
    for (const look of [lookOf({ id: 'enhance' }), lookOf({ id: 'face-sketch' }), lookOf({ id: 'none' }, { background: { mode: 'blur', amount: 1 } })]) {
      const result = await styled(field, look);
      const { width, height } = result;
      const edges = [meanOf(result, 0, 0, 4, height), meanOf(result, width - 4, 0, width, height), meanOf(result, 0, 0, width, 4), meanOf(result, 0, height - 4, width, height)];
      const middle = meanOf(result, width / 4, height / 4, (3 * width) / 4, (3 * height) / 4);
      for (const mean of edges) mean.forEach((value, k) => expect(Math.abs(value - (middle[k] ?? 0))).toBeLessThan(1));
    }
  });
});

describe('large frames', () => {
  it('styles them at a smaller size and keeps their own detail', async () => {
    const frame = pictured('bikes.mp4', 1296, 730, 6);
    const warnings: StyleWarning[] = [];
    const { frame: result } = await test.stylist.still(frame, PAINTING, { ...WITHOUT_END, onWarning: (code) => warnings.push(code) });
    expect([result.width, result.height]).toEqual([1296, 730]);
    expect(warnings).toEqual(['size_reduced']);
    // Made anew at the size that the network can take, and made small again, they are one picture.
    const small = await styled(pictured('bikes.mp4', 648, 365, 6), PAINTING);
    expect(differenceOf(halved(result), small.data)).toBeLessThan(45);
  }, 120_000);
});

function halved({ width, height, data }: RgbFrame): Uint8Array {
  return drawn(width / 2, height / 2, (x, y) => [0, 1, 2].map((k) => [0, 3, 3 * width, 3 * width + 3].reduce((sum, step) => sum + (data[(2 * y * width + 2 * x) * 3 + k + step] ?? 0), 0) / 4) as unknown as Colour).data;
}

describe('enhancement in tiles', () => {
  it('gives what the whole gives, tile by tile', async () => {
    // Two tiles across and two down.
    const frame = pictured('bikes.mp4', 280, 264, 6);
    const whole = await direct('realesr-animevideo-x2', { frames: tensor(frame) }, 'enhanced');
    expect(largestDifference((await styled(frame, lookOf({ id: 'enhance' }))).data, whole)).toBeLessThanOrEqual(1);
  }, 120_000);

  it('takes smaller tiles where memory runs out, says so, and gives the same picture', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rushes-memory-'));
    const runtime = join(folder, 'runtime.mjs');
    writeFileSync(runtime, SMALL_MEMORY);
    const small = await startStylist(runtime);
    try {
      const frame = pictured('bikes.mp4', 200, 120, 6);
      const warnings: StyleWarning[] = [];
      const { frame: result } = await small.stylist.still(frame, lookOf({ id: 'enhance' }), { ...WITHOUT_END, onWarning: (code) => warnings.push(code) });
      expect(warnings).toEqual(['tiles_smaller']);
      expect(largestDifference(result.data, (await styled(frame, lookOf({ id: 'enhance' }))).data)).toBeLessThanOrEqual(1);
      await expect(small.stylist.still(frame, PAINTING, WITHOUT_END)).rejects.toMatchObject({ code: 'out_of_memory' });
    } finally {
      await small.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});

/** The real runtime, which has no room for pictures of more than 120x120. */
const SMALL_MEMORY = `
import { createRequire } from 'node:module';
const ort = createRequire(${JSON.stringify(join(resolve(import.meta.dirname, '..', '..'), 'package.json'))})('onnxruntime-node');
export const Tensor = ort.Tensor;
export class InferenceSession {
  static async create(...options) { return new InferenceSession(await ort.InferenceSession.create(...options)); }
  constructor(real) { this.real = real; }
  async run(feeds) {
    if (feeds.frames.data.length > 120 * 120 * 3) throw new Error('Failed to allocate memory for requested buffer of size 1234');
    return this.real.run(feeds);
  }
  release() { return this.real.release(); }
}
`;
