import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MODELS } from '../../inference/testRuntime.ts';
import { TokenRules } from './tokenRules.ts';
import { VOCABULARY, whisperConfigSchema } from './whisperConfig.ts';

const config = whisperConfigSchema.parse(JSON.parse(readFileSync(join(MODELS, 'whisper-base-config.json'), 'utf8')));
const rules = new TokenRules(config);
const { eot, timestamp_begin: zero, no_timestamps, sot } = config;
const GREEDY = { temperature: 0, random: () => 0.5 };

/** Scores that are 0 but for those given. */
function scores(high: Record<number, number>): Float32Array {
  const all = new Float32Array(VOCABULARY);
  for (const [id, score] of Object.entries(high)) all[Number(id)] = score;
  return all;
}
const choose = (high: Record<number, number>, written: number[], seconds = 10) => rules.choose(scores(high), written, seconds, GREEDY).token;

test('a text begins with a timestamp within its first second', () => {
  expect(choose({ 400: 30, [zero + 20]: 5, [zero + 60]: 9 }, [])).toBe(zero + 20);
  expect(choose({ [eot]: 30, [zero + 1]: 2 }, [])).toBe(zero + 1);
});

test('symbols of noises, special tokens and "no timestamps" are never written', () => {
  expect(choose({ [config.suppress_ids[5] ?? 0]: 30, [no_timestamps]: 29, [sot]: 28, 400: 20 }, [zero, 500])).toBe(400);
});

test('after text and its timestamp comes a timestamp not before it, or the end', () => {
  const written = [zero, 400, zero + 100];
  expect(choose({ 400: 30, [zero + 99]: 20, [zero + 100]: 10 }, written)).toBe(zero + 100);
  expect(choose({ 400: 30, [eot]: 20 }, written)).toBe(eot);
});

test('after a pair of timestamps comes text', () => {
  expect(choose({ [zero + 200]: 30, 400: 10 }, [zero, 400, zero + 100, zero + 100])).toBe(400);
});

test('the timestamp after text is later than the last one and not far beyond the clip', () => {
  expect(choose({ [zero + 100]: 30, [zero + 101]: 20 }, [zero, 300, zero + 100, zero + 100, 400])).toBe(zero + 101);
  expect(choose({ [zero + 511]: 30, [zero + 510]: 20 }, [zero, 400], 10)).toBe(zero + 510);
});

test('timestamps that are together likelier than any text win', () => {
  const high: Record<number, number> = { 400: 12 };
  for (let i = 1; i <= 40; i++) high[zero + i] = 9;
  expect(choose(high, [zero, 300])).toBe(zero + 1);
  delete high[zero + 1];
  expect(choose({ 400: 13.5, [zero + 2]: 9 }, [zero, 300])).toBe(400);
});

test('the logarithm is that of the softmax over what is allowed', () => {
  const { token, logProbability } = rules.choose(scores({ 400: 14, 401: 13 }), [zero, 300], 10, GREEDY);
  const masses = Math.exp(14) + Math.exp(13);
  const others = VOCABULARY - 2 - (config.suppress_ids.length + 1501 - 500);
  expect(token).toBe(400);
  expect(logProbability).toBeCloseTo(14 - Math.log(masses + others), 1);
});

test('drawing at a temperature follows the probabilities and the rules', () => {
  let state = 0;
  const random = () => (state = (state + 0.618034) % 1);
  const counts = new Map<number, number>();
  for (let i = 0; i < 400; i++) {
    const { token } = rules.choose(scores({ 400: 30, 401: 29, [sot]: 40 }), [zero, 300], 10, { temperature: 1, random });
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([400, 401]);
  expect((counts.get(400) ?? 0) / 400).toBeCloseTo(Math.E / (1 + Math.E), 1);
});

test('whatever the scores: timestamps come in order, in pairs, within the clip', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0.5, max: 30, noNaN: true }), (seed, seconds) => {
      let state = seed;
      const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
      const written: number[] = [];
      for (let step = 0; step < 12 && written.at(-1) !== eot; step++) {
        const row = Float32Array.from({ length: VOCABULARY }, () => random() * 10);
        written.push(rules.choose(row, written, seconds, { temperature: step % 2, random }).token);
      }
      const stamps = written.filter((token) => token >= zero);
      expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
      expect(written[0]).toBeGreaterThanOrEqual(zero);
      expect((stamps.at(-1) ?? zero) - zero).toBeLessThanOrEqual((seconds + 0.2) / 0.02);
      expect(written.every((token) => token <= eot || token >= zero)).toBe(true);
    }),
    { numRuns: 25 },
  );
});
