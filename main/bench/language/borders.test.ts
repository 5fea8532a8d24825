import { describe, expect, it } from 'vitest';
import { borderErrors, borderF1 } from './borders.ts';
import { c99 } from './c99.ts';
import { topicBorders } from './chapters.ts';

describe('borderErrors', () => {
  it('is 0 for the right borders', () => expect(borderErrors([5], [5], 10)).toEqual({ pk: 0, windowDiff: 0 }));
  it('counts windows by hand', () => {
    // Ten sentences, one border: the window is 10 / 2 / 2 = 2.5, rounded 3; 7 windows, 3 of which hold the border at 5.
    expect(borderErrors([5], [], 10)).toEqual({ pk: 3 / 7, windowDiff: 3 / 7 });
    // A second border beside it is no matter for Pk in the two windows that hold both, but for WindowDiff.
    expect(borderErrors([5], [5, 6], 10)).toEqual({ pk: 1 / 7, windowDiff: 3 / 7 });
  });
});

describe('borderF1', () => {
  it('counts each right border once', () => {
    expect(borderF1([10, 20], [11, 9, 40], 2)).toBe(0.4);
    expect(borderF1([], [], 2)).toBe(1);
  });
});

it('topicBorders are the starts of spans after the first', () => {
  expect(topicBorders([{ topic: 'a', spans: [[0, 4], [9, 12]] }, { topic: 'b', spans: [[5, 8]] }])).toEqual([5, 9]);
});

it('C99 finds the border between two vocabularies', () => {
  const words = [...Array.from({ length: 12 }, () => ['dog', 'cat']), ...Array.from({ length: 12 }, () => ['bank', 'loan'])];
  expect(c99(words)).toContain(12);
});
