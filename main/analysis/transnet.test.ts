import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flicks } from '../../shared/time.ts';
import type { ModelSession, Tensor } from '../inference/types.ts';
import type { SmallFrame } from '../media/types.ts';
import type { ScoredFrame } from './shots.ts';
import { SMALL_BYTES } from './smallFrames.ts';
import { Scorer, SCORER_RULES } from './transnet.ts';
import { contextStart, referenceSegment, segmentAt, segmentOf, WINDOW } from './windows.ts';

const { margin } = SCORER_RULES;
/** A frame that carries its number, and restless enough never to be skipped. */
function frame(index: number): SmallFrame {
  const data = new Uint8Array(SMALL_BYTES).fill((index * 37) % 256);
  data[0] = index % 256;
  data[1] = Math.floor(index / 256);
  return { index, time: flicks(index * 1000), data };
}
async function* film(from: number, to: number, make = frame): AsyncGenerator<SmallFrame> {
  for (let i = from; i < to; i++) {
    await Promise.resolve();
    yield make(i);
  }
}

interface Asked {
  model: string;
  frames: number[];
}

/** Stands in for a model: scores each frame by its number, and notes which frames it was shown. */
function session(model: string, score: (frame: number, place: number) => number, asked: Asked[], delay = (): number => 0): ModelSession {
  return {
    model,
    provider: 'cpu',
    close: () => Promise.resolve(),
    run: async (inputs): Promise<Record<string, Tensor>> => {
      const data = inputs['frames']?.data as Uint8Array;
      const frames = Array.from({ length: WINDOW }, (_, i) => (data[i * SMALL_BYTES] ?? 0) + 256 * (data[i * SMALL_BYTES + 1] ?? 0));
      asked.push({ model, frames });
      await new Promise((resolve) => setTimeout(resolve, delay()));
      const single = Float32Array.from(frames, score);
      return { single: { type: 'float32', dims: [1, WINDOW], data: single }, many: { type: 'float32', dims: [1, WINDOW], data: new Float32Array(WINDOW) } };
    },
  };
}

async function scoresOf(count: number, fast: ModelSession[], exact: ModelSession, from = 0, make = frame): Promise<{ scored: ScoredFrame[]; scorer: Scorer }> {
  const scorer = new Scorer({ fast, exact });
  const scored: ScoredFrame[] = [];
  for await (const piece of scorer.run(film(from, count, make))) scored.push(...piece);
  return { scored, scorer };
}

describe('segments', () => {
  it('follow each other without gap or overlap, inside their windows, and are found by frame', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 0, max: 25 }), (at, edge) => {
        const n = segmentOf(at, edge);
        const segment = segmentAt(n, edge);
        expect(segment.from <= at && at < segment.to).toBe(true);
        expect(segmentAt(n + 1, edge).from).toBe(segment.to);
        expect(segment.from - segment.window).toBeGreaterThanOrEqual(edge);
        expect(segment.window + WINDOW - segment.to).toBeGreaterThanOrEqual(edge);
        const reference = referenceSegment(at);
        expect(reference.window).toBe(Math.floor(at / 50) * 50 - 25);
        const context = contextStart(at, edge);
        expect(context === 0 || context <= reference.window).toBe(true);
      }),
    );
  });
});

describe('Scorer', () => {
  it.each([0, 2, 69, 70, 71, 250, 777])('scores each of %i frames once, in order, with the score of its own place', async (count) => {
    const asked: Asked[] = [];
    const sure = (index: number): number => (index % 50 === 7 ? 0.95 : 0.01);
    // Sessions that answer out of order.
    const delay = (): number => Math.random() * 4;
    const { scored } = await scoresOf(count, [session('fast', sure, asked, delay), session('fast', sure, asked, delay)], session('exact', sure, asked));
    expect(scored.map((each) => each.index)).toEqual(Array.from({ length: count }, (_, i) => i));
    for (const each of scored) {
      expect(each.single).toBeCloseTo(sure(each.index), 6);
      expect(each.time).toBe(each.index * 1000);
    }
    expect(asked.every(({ model }) => model === 'fast')).toBe(true);
  });

  it('begins with 25 copies of the first frame and ends with copies of the last', async () => {
    const asked: Asked[] = [];
    const only = session('fast', () => 0, asked);
    await scoresOf(120, [only], only);
    expect(asked[0]?.frames.slice(0, 27)).toEqual([...Array<number>(26).fill(0), 1]);
    expect(asked.at(-1)?.frames.slice(-3)).toEqual([119, 119, 119]);
  });

  it("asks the reference's own window where a window's end is unsure, and float where int8 is close to the threshold", async () => {
    const asked: Asked[] = [];
    // Frame 161 is next to the second window's beginning; sure only when it has 25 frames of context. Frame 120 is always close.
    const fast = session('fast', (index, place) => (index === 120 ? 0.52 : index === 161 ? (Math.min(place, 99 - place) < 25 ? 0.3 : 0.9) : 0.01), asked);
    const exact = session('exact', (index) => (index === 120 ? 0.44 : 0.02), asked);
    const { scored, scorer } = await scoresOf(400, [fast], exact);
    expect(scored[161]?.single).toBeCloseTo(0.9, 6);
    expect(scored[120]?.single).toBeCloseTo(0.44, 6);
    expect(scorer.counts).toMatchObject({ again: 1, exact: 1 });
    const window = asked.find(({ model }) => model === 'exact')?.frames ?? [];
    expect([window[0], window[99]]).toEqual([75, 174]);
  });

  it('gives the scores of an uninterrupted run when it goes on in the middle', async () => {
    const score = (index: number, place: number): number => ((index * 7919 + place * 104729) % 1000) / 1000;
    const run = (from: number): Promise<{ scored: ScoredFrame[] }> => scoresOf(700, [session('fast', score, [])], session('exact', (index, place) => 1 - score(index, place), []), from);
    const whole = (await run(0)).scored;
    for (const at of [3, 71, 160, 333, 590]) {
      const rest = (await run(contextStart(at, margin))).scored;
      expect(rest[0]?.index).toBeLessThanOrEqual(at);
      const skip = at - (rest[0]?.index ?? 0);
      // The first frame it was given has nothing before it to differ from.
      expect(rest.slice(skip + 1)).toEqual(whole.slice(at + 1));
    }
  });

  it('asks no model where nothing changes', async () => {
    const asked: Asked[] = [];
    const still = (index: number): SmallFrame => ({ ...frame(index), data: new Uint8Array(SMALL_BYTES).fill(index < 400 ? 100 + (index % 2) : (index * 37) % 256) });
    const only = session('fast', () => 0.01, asked);
    const { scored, scorer } = await scoresOf(600, [only], only, 0, still);
    expect(scored).toHaveLength(600);
    expect(scorer.counts.skipped).toBe(4);
    expect(scored[399]?.single).toBeGreaterThan(0);
  });

  it('lets a failing model be known', async () => {
    const failing: ModelSession = { model: 'fast', provider: 'cpu', close: () => Promise.resolve(), run: () => Promise.reject(new Error('out of memory')) };
    await expect(scoresOf(600, [failing], failing)).rejects.toThrow('out of memory');
  });
});
