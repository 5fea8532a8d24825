import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { flicks, type Flicks } from '../../shared/time.ts';
import { createLru } from './lru.ts';
import { createPictureSource } from './pictures.ts';
import { createThumbSource, planBatches } from './thumbs.ts';
import { columnsOf } from './wave-columns.ts';
import { bucketDuration, createWaveformSource, levelFor } from './waveform.ts';

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
const time = (n: number): Flicks => flicks(n * 100);
const closed: string[] = [];

beforeEach(() => {
  closed.length = 0;
  // Node has no image decoder: a picture is its own bytes here, and says when it is let go.
  vi.stubGlobal('createImageBitmap', async (blob: Blob) => {
    const name = await blob.text();
    return { name, width: 100, height: 50, close: () => closed.push(name) };
  });
});
afterEach(() => vi.unstubAllGlobals());
const jpeg = (name: string): Uint8Array => new TextEncoder().encode(name);
const flushed = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  await settle();
};

describe('least recently used', () => {
  it('lets go of the longest unused when the cost is over the limit, and frees it', () => {
    const gone: number[] = [];
    const lru = createLru<string, number>(10, (value) => gone.push(value));
    lru.set('a', 1, 4);
    lru.set('b', 2, 4);
    lru.get('a');
    lru.set('c', 3, 4);
    expect([lru.has('a'), lru.has('b'), lru.has('c'), gone, lru.cost]).toEqual([true, false, true, [2], 8]);
    lru.set('a', 9, 4);
    expect([gone, lru.size]).toEqual([[2, 1], 2]);
  });
  it('keeps what is dearer than the limit, alone', () => {
    const lru = createLru<string, number>(10);
    lru.set('a', 1, 4);
    lru.set('b', 2, 40);
    expect([lru.has('a'), lru.has('b')]).toEqual([false, true]);
  });
});

describe('filmstrip pictures', () => {
  it('joins neighbours into batches of at most eight', () => {
    const wishes = [...Array.from({ length: 10 }, (_, i) => ({ time: time(i), step: time(1), exact: false })), { time: time(40), step: time(1), exact: false }, { time: time(41), step: time(1), exact: true }];
    expect(planBatches(wishes).map((batch) => [batch.start / 100, batch.count, batch.exact])).toEqual([[0, 8, false], [8, 2, false], [40, 1, false], [41, 1, true]]);
  });

  it('fetches two batches at a time, drops what scrolled away, aborts what nobody wants', async () => {
    const asked: { start: number; signal: AbortSignal; answer: () => void }[] = [];
    const source = createThumbSource(({ start, count }, signal) => new Promise((resolve) => asked.push({ start, signal, answer: () => resolve(Array.from({ length: count }, (_, i) => jpeg(`p${start / 100 + i}`))) })), 100);
    for (const n of [0, 10, 20, 30]) source.request(time(n), time(1), false);
    source.flush();
    expect(asked.map((one) => one.start / 100)).toEqual([0, 10]);
    source.request(time(10), time(1), false);
    source.request(time(30), time(1), false);
    source.flush();
    expect([asked[0]?.signal.aborted, asked[1]?.signal.aborted]).toEqual([true, false]);
    asked[1]?.answer();
    await flushed();
    expect(asked.map((one) => one.start / 100)).toEqual([0, 10, 30]);
    expect(source.request(time(10), time(1), false)).toMatchObject({ name: 'p10' });
    source.dispose();
    expect(closed).toEqual(['p10']);
    expect(asked[2]?.signal.aborted).toBe(true);
  });

  it('does not hammer a loader that fails', async () => {
    const load = vi.fn(() => Promise.reject(new Error('no')));
    const source = createThumbSource(load, 100);
    for (let i = 0; i < 5; i++) {
      source.request(time(1), time(1), true);
      source.flush();
      await flushed();
    }
    expect(load).toHaveBeenCalledTimes(1);
    source.dispose();
  });
});

describe('stored pictures', () => {
  it('fetches once, tells when it is there, and frees it at the end', async () => {
    const load = vi.fn((name: string) => Promise.resolve(jpeg(name)));
    const source = createPictureSource(load, 50);
    const told = vi.fn();
    source.onchange(told);
    for (let i = 0; i < 3; i++) {
      source.request('k1');
      source.flush();
      await flushed();
    }
    expect(load).toHaveBeenCalledTimes(1);
    expect(told).toHaveBeenCalled();
    expect(source.request('k1')).toMatchObject({ name: 'k1' });
    source.dispose();
    expect(closed).toEqual(['k1']);
  });
});

describe('waveform', () => {
  it('has a bucket a pixel or more, by the coarsest level that does', () => {
    expect(levelFor(bucketDuration(0) / 3)).toBe(0);
    for (const level of [1, 2, 6]) expect([levelFor(bucketDuration(level)), levelFor(bucketDuration(level) * 0.99)]).toEqual([level, level - 1]);
    expect(levelFor(1e15)).toBe(6);
  });

  it('fetches only the blocks in sight, and again what was incomplete when more was read', async () => {
    let known = 3000;
    const asked: number[] = [];
    const source = createWaveformSource(({ from, count }) => {
      asked.push(from);
      const there = Math.max(0, Math.min(count, known - from));
      return Promise.resolve({ samples: Float32Array.from({ length: there * 3 }, (_, i) => from + Math.floor(i / 3)), complete: known >= 5000 });
    });
    expect(source.get(0, 2000, 1500)).toBeNull();
    source.flush();
    await settle();
    expect(asked).toEqual([0, 2048]);
    const first = source.get(0, 2000, 1500);
    expect([first?.[0], first?.[999 * 3], Number.isNaN(first?.[1000 * 3])]).toEqual([2000, 2999, true]);
    source.flush();
    await settle();
    expect(asked).toEqual([0, 2048]);
    known = 5000;
    source.refresh();
    source.get(0, 2000, 1500);
    source.flush();
    await settle();
    expect(source.get(0, 2000, 1500)?.[1400 * 3]).toBe(3400);
    source.dispose();
  });

  it('merges buckets into columns by extremes and the root of the mean square', () => {
    const samples = Float32Array.of(-1, 0.2, 0.3, -0.5, 0.9, 0.4, NaN, NaN, NaN, NaN, NaN, NaN);
    const [low, high, rms, gap] = columnsOf(samples, 0, 2, 2);
    expect([low, high, gap]).toEqual([-1, expect.closeTo(0.9, 6), NaN]);
    expect(rms).toBeCloseTo(Math.sqrt((0.09 + 0.16) / 2), 6);
  });

  it('runs between the middles of buckets wider than a pixel', () => {
    const columns = columnsOf(Float32Array.of(0, 0, 0, 0, 1, 1), 0, 0.1, 20);
    for (let i = 6; i < 14; i++) expect(columns[i * 3 + 1]).toBeGreaterThan(columns[(i - 1) * 3 + 1] ?? NaN);
    expect(columns[2 * 3 + 1]).toBe(0);
    expect(columns[19 * 3 + 1]).toBe(1);
  });
});
