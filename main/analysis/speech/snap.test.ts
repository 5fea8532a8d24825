import fc from 'fast-check';
import { expect, it } from 'vitest';
import { silencesOf } from './gaps.ts';
import { LEVELS_PER_SECOND } from './levels.ts';
import { snapWords } from './snap.ts';
import type { RecognisedWord } from './types.ts';

/** Levels of words at known times, with a murmur in the pauses. */
function levelsFor(times: readonly (readonly [number, number])[], length: number): Float32Array {
  return Float32Array.from({ length: Math.ceil(length * LEVELS_PER_SECOND) }, (_, step) => {
    const time = (step + 0.5) / LEVELS_PER_SECOND;
    const inside = times.find(([from, to]) => from <= time && time < to);
    // Louder in the middle of a word.
    return inside ? -18 - 8 * Math.abs((2 * (time - inside[0])) / (inside[1] - inside[0]) - 1) : -62 + 3 * Math.sin(step);
  });
}

/** As alignment by attention gives them: each word begins a little before the one in front of it ends. */
function aligned(times: readonly (readonly [number, number])[], early: number): RecognisedWord[] {
  return times.map(([from, to], index) => ({
    text: 'abcdefghijklmno'.slice(0, Math.max(1, Math.round((to - from) / 0.07) - 1)),
    space: index > 0,
    start: Math.max(0, (times[index - 1]?.[1] ?? from) - early),
    end: Math.max(0.02, to - early),
    confidence: 0.9,
    segment: 0,
  }));
}

it('a word begins with its sound and ends with it, whatever pause the alignment gave to it', () => {
  const times = [[0.5, 0.9], [0.96, 1.3], [2.9, 3.3], [3.38, 3.9], [5.6, 6.0]] as const;
  const snapped = snapWords(aligned(times, 0.15), levelsFor(times, 6.5));
  snapped.forEach((word, index) => {
    expect(Math.abs(word.start - (times[index]?.[0] ?? 0))).toBeLessThanOrEqual(0.03);
    expect(Math.abs(word.end - (times[index]?.[1] ?? 0))).toBeLessThanOrEqual(0.03);
  });
});

it('order, non-overlap and the chunk are kept for any words over any sound', () => {
  const word = fc.record({ from: fc.double({ min: 0, max: 20, noNaN: true }), length: fc.double({ min: 0, max: 3, noNaN: true }), text: fc.string({ minLength: 1, maxLength: 12 }) });
  const levels = fc.array(fc.double({ min: -90, max: -5, noNaN: true }), { minLength: 1, maxLength: 2000 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), levels, (given, dB) => {
      const words = given
        .toSorted((a, b) => a.from - b.from)
        .map(({ from, length, text }, index) => ({ text, space: index > 0, start: from, end: from + length, confidence: 1, segment: 0 }));
      const snapped = snapWords(words, Float32Array.from(dB));
      expect(snapped.map(({ text }) => text)).toEqual(words.map(({ text }) => text));
      let last = 0;
      for (const { start, end } of snapped) {
        expect(start).toBeGreaterThanOrEqual(last - 0.011);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
    }),
    { numRuns: 200 },
  );
});

it('silences cover what is quiet and nothing else', () => {
  const gaps = silencesOf(levelsFor([[1, 2], [2.5, 3]], 4));
  expect(gaps.map(({ start, end }) => [start, end].map((time) => Math.round(time * 100) / 100))).toEqual([[0, 1], [2, 2.5], [3, 4]]);
});
