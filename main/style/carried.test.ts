/** The fast way beside the plain one, on real frames; and what a stylist does when it is left, cancelled or killed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIPS } from '../inference/testRuntime.ts';
import { firstKey, lastKey, planFor } from './keyPlan.ts';
import { all, differenceOf, drawn, lookOf, PAINTING, startStylist, timed, VINTAGE, WITHOUT_END, type TestStylist } from './testStylist.ts';
import type { RgbFrame, TimedFrame } from './types.ts';

let test: TestStylist;
beforeAll(async () => {
  test = await startStylist();
}, 60_000);
afterAll(() => test.close());

/** Frames that follow one another in a clip of the test media. */
function moving(file: string, seconds: number, count: number, width = 160, height = 90): RgbFrame[] {
  const bytes = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-ss', String(seconds), '-i', join(CLIPS, file), '-frames:v', String(count), '-vf', `scale=${width}:${height}`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1e8 });
  return Array.from({ length: count }, (_, i) => ({ width, height, data: new Uint8Array(bytes.subarray(i * width * height * 3, (i + 1) * width * height * 3)) }));
}

const fast = (look: typeof VINTAGE, quality: 'faithful' | 'steady' = 'faithful') => ({ ...look, quality });

describe('key frames', () => {
  it('lie half a spacing in from the ends of a shot', () => {
    expect([1, 2, 3, 10].map(firstKey)).toEqual([0, 0, 1, 4]);
    expect([1, 5, 6, 9].map((left) => lastKey(left, 10))).toEqual([null, null, 4, 6]);
  });

  it('are nearer where frames are so large that few can be held', () => {
    expect(planFor({ id: 'vintage', int8: false }, 854 * 480 * 3)[0]?.[0]).toBe(16);
    expect(planFor({ id: 'vintage', int8: false }, 7680 * 4320 * 3)[0]?.[0]).toBeLessThanOrEqual(2);
  });
});

describe('carried along the motion', () => {
  it.each(['vintage', 'painter'] as const)('%s gives every frame in order, at its time, and looks like the plain way', async (id) => {
    const look = id === 'vintage' ? VINTAGE : PAINTING;
    const clips = [...moving('bigbuckbunny.mp4', 0.5, 13, 128, 72), ...moving('bikes.mp4', 6, 6, 128, 72)];
    const plain = await all(test.stylist.paint(timed(clips, [0, 13]), look, WITHOUT_END));
    const carried = await all(test.stylist.paint(timed(clips, [0, 13]), fast(look), WITHOUT_END));
    expect(carried.map(({ time, duration }) => [time, duration])).toEqual(clips.map((_, i) => [i * 28_224_000, 28_224_000]));
    const away = carried.map(({ data }, i) => differenceOf(data, plain[i]?.data ?? new Uint8Array()));
    const unstyled = clips.map(({ data }, i) => differenceOf(data, plain[i]?.data ?? new Uint8Array()));
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(away)).toBeLessThan(0.6 * mean(unstyled));
    // None is the generator's own, key frames neither: they would stand out.
    expect(Math.min(...away)).toBeGreaterThan(0);
  }, 300_000);

  it('carries nothing over a cut', async () => {
    const clips = [...moving('bigbuckbunny.mp4', 0.5, 5), ...moving('bikes.mp4', 6, 5)];
    const together = await all(test.stylist.paint(timed(clips, [0, 5]), fast(PAINTING), WITHOUT_END));
    const alone = await all(test.stylist.paint(timed(clips.slice(5)), fast(PAINTING), WITHOUT_END));
    expect(together.slice(5).map(({ data }) => data)).toEqual(alone.map(({ data }) => data));
  }, 120_000);

  it('styles shots of one frame, odd sizes and no frames at all', async () => {
    for (const [width, height] of [[1, 1], [33, 47]] as const) {
      const pictures = Array.from({ length: 7 }, (_, i) => drawn(width, height, (x, y) => [(x * 5 + i) % 256, y, 90]));
      for (const cuts of [[0], [0, 1, 2]]) {
        for (const quality of ['faithful', 'steady'] as const) {
          const frames = await all(test.stylist.paint(timed(pictures, cuts), fast(PAINTING, quality), WITHOUT_END));
          expect(frames.map((frame) => [frame.width, frame.height])).toEqual(pictures.map(() => [width, height]));
        }
      }
    }
    expect(await all(test.stylist.paint(timed([]), fast(VINTAGE), WITHOUT_END))).toEqual([]);
  }, 120_000);

  it('is the source at strength 0, and cuts people out', async () => {
    const clip = moving('bikes.mp4', 6, 6);
    const strength = (time: number): number => (time < 3 * 28_224_000 ? 0 : 1);
    const frames = await all(test.stylist.paint(timed(clip), { ...fast(PAINTING), strength }, WITHOUT_END));
    expect(frames.slice(0, 3).map(({ data }) => data)).toEqual(clip.slice(0, 3).map(({ data }) => data));
    expect(differenceOf(frames[4]?.data ?? new Uint8Array(), clip[4]?.data ?? new Uint8Array())).toBeGreaterThan(10);
    const cut = await all(test.stylist.paint(timed(clip), { ...fast(PAINTING), background: { mode: 'remove' } }, WITHOUT_END));
    expect(cut.map(({ alpha }) => alpha?.length)).toEqual(clip.map(() => 160 * 90));
  }, 120_000);

  it('holds few frames, however many come', async () => {
    let [given, taken, most] = [0, 0, 0];
    async function* endless(): AsyncGenerator<TimedFrame> {
      for await (const frame of timed(Array.from({ length: 60 }, () => drawn(32, 32, (x, y) => [x * 8, y * 8, 60])))) {
        given++;
        most = Math.max(most, given - taken);
        yield frame;
      }
    }
    for await (const frame of test.stylist.paint(endless(), fast(PAINTING), WITHOUT_END)) {
      expect(frame.width).toBe(32);
      taken++;
    }
    expect([given, taken]).toEqual([60, 60]);
    expect(most).toBeLessThanOrEqual(20);
  }, 120_000);
});

describe('leaving', () => {
  it('ends when cancelled, and when the caller goes', async () => {
    const stop = new AbortController();
    const pictures = Array.from({ length: 40 }, () => drawn(160, 90, (x, y) => [x % 256, y, 90]));
    const cancelled = all(test.stylist.paint(timed(pictures), VINTAGE, { signal: stop.signal }));
    cancelled.catch(() => undefined);
    await new Promise((go) => setTimeout(go, 300));
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'CancelledError' });
    for await (const frame of test.stylist.paint(timed(pictures), fast(VINTAGE), WITHOUT_END)) {
      expect(frame.width).toBe(160);
      break;
    }
    expect((await test.stylist.still(drawn(32, 32, () => [1, 2, 3]), PAINTING, WITHOUT_END)).frame.width).toBe(32);
  }, 60_000);

  it('fails with a code when the worker dies, and works again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rushes-killed-'));
    const runtime = join(folder, 'runtime.mjs');
    writeFileSync(runtime, dyingRuntime(join(folder, 'died')));
    const mortal = await startStylist(runtime);
    try {
      const clip = moving('bikes.mp4', 6, 3, 64, 36);
      await expect(all(mortal.stylist.paint(timed(clip), PAINTING, WITHOUT_END))).rejects.toMatchObject({ code: 'model_failed' });
      expect(await all(mortal.stylist.paint(timed(clip), PAINTING, WITHOUT_END))).toHaveLength(3);
    } finally {
      await mortal.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  it('refuses what it has no vector for as a bug, not as an answer', async () => {
    await expect(test.stylist.still(drawn(8, 8, () => [0, 0, 0]), lookOf({ id: 'picture', picture: '0'.repeat(32) }), WITHOUT_END)).rejects.toThrow('vector');
  });
});

/** The real runtime; its thread ends at the second run ever made. */
function dyingRuntime(note: string): string {
  return `
import { createRequire } from 'node:module';
import { appendFileSync, readFileSync } from 'node:fs';
const ort = createRequire(${JSON.stringify(join(resolve(import.meta.dirname, '..', '..'), 'package.json'))})('onnxruntime-node');
export const Tensor = ort.Tensor;
export class InferenceSession {
  static async create(...options) { return new InferenceSession(await ort.InferenceSession.create(...options)); }
  constructor(real) { this.real = real; }
  async run(feeds) {
    appendFileSync(${JSON.stringify(note)}, 'x');
    if (readFileSync(${JSON.stringify(note)}).length === 2) process.exit(1);
    return this.real.run(feeds);
  }
  release() { return this.real.release(); }
}
`;
}
