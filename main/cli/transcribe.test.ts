import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCaptions } from '../../shared/captions/formats/index.ts';
import { toSeconds } from '../../shared/time.ts';
import { openLibrary } from '../library/library.ts';
import { probeMedia } from '../media/probe.ts';
import { CommandLine, finished, hashOf, jsonLines, type Finished } from './testing/command.ts';

const SPEECH = join(import.meta.dirname, '..', '..', 'e2e', 'media', 'jfk.flac');
let folder: string;
let line: CommandLine;
beforeAll(async () => {
  line = await CommandLine.build();
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

it('goes on where it was after its process was killed', async () => {
  const long = join(folder, 'long.flac');
  const once = join(folder, 'once.flac');
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-i', SPEECH, '-af', 'apad=pad_dur=4', once]);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-stream_loop', '5', '-i', once, long]);
  const data = join(folder, 'killed');
  const child = line.start(['transcribe', '--json', '--no-speakers', '--language', 'en', long], { data });
  const ended = finished(child);
  child.stdout?.on('data', (text: Buffer) => text.toString().includes('"type":"cue"') && child.kill('SIGKILL'));
  expect(await ended).toMatchObject({ signal: 'SIGKILL' });

  const { id } = await probeMedia(long);
  const stored = (): number => {
    const library = openLibrary({ folder: data, searchTerms: () => [] });
    const words = library.latestSpeech(id, 'speech').reduce((sum, event) => sum + (event.type === 'words' ? event.words.length : 0), 0);
    library.close();
    return words;
  };
  const before = stored();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(100);

  const again = await line.run(['transcribe', '--json', '--no-speakers', '--language', 'en', long], { data });
  const told = jsonLines(again.stdout) as { type: string; text?: string; cached?: boolean; words?: number }[];
  expect(told.at(-1)).toMatchObject({ type: 'done', cached: false });
  // Were it begun anew, what was there would be there twice.
  expect(stored()).toBe(told.at(-1)?.words);
  const text = told.flatMap((event) => (event.type === 'cue' ? [event.text ?? ''] : [])).join(' ');
  expect(text.match(/fellow Americans/g)).toHaveLength(6);
}, 120_000);
