/** The recogniser on real speech and on what it must not fall for. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInference } from '../../inference/index.ts';
import { buildWorker, CLIPS, fakeRuntime, memoryFacts, MODELS, type Behaviour } from '../../inference/testRuntime.ts';
import type { Facts, Inference } from '../../inference/types.ts';
import { openRecogniser } from './recogniser.ts';
import { NO_FLITE } from './testSpeech.ts';
import { SPEECH_RATE, type RecognisedChunk, type Recogniser, type SpeechChunk } from './types.ts';

let worker: Awaited<ReturnType<typeof buildWorker>>;
let inference: Inference;
let recogniser: Recogniser;
let jfk: Float32Array<ArrayBuffer>;
let speech: RecognisedChunk;

beforeAll(async () => {
  worker = await buildWorker({ 'speech-worker': 'main/analysis/speech/worker.ts' });
  inference = createInference({ facts: memoryFacts(), provider: 'cpu', workerPath: worker.workerPath, modelsDir: MODELS });
  recogniser = await openRecogniser(inference);
  jfk = pcmOf(['-i', join(CLIPS, 'jfk.flac')]);
  speech = await heard(jfk);
});
afterAll(async () => {
  await recogniser.close();
  await inference.close();
  worker.remove();
});

function pcmOf(input: string[]): Float32Array<ArrayBuffer> {
  const { stdout, status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', ...input, '-ac', '1', '-ar', String(SPEECH_RATE), '-f', 'f32le', '-'], { maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr.toString());
  return new Float32Array(new Uint8Array(stdout).buffer);
}

const spoken = (text: string): Float32Array<ArrayBuffer> => pcmOf(['-f', 'lavfi', '-i', `flite=voice=slt:text='${text}'`]);

const chunk = (pcm: Float32Array<ArrayBuffer>, options: Partial<SpeechChunk> = {}): SpeechChunk => ({ pcm: pcm.slice(), language: 'auto', task: 'transcribe', prompt: '', ...options });

async function heard(pcm: Float32Array<ArrayBuffer>, options: Partial<SpeechChunk> = {}): Promise<RecognisedChunk> {
  const [answer] = await recogniser.recognise([chunk(pcm, options)]);
  if (!answer) throw new Error('no answer');
  return answer;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N} ]/gu, '');

function expectOrder(answer: RecognisedChunk, seconds: number): void {
  let last = 0;
  for (const { start, end, confidence } of answer.words) {
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(seconds + 0.02);
    expect(confidence).toBeGreaterThan(0);
    expect(confidence).toBeLessThanOrEqual(1);
    last = start;
  }
}

test('writes down a speech, word by word, when each is said', () => {
  const answer = speech;
  expect(answer).toMatchObject({ language: 'en', temperature: 0 });
  expect(answer.languageProbability).toBeGreaterThan(0.9);
  expect(plain(answer.text)).toBe('and so my fellow americans ask not what your country can do for you ask what you can do for your country');
  expect(answer.words.map(({ text, space }) => (space ? ' ' : '') + text).join('').trim()).toBe(answer.text);
  expectOrder(answer, jfk.length / SPEECH_RATE);
  const starts = Object.fromEntries(answer.words.map(({ text, start }) => [plain(text), start]));
  // Heard by ear in an editor: "country" for the second time at 9.9 s, "fellow" at 1.2 s.
  expect(starts['fellow']).toBeCloseTo(1.2, 0);
  expect(starts['country']).toBeCloseTo(9.9, 0);
  expect(answer.segments.map(({ text }) => text).join(' ')).toBe(answer.text);
  expect(answer.noSpeech).toBeLessThan(0.1);
});

test('a batch gives each chunk what it gets alone, in order', async () => {
  const parts = [jfk.slice(0, 4 * SPEECH_RATE), jfk, jfk.slice(7.8 * SPEECH_RATE), jfk.slice(3 * SPEECH_RATE, 8 * SPEECH_RATE), jfk];
  const together = await recogniser.recognise(parts.map((pcm) => chunk(pcm)));
  expect(together.map(({ text }) => plain(text).split(' ')[0])).toEqual(['and', 'and', 'ask', 'ask', 'and']);
  expect(together[1]?.text).toBe(together[4]?.text);
  expect(plain(together[2]?.text ?? '')).toBe('ask what you can do for your country');
});

test('the same sound gives the same words', async () => {
  expect(await heard(jfk)).toEqual(speech);
});

test('keeps to a given language, and lists the likeliest', async () => {
  const answer = await heard(jfk, { language: 'de' });
  expect(answer.language).toBe('de');
  expect(answer.languages[0]?.language).toBe('en');
  expect(answer.languageProbability).toBeLessThan(0.1);
});

test('a prompt decides how a name is spelt', async ({ skip }) => {
  skip(...NO_FLITE);
  const pcm = spoken('Good morning. My name is Kathryn Smythe and I live in Tacoma.');
  const without = await heard(pcm, { language: 'en' });
  const named = await heard(pcm, { language: 'en', prompt: 'Kathryn Smythe, Tacoma' });
  expect(without.text).toContain('Catherine');
  expect(named.text).toContain('Kathryn Smythe');
});

test('silence is known for what it is', async () => {
  const answer = await heard(new Float32Array(5 * SPEECH_RATE));
  expect(answer.noSpeech).toBeGreaterThan(0.3);
});

test('what is no speech ends, and says that it went badly', async () => {
  const melody = pcmOf(['-f', 'lavfi', '-i', "aevalsrc='0.3*sin(2*PI*t*(220+110*mod(floor(t*2),5)))':s=16000:d=12"]);
  const answer = await heard(melody, { language: 'en' });
  expect(answer.noSpeech > 0.3 || answer.meanLogProbability < -0.5 || answer.compression > 2.4 || answer.temperature > 0).toBe(true);
  expect(answer.words.length).toBeLessThan(100);
});

test('an abort rejects at once and the next question is answered', async () => {
  const stop = new AbortController();
  const work = recogniser.recognise(Array.from({ length: 8 }, () => chunk(jfk)), stop.signal);
  setTimeout(() => stop.abort(), 150);
  const began = performance.now();
  await expect(work).rejects.toMatchObject({ name: 'CancelledError' });
  expect(performance.now() - began).toBeLessThan(5_000);
  expect((await heard(jfk.slice(7.8 * SPEECH_RATE))).text).toMatch(/country/);
});

async function withRuntime(behaviour: Behaviour, use: (recogniser: Recogniser, fallbacks: string[]) => Promise<void>): Promise<void> {
  const fake = fakeRuntime(behaviour);
  // As after trials that went well.
  const facts: Facts = { getFact: (key) => (key.startsWith('provider:cuda:') ? { state: 'ok', reason: null, milliseconds: 1, cpuMilliseconds: 2, at: Date.now() } : undefined), putFact: () => undefined };
  const own = createInference({ facts, workerPath: worker.workerPath, modelsDir: MODELS, runtime: fake.runtime, candidates: ['cuda'], provider: 'cuda' });
  const fallbacks: string[] = [];
  try {
    await use(await openRecogniser(own, { onFallback: (from, reason) => fallbacks.push(`${from}: ${reason}`) }), fallbacks);
  } finally {
    await own.close();
    fake.remove();
  }
}

test('a provider that breaks down half-way hands its batch to the CPU', async () => {
  await withRuntime({ failFrom: { cuda: 5 } }, async (broken, fallbacks) => {
    expect(broken.provider).toBe('cuda');
    const [answer] = await broken.recognise([chunk(jfk)]);
    expect(plain(answer?.text ?? '')).toContain('fellow americans');
    expect(broken.provider).toBe('cpu');
    expect(fallbacks).toEqual(['cuda: device lost']);
  });
});

test('closing rejects what is under way', async () => {
  const other = await openRecogniser(inference);
  const work = other.recognise([chunk(jfk), chunk(jfk)]);
  const refused = expect(work).rejects.toMatchObject({ name: 'CancelledError' });
  await other.close();
  await refused;
  await expect(other.recognise([chunk(jfk)])).rejects.toMatchObject({ name: 'CancelledError' });
});
