import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compressionOf, loopAtEnd } from './loops.ts';

test('text that repeats itself compresses, ordinary text doesn’t', () => {
  expect(compressionOf('And so, my fellow Americans: ask not what your country can do for you.')).toBeLessThan(1.5);
  expect(compressionOf('Thank you for watching. '.repeat(12))).toBeGreaterThan(2.4);
  expect(compressionOf('')).toBe(0);
});

test('the piece that repeats at the end is found, whatever stands before it', () => {
  const piece = fc.uniqueArray(fc.integer({ min: 100, max: 50_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(piece, fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 30 }), (tokens, before) => {
      const times = Math.max(6, Math.ceil(50 / tokens.length));
      expect(loopAtEnd([...before, ...Array.from({ length: times }, () => tokens).flat()])).toBe(tokens.length);
    }),
  );
});

test('a sentence said twice and a few equal words are no loop', () => {
  const sentence = [3, 14, 15, 92, 65, 35, 89, 79, 32, 38];
  expect(loopAtEnd([...sentence, ...sentence])).toBe(0);
  expect(loopAtEnd([1, 2, 3, 7, 7, 7, 7, 7, 7])).toBe(0);
});
