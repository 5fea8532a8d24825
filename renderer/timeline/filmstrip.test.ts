import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverCrop, nearestIn, planFilmstrip, stepFrames } from './filmstrip.ts';
import { RATE, synthesize } from './harness/synthetic.ts';
import { endOf, frameLength, type Viewport } from './viewport.ts';

const FRAME = frameLength(RATE);
const WIDTH = 114;
const { shots, end } = synthesize(400);
const view = fc.record({ at: fc.double({ min: 0, max: 0.95, noNaN: true }), zoom: fc.double({ min: 0, max: 1, noNaN: true }) }).map(({ at, zoom }): Viewport => {
  const finest = FRAME / WIDTH;
  return { origin: at * end, scale: finest * (end / 1200 / finest) ** zoom, width: 1200 };
});

describe('filmstrip', () => {
  it('fills what is visible without overlap', () => {
    fc.assert(
      fc.property(view, fc.integer({ min: 0, max: 400 }), (v, known) => {
        const cells = planFilmstrip(shots.slice(0, known), v, { start: 0, end }, RATE, WIDTH).sort((a, b) => a.from - b.from);
        let reached = v.origin;
        for (const [i, cell] of cells.entries()) {
          if (i > 0) expect(cell.from).toBeGreaterThanOrEqual(reached - 1);
          // Half a frame may be left out where a rounded remainder falls away.
          expect(cell.from - reached).toBeLessThanOrEqual(FRAME / 2 + 1);
          reached = cell.to;
        }
        expect(Math.min(end, endOf(v)) - reached).toBeLessThanOrEqual(FRAME / 2 + 1);
      }),
    );
  });

  it('asks for frames inside the cell, and never across a cut in a shot wide enough to see', () => {
    fc.assert(
      fc.property(view, (v) => {
        for (const cell of planFilmstrip(shots, v, { start: 0, end }, RATE, WIDTH)) {
          if (cell.frame) expect(cell.frame.time >= Math.floor(cell.from) && cell.frame.time < cell.to).toBe(true);
          if (cell.shot === null) continue;
          const shot = shots[cell.shot];
          expect(cell.from).toBeGreaterThanOrEqual(shot?.start ?? Infinity);
          expect(cell.to).toBeLessThanOrEqual(shots[cell.shot + 1]?.start ?? end);
        }
      }),
    );
  });

  it('stays bounded, and asks for few pictures at any zoom', () => {
    fc.assert(fc.property(view, (v) => { expect(planFilmstrip(shots, v, { start: 0, end }, RATE, WIDTH).length).toBeLessThan(80); }));
  });

  it('gives each frame its own cell at the deepest zoom', () => {
    const shot = shots[3];
    const v = { origin: (shot?.start ?? 0) + 2 * FRAME, scale: FRAME / WIDTH, width: WIDTH * 5 };
    const cells = planFilmstrip(shots, v, { start: 0, end }, RATE, WIDTH);
    expect(cells.map((cell) => cell.frame?.time)).toEqual(Array.from({ length: 5 }, (_, i) => (shot?.start ?? 0) + (2 + i) * FRAME));
    expect(cells.every((cell) => cell.frame?.exact)).toBe(true);
  });

  it('steps by 1, 2, 3, 4, 6, 8 … frames, the cell no wider than the picture and no narrower than two thirds', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 114, noNaN: true }), (framePixels) => {
        const cell = stepFrames(framePixels, WIDTH) * framePixels;
        expect(cell).toBeLessThanOrEqual(WIDTH * 1.0001);
        if (framePixels * 2 <= WIDTH) expect(cell).toBeGreaterThan(WIDTH * 0.66);
      }),
    );
  });

  it('crops around the middle in the cell\'s shape', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 400 }), fc.integer({ min: 10, max: 200 }), fc.integer({ min: 5, max: 200 }), fc.integer({ min: 20, max: 130 }), (pw, ph, w, h) => {
        const crop = coverCrop(pw, ph, w, h);
        expect(crop.width / crop.height).toBeCloseTo(w / h, 6);
        expect(crop.x + crop.width / 2).toBeCloseTo(pw / 2, 6);
        expect(crop.width <= pw + 1e-9 && crop.height <= ph + 1e-9).toBe(true);
      }),
    );
  });

  it('takes the nearest stored picture within reach', () => {
    const items = [{ time: 10 }, { time: 20 }, { time: 40 }];
    expect(nearestIn(items, 10, 20, 6)?.time).toBe(10);
    expect(nearestIn(items, 24, 26, 4)).toBeNull();
    expect(nearestIn(items, 30, 60, 15)?.time).toBe(40);
  });
});
