/** `rushes search` on subtitles and texts, with the real encoders. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { drawtext, stillVideo } from '../analysis/pictures/testSlides.ts';
import { CommandLine, hashOf, jsonLines, type Finished } from './testing/command.ts';

const SPEECH = join(import.meta.dirname, '..', '..', 'e2e', 'media', 'jfk.flac');

let folder: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);
const rushes = (...args: string[]): Promise<Finished> => commandLine.run(args, { data: at('data') });

const TALK = [
  'Good morning and welcome to the yearly meeting of our club.',
  'Last winter the storm took a part of the roof off the boat house.',
  'The repair cost us nine thousand euros, more than we had saved.',
  'Our new trainer has taught forty children to swim since May.',
  'The youngest of them is four years old and loves to dive.',
  'In August we sail to the islands, weather permitting.',
];
const CHINESE = ['大家早上好，欢迎参加俱乐部的年会。', '去年冬天，暴风雨掀掉了船屋的一部分屋顶。', '修理花了九千欧元，超过了我们的积蓄。', '新教练从五月起教会了四十个孩子游泳。', '八月份我们要航行到群岛去。'];

const momentSchema = z.object({
  type: z.literal('moment'),
  file: z.string(),
  start: z.number().nullable(),
  end: z.number().nullable(),
  line: z.number().nullable(),
  speaker: z.string().nullable(),
  lists: z.array(z.string()),
  score: z.number(),
  snippet: z.string(),
  marks: z.array(z.tuple([z.number(), z.number()])),
});
const summarySchema = z.object({ type: z.literal('summary'), query: z.string(), results: z.number() });

function answer(result: Finished) {
  const lines = jsonLines(result.stdout);
  return { moments: lines.slice(0, -1).map((line) => momentSchema.parse(line)), summary: summarySchema.parse(lines.at(-1)) };
}

const srt = (lines: readonly string[]): string => lines.map((text, i) => `${i + 1}\n00:00:${String(i * 5).padStart(2, '0')},000 --> 00:00:${String(i * 5 + 4).padStart(2, '0')},000\n${text}\n`).join('\n');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-search-'));
  commandLine = await CommandLine.build();
  writeFileSync(at('talk.srt'), srt(TALK));
  writeFileSync(at('talk.txt'), TALK.map((line, i) => `${i % 2 ? 'Ben' : 'Ann'}: ${line}`).join('\n'));
  writeFileSync(at('chinese.srt'), srt(CHINESE));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a word is found where it is said, in whichever form, with its time and the word marked', async () => {
  const result = await rushes('search', 'repairs', at('talk.srt'), '--lists', 'words', '--json');
  expect(result.code).toBe(0);
  const { moments, summary } = answer(result);
  expect(summary).toEqual({ type: 'summary', query: 'repairs', results: moments.length });
  expect(moments[0]).toMatchObject({ file: at('talk.srt'), start: 10, end: 14, lists: ['words'], snippet: TALK[2] });
  const marked = moments[0]?.marks.map(([from, to]) => moments[0]?.snippet.slice(from, to));
  expect(marked).toEqual(['repair']);
});

test('what is meant is found without a word of the query being said', async () => {
  const { moments } = answer(await rushes('search', 'a holiday trip by ship', at('talk.srt'), '--json'));
  expect(moments[0]).toMatchObject({ start: 25, lists: ['meaning'], snippet: TALK[5] });
});

test('Chinese is found by word and by meaning', async () => {
  const word = answer(await rushes('search', '游泳', at('chinese.srt'), '--lists', 'words', '--json')).moments;
  expect(word[0]).toMatchObject({ start: 15, lists: ['words'], snippet: CHINESE[3] });
  expect(word[0]?.marks.map(([from, to]) => word[0]?.snippet.slice(from, to)).join('')).toBe('游泳');
  const meaning = answer(await rushes('search', '花了多少钱', at('chinese.srt'), '--lists', 'meaning', '--json')).moments;
  expect(meaning[0]).toMatchObject({ start: 10, lists: ['meaning'], snippet: CHINESE[2] });
});

test('a text without times is found by its lines and speakers; several files are searched at once', async () => {
  const { moments } = answer(await rushes('search', 'trainer', at('talk.txt'), at('chinese.srt'), '--lists', 'words', '--json'));
  expect(moments).toHaveLength(1);
  expect(moments[0]).toMatchObject({ file: at('talk.txt'), start: null, end: null, line: 4, speaker: 'Ben', snippet: TALK[3] });
  const table = await rushes('search', 'trainer', at('talk.txt'), '--limit', '1');
  expect(table.stdout.trimEnd().split('\n')).toHaveLength(2);
  expect(table.stdout).toMatch(/line 4\s+talk\.txt\s+.*words.*Ben: Our new trainer/);
});

test('a recording is searched by what is said in it once that was recognised; until then this is told', async () => {
  const data = at('recordings');
  const before = hashOf(SPEECH);
  const search = (query: string, ...more: string[]): Promise<Finished> => commandLine.run(['search', query, SPEECH, '--json', ...more], { data });
  const unheard = await search('country', '--lists', 'words');
  expect([unheard.code, answer(unheard).summary.results]).toEqual([0, 0]);
  expect(unheard.stderr).toContain('jfk.flac');
  expect((await commandLine.run(['transcribe', SPEECH, '--language', 'en'], { data })).code).toBe(0);

  const word = await search('country', '--lists', 'words');
  expect(word.stderr).not.toContain('jfk.flac');
  const { moments } = answer(word);
  expect(moments[0]).toMatchObject({ file: SPEECH, lists: ['words'] });
  expect(moments[0]?.marks.map(([from, to]) => moments[0]?.snippet.slice(from, to).toLowerCase())).toContain('country');
  // All that he says lies between 0.3 and 10.5 s.
  expect(moments[0]?.start).toBeGreaterThanOrEqual(0.2);
  expect(moments[0]?.end).toBeLessThanOrEqual(10.8);

  const meant = answer(await search('citizens should serve their nation', '--lists', 'meaning')).moments;
  expect(meant[0]).toMatchObject({ file: SPEECH, lists: ['meaning'] });
  expect(answer(await search('xylophone', '--lists', 'words')).summary.results).toBe(0);
  expect(hashOf(SPEECH)).toBe(before);
}, 120_000);

test('a film that was analysed is searched by the text in its picture', async () => {
  const data = at('films');
  const film = stillVideo(at('slide.mp4'), { size: '1280x720', colour: 'white' }, [drawtext('Quarterly results', { size: 72, x: 100, y: 80 })]);
  expect((await commandLine.run(['analyze', film, '--json'], { data })).code).toBe(0);
  const found = answer(await commandLine.run(['search', 'quarterly', film, '--json'], { data })).moments;
  expect(found[0]).toMatchObject({ file: film, lists: ['text'], snippet: 'Quarterly results' });
  expect(found[0]?.start).toBeLessThan(2);
}, 120_000);

test('nothing found is said, and is no failure', async () => {
  const result = await rushes('search', 'xylophone', at('talk.srt'), '--lists', 'words');
  expect([result.code, result.stdout.trim()]).toEqual([0, 'Nothing found for “xylophone”.']);
  const signs = await rushes('search', '?!', at('talk.srt'), '--json');
  expect([signs.code, answer(signs).summary.results]).toEqual([0, 0]);
  const empty = await rushes('search', 'anything', '--json');
  expect([empty.code, answer(empty).summary.results]).toEqual([0, 0]);
});

test('lists, limits and queries that there are not, and files that are not there, are told', async () => {
  const list = await rushes('search', 'roof', at('talk.srt'), '--lists', 'words,smell');
  expect([list.code, list.stderr]).toEqual([2, expect.stringContaining('--lists') as string]);
  for (const limit of ['0', '501', 'many']) expect((await rushes('search', 'roof', at('talk.srt'), '--limit', limit)).code).toBe(2);
  expect((await rushes('search', 'x'.repeat(1001), at('talk.srt'))).code).toBe(2);
  expect((await rushes('search')).code).toBe(2);
  const missing = await rushes('search', 'roof', at('missing.srt'));
  expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('missing.srt') as string]);
});
