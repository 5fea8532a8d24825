/** Understanding a transcript with the real encoders: what comes when, bad input, cancelling, and a correction. */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Library } from '../../library/types.ts';
import { fromSeconds } from '../../../shared/time.ts';
import { sentencesOfLines } from '../../../shared/understanding/sentences.ts';
import type { Chapter, Sentence, Summary, UnderstandEvent, UnderstandRequest } from '../../../shared/understanding/types.ts';
import type { LanguageEncoder } from './encoder.ts';
import { openTestEncoder, type TestEncoder } from './testEncoder.ts';
import { understand } from './understand.ts';

let opened: TestEncoder;
let encoder: LanguageEncoder;
let library: Library;

beforeAll(async () => {
  opened = await openTestEncoder();
  ({ encoder, library } = opened);
});
afterAll(() => opened.close());

const ALL = { summary: { unit: 'sentences', value: 2 }, chapters: {}, media: null, language: 'auto' } as const;
const MEDIA = '0123456789abcdef0123456789abcdef';

const spoken = (lines: readonly string[]): Sentence[] => lines.map((text, i) => ({ text, start: fromSeconds(i * 4), end: fromSeconds(i * 4 + 4), speaker: null, line: i }));

async function run(request: Partial<UnderstandRequest> & Pick<UnderstandRequest, 'sentences'>, signal?: AbortSignal): Promise<UnderstandEvent[]> {
  const events: UnderstandEvent[] = [];
  for await (const event of understand({ ...ALL, ...request }, { encoder, library, ...(signal ? { signal } : {}) })) events.push(event);
  return events;
}

function outcome(events: UnderstandEvent[]): { warnings: string[]; chapters: Chapter[]; summary: Summary; done: Extract<UnderstandEvent, { type: 'done' }> } {
  let [chapters, summary, done]: [Chapter[], Summary | null, Extract<UnderstandEvent, { type: 'done' }> | null] = [[], null, null];
  for (const event of events) {
    if (event.type === 'chapters') chapters = event.chapters;
    else if (event.type === 'summary') summary = event.summary;
    else if (event.type === 'done') done = event;
  }
  if (!summary || !done) throw new Error('no summary, or not done');
  return { warnings: events.flatMap((event) => (event.type === 'warning' ? [event.code] : [])), chapters, summary, done };
}

const TALK = [
  'The budget of the new remote control is twelve euros and fifty cents.',
  'We can spend no more money than that on the whole device.',
  'The price in the shops will be twenty five euros.',
  'Half of the profit goes back into the company.',
  'On the weekend my dog ran along the beach for hours.',
  'He barked at the waves and chased the birds.',
  'Dogs love the sea and the sand.',
  'When we came home the dog slept all night.',
];

test('progress, chapters, summary, index, end: what is looked at first comes first', async () => {
  const events = await run({ sentences: spoken(TALK), media: MEDIA, index: true, language: 'en' });
  const order = events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
  expect(order).toEqual(['progress', 'chapters', 'summary', 'indexed', 'done']);
  const { chapters, summary, done } = outcome(events);
  expect(chapters[0]).toMatchObject({ firstSentence: 0, start: 0 });
  expect(summary.method).toBe('meaning');
  expect(summary.sentences).toHaveLength(2);
  for (const { sentence, start } of summary.sentences) expect(start).toBe(fromSeconds(sentence * 4));
  expect(done).toMatchObject({ language: 'en', sentences: 8, embedded: 8 });
  const progress = events.flatMap((event) => (event.type === 'progress' ? [event.done] : []));
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(8);
});

test('after a correction one sentence is embedded, and the index is written anew', async () => {
  const corrected = TALK.map((text, i) => (i === 2 ? 'The price in the shops will be thirty euros.' : text));
  const first = await run({ sentences: spoken(TALK), media: MEDIA, index: true, language: 'en' });
  expect(outcome(first).done.embedded).toBe(0);
  expect(outcome(await run({ sentences: spoken(corrected), media: MEDIA, index: true, language: 'en' })).done.embedded).toBe(1);
  expect(library.found.talks()).toEqual([MEDIA]);
});

test('only what was asked for is sent', async () => {
  const events = await run({ sentences: spoken(TALK), summary: null, chapters: null });
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['progress', 'done']));
});

describe('bad input', () => {
  it('nothing, and sentences without words', async () => {
    for (const sentences of [[], spoken(['…', ' ', '?!'])]) {
      const { warnings, summary, done } = outcome(await run({ sentences, media: MEDIA, index: true }));
      expect(warnings).toEqual(['no_sentences']);
      expect(summary.terms).toEqual([]);
      expect(done.sentences).toBe(sentences.length);
    }
  });

  it('one sentence is its own summary and chapter', async () => {
    const { warnings, chapters, summary } = outcome(await run({ sentences: spoken(TALK.slice(0, 1)) }));
    expect(warnings).toEqual([]);
    expect(chapters).toHaveLength(1);
    expect(summary.sentences.map(({ sentence }) => sentence)).toEqual([0]);
    expect(summary.whole).toBe(true);
  });

  it('one word 10,000 times, in one line and in as many', async () => {
    const one = outcome(await run({ sentences: sentencesOfLines(['budget '.repeat(10_000).trim()], 'en') }));
    expect(one.chapters).toHaveLength(1);
    expect(one.summary.sentences.length).toBeLessThanOrEqual(2);
    const many = outcome(await run({ sentences: spoken(Array.from({ length: 10_000 }, () => 'budget')), language: 'en' }));
    expect(many.done).toMatchObject({ sentences: 10_000, embedded: 1 });
    expect(many.summary.sentences.length).toBeLessThanOrEqual(2);
  });

  it('no punctuation at all', async () => {
    const text = TALK.map((line) => line.toLowerCase().replace('.', '')).join(' ');
    const { summary, done } = outcome(await run({ sentences: sentencesOfLines([Array.from({ length: 20 }, () => text).join(' ')], 'en') }));
    expect(done.sentences).toBeGreaterThan(10);
    expect(summary.sentences).toHaveLength(2);
  });

  it('languages that are mixed go to the encoder that knows both', async () => {
    const { warnings, summary, done } = outcome(await run({ sentences: spoken(['这个遥控器的预算是十二欧元。', 'The case is made of rubber.', '电池可以使用两年的时间。', 'Um, the display is switched off by default.']), language: 'en' }));
    expect(warnings).toEqual([]);
    expect(summary.method).toBe('meaning');
    expect(done.embedded).toBe(4);
  });

  it('emoji and right-to-left text', async () => {
    const emoji = outcome(await run({ sentences: spoken(['🎉🎉🎉', '👩‍👩‍👧 went to the beach with the dog 🐕', '😀']) }));
    expect(emoji.summary.sentences.map(({ sentence }) => sentence)).toContain(1);
    const hebrew = outcome(await run({ sentences: spoken(['תקציב הפרויקט הוא חמישים אלף אירו.', 'הכלב רץ לאורך החוף ליד הבית.', 'מחר נדון שוב בתקציב הפרויקט.']) }));
    expect(hebrew.warnings).toEqual(['language_unknown']);
    expect(hebrew.summary.method).toBe('words');
    expect(hebrew.summary.sentences).toHaveLength(2);
  });

  it('a sentence longer than the window of the encoder', async () => {
    const long = `We ${'talked about the agenda and the minutes and '.repeat(100)}then the dog ran along the beach.`;
    expect(outcome(await run({ sentences: spoken([long, ...TALK]) })).summary.sentences.length).toBeGreaterThan(0);
  });

  it('a summary longer than the text is all of it', async () => {
    const { summary } = outcome(await run({ sentences: spoken(TALK), summary: { unit: 'sentences', value: 500 } }));
    expect(summary.whole).toBe(true);
    expect(summary.sentences.map(({ sentence }) => sentence)).toEqual(TALK.map((_, i) => i));
  });

  it('a language that no encoder knows is told, and words alone go on', async () => {
    const events = await run({ sentences: spoken(['Проект стоит пятьдесят тысяч евро.', 'Собака бежит по берегу моря.', 'Стоимость проекта обсудим завтра.']), language: 'ru', media: MEDIA, index: true });
    expect(events.find(({ type }) => type === 'warning')).toEqual({ type: 'warning', code: 'language_unknown', params: { language: 'ru' } });
    const { chapters, summary, done } = outcome(events);
    expect([summary.method, done.embedded]).toEqual(['words', 0]);
    expect(chapters.length).toBeGreaterThan(0);
  });
});

test('cancelling ends it within a second; what was embedded is kept, the index is left alone', async () => {
  const sentences = spoken(Array.from({ length: 4000 }, (_, i) => `This is number ${i} of very many sentences.`));
  const stop = new AbortController();
  let stopped = 0;
  const work = (async () => {
    for await (const event of understand({ ...ALL, sentences, media: 'f'.repeat(32), index: true }, { encoder, library, signal: stop.signal })) {
      if (event.type !== 'progress' || event.done < 64 || stopped > 0) continue;
      stopped = performance.now();
      stop.abort();
    }
  })();
  await expect(work).rejects.toMatchObject({ name: 'CancelledError' });
  expect(performance.now() - stopped).toBeLessThan(1000);
  expect(library.found.talks()).not.toContain('f'.repeat(32));
  expect(await encoder.countNew(sentences.map(({ text }) => text), { language: 'minilm', kind: 'passage' })).toBeLessThan(4000);
});
