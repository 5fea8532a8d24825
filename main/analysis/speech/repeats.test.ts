/** What is said again and again, and what only a recogniser repeats, both from real sound. */
import { describe, expect, it } from 'vitest';
import { saidWords, withoutLoops } from './repeats.ts';
import { heardChunk, spoken } from './testHearing.ts';
import type { RecognisedWord } from './types.ts';

const texts = (words: readonly { text: string }[]): string => words.map(({ text }) => text).join(' ');

/** Words with their ends in seconds; each begins where the one before ended. */
function aligned(text: string, ...ends: number[]): RecognisedWord[] {
  return spoken(text).map((word, index) => ({ ...word, start: index === 0 ? 0 : (ends[index - 1] ?? ends.at(-1) ?? 0), end: ends[index] ?? ends.at(-1) ?? 0 }));
}

describe('a loop has no sound of its own', () => {
  it('where the sound was used up, of which only what was said stays', () => {
    // Measured: 2.2 s of speech without silence behind it.
    const loop = aligned(`and so my fellow Americans ${'and so my fellow Americans '.repeat(6)}and so`, 0.32, 0.7, 1.02, 1.32, 1.74, ...Array<number>(20).fill(1.76), 2.2);
    expect(texts(saidWords(loop).words)).toBe('and so my fellow Americans');
    const hey = aligned('hey '.repeat(12).trim(), 0.64, 0.64, 0.64, 0.64, 0.68, 0.68, 0.78, 0.84, 0.9, 0.94, 1, 1.01);
    expect(texts(saidWords(hey).words)).toBe('hey');
  });

  it('and begins after repeats that were said', () => {
    // Measured: said eight times, written sixteen times; of the last rounds, which pile up, as many stay as there is time for.
    const said = [0.42, 1, 1.24, 1.9, 2.1, 2.7, 2.92, 3.58, 3.8, 4.46, 4.66, 5.26];
    const ends = [...said, 5.26, 5.32, 5.54, 6.16, 6.16, 6.16, 6.26, 6.26, 6.42, 6.56, 6.56, 6.66, 6.7, 6.88, 6.88, 7.06, 7.06, 7.06, 7.06, 7.08];
    const { words, dropped } = saidWords(aligned('very good '.repeat(16).trim(), ...ends));
    expect(words.map(({ end }) => end)).toEqual([...said, 5.54, 6.16, 6.62, 7.08].map((end) => expect.closeTo(end, 5) as number));
    expect(dropped).toBe(16);
  });

  it('is sure of itself, so that what is left is judged by its own words', () => {
    const words = aligned('hey '.repeat(12).trim(), 0.64, 0.64).map((word, index) => ({ ...word, confidence: index === 0 ? 0.3 : 0.98 }));
    const { heard } = withoutLoops(heardChunk('x', { words, meanLogProbability: -0.1, compression: 6 }));
    expect(heard.text).toBe('hey');
    expect(heard.meanLogProbability).toBeCloseTo(Math.log(0.3));
    expect(heard.compression).toBeLessThan(2.4);
  });
});

it('what people say again and again stays, in any length of round', () => {
  for (const text of ['no no no no no no no no no', 'very good '.repeat(8).trim(), `so ${'and then we go home '.repeat(6)}`.trim(), 'never, never again, never again']) {
    expect(texts(saidWords(spoken(text)).words)).toBe(text);
  }
  // One of many that seems to take hardly any time.
  expect(saidWords(aligned('no no no no no no', 0.3, 0.6, 0.9, 0.94, 1.3, 1.6)).dropped).toBe(0);
});
