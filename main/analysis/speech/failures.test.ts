/** What recognisers are known to get wrong, each on sound that provokes it; and sound in odd forms. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toSeconds } from '../../../shared/time.ts';
import { clip } from '../testAnalysis.ts';
import { hearFile, makeSound, NO_FLITE, openSpeechBench, say, type Heard, type SpeechBench } from './testSpeech.ts';

let bench: SpeechBench;
let railway: string;
let garden: string;
beforeAll(async () => {
  bench = await openSpeechBench();
  if (NO_FLITE[0]) return;
  railway = make('railway.wav', ...say('Good morning everybody. Today we are going to talk about the history of the railway.'), '-ar', '16000');
  garden = make('garden.wav', ...say('The garden behind the house is full of yellow flowers. They were planted in the spring.'), '-ar', '16000');
}, 60_000);
afterAll(() => bench.close());

const make = (name: string, ...args: string[]): string => makeSound(bench, name, ...args);
const times = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
/** How far words begin from where they do in another hearing of the same words: the middle one and the worst, seconds. */
function apart(a: Heard, b: Heard): { median: number; most: number } {
  const sorted = startsOf(a).map((start, index) => Math.abs(start - (startsOf(b)[index] ?? Infinity))).sort((x, y) => x - y);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 };
}

const startsOf = ({ cues }: Heard): number[] => cues.flatMap(({ words }) => words.map(({ start }) => toSeconds(start)));

/** Sounds one after another, `pause` seconds apart. */
function joined(name: string, pause: number, ...paths: string[]): string {
  const padded = paths.map((_, index) => `[${index}]aresample=16000,aformat=channel_layouts=mono,apad=pad_dur=${pause}[p${index}]`).join(';');
  const all = paths.map((_, index) => `[p${index}]`).join('');
  return make(name, ...paths.flatMap((path) => ['-i', path]), '-filter_complex', `${padded};${all}concat=n=${paths.length}:v=0:a=1`);
}

describe.skipIf(NO_FLITE[0])('repeats', () => {
  it('that are said are all there, where they are said', async () => {
    const sentence = make('train.wav', ...say('The train to Boston leaves at nine.'), '-ar', '16000');
    const heard = await hearFile(bench, joined('chorus.wav', 0.4, ...Array<string>(8).fill(sentence)));
    expect(times(heard.text, /train to boston leaves/g)).toBe(8);
    const begins = heard.cues.flatMap(({ words }) => words.filter(({ text }) => text === 'train').map(({ start }) => toSeconds(start)));
    for (const [index, begin] of begins.entries()) expect(begin - (begins[0] ?? 0)).toBeCloseTo(index * 2.875, 1);
  }, 60_000);

  it('that the recogniser loops on are as many as were said', async () => {
    // Whisper writes this twice as often as it is said.
    const { text } = await hearFile(bench, make('praise.wav', ...say('very good. '.repeat(8).trim(), 'rms'), '-ar', '16000'));
    expect(times(text, /very good/g)).toBeGreaterThanOrEqual(7);
    expect(times(text, /very good/g)).toBeLessThanOrEqual(9);
  }, 60_000);
});

describe.skipIf(NO_FLITE[0])('languages', () => {
  it('that change are followed, and each keeps its words', async () => {
    const { text, events } = await hearFile(bench, joined('flip.wav', 4, clip('railway-de.flac'), clip('jfk.flac'), clip('railway-fr.flac')), { language: 'auto' });
    expect(events.flatMap((event) => (event.type === 'language' ? [event.language] : []))).toEqual(['de', 'en', 'fr']);
    expect(text).toMatch(/guten morgen heute sprechen wir über die geschichte/);
    expect(text).toMatch(/ask not what your country can do for you/);
    expect(text).toMatch(/bonjour à tous .*nous allons parler de l ?histoire du chemin de fer/);
  }, 60_000);

  it('that change without much of a pause lose nothing', async () => {
    const { text } = await hearFile(bench, joined('quick.wav', 1, garden, clip('railway-fr.flac'), garden), { language: 'auto' });
    expect(times(text, /garden behind the house is full of yellow flowers/g)).toBe(2);
    expect(text).toMatch(/nous allons parler/);
  }, 60_000);
});

describe.skipIf(NO_FLITE[0])('sound in odd forms', () => {
  it('has the same words at the same times', async () => {
    const plain = await hearFile(bench, railway);
    const forms: [string, string[]][] = [
      ['telephone.wav', ['-ar', '8000', '-ac', '1']],
      ['studio.flac', ['-ar', '96000', '-sample_fmt', 's32']],
      ['cinema.mka', ['-af', 'aresample=48000,pan=5.1|FC=c0', '-c:a', 'ac3', '-b:a', '384k']],
    ];
    for (const [name, args] of forms) {
      const heard = await hearFile(bench, make(name, '-i', railway, ...args));
      expect(heard.text, name).toBe(plain.text);
      expect(apart(heard, plain).median, name).toBeLessThan(0.1);
      expect(apart(heard, plain).most, name).toBeLessThan(0.25);
    }
    const picture = ['-f', 'lavfi', '-i', 'color=c=gray:s=64x64:r=25:d=20'];
    const short = await hearFile(bench, make('short.mp4', ...picture, '-i', railway, '-map', '0', '-map', '1', '-c:a', 'aac'));
    expect(short.text).toBe(plain.text);
    expect(apart(short, plain).median).toBeLessThan(0.1);
    expect(apart(short, plain).most).toBeLessThan(0.25);
  }, 90_000);

  it('has what comes after broken packets where it is said', async () => {
    const path = joined('whole.ts', 2, railway, garden);
    const whole = await hearFile(bench, path);
    const bytes = readFileSync(path);
    // In the pause between the two.
    bytes.fill(0xff, Math.round(bytes.length * 0.47), Math.round(bytes.length * 0.53));
    const broken = join(bench.folder, 'broken.ts');
    writeFileSync(broken, bytes);
    const heard = await hearFile(bench, broken);
    expect(heard.text).toContain('history of the railway');
    expect(heard.text).toContain('planted in the spring');
    const last = (of: Heard): number => startsOf(of).at(-1) ?? 0;
    expect(Math.abs(last(heard) - last(whole))).toBeLessThan(0.1);
  }, 60_000);
});
