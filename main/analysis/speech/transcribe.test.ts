import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES } from '../../../shared/captions/rules.ts';
import { transcribeOptionsSchema } from '../../../shared/speech.ts';
import { toSeconds } from '../../../shared/time.ts';
import { probeMedia } from '../../media/probe.ts';
import { runningChildren } from '../../media/process.ts';
import { clip } from '../testAnalysis.ts';
import { hearFile, makeSound, NO_FLITE, openSpeechBench, say, type Heard, type SpeechBench } from './testSpeech.ts';
import { transcribe } from './transcribe.ts';

let bench: SpeechBench;
beforeAll(async () => {
  bench = await openSpeechBench();
}, 60_000);
afterAll(() => bench.close());

const make = (name: string, ...args: string[]): string => makeSound(bench, name, ...args);
const RAILWAY = 'Good morning everybody. Today we are going to talk about the history of the railway.';
const GARDEN = 'The garden behind the house is full of yellow flowers. They were planted in the spring.';

const hear = (path: string, options: Record<string, unknown> = {}, library = bench.library(path)): Promise<Heard> => hearFile(bench, path, options, library);
const firstWord = ({ cues }: Heard): number => toSeconds(cues[0]?.words[0]?.start ?? cues[0]?.start ?? (0 as never));

describe('a real recording', () => {
  it('becomes words with times and confidence, and costs nothing the second time', async () => {
    const library = bench.library('jfk');
    const first = await hear(clip('jfk.flac'), { language: 'auto', speakers: true }, library);
    expect(first.text).toBe('and so my fellow americans ask not what your country can do for you ask what you can do for your country');
    expect(first.events.find((event) => event.type === 'language')).toMatchObject({ language: 'en' });
    const words = first.cues.flatMap((cue) => cue.words);
    const ask = words.filter(({ text }) => /^ask/i.test(text)).map(({ start }) => toSeconds(start));
    expect(Math.abs((ask[0] ?? 0) - 3.3)).toBeLessThan(0.15);
    expect(Math.abs((ask[1] ?? 0) - 8.1)).toBeLessThan(0.25);
    for (const [index, word] of words.entries()) {
      expect(word.confidence).toBeGreaterThan(0.2);
      expect(word.start).toBeGreaterThanOrEqual(words[index - 1]?.end ?? 0);
    }
    expect(first.events.at(-1)).toMatchObject({ type: 'done', words: 22, cached: false });
    expect(first.events.filter((event) => event.type === 'speakers').at(-1)).toMatchObject({ speakers: [{ id: 'A' }] });
    const again = await hear(clip('jfk.flac'), { language: 'auto', speakers: true }, library);
    expect(again.cues).toEqual(first.cues);
    expect(again.events.at(-1)).toMatchObject({ type: 'done', seconds: 0, cached: true });
    const short = await hear(clip('jfk.flac'), { language: 'auto', speakers: true, rules: RULES['short-form'] }, library);
    expect(short.cues.length).toBeGreaterThan(first.cues.length);
    expect(short.events.at(-1)).toMatchObject({ cached: true });
  }, 60_000);
});

describe('sound without speech', () => {
  it.each([
    ['silence', ['-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono', '-t', '45']],
    ['noise', ['-f', 'lavfi', '-i', 'anoisesrc=c=pink:d=45:a=0.3:r=16000']],
    ['a melody', ['-f', 'lavfi', '-i', "aevalsrc='0.3*sin(2*PI*t*(220*pow(2,floor(mod(t*3,12))/12)))*(0.6+0.4*sin(10*PI*t))':s=16000:d=45"]],
  ])('%s gives no cue', async (name, args) => {
    const { events, cues } = await hear(make(`${name}.flac`, ...args), { language: 'auto' });
    expect(cues).toEqual([]);
    expect(events.some((event) => event.type === 'warning' && event.code === 'no_speech')).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'done', cues: 0 });
  }, 60_000);
});

describe('times', () => {
  it('stay right after a long pause, and when the sound starts late', async ({ skip }) => {
    skip(...NO_FLITE);
    const speech = make('railway.wav', ...say(RAILWAY), '-ar', '16000');
    const garden = make('garden.wav', ...say(GARDEN), '-ar', '16000');
    const length = Number(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', speech], { encoding: 'utf8' }));
    const drift = await hear(make('drift.wav', '-i', speech, '-i', garden, '-filter_complex', '[0]apad=pad_dur=40[a];[a][1]concat=n=2:v=0:a=1'));
    expect(drift.text).toContain('history of the railway');
    const start = drift.cues.flatMap((cue) => cue.words).find(({ text }) => /garden/i.test(text))?.start;
    expect(toSeconds(start ?? (0 as never))).toBeGreaterThan(length + 40);
    expect(toSeconds(start ?? (0 as never))).toBeLessThan(length + 40.6);
    const early = firstWord(drift);
    const late = await hear(make('late.mp4', '-f', 'lavfi', '-i', 'color=c=gray:s=64x64:r=25:d=12', '-itsoffset', '3', '-i', speech, '-map', '0', '-map', '1', '-c:a', 'aac'));
    expect(Math.abs(firstWord(late) - early - 3)).toBeLessThan(0.06);
  }, 60_000);

  it('words at the edges of chunks are whole: long speech without a pause loses and doubles nothing', async ({ skip }) => {
    skip(...NO_FLITE);
    const text = [
      'one day the farmer walked along the river with his brother and they talked about the weather and the price of apples',
      'while the children played with a small wooden boat near the bridge and their mother read a letter from her sister in the city',
      'who had bought a yellow bicycle last summer and wanted to visit the museum with the silver coins before the end of the week',
      'because the teacher had told her that every window of the old building would be painted white in the first days of october',
    ].join(' ');
    const { text: heard } = await hear(make('long.wav', ...say(text), '-ar', '16000'));
    for (const once of [/farmer/g, /apples/g, /wooden boat/g, /letter/g, /bicycle/g, /museum/g, /teacher/g, /october/g]) expect(heard.match(once)).toHaveLength(1);
    expect(Math.abs(heard.split(' ').length - text.split(' ').length)).toBeLessThanOrEqual(4);
  }, 60_000);
});

it('going on after an interruption gives what an uninterrupted run gives, and cancelling leaves nothing running', async ({ skip }) => {
  skip(...NO_FLITE);
  const parts = [RAILWAY, GARDEN, RAILWAY, GARDEN].map((text, index) => make(`part${index}.wav`, ...say(text), '-ar', '16000'));
  const path = make('four.wav', ...parts.flatMap((part) => ['-i', part]), '-filter_complex', '[0]apad=pad_dur=4[a];[1]apad=pad_dur=4[b];[2]apad=pad_dur=4[c];[a][b][c][3]concat=n=4:v=0:a=1');
  const whole = await hear(path, {}, bench.library('whole'));
  const library = bench.library('broken');
  const media = await probeMedia(path);
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    for await (const event of transcribe(media, { ...transcribeOptionsSchema.parse({ language: 'en', speakers: false }), inference: bench.inference, library, signal: stop.signal })) {
      if (event.type === 'cue') stop.abort();
    }
  };
  await expect(run()).rejects.toMatchObject({ name: 'CancelledError' });
  expect(runningChildren()).toEqual([]);
  const stored = library.latestSpeech(media.id, 'speech').filter((event) => event.type === 'words').length;
  expect(stored).toBeGreaterThan(0);
  const rest = await hear(path, {}, library);
  expect(rest.text).toBe(whole.text);
  expect(rest.cues.map(({ start }) => Math.round(toSeconds(start) * 10))).toEqual(whole.cues.map(({ start }) => Math.round(toSeconds(start) * 10)));
  expect(rest.cues.length).toBeGreaterThan(2);
}, 60_000);

it('two voices are two speakers, each with their own cues', async ({ skip }) => {
  skip(...NO_FLITE);
  const [she, he] = [make('she.wav', ...say(RAILWAY, 'slt'), '-ar', '16000'), make('he.wav', ...say(GARDEN, 'rms'), '-ar', '16000')];
  const path = make('talk.wav', '-i', she, '-i', he, '-i', she, '-filter_complex', '[0]apad=pad_dur=0.8[a];[1]apad=pad_dur=0.8[b];[a][b][2]concat=n=3:v=0:a=1');
  const { cues, events } = await hear(path, { speakers: true });
  expect(events.filter((event) => event.type === 'speakers').at(-1)).toMatchObject({ speakers: [{ id: 'A' }, { id: 'B' }] });
  for (const cue of cues) expect(cue.speaker).toBe(/garden|flowers|planted|spring/.test(cue.text) ? 'B' : 'A');
}, 60_000);

it('damaged packets and a file that stops early are told, and what is whole is heard', async ({ skip }) => {
  skip(...NO_FLITE);
  const speech = make('said.wav', ...say(RAILWAY), '-ar', '16000');
  const bytes = readFileSync(make('said.mp3', '-i', speech, '-b:a', '64k', '-write_xing', '0'));
  bytes.fill(0xff, Math.round(bytes.length * 0.62), Math.round(bytes.length * 0.7));
  const spoilt = join(bench.folder, 'spoilt.mp3');
  writeFileSync(spoilt, bytes);
  const { events, text } = await hear(spoilt);
  expect(events.some((event) => event.type === 'warning' && event.code === 'damaged_sound')).toBe(true);
  expect(text).toMatch(/good morning/);
  await expect(hear(make('mute.mp4', '-f', 'lavfi', '-i', 'color=s=64x64:d=1'))).rejects.toMatchObject({ code: 'no_such_stream' });
}, 60_000);
