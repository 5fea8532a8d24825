import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flicks } from '../../shared/time.ts';
import type { ShotEvent } from '../../shared/events.ts';
import { ShotBuilder, type OpenShot, type ScoredFrame } from './shots.ts';

const TICK = 1000;

function frame(index: number, single = 0, many = 0, spread = 40): ScoredFrame {
  // Uneven times, as in a file with a variable frame rate.
  return { index, time: flicks(index * TICK + (index % 3) * 100), single, many, luma: 100, spread, change: single * 50, returns: 60 };
}

function build(frames: ScoredFrame[], builder = new ShotBuilder()): ShotEvent[] {
  const last = frames.at(-1);
  return [...frames.flatMap((each) => builder.push(each)), ...builder.finish(flicks((last?.time ?? 0) + TICK))];
}

/** `spec` sets scores on some of `count` frames. */
function film(count: number, spec: Record<number, Partial<ScoredFrame>> = {}): ScoredFrame[] {
  return Array.from({ length: count }, (_, i) => ({ ...frame(i), ...spec[i] }));
}

function span(from: number, to: number, values: Partial<ScoredFrame>): Record<number, Partial<ScoredFrame>> {
  return Object.fromEntries(Array.from({ length: to - from + 1 }, (_, i) => [from + i, values]));
}

const ranges = (shots: ShotEvent[]): [number, number, string][] => shots.map((s) => [s.startFrame, s.endFrame, s.transitionIn]);

describe('ShotBuilder', () => {
  it('gives no shot for no frame and one for a single frame', () => {
    expect(build([])).toEqual([]);
    expect(build(film(1))).toEqual([
      { type: 'shot', index: 0, start: 0, end: TICK, startFrame: 0, endFrame: 1, transitionIn: 'start', confidence: 1 },
    ]);
  });

  it('cuts after the pinned frame, contiguously, with times from the frames themselves', () => {
    const shots = build(film(20, { 9: { single: 0.9, many: 0.8 } }));
    expect(ranges(shots)).toEqual([[0, 10, 'start'], [10, 20, 'cut']]);
    expect(shots[0]?.end).toBe(frame(10).time);
    expect(shots[1]?.start).toBe(frame(10).time);
    expect(shots[1]?.confidence).toBe(0.9);
  });

  it('places a cut pinned to two frames where the picture changes', () => {
    const shots = build(film(20, { 9: { single: 0.7, many: 0.8 }, 10: { single: 0.6, many: 0.8, change: 3 }, 11: { change: 60 } }));
    expect(ranges(shots)).toEqual([[0, 11, 'start'], [11, 20, 'cut']]);
  });

  it('leaves the frames of a dissolve out of both shots', () => {
    const shots = build(film(60, { ...span(20, 31, { many: 0.9 }), 25: { single: 0.7, many: 0.9 } }));
    expect(ranges(shots)).toEqual([[0, 20, 'start'], [32, 60, 'dissolve']]);
  });

  it('reaches over the black between a fade out and a fade in', () => {
    const shots = build(
      film(80, { ...span(20, 29, { many: 0.9 }), 24: { single: 0.8, many: 0.9 }, ...span(30, 34, { spread: 2 }), ...span(35, 44, { many: 0.8 }) }),
    );
    expect(ranges(shots)).toEqual([[0, 20, 'start'], [45, 80, 'fade']]);
  });

  it('keeps a black stretch with a pinned fade on both sides as a shot', () => {
    const shots = build(
      film(90, {
        ...span(20, 29, { many: 0.9 }), 24: { single: 0.8, many: 0.9 }, ...span(30, 49, { spread: 2 }),
        ...span(50, 59, { many: 0.9 }), 55: { single: 0.8, many: 0.9 },
      }),
    );
    expect(ranges(shots)).toEqual([[0, 20, 'start'], [30, 50, 'fade'], [60, 90, 'fade']]);
  });

  it('takes a picture that comes back for a flash, but not a very short shot between two cuts', () => {
    const flash = { 20: { change: 90 }, 22: { single: 0.65, change: 2 }, 23: { change: 90, returns: 3 } };
    expect(ranges(build(film(60, flash)))).toEqual([[0, 60, 'start']]);
    expect(ranges(build(film(60, { ...flash, 19: { single: 0.9 } })))).toEqual([[0, 20, 'start'], [20, 23, 'cut'], [23, 60, 'cut']]);
  });

  it('gives out a shot as soon as the cut behind it is certain', () => {
    const builder = new ShotBuilder();
    const frames = film(40, { 9: { single: 0.9, many: 0.8 } });
    const at = frames.findIndex((each) => builder.push(each).length > 0);
    expect(at).toBe(10);
  });
});

const scores = fc.array(
  fc.record({
    single: fc.oneof({ weight: 6, arbitrary: fc.constant(0.01) }, { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) }),
    many: fc.oneof({ weight: 3, arbitrary: fc.constant(0.02) }, { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) }),
    spread: fc.oneof({ weight: 3, arbitrary: fc.constant(40) }, { weight: 1, arbitrary: fc.constant(1) }),
    change: fc.double({ min: 0, max: 80, noNaN: true }),
    returns: fc.double({ min: 0, max: 80, noNaN: true }),
  }),
  { maxLength: 700 },
);
const asFrames = (list: { single: number; many: number; spread: number; change: number; returns: number }[]): ScoredFrame[] =>
  list.map((each, i) => ({ ...frame(i), ...each }));

describe('any scores', () => {
  it('give ordered shots that do not overlap and cover everything but gradual transitions', () => {
    fc.assert(
      fc.property(scores, (list) => {
        const frames = asFrames(list);
        const shots = build(frames);
        expect(shots.length > 0).toBe(frames.length > 0);
        shots.forEach((shot, i) => {
          const before = shots[i - 1];
          expect(shot.index).toBe(i);
          expect(shot.endFrame).toBeGreaterThan(shot.startFrame);
          expect(shot.end).toBeGreaterThan(shot.start);
          expect(shot.start).toBe(frames[shot.startFrame]?.time);
          if (!before) return;
          if (shot.transitionIn === 'cut') expect(shot.startFrame).toBe(before.endFrame);
          for (let f = before.endFrame; f < shot.startFrame; f++) {
            const { many = 0, single = 0, spread = 99 } = frames[f] ?? {};
            expect(many > 0.5 || single > 0.5 || spread < 8).toBe(true);
          }
          expect(shot.startFrame).toBeGreaterThanOrEqual(before.endFrame);
        });
        if (frames.length > 0) {
          expect(shots[0]?.startFrame).toBe(0);
          expect(shots.at(-1)?.endFrame).toBe(frames.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('give the same shots when the work was interrupted after any of them', () => {
    fc.assert(
      fc.property(scores, fc.nat(), fc.nat(120), (list, pick, context) => {
        const frames = asFrames(list);
        const whole = build(frames);
        const builder = new ShotBuilder();
        const stops: { shots: ShotEvent[]; open: OpenShot }[] = [];
        const shots: ShotEvent[] = [];
        for (const each of frames) {
          const fresh = builder.push(each);
          shots.push(...fresh);
          if (fresh.length > 0 && builder.open) stops.push({ shots: [...shots], open: { ...builder.open } });
        }
        const stop = stops[pick % Math.max(1, stops.length)];
        if (!stop) return;
        const rest = frames.slice(Math.max(0, stop.open.startFrame - context));
        expect([...stop.shots, ...build(rest, new ShotBuilder(stop.open))]).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });
});
