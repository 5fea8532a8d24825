import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MODELS } from '../../inference/testRuntime.ts';
import type { Written } from './decoding.ts';
import { promptTokens } from './prompt.ts';
import { SpeechTokenizer } from './tokenizer.ts';
import { whisperConfigSchema } from './whisperConfig.ts';
import { transcriptOf } from './words.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(join(MODELS, name), 'utf8'));
const tokenizer = new SpeechTokenizer(read('whisper-base-tokenizer.json') as object, whisperConfigSchema.parse(read('whisper-base-config.json')));
const zero = tokenizer.config.timestamp_begin;

/** A text as the decoder would have written it: each token looks at its own ten frames, probability a half. Numbers are timestamps in seconds. */
function written(...parts: (string | number)[]): Written {
  const tokens = parts.flatMap((part) => (typeof part === 'number' ? [zero + part * 50] : tokenizer.encode(part)));
  const heads = tokenizer.config.alignment_heads.length;
  const frames = 10 * tokens.length;
  const attention = [...tokens, 0].map((_, i) => Float32Array.from({ length: heads * frames }, (_, at) => (Math.floor((at % frames) / 10) === i ? 0.1 : 1e-4)));
  return { tokens, logProbabilities: tokens.map(() => Math.log(0.5)), attention, meanLogProbability: Math.log(0.5), looped: false };
}
const transcript = (language: string, ...parts: (string | number)[]) => {
  const one = written(...parts);
  return transcriptOf(one, tokenizer, { language, seconds: one.tokens.length / 5 });
};
const shown = (language: string, ...parts: (string | number)[]) => transcript(language, ...parts).words.map(({ text, space }) => (space ? '_' : '') + text);

test('English: words at spaces, punctuation with its word', () => {
  expect(shown('en', 0, ' "Don\'t worry," said Søren; it\'s (almost) free... for $5!', 3)).toEqual([
    '_"Don\'t', '_worry,"', '_said', '_Søren;', '_it\'s', '_(almost)', '_free...', '_for', '_$5!',
  ]);
});

test('Chinese: whole characters though their bytes lie in several tokens, full-width marks with the character before', () => {
  const words = shown('zh', 0, '“鞏固”房地产,用Kubernetes调控。', 3);
  expect(words.join('')).toBe('“鞏固”房地产,用Kubernetes调控。');
  expect(words.some((word) => word.includes('\uFFFD'))).toBe(false);
  expect(words).toContain('Kubernetes');
  expect(words.at(-1)).toMatch(/^.{1,2}。$/u);
});

test('segments lie between timestamps; the last may be open; words know theirs', () => {
  const { segments, words, text } = transcript('en', 0, ' One two.', 1.5, 2, ' Three', 2.5, 2.5, ' four');
  expect(segments.map(({ start, end, text: said }) => [start, end, said])).toEqual([
    [0, 1.5, 'One two.'],
    [2, 2.5, 'Three'],
    [2.5, null, 'four'],
  ]);
  expect(words.map(({ segment }) => segment)).toEqual([0, 0, 1, 2]);
  expect(text).toBe('One two. Three four');
});

test('times follow the attention, confidence is the mean probability', () => {
  const { words } = transcript('en', 0, ' ask not what your', 2);
  for (const [i, { start, end, confidence }] of words.entries()) {
    expect(Math.abs(start - 0.2 * (i + 1))).toBeLessThanOrEqual(i === 0 ? 0.2 : 0.06);
    expect(end).toBeGreaterThan(start);
    expect(confidence).toBeCloseTo(0.5, 5);
  }
});

test('nothing written gives nothing', () => {
  expect(transcript('en', 0, 1)).toEqual({ words: [], segments: [], text: '' });
});

test('the prompt keeps to half of the window, terms first, then the language’s own', () => {
  const { sot, sot_prev, transcribe, translate } = tokenizer.config;
  expect(promptTokens(tokenizer, 'en', { task: 'transcribe', prompt: ' ' })).toEqual([sot, tokenizer.languageToken('en'), transcribe]);
  const chinese = promptTokens(tokenizer, 'zh', { task: 'transcribe', prompt: 'Kubernetes\nRushes' });
  expect(chinese[0]).toBe(sot_prev);
  expect(tokenizer.decode(chinese)).toBe(' Kubernetes, Rushes.以下是普通话的句子。');
  const long = promptTokens(tokenizer, 'zh', { task: 'translate', prompt: 'Søren Kierkegaard, '.repeat(100) });
  expect(long.length).toBeLessThanOrEqual(1 + 223 + 3);
  expect(long.at(-1)).toBe(translate);
  expect(tokenizer.decode(long).startsWith(' Søren Kierkegaard, Søren')).toBe(true);
});

test('knows the 99 languages by their codes', () => {
  expect(tokenizer.languages).toHaveLength(99);
  expect(tokenizer.languages.slice(0, 3)).toEqual(['en', 'zh', 'de']);
  expect(tokenizer.languageToken('haw')).not.toBeNull();
  expect(tokenizer.languageToken('tlh')).toBeNull();
});

test('tokens foreign to English are those with other letters or the beginning of one', () => {
  const foreign = new Set(tokenizer.foreignToEnglish);
  for (const text of [' Hello, café! “100 %” — it’s £5.', ' naïve Zürich']) expect(tokenizer.encode(text).filter((id) => foreign.has(id)), text).toEqual([]);
  for (const text of ['的', ' мир', 'です', '幺']) expect(tokenizer.encode(text).some((id) => foreign.has(id)), text).toBe(true);
});
