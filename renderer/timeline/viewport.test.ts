import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLICKS_PER_SECOND } from '../../shared/time.ts';
import { between, clampView, endOf, fitScale, fitView, frameLength, frameStart, MARGIN, panBy, revealTime, showRange, timeAt, xAt, zoomAt, type Bounds, type Viewport } from './viewport.ts';

const HOUR = 3600 * FLICKS_PER_SECOND;
const boundsOf = fc.record({ start: fc.integer({ min: 0, max: HOUR }), length: fc.integer({ min: FLICKS_PER_SECOND, max: 24 * HOUR }), finest: fc.integer({ min: 100_000, max: 1_000_000 }) }).map(({ start, length, finest }): Bounds => ({ start, end: start + length, finest }));
const placed = fc.record({ bounds: boundsOf, width: fc.integer({ min: 200, max: 4000 }), scale: fc.double({ min: 0, max: 1, noNaN: true }), origin: fc.double({ min: 0, max: 1, noNaN: true }) }).map(({ bounds, width, scale, origin }) => {
  const widest = fitScale(bounds, width);
  const view: Viewport = clampView({ origin: bounds.start + origin * (bounds.end - bounds.start), scale: bounds.finest * (widest / bounds.finest) ** scale, width }, bounds);
  return { bounds, view };
});

describe('viewport', () => {
  it('maps pixels to times and back', () => {
    fc.assert(fc.property(placed, fc.integer({ min: 0, max: 4000 }), ({ view }, x) => { expect(xAt(view, timeAt(view, x))).toBeCloseTo(x, 2); }));
  });

  it('keeps the time under the pointer while zooming, unless an end of the file comes into sight', () => {
    fc.assert(
      fc.property(placed, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.1, max: 10, noNaN: true }), ({ bounds, view }, share, factor) => {
        const x = share * view.width;
        const zoomed = zoomAt(view, bounds, x, factor);
        const atEnd = Math.abs(zoomed.origin - (bounds.start - MARGIN * zoomed.scale)) < 1 || Math.abs(endOf(zoomed) - (bounds.end + MARGIN * zoomed.scale)) < 1;
        if (!atEnd) expect(Math.abs(xAt(zoomed, timeAt(view, x)) - x)).toBeLessThan(0.01);
      }),
    );
  });

  it('comes back after zooming in and out around the same point', () => {
    fc.assert(
      fc.property(placed, fc.double({ min: 0, max: 1, noNaN: true }), ({ bounds, view }, share) => {
        if (view.scale < bounds.finest * 2) return;
        const there = zoomAt(view, bounds, share * view.width, 0.5);
        const back = zoomAt(there, bounds, share * view.width, 2);
        expect(back.scale / view.scale).toBeCloseTo(1, 9);
        expect(Math.abs(back.origin - view.origin) / view.scale).toBeLessThan(0.01);
      }),
    );
  });

  it('never shows more emptiness than the margins, nor a scale beyond its limits', () => {
    const wild = fc.record({ origin: fc.double({ min: -1e15, max: 1e15, noNaN: true }), scale: fc.double({ min: 1, max: 1e12, noNaN: true }), width: fc.integer({ min: 200, max: 4000 }) });
    fc.assert(
      fc.property(boundsOf, wild, (bounds, view) => {
        const clamped = clampView(view, bounds);
        expect(clamped.scale).toBeGreaterThanOrEqual(bounds.finest);
        expect(clamped.scale).toBeLessThanOrEqual(fitScale(bounds, view.width));
        expect(xAt(clamped, bounds.start)).toBeLessThanOrEqual(MARGIN + 1e-3);
        const short = (bounds.end - bounds.start) / clamped.scale < view.width - 2 * MARGIN - 1e-3;
        if (!short) expect(xAt(clamped, bounds.end)).toBeGreaterThanOrEqual(view.width - MARGIN - 1e-3);
      }),
    );
  });

  it('fits both ends with their margins', () => {
    const bounds = { start: HOUR, end: 2 * HOUR, finest: 100_000 };
    const view = fitView(bounds, 1000);
    expect(xAt(view, bounds.start)).toBeCloseTo(MARGIN);
    expect(xAt(view, bounds.end)).toBeCloseTo(1000 - MARGIN);
  });

  it('scrolls by pixels and stops at the ends', () => {
    const bounds = { start: 0, end: HOUR, finest: 100_000 };
    const view = zoomAt(fitView(bounds, 1000), bounds, 500, 0.1);
    expect(xAt(panBy(view, bounds, 37), timeAt(view, 137))).toBeCloseTo(100);
    expect(xAt(panBy(view, bounds, -1e9), 0)).toBeCloseTo(MARGIN);
  });

  it('reveals only what is off the screen', () => {
    const bounds = { start: 0, end: HOUR, finest: 100_000 };
    const view = zoomAt(fitView(bounds, 1000), bounds, 500, 0.1);
    expect(revealTime(view, bounds, timeAt(view, 999))).toBe(view);
    expect(xAt(revealTime(view, bounds, endOf(view) + view.scale), endOf(view) + view.scale)).toBeCloseTo(200);
  });

  it('shows a range with room at both sides', () => {
    const bounds = { start: 0, end: HOUR, finest: 100_000 };
    const view = showRange(fitView(bounds, 1000), bounds, HOUR / 2, HOUR / 2 + 10 * FLICKS_PER_SECOND);
    expect(xAt(view, HOUR / 2)).toBeCloseTo(100);
    expect(xAt(view, HOUR / 2 + 10 * FLICKS_PER_SECOND)).toBeCloseTo(900);
  });

  it('animates from the one viewport to the other, the fixed point standing still', () => {
    const bounds = { start: 0, end: HOUR, finest: 100_000 };
    const from = fitView(bounds, 1000);
    const to = zoomAt(from, bounds, 700, 0.1);
    const held = timeAt(from, 700);
    for (const t of [0, 0.25, 0.5, 0.9, 1]) expect(xAt(between(from, to, t), held)).toBeCloseTo(700, 3);
    expect(between(from, to, 1).scale).toBeCloseTo(to.scale);
  });

  it('finds the frame shown at a time, on its first flick too', () => {
    const ntsc = { num: 30_000, den: 1001 };
    const length = frameLength(ntsc);
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (frame, part) => { expect(frameStart(500 + (frame + part) * length, 500, ntsc)).toBeCloseTo(500 + frame * length, 0); }));
  });
});
