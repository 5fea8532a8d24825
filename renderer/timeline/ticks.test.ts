import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLICKS_PER_SECOND, formatTimecode, flicks } from '../../shared/time.ts';
import { planTicks, ticksOf, tickSteps } from './ticks.ts';
import { frameLength } from './viewport.ts';

const RATES = [{ num: 24, den: 1 }, { num: 25, den: 1 }, { num: 30_000, den: 1001 }, { num: 60, den: 1 }, { num: 12, den: 1 }, { num: 1, den: 1 }];
const rate = fc.constantFrom(...RATES);
/** From ten pixels a second to single frames 200 px wide, and to a day on the screen. */
const scale = fc.double({ min: Math.log(100_000), max: Math.log(1e11), noNaN: true }).map(Math.exp);

describe('ticks', () => {
  it('labels never touch, marks neither, and marks meet every label', () => {
    fc.assert(
      fc.property(rate, scale, (r, s) => {
        const plan = planTicks(s, r);
        const frame = frameLength(r) / s;
        expect(plan.major * frame).toBeGreaterThanOrEqual(104);
        expect(plan.major % plan.minor).toBe(0);
        if (plan.minor !== plan.major) expect(plan.minor * frame).toBeGreaterThanOrEqual(9);
      }),
    );
  });

  it('goes from single frames to hours on round times', () => {
    const pal = { num: 25, den: 1 };
    expect(planTicks(frameLength(pal) / 120, pal)).toEqual({ major: 1, minor: 1 });
    expect(planTicks(FLICKS_PER_SECOND / 110, pal).major).toBe(25);
    expect(planTicks((3600 * FLICKS_PER_SECOND) / 1200, pal).major).toBe(600 * 25);
    expect(tickSteps({ num: 24, den: 1 })).toContain(12);
    expect(tickSteps(pal)).not.toContain(2);
  });

  it('puts each label on the frame it names', () => {
    fc.assert(
      fc.property(rate, scale, fc.integer({ min: 0, max: 1e13 }), (r, s, origin) => {
        const view = { origin, scale: s, width: 1200 };
        const ticks = ticksOf(view, r);
        expect(ticks.length).toBeLessThan(1200 / 9 + 40);
        for (const tick of ticks) {
          if (tick.label === null) continue;
          const time = flicks(Math.round(origin + tick.x * s));
          // The pixel position is a float: one flick either way is the same frame boundary.
          expect([formatTimecode(time, r), formatTimecode(flicks(time + 2), r)]).toContain(tick.label);
        }
      }),
      { numRuns: 60 },
    );
  });
});
