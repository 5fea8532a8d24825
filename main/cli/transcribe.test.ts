import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCaptions } from '../../shared/captions/formats/index.ts';
import { toSeconds } from '../../shared/time.ts';
import { CommandLine, hashOf, jsonLines, type Finished } from './testing/command.ts';

const SPEECH = join(import.meta.dirname, '..', '..', 'e2e', 'media', 'jfk.flac');
let folder: string;
let line: CommandLine;
beforeAll(async () => {
  line = await CommandLine.build('cli-transcribe');
  folder = mkdtempSync(join(tmpdir(), 'rushes-transcribe-'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]): Promise<Finished> => line.run(['transcribe', ...args], { data: join(folder, 'data') });

it('writes subtitles, prints events, and keeps files that are there', async () => {
  const before = hashOf(SPEECH);
  const out = join(folder, 'talk.vtt');
  const first = await run(SPEECH, '--out', out);
  expect(first.stderr).toContain('22 words');
  expect(first.code).toBe(0);
  const read = readCaptions(readFileSync(out), { name: out });
  expect(read.format).toBe('vtt');
  expect(read.cues.map(({ text }) => text.replace(/\n/g, ' ')).join(' ')).toMatch(/And so,? my fellow Americans,? ask not .* for your country/i);
  expect(read.speakers).toEqual([]);
  expect(readFileSync(out, 'utf8')).not.toContain('<v ');

  const taken = await run(SPEECH, '--out', out);
  expect(taken.code).toBe(3);
  expect(taken.stderr).toContain('talk.vtt');

  const events = await run(SPEECH, '--json', '--format', 'json', '--out', join(folder, 'talk.json'));
  expect(events.code).toBe(0);
  const told = jsonLines(events.stdout) as { type: string; start: number; end: number; words: { start: number; end: number; confidence: number }[]; cached?: boolean }[];
  const cues = told.filter(({ type }) => type === 'cue');
  expect(cues.map(({ start }) => Math.round(start * 1000))).toEqual(read.cues.map(({ start }) => Math.round(toSeconds(start) * 1000)));
  expect(cues[0]?.words[0]).toMatchObject({ text: 'And' });
  expect(told.at(-1)).toMatchObject({ type: 'done', cached: true, words: 22 });
  expect(readCaptions(readFileSync(join(folder, 'talk.json'))).cues[0]?.words.length).toBeGreaterThan(2);

  const printed = await run(SPEECH, '--rules', 'short-form');
  expect(printed.stdout).toMatch(/^1\n00:00:00,\d{3} --> 00:00:0\d,\d{3}\n/);
  expect(readCaptions(Buffer.from(printed.stdout)).cues.length).toBeGreaterThan(cues.length);
  expect(hashOf(SPEECH)).toBe(before);
  expect(readdirSync(folder).sort()).toEqual(['data', 'talk.json', 'talk.vtt']);
}, 120_000);

it('says what is wrong before any work', async () => {
  const mute = join(folder, 'mute.mp4');
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=s=64x64:d=1', mute]);
  expect(await run(mute)).toMatchObject({ code: 3, stdout: '' });
  for (const args of [['--language', 'english!'], ['--format', 'docx'], ['--rules', 'mine']]) {
    const { code, stderr } = await run(SPEECH, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(args[1]);
  }
  expect(await run(SPEECH, '--out', join(folder, 'no', 'where.srt'))).toMatchObject({ code: 3 });
  expect(await run(SPEECH, '--out', SPEECH, '--overwrite')).toMatchObject({ code: 3 });
}, 120_000);

it('a file without speech is a warning, and its subtitles are empty', async () => {
  const quiet = join(folder, 'quiet.wav');
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', '20', quiet]);
  const { code, stdout, stderr } = await run(quiet);
  expect(code).toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/Nobody speaks in quiet\.wav/);
  writeFileSync(join(folder, 'kept.srt'), 'x');
  expect((await run(quiet, '--out', join(folder, 'kept.srt'))).code).toBe(3);
  expect(existsSync(join(folder, 'kept.srt'))).toBe(true);
  expect(readFileSync(join(folder, 'kept.srt'), 'utf8')).toBe('x');
}, 120_000);
