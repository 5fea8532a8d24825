import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ShotEvent } from '../../shared/events.ts';
import { flicks } from '../../shared/time.ts';
import { synthesize } from './harness/synthetic.ts';
import { AGGREGATE_BELOW, densityOf, shotAt, shotsIn, shotSpans, transitionInto } from './shots.ts';
import { endOf } from './viewport.ts';

/** Shots of whole lengths with gaps where a transition is gradual. */
const shotList = fc.array(fc.record({ length: fc.integer({ min: 1, max: 50 }), gap: fc.integer({ min: 0, max: 6 }) }), { maxLength: 60 }).map((parts) => {
  let at = 0;
  return parts.map(({ length, gap }, index): ShotEvent => {
    const start = at + gap;
    at = start + length;
    return { type: 'shot', index, start: flicks(start), end: flicks(at), startFrame: start, endFrame: at, transitionIn: index === 0 ? 'start' : gap > 0 ? 'dissolve' : 'cut', confidence: 1 };
  });
});

describe('finding shots', () => {
  it('agrees with looking at each', () => {
    fc.assert(
      fc.property(shotList, fc.integer({ min: -10, max: 3000 }), fc.integer({ min: 1, max: 500 }), (shots, from, length) => {
        const { first, last } = shotsIn(shots, from, from + length);
        const touching = shots.filter((shot) => shot.end > from && shot.start < from + length);
        expect(shots.slice(first, last)).toEqual(touching);
      }),
    );
  });

  it('gives the shot at a time, and in a gradual transition the nearer one', () => {
    fc.assert(
      fc.property(shotList, fc.integer({ min: -10, max: 3000 }), (shots, time) => {
        const inside = shots.findIndex((shot) => time >= shot.start && time < shot.end);
        const found = shotAt(shots, time);
        if (inside >= 0) expect(found).toBe(inside);
        else if (found >= 0) {
          const before = shots.findLast((shot) => shot.end <= time);
          const after = shots.find((shot) => shot.start > time);
          expect(before && after).toBeTruthy();
          expect(found).toBe(time - (before?.end ?? 0) < (after?.start ?? 0) - time ? before?.index : after?.index);
        }
      }),
    );
  });
});

describe('spans', () => {
  it('cover exactly the visible shots in order, single ones wide enough', () => {
    fc.assert(
      fc.property(shotList, fc.double({ min: 0.05, max: 100, noNaN: true }), fc.integer({ min: 0, max: 1000 }), (shots, scale, origin) => {
        const view = { origin, scale, width: 300 };
        const spans = shotSpans(shots, view);
        const { first, last } = shotsIn(shots, origin, endOf(view));
        expect(spans.flatMap((span) => Array.from({ length: span.count }, (_, i) => span.first + i))).toEqual(Array.from({ length: last - first }, (_, i) => first + i));
        for (const span of spans) if (span.count > 1) expect((shots[span.first]?.end ?? 0) - (shots[span.first]?.start ?? 0)).toBeLessThan(AGGREGATE_BELOW * scale);
      }),
    );
  });

  it('stay few however many shots there are', () => {
    const { shots, end } = synthesize(100_000);
    const spans = shotSpans(shots, { origin: 0, scale: end / 1200, width: 1200 });
    expect(spans.reduce((sum, span) => sum + span.count, 0)).toBe(100_000);
    expect(spans.length).toBeLessThanOrEqual(1200);
  });
});

describe('transitions and density', () => {
  it('a cut has no length, a dissolve that of its frames, the first shot none', () => {
    const { shots } = synthesize(50);
    expect(transitionInto(shots, 0)).toBeNull();
    for (let i = 1; i < shots.length; i++) {
      const mark = transitionInto(shots, i);
      expect(mark?.to).toBe(shots[i]?.start);
      expect((mark?.to ?? 0) - (mark?.from ?? 0) > 0).toBe(mark?.kind !== 'cut');
    }
  });

  it('counts every shot once', () => {
    fc.assert(fc.property(shotList, fc.integer({ min: 1, max: 200 }), (shots, columns) => { expect(densityOf(shots, 0, (shots.at(-1)?.end ?? 0) + 1, columns).reduce((sum, count) => sum + count, 0)).toBe(shots.length); }));
  });
});
