/**
 * `bench speech`: transcription beside faster-whisper on the same six minutes in the same run, the first cue of an hour, words invented
 * where nobody speaks, and the cost of finding silences. `bench speech-memory`: three hours in one process.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Inference } from '../inference/types.ts';
import { commandLine } from './commandLine.ts';
import { clipsOf } from './evalSpeech.ts';
import { countErrors, rateOf } from './speech/errorRate.ts';
import { transcribeFile } from './speech/ours.ts';
import { Reference } from './speech/reference.ts';
import { ffmpeg, joined, RATE, repeated, reversed, samplesOf, soundFolder, wordless, writeWave } from './speech/sounds.ts';
import { machineLine, report, type Figure } from './table.ts';

export interface SpeechBenchOptions {
  /** Folder with refs.tsv and clips; without it the bundled speech is repeated. */
  data: string;
  /** Bundled speech: path and words. */
  bundled: readonly [string, string];
  rounds: number;
  /** Minutes of each sound without words. */
  quietMinutes: number;
  inference: Inference;
  print(line: string): void;
}

const SPEED_MINUTES = 6;
/** Seconds of silence between the clips that are put together. */
const CLIP_GAP = 0.6;

interface Material {
  path: string;
  text: string;
  seconds: number;
}

export async function run(options: SpeechBenchOptions): Promise<boolean> {
  const { print } = options;
  print(machineLine());
  const material = await sixMinutes(options);
  const figures = [
    ...(await speed(material, options)),
    ...(await firstCue(material.path, print)),
    ...(await invented(material.path, options)),
    ...(await silences(material.path, print)),
  ];
  return report(figures, print);
}

/** English clips one after another until there are six minutes. */
async function sixMinutes({ data, bundled, print }: SpeechBenchOptions): Promise<Material> {
  const clips = (await clipsOf(data))?.filter((clip) => clip.language === 'en') ?? [];
  if (clips.length === 0) print(`No folder ${data}: the bundled speech is repeated instead.`);
  const source = clips.length > 0 ? clips : [{ path: bundled[0], text: bundled[1] }];
  const sounds = await Promise.all(source.map((clip) => samplesOf(clip.path)));
  const [parts, texts]: [Int16Array[], string[]] = [[], []];
  for (let i = 0, length = 0; length < SPEED_MINUTES * 60 * RATE; i = (i + 1) % source.length) {
    const sound = sounds[i] ?? new Int16Array();
    parts.push(sound);
    texts.push(source[i]?.text ?? '');
    length += sound.length + CLIP_GAP * RATE;
  }
  const samples = joined(parts, CLIP_GAP);
  const path = join(soundFolder(), 'six-minutes.wav');
  writeWave(path, samples);
  return { path, text: texts.join(' '), seconds: samples.length / RATE };
}

async function speed({ path, text, seconds }: Material, { inference, rounds, print }: SpeechBenchOptions): Promise<Figure[]> {
  const reference = await Reference.open(print);
  const times: Record<'ours' | 'speakers' | 'sequential' | 'batched', { wall: number; cpu: number; errors: number }[]> = { ours: [], speakers: [], sequential: [], batched: [] };
  try {
    // What a first run measures about this machine, and the reference's own first run, are not part of the comparison.
    await transcribeFile(path, inference, { language: 'en', speakers: false });
    for (let round = 0; round < rounds; round++) {
      for (const speakers of [false, true]) {
        const ours = await transcribeFile(path, inference, { language: 'en', speakers });
        times[speakers ? 'speakers' : 'ours'].push({ wall: ours.seconds, cpu: ours.cpu, errors: rateOf([countErrors(text, ours.text, 'en')]) });
      }
      for (const mode of ['sequential', 'batched'] as const) {
        const theirs = await reference.transcribe({ path, mode, language: 'en' });
        times[mode].push({ wall: theirs.seconds, cpu: theirs.cpu, errors: rateOf([countErrors(text, theirs.text, 'en')]) });
      }
    }
  } finally {
    reference.close();
  }
  const best = (name: keyof typeof times) => times[name].reduce((least, one) => (one.wall < least.wall ? one : least));
  const [ours, speakers, sequential, batched] = [best('ours'), best('speakers'), best('sequential'), best('batched')];
  for (const [name, { wall, cpu, errors }] of Object.entries({ ours, 'ours with speakers': speakers, 'faster-whisper sequential': sequential, 'faster-whisper batched 8': batched })) {
    print(`  ${name.padEnd(26)} ${wall.toFixed(2)} s for ${seconds.toFixed(0)} s of English (processor ${cpu.toFixed(1)} s), errors ${(errors * 100).toFixed(1)} %`);
  }
  return [
    { name: 'faster than sequential', value: sequential.wall / ours.wall, unit: 'times', target: { kind: 'at_least', value: 1.9 } },
    { name: 'faster than batched', value: batched.wall / ours.wall, unit: 'times', target: { kind: 'at_least', value: 1.4 } },
    { name: 'errors beside sequential', value: ours.errors * 100, unit: '%', reference: { name: 'sequential', value: sequential.errors * 100 }, target: { kind: 'at_most', value: sequential.errors * 100 } },
    { name: 'errors beside batched', value: ours.errors * 100, unit: '%', reference: { name: 'batched', value: batched.errors * 100 }, target: { kind: 'at_most', value: batched.errors * 100 } },
  ];
}

async function firstCue(source: string, print: (line: string) => void): Promise<Figure[]> {
  const hour = await repeated(source, 60, 'one-hour.flac');
  const started = performance.now();
  let first: number | null = null;
  await commandLine(['transcribe', hour, '--language', 'auto', '--json'], (event, stop) => {
    if (event.type !== 'cue') return;
    first ??= (performance.now() - started) / 1000;
    stop();
  });
  if (first === null) print('The hour gave no cue.');
  return [{ name: 'first cue of an hour, from the command', value: first ?? Infinity, unit: 's', target: { kind: 'at_most', value: 6 } }];
}

async function invented(source: string, { inference, quietMinutes, print }: SpeechBenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, path] of await wordless(quietMinutes)) {
    const { cues } = await transcribeFile(path, inference);
    figures.push({ name: `cues in ${quietMinutes} min of ${name}`, value: cues.length, unit: 'cues', target: { kind: 'at_most', value: 0 } });
  }
  const backwards = await transcribeFile(await reversed(source, 300), inference);
  print(`Five minutes of speech backwards gave ${backwards.words.length} words: ${backwards.text.slice(0, 200)}`);
  return figures;
}

/** `tighten --dry-run` on an hour beside ffmpeg's bare decoding of its sound. */
async function silences(source: string, print: (line: string) => void): Promise<Figure[]> {
  const hour = await repeated(source, 60, 'one-hour.flac');
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
  };
  const [decodes, tightens]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    decodes.push(await timed(() => ffmpeg(['-i', hour, '-f', 'null', '-'])));
    tightens.push(await timed(() => commandLine(['tighten', hour, '--dry-run', '--json'], () => undefined)));
  }
  const [decode, tighten] = [Math.min(...decodes), Math.min(...tightens)];
  print(`An hour: decoded in ${decode.toFixed(2)} s, silences found in ${tighten.toFixed(2)} s with the start of the command`);
  return [{ name: 'tighten beside decoding an hour', value: tighten / decode, unit: 'times', target: { kind: 'at_most', value: 1.2 } }];
}

/** Peak memory of the command line on `hours` of speech. */
export async function runMemory({ hours, ...options }: SpeechBenchOptions & { hours: number }): Promise<boolean> {
  const { print } = options;
  print(machineLine());
  const { path } = await sixMinutes(options);
  const long = await repeated(path, hours * 60, 'hours.flac');
  const started = performance.now();
  let cues = 0;
  const peaks = await commandLine(['transcribe', long, '--language', 'en', '--json'], (event) => void (event.type === 'cue' && cues++));
  const seconds = (performance.now() - started) / 1000;
  print(`${hours} hours: ${cues} cues in ${seconds.toFixed(0)} s (${((hours * 3600) / seconds).toFixed(1)} times as fast as speech)`);
  return report(
    [
      { name: `peak memory, ${hours} h`, value: peaks.process / 1e6, unit: 'MB', target: { kind: 'at_most', value: 1300 } },
      { name: 'with ffmpeg', value: peaks.tree / 1e6, unit: 'MB', target: null },
    ],
    print,
  );
}

/** Bundled speech: the one clip with spoken words, and what is said in it. */
export function bundledSpeech(root: string): [string, string] {
  const path = join(root, 'e2e', 'media', 'jfk.flac');
  if (!existsSync(path)) throw new Error(`${path} is not there`);
  return [path, 'And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.'];
}
