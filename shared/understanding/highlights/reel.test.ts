import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalLength, type TimeRange } from '../../ranges.ts';
import { flicks, FLICKS_PER_SECOND, fromSeconds, type Flicks } from '../../time.ts';
import { DEFAULT_HIGHLIGHT_WEIGHTS, HIGHLIGHT_SIGNALS, type HighlightMoment, type HighlightWeights } from '../types.ts';
import { makeReel, scoreMoments } from './index.ts';
import { chooseMoments, type Candidate } from './knapsack.ts';

const NONE = Object.fromEntries(HIGHLIGHT_SIGNALS.map((signal) => [signal, 0])) as HighlightWeights;

interface Plan {
  length: number;
  pause: number;
  spoken: boolean;
  energy: number;
}
const plan: fc.Arbitrary<Plan> = fc.record({
  length: fc.integer({ min: 2, max: 120 }).map((tenths) => tenths / 10),
  pause: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 }).map((tenths) => tenths / 10)),
  spoken: fc.boolean(),
  energy: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Moments one after the other; each begins after its pause. */
function momentsOf(plans: readonly Plan[]): HighlightMoment[] {
  let time = 0;
  return plans.map(({ length, pause, spoken, energy }, index) => {
    const start = fromSeconds(time + pause);
    time += pause + length;
    return { start, end: fromSeconds(time), signals: { ...NONE, energy }, sentence: spoken ? index : null, shot: 0, text: spoken ? `sentence ${index}` : '' };
  });
}
const scored = (moments: HighlightMoment[]) => scoreMoments(moments, DEFAULT_HIGHLIGHT_WEIGHTS);
const seconds = (ranges: readonly TimeRange[]) => totalLength(ranges) / FLICKS_PER_SECOND;

describe('a reel', () => {
  it('keeps to its length, order and borders, whatever the moments', () => {
    const cutPlaces = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 60 }), cutPlaces, fc.integer({ min: 1, max: 90 }), (plans, places, asked) => {
        const moments = momentsOf(plans);
        const cuts = [...new Set(places)].sort((a, b) => a - b).map((tenths) => fromSeconds(tenths / 10));
        const range = { start: flicks(0), end: flicks((moments.at(-1)?.end ?? 0) + fromSeconds(1)) };
        const reel = makeReel(moments, scored(moments), asked, { cuts, range, frame: fromSeconds(1 / 25) });
        expect(reel.length).toBeGreaterThan(0);
        reel.forEach((clip, at) => expect(clip.start).toBeGreaterThan(at === 0 ? -1 : (reel[at - 1]?.end ?? 0)));
        if (range.end <= fromSeconds(asked)) return void expect(reel).toEqual([range]);
        const longest = Math.max(...plans.map((each) => each.length)) + 0.6;
        // Pauses that no moment holds are not shown.
        const all = plans.reduce((sum, { length }) => sum + length, 0);
        expect(seconds(reel)).toBeGreaterThanOrEqual(Math.min(asked - longest - 1.5, all - 1e-6));
        expect(seconds(reel)).toBeLessThanOrEqual(reel.length === 1 ? Math.max(asked, longest) : asked);
        for (const clip of reel) checkBorders(clip, moments);
      }),
      { numRuns: 300 },
    );
  });

  /** No word is cut: each moment is wholly in a clip or, but for the pause beside it, out of it. */
  function checkBorders(clip: TimeRange, moments: readonly HighlightMoment[]): void {
    for (const { start, end } of moments) {
      const outside = end <= clip.start || start >= clip.end;
      const inside = start >= clip.start && end <= clip.end;
      if (!outside && !inside) throw new Error(`${clip.start}..${clip.end} cuts ${start}..${end}`);
    }
    const first = moments.find((moment) => moment.start >= clip.start);
    expect((first?.start ?? 0) - clip.start).toBeLessThanOrEqual(fromSeconds(0.3));
    const last = moments.findLast((moment) => moment.end <= clip.end);
    expect(clip.end - (last?.end ?? 0)).toBeLessThanOrEqual(fromSeconds(0.3));
  }

  it('shows the best, and joins neighbours with the pause between them', () => {
    const loud = new Set([4, 5, 15]);
    const moments = momentsOf(Array.from({ length: 20 }, (_, index) => ({ length: 4, pause: 0.5, spoken: true, energy: loud.has(index) ? 1 : 0.1 })));
    const reel = makeReel(moments, scored(moments), 14, { cuts: [], range: null });
    expect(reel).toHaveLength(2);
    expect(reel[0]?.start).toBe(flicks((moments[4]?.start ?? 0) - fromSeconds(0.15)));
    expect(reel[0]?.end).toBe(flicks((moments[5]?.end ?? 0) + fromSeconds(0.25)));
    expect(reel[1]?.start).toBe(flicks((moments[15]?.start ?? 0) - fromSeconds(0.15)));
  });

  it('begins and ends at a shot cut within the pause', () => {
    const moments = momentsOf([0.2, 0.9, 0.1].map((energy) => ({ length: 3, pause: 1, spoken: true, energy })));
    const cuts = [fromSeconds(4.9), fromSeconds(8.2)];
    expect(makeReel(moments, scored(moments), 3.6, { cuts, range: null })).toEqual([{ start: cuts[0], end: cuts[1] }]);
  });

  it('is made of something when weights are 0, one moment is all there is, or every moment is too long', () => {
    const moments = momentsOf(Array.from({ length: 10 }, () => ({ length: 3, pause: 0.3, spoken: true, energy: 0.5 })));
    const flat = scoreMoments(moments, NONE);
    expect(flat.every((score) => score === 0)).toBe(true);
    expect(seconds(makeReel(moments, flat, 10, { cuts: [], range: null }))).toBeGreaterThan(6);
    const one = moments.slice(0, 1);
    expect(makeReel(one, [0], 60, { cuts: [], range: { start: flicks(0), end: fromSeconds(100) } })).toHaveLength(1);
    expect(makeReel(moments, flat, 1, { cuts: [], range: null })).toHaveLength(1);
    expect(makeReel([], [], 20, { cuts: [], range: null })).toEqual([]);
  });

  it('spreads over the media and says nothing twice', () => {
    const moments = momentsOf(Array.from({ length: 30 }, () => ({ length: 4, pause: 1, spoken: true, energy: 0.5 }))).map((moment) => ({ ...moment, text: 'The same again!' }));
    moments[20] = { ...moments[20]!, text: 'Something new.' };
    const reel = makeReel(moments, scored(moments), 9, { cuts: [], range: null });
    expect(reel.some((clip) => clip.start <= moments[20]!.start && clip.end >= moments[20]!.end)).toBe(true);
    expect(reel[0]?.start).toBeLessThan(moments[1]!.start);
  });

  it('leaves out what lies beyond the range', () => {
    const moments = momentsOf(Array.from({ length: 20 }, (_, index) => ({ length: 4, pause: 0.5, spoken: true, energy: index < 10 ? 1 : 0.1 })));
    const range = { start: fromSeconds(50), end: fromSeconds(85) };
    for (const clip of makeReel(moments, scored(moments), 15, { cuts: [], range })) {
      expect(clip.start).toBeGreaterThanOrEqual(range.start);
      expect(clip.end).toBeLessThanOrEqual(range.end);
    }
  });
});

describe('choosing', () => {
  it('is as good as trying everything', () => {
    const lengths = fc.array(fc.record({ length: fc.integer({ min: 1, max: 9 }), worth: fc.integer({ min: 1, max: 20 }) }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 2, max: 40 }), (plans, asked) => {
        // Far from each other, so that none joins, and a quantum divides every length.
        const candidates = plans.map(({ length, worth }, index): Candidate => ({ index, start: fromSeconds(index * 20), end: fromSeconds(index * 20 + length), worth }));
        const cut = (candidates.reduce((sum, each) => sum + each.worth, 0) / candidates.length) * 0.6;
        const valueOf = (chosen: readonly number[]) => chosen.reduce((sum, index) => sum + plans[index]!.length * plans[index]!.worth - cut, 0);
        let best = 0;
        for (let mask = 0; mask < 1 << plans.length; mask++) {
          const chosen = plans.flatMap((_, index) => (mask & (1 << index) ? [index] : []));
          if (chosen.reduce((sum, index) => sum + plans[index]!.length, 0) <= asked) best = Math.max(best, valueOf(chosen));
        }
        const found = chooseMoments(candidates, asked * FLICKS_PER_SECOND, 0 as Flicks);
        expect(found.reduce((sum, index) => sum + plans[index]!.length, 0)).toBeLessThanOrEqual(asked);
        expect(valueOf(found)).toBeGreaterThanOrEqual(best - 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});

describe('scores', () => {
  it('are divided by the weights, and a grunt never leads', () => {
    const [long, short] = momentsOf([
      { length: 5, pause: 0, spoken: true, energy: 0.8 },
      { length: 0.3, pause: 0, spoken: true, energy: 1 },
    ]);
    expect(scoreMoments([long!, short!], { ...NONE, energy: 0.5 })).toEqual([0.8, expect.closeTo(0.2, 6)]);
    expect(scoreMoments([long!], { ...NONE, energy: 0.5, motion: 0.5 })).toEqual([0.4]);
  });
});
