import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ShotEvent } from '../../../shared/events.ts';
import { fromSeconds, toSeconds } from '../../../shared/time.ts';
import type { Sentence } from '../../../shared/understanding/types.ts';
import { placesOf } from './moments.ts';

const tenths = (value: number) => fromSeconds(value / 10);
const time = fc.integer({ min: 0, max: 1200 });
const sentences = fc.array(fc.tuple(time, fc.integer({ min: 1, max: 150 })), { maxLength: 30 }).map((all) =>
  all.sort(([a], [b]) => a - b).map(([start, length], index): Sentence => ({ text: `s${index}`, start: tenths(start), end: tenths(start + length), speaker: null, line: index })),
);
const shots = fc.uniqueArray(time, { maxLength: 30 }).map((starts) =>
  starts.sort((a, b) => a - b).map((start, index, all): ShotEvent => ({ type: 'shot', index, start: tenths(start), end: tenths(all[index + 1] ?? 1300), startFrame: start, endFrame: start + 1, transitionIn: 'cut', confidence: 1 })),
);

describe('places', () => {
  it('are in order, apart, within the range; unspoken ones lie in one shot and are short', () => {
    fc.assert(
      fc.property(sentences, shots, fc.boolean(), (talk, cuts, measured) => {
        const range = { start: fromSeconds(0), end: fromSeconds(120) };
        const places = placesOf(talk, cuts, range, measured ? (at) => Math.sin(toSeconds(at)) : null);
        expect(places.length).toBeGreaterThan(0);
        places.forEach((place, index) => {
          expect(place.start).toBeGreaterThanOrEqual(places[index - 1]?.end ?? 0);
          expect(place.end).toBeGreaterThan(place.start);
          expect(place.end).toBeLessThanOrEqual(range.end);
          if (place.sentence !== null) return;
          expect(place.end - place.start).toBeLessThanOrEqual(fromSeconds(6) + 1);
          expect(place.end - place.start).toBeGreaterThanOrEqual(fromSeconds(1) - 1);
          expect(cuts.some(({ start }) => start > place.start && start < place.end)).toBe(false);
        });
      }),
    );
  });

  it('hold every sentence with times, once, however they overlap', () => {
    const said = (start: number, end: number): Sentence => ({ text: '', start: fromSeconds(start), end: fromSeconds(end), speaker: null, line: 0 });
    const places = placesOf([said(0, 5), said(4, 8), said(10, 12), { ...said(0, 0), start: null, end: null }], [], { start: fromSeconds(0), end: fromSeconds(13) }, null);
    expect(places.map(({ sentence, start, end }) => [sentence, toSeconds(start), toSeconds(end)])).toEqual([[0, 0, 5], [1, 5, 8], [null, 8, 10], [2, 10, 12], [null, 12, 13]]);
  });
});
