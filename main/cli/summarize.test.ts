/** `rushes summarize` on subtitles and texts, with the real encoders. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { CommandLine, type Finished } from './testing/command.ts';

let folder: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);
const rushes = (...args: string[]): Promise<Finished> => commandLine.run(args, { data: at('data') });

const TALK = [
  'Okay, um, so can everybody hear me?',
  'The budget of the new remote control is twelve euros and fifty cents for each device.',
  'Yeah.',
  'The marketing department found that most users of the remote control only press the buttons for the channels and the volume.',
  'Uh, the case of the remote control should be made of rubber in the colours of the company.',
  'Mm-hmm.',
  'The batteries of the remote control last for two years, because the display is switched off by default.',
  'I think we can stop here.',
];
const CHINESE = ['嗯，大家好。', '这个遥控器的预算是每台十二欧元五十分，不能再多了。', '对。', '市场部的调查发现，大多数用户只使用频道和音量这几个按键。', '遥控器的外壳用公司颜色的橡胶制成，手感很好。', '好的。'];

const answerSchema = z.object({
  language: z.string(),
  method: z.enum(['meaning', 'words']),
  sentences: z.array(z.object({ text: z.string(), verbatim: z.string(), start: z.number().optional(), end: z.number().optional(), speaker: z.string().optional(), line: z.number(), score: z.number() })),
  terms: z.array(z.string()),
});
const answer = (result: Finished) => answerSchema.parse(JSON.parse(result.stdout));

const srt = (lines: readonly string[]): string => lines.map((text, i) => `${i + 1}\n00:00:${String(i * 5).padStart(2, '0')},000 --> 00:00:${String(i * 5 + 4).padStart(2, '0')},000\n${text}\n`).join('\n');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-summarize-'));
  commandLine = await CommandLine.build();
  writeFileSync(at('talk.txt'), TALK.map((line, i) => `Speaker ${i % 2 ? 'B' : 'A'}: ${line}`).join('\n'));
  writeFileSync(at('talk.srt'), srt(TALK));
  writeFileSync(at('chinese.srt'), srt(CHINESE));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('sentences of a text come out as they were said, in order, without small talk and fillers', async () => {
  const result = await rushes('summarize', at('talk.txt'), '--sentences', '3', '--format', 'json');
  expect(result.code).toBe(0);
  const { sentences, method, language } = answer(result);
  expect([method, language]).toEqual(['meaning', 'en']);
  expect(sentences).toHaveLength(3);
  expect(sentences.map(({ line }) => line)).toEqual([...sentences.map(({ line }) => line)].sort((a, b) => a - b));
  for (const { text, verbatim, line, speaker } of sentences) {
    expect(TALK[line]).toBe(verbatim);
    expect(text).toMatch(/remote control/);
    expect(text).not.toMatch(/\b(?:uh|um|okay)\b/i);
    expect(speaker).toBe(line % 2 ? 'Speaker B' : 'Speaker A');
  }
});

test('subtitles give times; text and Markdown are written to a file', async () => {
  const json = answer(await rushes('summarize', at('talk.srt'), '--seconds', '9', '--format', 'json'));
  expect(json.sentences.length).toBeGreaterThan(0);
  for (const { start, line } of json.sentences) expect(start).toBe(line * 5);
  expect(json.sentences.reduce((sum, { start = 0, end = 0 }) => sum + end - start, 0)).toBeLessThanOrEqual(9);
  const written = await rushes('summarize', at('talk.srt'), '--words', '40', '--out', at('summary.md'));
  expect(written.code).toBe(0);
  expect(readFileSync(at('summary.md'), 'utf8')).toMatch(/^# talk\.srt\n\n- \*\*00:05\*\* .+remote control/m);
  const again = await rushes('summarize', at('talk.srt'), '--out', at('summary.md'));
  expect(again.code).toBe(3);
});

test('Chinese is summarised by meaning, its length counted in characters', async () => {
  const { sentences, language, method } = answer(await rushes('summarize', at('chinese.srt'), '--words', '60', '--format', 'json'));
  expect([language, method]).toEqual(['zh', 'meaning']);
  expect(sentences.length).toBeGreaterThanOrEqual(2);
  expect(sentences.map(({ text }) => text).join('')).not.toMatch(/嗯|大家好/);
});

test('a language that no encoder knows is said, and its words count', async () => {
  writeFileSync(at('russian.txt'), 'Проект стоит пятьдесят тысяч евро в этом году.\nСобака бежит по берегу моря рядом с нашим домом.\nЗавтра мы обсудим стоимость проекта ещё раз подробно.\n');
  const result = await rushes('summarize', at('russian.txt'), '--sentences', '1', '--format', 'json');
  expect(answer(result).method).toBe('words');
  expect(answer(result).sentences).toHaveLength(1);
  expect(result.stderr).toMatch(/words alone/);
});

test('an empty file, two lengths and no number are told', async () => {
  writeFileSync(at('empty.txt'), '\n \n');
  expect((await rushes('summarize', at('empty.txt'))).code).toBe(3);
  const both = await rushes('summarize', at('talk.txt'), '--sentences', '3', '--seconds', '10');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--sentences') as string]);
  expect((await rushes('summarize', at('talk.txt'), '--sentences', 'few')).code).toBe(2);
});
