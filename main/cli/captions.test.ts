import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRate } from './captionsOptions.ts';
import { CommandLine, jsonLines, type Finished } from './testing/command.ts';

let folder: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);
const rushes = (...args: string[]): Promise<Finished> => commandLine.run(args, { data: at('data') });

/** The first cue has a line of 58 characters, the second begins one frame (at 25) after it and is shown for 0.4 s. */
const FAULTY = `1
00:00:01,000 --> 00:00:05,000
This single line is quite a bit too long to be read easily

2
00:00:05,040 --> 00:00:05,440
Too short.

3
00:00:09,000 --> 00:00:11,000
Fine.
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-captions-'));
  commandLine = await CommandLine.build();
  writeFileSync(at('faulty.srt'), FAULTY);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('captions check', () => {
  it('prints each violation and exits with 4', async () => {
    const result = await rushes('captions', 'check', at('faulty.srt'), '--rules', 'netflix-en', '--json');
    expect(result).toMatchObject({ code: 4, stderr: '' });
    const lines = jsonLines(result.stdout) as { type: string; cue?: number; code?: string; value?: number }[];
    expect(lines.filter((line) => line.type === 'violation').map(({ cue, code, value }) => [cue, code, value])).toEqual([
      [1, 'line_too_long', 58],
      [2, 'too_short', 0.4],
      [2, 'too_fast', 25],
      [2, 'gap_too_small', 1],
    ]);
    expect(lines.at(-1)).toEqual({ type: 'summary', cues: 3, rules: 'netflix-en', violations: 4 });
    const told = await rushes('captions', 'check', at('faulty.srt'));
    expect(told.stdout.split('\n')).toContain('cue 1 at 00:01.000: A line has 58 characters; at most 42.');
  });

  it('mends into a new file, which then passes, and leaves the input', async () => {
    const result = await rushes('captions', 'check', at('faulty.srt'), '--fix');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(at('faulty.srt'), 'utf8')).toBe(FAULTY);
    const again = await rushes('captions', 'check', at('faulty.fixed.srt'), '--rules', 'netflix-en');
    expect(again).toMatchObject({ code: 0, stdout: '3 cues, rules netflix-en, violations: 0\n' });
    const words = (text: string): string[] => text.replaceAll(/[\d:,]+ --> [\d:,]+/g, '').match(/[A-Za-z.]+/g) ?? [];
    expect(words(readFileSync(at('faulty.fixed.srt'), 'utf8'))).toEqual(words(FAULTY));
    expect((await rushes('captions', 'check', at('faulty.srt'), '--fix')).code).toBe(3);
  });

  it('writes over its input only when that is named and asked for', async () => {
    writeFileSync(at('mine.srt'), FAULTY);
    expect((await rushes('captions', 'check', at('mine.srt'), '--fix', '--out', at('mine.srt'))).code).toBe(3);
    expect(readFileSync(at('mine.srt'), 'utf8')).toBe(FAULTY);
    expect((await rushes('captions', 'check', at('mine.srt'), '--fix', '--out', at('mine.srt'), '--overwrite')).code).toBe(0);
    expect(readFileSync(at('mine.srt'), 'utf8')).not.toBe(FAULTY);
  });

  it('lists what can not be met', async () => {
    // Two hundred characters in a second, with neighbours that leave no time.
    const long = 'abcdefghi '.repeat(12).trim();
    writeFileSync(at('packed.srt'), [0, 1, 2].map((n) => `${n + 1}\n00:00:0${n},000 --> 00:00:0${n + 1},000\n${long}\n`).join('\n'));
    const result = await rushes('captions', 'check', at('packed.srt'), '--fix', '--json');
    expect(result.code).toBe(4);
    const unmet = (jsonLines(result.stdout) as { type: string; code?: string }[]).filter((line) => line.type === 'unmet');
    expect(unmet.map((line) => line.code)).toContain('too_fast');
  });
});

describe('captions convert', () => {
  it('converts by the name of the target and says what is lost', async () => {
    writeFileSync(at('in.vtt'), 'WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann>One <00:02.000><i>two</i>\n');
    const srt = await rushes('captions', 'convert', at('in.vtt'), at('out.srt'), '--speakers');
    expect(srt.code).toBe(0);
    expect(readFileSync(at('out.srt'), 'utf8')).toBe('1\n00:00:01,000 --> 00:00:03,000\nAnn: One <i>two</i>\n');
    expect(srt.stderr).toContain('word times');
    expect(srt.stderr).not.toContain('speaker');
    const shown = await rushes('captions', 'convert', at('in.vtt'), '--format', 'ass');
    expect(shown.stdout).toContain('Dialogue: 0,0:00:01.00,0:00:03.00,Default,Ann,0,0,0,,{\\k100}One {\\i1\\k100}two\n');
    expect((await rushes('captions', 'convert', at('in.vtt'), at('out.srt'))).code).toBe(3);
  });

  it('reads another encoding, found or given', async () => {
    const cue = (text: string): string => `1\n00:00:01,000 --> 00:00:03,000\n${text}\n`;
    writeFileSync(at('latin.srt'), Buffer.from(cue('Déjà vu, señor: où êtes-vous né?'), 'latin1'));
    const found = await rushes('captions', 'convert', at('latin.srt'), '--format', 'vtt');
    expect(found.stdout).toContain('Déjà vu, señor: où êtes-vous né?');
    expect(found.stderr).toContain('windows-1252');
    const given = await rushes('captions', 'convert', at('latin.srt'), '--format', 'vtt', '--encoding', 'iso-8859-1');
    expect(given).toMatchObject({ code: 0, stderr: '' });
    expect((await rushes('captions', 'convert', at('latin.srt'), '--format', 'vtt', '--encoding', 'klingon')).code).toBe(3);
  });

  it('refuses what is no subtitle file', async () => {
    writeFileSync(at('noise.srt'), Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)));
    const result = await rushes('captions', 'convert', at('noise.srt'), at('noise.vtt'));
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('noise.srt');
    expect(existsSync(at('noise.vtt'))).toBe(false);
    expect((await rushes('captions', 'convert', at('gone.srt'), at('gone.vtt'))).code).toBe(3);
    expect((await rushes('captions', 'convert', at('faulty.srt'))).code).toBe(2);
  });
});

it('frame rates', () => {
  expect([parseRate('25'), parseRate('23.976'), parseRate('30000/1001'), parseRate('12.5')]).toEqual([
    { num: 25, den: 1 },
    { num: 24000, den: 1001 },
    { num: 30000, den: 1001 },
    { num: 12500, den: 1000 },
  ]);
  expect(() => parseRate('fast')).toThrow();
});
