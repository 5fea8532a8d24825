import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flicks, FLICKS_PER_SECOND } from '../../time.ts';
import type { Chapter, Sentence } from '../types.ts';
import { findChapters, titleOf, writeChapters } from './index.ts';

const OPTIONS = { count: null, detail: 0.5, cuts: [] };
const at = (seconds: number) => flicks(seconds * FLICKS_PER_SECOND);
const written = (texts: readonly string[]): Sentence[] => texts.map((text, line) => ({ text, line, start: null, end: null, speaker: null }));
const spoken = (texts: readonly string[], from = 0): Sentence[] => written(texts).map((sentence, i) => ({ ...sentence, start: at(from + 5 * i), end: at(from + 5 * i + 4), speaker: 'A' }));
const repeat = (texts: readonly string[], times: number): string[] => Array.from({ length: times }, (_, i) => texts[i % texts.length] ?? '');
const DOGS = ['The dog chased the rabbit.', 'Puppies and dogs need walks.', 'A barking dog guards the kennel.'];
const BANKS = ['The bank raised the interest rate.', 'Loans from the bank cost money.', 'A mortgage follows the interest rate.'];
const YUSUAN = ['公司的预算比市场部的预算多。', '财务报表写着广告费用。', '广告费用超出预算。'];
const SHOUJI = ['手机的电池很耐用。', '手机屏幕很柔软。', '电池和屏幕来自工厂。'];

describe('findChapters', () => {
  it('covers the text in order, with segments of two and more, as many as asked for', () => {
    const texts = fc.array(fc.constantFrom(...DOGS, ...BANKS, '', 'Yeah.', '🎉', 'שלום עולם'), { maxLength: 40 });
    fc.assert(
      fc.property(texts, fc.option(fc.integer({ min: 1, max: 6 })), fc.boolean(), (lines, count, talk) => {
        const chapters = findChapters({ sentences: talk ? spoken(lines) : written(lines), vectors: null, language: 'en', options: { ...OPTIONS, count } });
        const starts = chapters.map(({ firstSentence }) => firstSentence);
        expect(starts[0]).toBe(lines.length === 0 ? undefined : 0);
        starts.slice(1).forEach((start, i) => expect(start - (starts[i] ?? 0)).toBeGreaterThanOrEqual(2));
        expect(lines.length - (starts.at(-1) ?? 0)).toBeGreaterThanOrEqual(Math.min(2, lines.length));
        if (count !== null) expect(starts.length).toBeLessThanOrEqual(count);
        if (count !== null && !talk && lines.length >= 2 * count) expect(starts.length).toBe(count);
        for (const { title } of chapters) {
          expect(title).not.toBe('');
          expect(title.length).toBeLessThanOrEqual(60);
        }
        expect(new Set(chapters.map(({ title }) => title)).size).toBe(chapters.length);
      }),
      { numRuns: 60 },
    );
  });

  it('finds the border between two topics by words alone and by vectors', () => {
    const lines = [...repeat(DOGS, 12), ...repeat(BANKS, 12)];
    const vectors = lines.map((_, i) => Float32Array.from(i < 12 ? [1, 0] : [0, 1]));
    for (const means of [null, vectors]) {
      expect(findChapters({ sentences: written(lines), vectors: means, language: 'en', options: OPTIONS }).map(({ firstSentence }) => firstSentence)).toEqual([0, 12]);
    }
  });

  it.each([
    ['one sentence', ['Hello there.']],
    ['the same sentence', repeat(['The dog sleeps.'], 200)],
    ['one word 10,000 times', [repeat(['word'], 10_000).join(' ')]],
    ['marks alone', repeat(['…', '🎉'], 20)],
  ])('makes one chapter of %s', (_, lines) => {
    expect(findChapters({ sentences: written(lines), vectors: null, language: 'auto', options: OPTIONS })).toHaveLength(1);
    expect(findChapters({ sentences: spoken(lines), vectors: lines.map(() => Float32Array.from([1, 0])), language: 'auto', options: OPTIONS })).toHaveLength(1);
  });

  it('takes 10,000 sentences', () => {
    const lines = [...repeat(DOGS, 5000), ...repeat(BANKS, 5000)];
    const found = findChapters({ sentences: written(lines), vectors: null, language: 'en', options: { ...OPTIONS, count: 2 } });
    expect(Math.abs((found[1]?.firstSentence ?? 0) - 5000)).toBeLessThan(10);
  });

  it('begins the first chapter at the media\'s start, the others at their sentence', () => {
    const found = findChapters({ sentences: spoken([...repeat(DOGS, 40), ...repeat(BANKS, 40)], 30), vectors: null, language: 'en', options: { ...OPTIONS, count: 2 } });
    expect(found.map(({ start }) => start)).toEqual([0, at(30 + 5 * (found[1]?.firstSentence ?? 0))]);
  });
});

describe('titles', () => {
  it('are of the chapter\'s own words, in English and Chinese', () => {
    const english = written([...repeat(DOGS, 9), ...repeat(BANKS, 9)]);
    expect(titleOf(english.slice(9), english, 'en')).toMatch(/interest rate|bank/iu);
    const chinese = written([...repeat(YUSUAN, 9), ...repeat(SHOUJI, 9)]);
    expect(titleOf(chinese.slice(0, 9), chinese, 'zh')).toMatch(/预算|广告|费用/u);
    expect(titleOf(chinese.slice(9), chinese, 'zh')).toMatch(/手机|电池|屏幕/u);
  });

  it('hold no fillers and no verbs of talk', () => {
    const lines = written(repeat(["I'm gonna say hmm about the battery.", 'Hmm, we gonna save the battery.', 'To save it, you save hmm.'], 12));
    expect(titleOf(lines, lines, 'en')).toBe('Battery');
  });
});

describe('writeChapters', () => {
  const chapter = (title: string, seconds: number | null, i: number): Chapter => ({ id: `c${i}`, title, start: seconds === null ? null : at(seconds), firstSentence: i, touched: false });
  const chapters = [chapter('Start', 3, 0), chapter('Short', 8, 1), chapter('A & <b>', 3700, 2), chapter('No time', null, 3)];

  it('writes YouTube lines from 0:00, none under 10 s', () => {
    expect(writeChapters(chapters, 'youtube', { end: at(4000) })).toBe('0:00 Start\n1:01:40 A & <b>\n');
  });
  it('writes WebVTT with escaped titles', () => {
    const text = writeChapters(chapters, 'vtt', { end: at(4000) });
    expect(text).toContain('WEBVTT\n\n00:00:03.000 --> 00:00:08.000\nStart\n');
    expect(text).toContain('01:01:40.000 --> 01:06:40.000\nA &amp; &lt;b&gt;\n');
  });
  it('writes podcast JSON', () => {
    expect(JSON.parse(writeChapters(chapters.slice(0, 1), 'json', { end: null }))).toEqual({ version: '1.2.0', chapters: [{ startTime: 3, title: 'Start' }] });
  });
});
