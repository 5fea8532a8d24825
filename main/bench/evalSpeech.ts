/**
 * `eval speech`: error rates on clips with known texts, ours beside faster-whisper's in the same run, and how far word times are off: on
 * synthetic speech with known times, and at the line starts of a real reading.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toSeconds } from '../../shared/time.ts';
import type { Inference } from '../inference/types.ts';
import { alignWords, countErrors, rateOf, wordsOf } from './speech/errorRate.ts';
import { knownWords, type KnownWord } from './speech/knownTimes.ts';
import { transcribeFile } from './speech/ours.ts';
import { Reference } from './speech/reference.ts';
import { srtLines } from './speech/subtitleTimes.ts';
import { report, type Figure } from './table.ts';

export interface SpeechEvalOptions {
  /** Folder with refs.tsv and its clips. */
  data: string;
  /** Further clips with their words: [path, text, language]. */
  clips: readonly [string, string, string][];
  inference: Inference;
  reference: boolean;
  /** Print what was heard. */
  texts: boolean;
  print(line: string): void;
}

interface Clip {
  name: string;
  path: string;
  text: string;
  language: string;
  /** Printed, but not part of the totals. */
  bundled: boolean;
}

/** Prints everything; true when all targets are met. */
export async function run(options: SpeechEvalOptions): Promise<boolean> {
  const { data, print } = options;
  const clips = await clipsOf(data);
  if (!clips) print(`eval speech: no folder ${data}; only the sounds that are made here are measured. Give another with --data DIR.`);
  const figures = [
    ...(await errorRates([...(clips ?? []), ...options.clips.map(([path, text, language]) => ({ name: path.split(/[\\/]/).at(-1) ?? path, path, text, language, bundled: true }))], options)),
    ...(await knownTimes(options)),
    ...(clips ? await lineStarts(data, options) : []),
  ];
  return report(figures, print);
}

export async function clipsOf(data: string): Promise<Clip[] | null> {
  const text = await readFile(join(data, 'refs.tsv'), 'utf8').catch(() => null);
  if (text === null) return null;
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [name = '', language = '', words = ''] = line.split('\t');
      return { name, path: join(data, name), text: words, language, bundled: false };
    });
}

async function errorRates(clips: readonly Clip[], { inference, print, texts, ...options }: SpeechEvalOptions): Promise<Figure[]> {
  const reference = options.reference ? await Reference.open(print) : null;
  const heard: Heard[] = [];
  print('Errors of words (of characters for Chinese, in Simplified script), language found by itself: ours, faster-whisper base int8');
  try {
    for (const clip of clips) {
      const ours = await transcribeFile(clip.path, inference, { speakers: false });
      const theirs = reference ? await reference.transcribe({ path: clip.path, mode: 'sequential', language: null }) : null;
      const one = { clip, ours: ours.text, theirs: theirs?.text ?? null };
      heard.push(one);
      const share = (text: string | null): string => {
        if (text === null) return '-';
        const count = countErrors(clip.text, text, clip.language);
        return `${count.errors}/${count.length} ${(rateOf([count]) * 100).toFixed(1)} %`;
      };
      print(`  ${clip.name.padEnd(34)} ${ours.language.padEnd(4)} ${share(one.ours).padStart(16)} ${share(one.theirs).padStart(16)}`);
      if (texts) print(`      ours   ${ours.text}\n      theirs ${theirs?.text.trim() ?? '-'}`);
    }
  } finally {
    reference?.close();
  }
  const counted = heard.filter(({ clip }) => !clip.bundled);
  const languages = [...new Set(counted.map(({ clip }) => clip.language))];
  return languages.flatMap((language) => totals(language, counted.filter(({ clip }) => clip.language === language)));
}

interface Heard {
  clip: Clip;
  ours: string;
  theirs: string | null;
}

/** A language's errors as they are, which are held to the reference's, and with numbers said digit by digit counted as right in any writing. */
function totals(language: string, heard: readonly Heard[]): Figure[] {
  const rate = (digits: 'strict' | 'alike', of: (one: Heard) => string | null): number =>
    rateOf(heard.map((one) => countErrors(one.clip.text, of(one) ?? '', language, digits))) * 100;
  const compared = heard.every(({ theirs }) => theirs !== null);
  const beside = (digits: 'strict' | 'alike') => (compared ? { name: 'faster-whisper', value: rate(digits, (one) => one.theirs) } : null);
  const strict = beside('strict');
  return [
    {
      name: `errors, ${language} (${heard.length} files)`,
      value: rate('strict', (one) => one.ours),
      unit: '%',
      reference: strict,
      target: strict ? { kind: 'at_most', value: strict.value } : null,
    },
    { name: '  digits in any writing', value: rate('alike', (one) => one.ours), unit: '%', reference: beside('alike'), target: null },
  ];
}

/** Synthetic speech. Starts and ends are told apart. */
async function knownTimes({ inference, print }: SpeechEvalOptions): Promise<Figure[]> {
  const sounds = await knownWords().catch((error: unknown) => {
    print(`Words at known times were left out: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
  const [starts, ends]: [number[], number[]] = [[], []];
  let known = 0;
  for (const { path, words } of sounds) {
    const heard = await transcribeFile(path, inference, { language: 'en', speakers: false });
    const ours: KnownWord[] = heard.words.map((word) => ({ text: wordsOf(word.text).join(''), start: toSeconds(word.start), end: toSeconds(word.end) }));
    known += words.length;
    for (const [i, j] of alignWords(words.map((word) => word.text), ours.map((word) => word.text))) {
      starts.push(Math.abs((ours[j]?.start ?? 0) - (words[i]?.start ?? 0)));
      ends.push(Math.abs((ours[j]?.end ?? 0) - (words[i]?.end ?? 0)));
    }
  }
  if (sounds.length > 0) print(`Synthetic speech: ${starts.length} of ${known} words heard right and compared`);
  return [...timing('word starts, synthetic', starts, true), ...timing('word ends, synthetic', ends, false)];
}

/** A reading with subtitles: where the first heard word of each line begins. */
async function lineStarts(data: string, { inference, print }: SpeechEvalOptions): Promise<Figure[]> {
  const lines = srtLines(await readFile(join(data, 'sonnet001.srt'), 'utf8'));
  const heard = await transcribeFile(join(data, 'sonnet001.mp3'), inference, { language: 'en', speakers: false });
  const wanted = lines.flatMap((line) => wordsOf(line.text).map((text, i) => ({ text, start: i === 0 ? line.start : null })));
  const ours = heard.words.map((word) => ({ text: wordsOf(word.text).join(''), start: toSeconds(word.start) }));
  const errors = alignWords(wanted.map((word) => word.text), ours.map((word) => word.text)).flatMap(([i, j]) => {
    const start = wanted[i]?.start ?? null;
    return start === null || start === 0 ? [] : [Math.abs((ours[j]?.start ?? 0) - start)];
  });
  print(`A real reading: ${errors.length} of ${lines.length - 1} line starts heard right and compared`);
  return timing('line starts, real reading', errors, true);
}

function timing(name: string, errors: readonly number[], bound: boolean): Figure[] {
  if (errors.length === 0) return [];
  const sorted = [...errors].sort((a, b) => a - b);
  const at = (share: number): number => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 1000;
  return [
    { name: `${name}, median`, value: at(0.5), unit: 'ms', target: bound ? { kind: 'at_most', value: 40 } : null },
    { name: `${name}, 95th percentile`, value: at(0.95), unit: 'ms', target: bound ? { kind: 'at_most', value: 250 } : null },
  ];
}
