/** Words whose times are known to the sample, spoken by a synthesizer, against what recognition says. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { transcribeOptionsSchema } from '../../../shared/speech.ts';
import { toSeconds } from '../../../shared/time.ts';
import { probeMedia } from '../../media/probe.ts';
import { NO_FLITE, openSpeechBench, type SpeechBench } from './testSpeech.ts';
import { transcribe } from './transcribe.ts';
import { SPEECH_RATE } from './types.ts';

const SENTENCES = [
  'my brother bought a small wooden boat and painted it bright yellow last summer',
  'please remember to close every window before you leave the office tonight',
  'our train departs from platform seven at half past nine tomorrow morning',
];
/** Seconds, used in turn. */
const GAPS = [0.05, 0.1, 0.2, 0.1, 0.4, 0.06, 0.8, 0.15, 1.6];

let bench: SpeechBench;
beforeAll(async () => {
  bench = await openSpeechBench();
}, 120_000);
afterAll(() => bench.close());

/** The sound of a word without silence around it. */
function say(word: string): Float32Array {
  const bytes = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', `flite=text='${word}':voice=slt`, '-ar', String(SPEECH_RATE), '-f', 'f32le', 'pipe:1']);
  const pcm = new Float32Array(Uint8Array.from(bytes).buffer);
  const limit = 0.01 * pcm.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return pcm.subarray(pcm.findIndex((value) => Math.abs(value) > limit), pcm.findLastIndex((value) => Math.abs(value) > limit) + 1);
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
const share = (values: readonly number[], part: number): number => values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? Infinity;

it('begin within 40 ms at the median and 250 ms at the 95th percentile', async ({ skip }) => {
  skip(...NO_FLITE);
  const parts: Float32Array[] = [new Float32Array(SPEECH_RATE)];
  let position = SPEECH_RATE;
  const truth: { word: string; start: number }[] = [];
  const put = (pcm: Float32Array): void => {
    parts.push(pcm);
    position += pcm.length;
  };
  for (const sentence of SENTENCES) {
    for (const word of sentence.split(' ')) {
      truth.push({ word, start: position / SPEECH_RATE });
      put(say(word));
      put(new Float32Array(Math.round((GAPS[truth.length % GAPS.length] ?? 0) * SPEECH_RATE)));
    }
    put(new Float32Array(SPEECH_RATE));
  }
  const raw = join(bench.folder, 'words.f32');
  writeFileSync(raw, Buffer.concat(parts.map((part) => Buffer.from(Float32Array.from(part).buffer))));
  const path = join(bench.folder, 'words.flac');
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'f32le', '-ar', String(SPEECH_RATE), '-ac', '1', '-i', raw, path]);
  const heard: { text: string; start: number }[] = [];
  const options = { ...transcribeOptionsSchema.parse({ language: 'en', speakers: false }), inference: bench.inference, library: bench.library('words') };
  for await (const event of transcribe(await probeMedia(path), options)) {
    if (event.type === 'cue') heard.push(...event.cue.words.map(({ text, start }) => ({ text: plain(text), start: toSeconds(start) })));
  }
  // Each word as it was heard nearest to where it was said; those heard as other words don't count.
  const errors = truth.flatMap(({ word, start }) => {
    const same = heard.filter(({ text }) => text === word).map((found) => Math.abs(found.start - start));
    return same.length > 0 ? [Math.min(...same)] : [];
  });
  expect(errors.length).toBeGreaterThan(0.8 * truth.length);
  expect(share(errors, 0.5)).toBeLessThanOrEqual(0.04);
  expect(share(errors, 0.95)).toBeLessThanOrEqual(0.25);
}, 120_000);
