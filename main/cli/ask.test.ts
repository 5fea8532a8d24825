/** `rushes ask` on subtitles and texts, with the real encoders. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  'Good morning everyone, thanks for coming.',
  'The budget of the remote control is twelve euros and fifty cents.',
  'The case will be made of rubber in the colours of the company.',
  'Sarah Miller will write the report for the customer.',
  'We meet again on Friday afternoon in the small conference room.',
  'The launch was delayed because the battery supplier went bankrupt.',
];
const CHINESE = ['大家早上好。', '这个遥控器的预算是每台十二欧元。', '外壳用公司颜色的橡胶制成。', '下一次会议定在星期五下午三点。', '因为电池供应商破产了，所以发布推迟了。'];

const resultSchema = z.strictObject({
  found: z.boolean(),
  method: z.enum(['meaning', 'words']),
  answers: z.array(
    z.strictObject({ text: z.string(), answer: z.string(), span: z.tuple([z.number(), z.number()]), start: z.number().optional(), end: z.number().optional(), speaker: z.string().optional(), line: z.number(), score: z.number() }),
  ),
});
const json = async (question: string, file: string): Promise<z.infer<typeof resultSchema>> => resultSchema.parse(JSON.parse((await rushes('ask', question, at(file), '--json')).stdout));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-ask-'));
  commandLine = await CommandLine.build();
  const two = (n: number): string => String(n).padStart(2, '0');
  writeFileSync(at('talk.srt'), TALK.map((text, i) => `${i + 1}\n00:00:${two(i * 5)},000 --> 00:00:${two(i * 5 + 4)},000\n${text}\n`).join('\n'));
  writeFileSync(at('chinese.txt'), CHINESE.map((line, i) => `${i % 2 ? '李四' : '张三'}：${line}`).join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an English subtitle answers with the part that does, and its time', async () => {
  const { found, method, answers } = await json('How much may the remote control cost?', 'talk.srt');
  expect([found, method]).toEqual([true, 'meaning']);
  expect(answers[0]).toMatchObject({ text: TALK[1], line: 1, start: 5, end: 9 });
  expect(answers[0]?.answer).toMatch(/^twelve euros/);
  expect((await json('When is the next meeting?', 'talk.srt')).answers[0]?.answer).toBe('on Friday afternoon');
  const text = await rushes('ask', 'Why was the launch delayed?', at('talk.srt'), '--limit', '1');
  expect(text.stdout).toBe('00:25.0  The launch was delayed «because the battery supplier went bankrupt».\n');
});

test('a Chinese text answers with line and speaker', async () => {
  const { found, answers } = await json('这个遥控器多少钱？', 'chinese.txt');
  expect(found).toBe(true);
  expect(answers[0]).toMatchObject({ text: CHINESE[1], answer: '十二欧元', line: 1, speaker: '李四' });
  expect((await json('下次会议是什么时候？', 'chinese.txt')).answers[0]?.answer).toBe('星期五下午三点');
});

test('what is not said is not found, and the nearest sentences follow', async () => {
  expect((await json('Which football team won the championship?', 'talk.srt')).found).toBe(false);
  expect((await json('哪支足球队赢得了冠军？', 'chinese.txt')).found).toBe(false);
  const text = await rushes('ask', 'Which football team won the championship?', at('talk.srt'), '--limit', '2');
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/^Not found: .+\n.+:\n( {2}00:.+\n){2}$/);
  expect(text.stdout).not.toContain('«');
});

test('a language that no encoder knows is said; no question is wrong usage', async () => {
  writeFileSync(at('russian.txt'), 'Проект стоит пятьдесят тысяч евро.\nСобака бежит по берегу моря.\n');
  const result = await rushes('ask', 'Сколько стоит проект?', at('russian.txt'), '--json');
  expect(result.stderr).toMatch(/words alone/);
  expect(resultSchema.parse(JSON.parse(result.stdout))).toMatchObject({ method: 'words', answers: [{ line: 0 }] });
  expect((await rushes('ask', '???', at('talk.srt'))).code).toBe(2);
  expect((await rushes('ask', 'Who?', at('talk.srt'), '--limit', '0')).code).toBe(2);
});
