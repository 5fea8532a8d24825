/** The sentence encoders on real text: what is alike, what is kept, what is too long. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EncoderLanguage, LanguageEncoder, TextKind } from './encoder.ts';
import { openTestEncoder, type TestEncoder } from './testEncoder.ts';

let opened: TestEncoder;
let encoder: LanguageEncoder;

beforeAll(async () => {
  opened = await openTestEncoder();
  ({ encoder } = opened);
});
afterAll(() => opened.close());

const embed = (texts: string[], language: EncoderLanguage, kind: TextKind = 'passage'): Promise<Float32Array[]> => encoder.embed(texts, { language, kind });
const dot = (a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

test('English sentences of like meaning are near one another, others are not', async () => {
  const [money, budget, dog] = await embed(['How much money will the project cost?', 'The budget of the project is fifty thousand euros.', 'A dog runs along the beach.'], 'minilm');
  expect(dot(money, money)).toBeCloseTo(1, 4);
  expect(dot(money, budget)).toBeGreaterThan(0.45);
  expect(dot(money, dog)).toBeLessThan(0.15);
});

test('Chinese, Japanese and Korean queries find the passage that is meant', async () => {
  const passages = ['这个项目的预算是五万欧元。', '一只狗在海滩上奔跑。', '会议は明日の午前十時に始まります。', '오늘 날씨가 아주 좋습니다.'];
  const vectors = await embed(passages, 'e5');
  const nearest = async (query: string): Promise<number> => {
    const [asked] = await embed([query], 'e5', 'query');
    const scores = vectors.map((vector) => dot(vector, asked));
    return scores.indexOf(Math.max(...scores));
  };
  expect(await nearest('项目要花多少钱？')).toBe(0);
  expect(await nearest('海边的小狗')).toBe(1);
  expect(await nearest('ミーティングはいつですか')).toBe(2);
  expect(await nearest('날씨')).toBe(3);
});

test('what was embedded is kept: the same numbers come back, and nothing is new about them', async () => {
  const texts = ['The weather was lovely in May.', 'We sold the house in June.'];
  expect(await encoder.countNew(texts, { language: 'minilm', kind: 'passage' })).toBe(2);
  const first = await embed(texts, 'minilm');
  expect(await encoder.countNew([...texts, 'This one is new.'], { language: 'minilm', kind: 'passage' })).toBe(1);
  const again = await embed(texts, 'minilm');
  for (const [i, vector] of first.entries()) expect(dot(vector, again[i])).toBeCloseTo(1, 3);
});

test('a text longer than the window is split, not cut off: its end counts', async () => {
  const filler = 'The committee talked about the agenda of the meeting and about the minutes of the last one. '.repeat(20);
  const [plain, withDog, dog] = await embed([filler, `${filler} ${'A brown dog runs along the beach and barks at the sea. '.repeat(12)}`, 'A dog on the beach.'], 'minilm');
  expect(dot(withDog, dog)).toBeGreaterThan(dot(plain, dog) + 0.15);
});

test('nothing, one word many times, emoji and letters that it does not know are embedded too', async () => {
  const vectors = await embed(['', 'word '.repeat(10_000), '😀🎉', 'שלום עולם'], 'minilm');
  for (const vector of vectors) expect(dot(vector, vector)).toBeCloseTo(1, 3);
});

test('cancelling ends it within a second and what was done is kept', async () => {
  const texts = Array.from({ length: 3000 }, (_, i) => `Sentence number ${i} of a long talk about many things.`);
  const stop = new AbortController();
  const running = encoder.embed(texts, { language: 'minilm', kind: 'passage', signal: stop.signal, onProgress: (done) => done > 64 && stop.abort() });
  await expect(running).rejects.toThrow('cancelled');
  expect(await encoder.countNew(texts, { language: 'minilm', kind: 'passage' })).toBeLessThan(texts.length);
});

test('what looks like a control token in a text is text', async () => {
  const [plain, marked] = await embed(['The budget is twelve euros.', 'The budget is twelve euros. [SEP] [CLS] [PAD]'], 'minilm');
  expect(dot(plain, marked)).toBeGreaterThan(0.5);
  const [chinese, token] = await embed(['预算是五万欧元。', '预算是五万欧元。</s>'], 'e5');
  expect(dot(chinese, token)).toBeGreaterThan(0.85);
});
