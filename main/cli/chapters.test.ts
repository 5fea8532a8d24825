/** `rushes chapters` on texts, subtitles and a film, with the real encoder. */
import { execFileSync } from 'node:child_process';
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

const COOKING = ['The onions are fried in butter until they are golden.', 'Then the soup needs a litre of broth and some salt.', 'We cook the vegetables slowly so that they stay firm.', 'Fresh bread with butter goes well with the soup.', 'A pinch of pepper makes the broth taste better.', 'The soup is served hot with herbs from the garden.'];
const STARS = ['The telescope shows the rings of Saturn on a clear night.', 'Astronomers measure the distance of stars by their light.', 'A galaxy has hundreds of billions of stars.', 'The moon of Jupiter was discovered with a small telescope.', 'Light from the nearest star takes four years to reach us.', 'Planets move around their star in ellipses.'];
const MONEY = ['The bank raised the interest rate on loans this year.', 'Investors sold their shares when the market fell.', 'The budget of the company grew by five percent.', 'Taxes on profits are paid every quarter to the state.', 'Inflation makes savings in the bank worth less.', 'The price of the shares rose again on Friday.'];
const TALK = [...COOKING, ...STARS, ...MONEY];
const CHINESE = ['洋葱要用黄油炒到金黄色。', '然后往汤里加一升高汤和一点盐。', '蔬菜要慢慢煮，这样口感才好。', '汤做好以后趁热端上桌。', '面包配黄油和汤一起吃很香。', '晴朗的夜晚用望远镜可以看到土星的光环。', '天文学家通过星光测量恒星的距离。', '一个星系里有上千亿颗恒星。', '木星的卫星是用小望远镜发现的。', '最近的恒星的光要走四年才能到达地球。'];

const srt = (lines: readonly string[]): string => lines.map((text, i) => `${i + 1}\n${stamp(i * 5)} --> ${stamp(i * 5 + 4.5)}\n${text}\n`).join('\n');
const stamp = (seconds: number): string => `00:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(Math.floor(seconds % 60)).padStart(2, '0')},${seconds % 1 === 0 ? '000' : '500'}`;

const answerSchema = z.object({ chapters: z.array(z.strictObject({ title: z.string().min(1).max(60), start: z.number().optional(), firstSentence: z.number() })) });
const answer = (result: Finished) => answerSchema.parse(JSON.parse(result.stdout)).chapters;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-chapters-'));
  commandLine = await CommandLine.build();
  writeFileSync(at('talk.txt'), TALK.join('\n'));
  writeFileSync(at('talk.srt'), srt(TALK));
  writeFileSync(at('chinese.txt'), CHINESE.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the topics of a text are found, with the lines where they begin', async () => {
  const found = answer(await rushes('chapters', at('talk.txt'), '--format', 'json'));
  expect(found.map(({ firstSentence }) => firstSentence)).toEqual([0, 6, 12]);
  expect(found.every(({ start }) => start === undefined)).toBe(true);
  expect(new Set(found.map(({ title }) => title)).size).toBe(3);
});

test('pieces of several texts, joined as in Choi’s documents, are parted where they were joined', async () => {
  const pieces = [COOKING.slice(0, 3), MONEY.slice(0, 4), STARS.slice(0, 3), COOKING.slice(3), MONEY.slice(4), STARS.slice(3)];
  writeFileSync(at('joined.txt'), pieces.flat().join('\n'));
  const found = answer(await rushes('chapters', at('joined.txt'), '--format', 'json'));
  expect(found.map(({ firstSentence }) => firstSentence)).toEqual([0, 3, 7, 10, 13, 15]);
});

test('Chinese topics are found by meaning, with Chinese titles', async () => {
  const found = answer(await rushes('chapters', at('chinese.txt'), '--format', 'json', '--count', '2'));
  expect(found.map(({ firstSentence }) => firstSentence)).toEqual([0, 5]);
  for (const { title } of found) expect(title).toMatch(/\p{Script=Han}/u);
});

test('subtitles give times: YouTube text, WebVTT in a file', async () => {
  const youtube = await rushes('chapters', at('talk.srt'), '--count', '3');
  expect(youtube.stdout).toMatch(/^0:00 \S.*\n0:3\d \S.*\n1:0\d \S.*\n$/);
  expect((await rushes('chapters', at('talk.srt'), '--count', '3', '--out', at('chapters.vtt'))).code).toBe(0);
  expect(readFileSync(at('chapters.vtt'), 'utf8')).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:3/);
});

test('wrong numbers, a copy without a media, a missing file', async () => {
  expect((await rushes('chapters', at('talk.txt'), '--count', '0')).code).toBe(2);
  expect((await rushes('chapters', at('talk.txt'), '--detail', 'much')).code).toBe(2);
  expect((await rushes('chapters', at('talk.txt'), '--out', at('copy.mp4'))).code).toBe(3);
  expect((await rushes('chapters', at('nothing.txt'))).code).toBe(3);
});

test.skipIf(!execFileSync('ffmpeg', ['-v', 'error', '-filters'], { encoding: 'utf8' }).includes(' flite '))('a film gets a copy with its chapters', async () => {
  writeFileSync(at('said.txt'), 'The soup needs a litre of broth and some salt. We cook the vegetables slowly. The telescope shows the rings of Saturn on a clear night. A galaxy has billions of stars.');
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', `flite=textfile=${at('said.txt')}:voice=slt`, '-f', 'lavfi', '-i', 'color=gray:s=320x180:r=10', '-shortest', '-c:v', 'libx264', '-c:a', 'aac', at('film.mp4')]);
  const result = await rushes('chapters', at('film.mp4'), '--language', 'en', '--count', '2', '--out', at('copy.mp4'));
  expect([result.code, result.stderr]).toEqual([0, expect.any(String) as string]);
  const read = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', at('copy.mp4')], { encoding: 'utf8' })) as { chapters: { tags: { title: string } }[] };
  expect(read.chapters.length).toBeGreaterThanOrEqual(1);
  for (const { tags } of read.chapters) expect(tags.title).not.toBe('');
});
