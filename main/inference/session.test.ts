import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createInference } from './index.ts';
import { readManifest } from './manifest.ts';
import { probeInput } from './probe-input.ts';
import { buildWorker, fakeRuntime, memoryFacts, MODELS, type Behaviour, type FakeRuntime } from './testRuntime.ts';
import type { Inference, Tensor } from './types.ts';

let worker: Awaited<ReturnType<typeof buildWorker>>;
let inference: Inference | null = null;
let fake: FakeRuntime | null = null;

/** What is known of this machine once a provider proved itself. */
const proven = memoryFacts();

beforeAll(async () => {
  worker = await buildWorker();
  const tried = start({ delay: { cpu: 50 } }, ['cuda'], proven);
  expect((await tried.open('blazeface')).provider).toBe('cuda');
  await tried.close();
  fake?.remove();
});
afterAll(() => worker.remove());
afterEach(async () => {
  await inference?.close();
  fake?.remove();
  inference = fake = null;
});

function start(behaviour: Behaviour | null, candidates: 'cuda'[] = [], facts = memoryFacts()): Inference {
  fake = behaviour && fakeRuntime(behaviour);
  inference = createInference({ facts, workerPath: worker.workerPath, modelsDir: MODELS, runtime: fake?.runtime, candidates });
  return inference;
}

const afterTrial = (): typeof proven => {
  const facts = memoryFacts();
  for (const [key, value] of proven.all) facts.putFact(key, value);
  return facts;
};

const grey = (level: number): Record<string, Tensor> => ({
  frames: { type: 'uint8', dims: [1, 224, 224, 3], data: new Uint8Array(224 * 224 * 3).fill(level) },
});
const blazeface = readManifest(MODELS).find(({ id }) => id === 'blazeface');
if (!blazeface) throw new Error('no blazeface');
const face = () => probeInput(blazeface);
const score = (answer: Record<string, Tensor>) => Number(answer['faces']?.data[4]);
const best = (answer: Record<string, Tensor>) => Math.max(...Array.from(answer['probabilities']?.data ?? [], Number));

test('answers in order, each request its own', async () => {
  const session = await start(null).open('efficientnet-lite0');
  expect(session.provider).toBe('cpu');
  const alone = [];
  for (const level of [0, 80, 160]) alone.push(best(await session.run(grey(level))));
  const finished: number[] = [];
  const together = await Promise.all(
    [0, 80, 160].map(async (level, index) => {
      const answer = await session.run(grey(level));
      finished.push(index);
      return best(answer);
    }),
  );
  expect(together).toEqual(alone);
  expect(new Set(alone).size).toBe(3);
  expect(finished).toEqual([0, 1, 2]);
});

test('takes over whole buffers and copies parts of larger ones', async () => {
  const session = await start(null).open('efficientnet-lite0');
  const whole = grey(90);
  const first = best(await session.run(whole));
  expect(whole['frames']?.data.length).toBe(0);
  const large = new Uint8Array(3 * 224 * 224 * 3).fill(90);
  const part = { frames: { type: 'uint8' as const, dims: [1, 224, 224, 3], data: large.subarray(224 * 224 * 3, 2 * 224 * 224 * 3) } };
  expect(best(await session.run(part))).toBe(first);
  expect(large.length).toBe(3 * 224 * 224 * 3);
});

test('closing rejects what still runs as cancelled, without running it, and later runs too', async () => {
  const session = await start({ delay: { cpu: 300 } }).open('blazeface');
  const runs = [face(), face(), face(), face(), face()].map((input) => session.run(input));
  const ends = Promise.allSettled(runs);
  await session.close();
  expect(fake?.log().filter((line) => line === 'run cpu').length).toBeLessThan(runs.length);
  for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { name: 'CancelledError' } });
  await expect(session.run(face())).rejects.toMatchObject({ name: 'CancelledError' });
});

test('a wrong input is the model’s failure, and the session goes on', async () => {
  const session = await start(null).open('blazeface');
  const bad = session.run({ frame: { type: 'uint8', dims: [1, 10, 10, 3], data: new Uint8Array(300) } });
  await expect(bad).rejects.toMatchObject({ code: 'model_failed', params: { model: 'blazeface' } });
  expect(score(await session.run(face()))).toBeGreaterThan(0.5);
});

test('a worker that dies fails what it had; the next run finds a new one', async () => {
  const session = await start({ exitAt: { cpu: 1 } }).open('blazeface');
  await session.run(face());
  const lost = await Promise.allSettled([session.run(face()), session.run(face())]);
  for (const end of lost) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'model_failed' } });
  expect(score(await session.run(face()))).toBeGreaterThan(0.5);
  expect(fake?.log().filter((line) => line === 'create cpu')).toHaveLength(2);
});

test.each([
  ['fails', { failFrom: { cuda: 3 } }],
  ['ends its thread', { exitAt: { cuda: 3 } }],
])('a provider that %s in the middle loses no request and no order', async (_, trouble) => {
  const tested = start(trouble, ['cuda'], afterTrial());
  const fallbacks: string[] = [];
  const session = await tested.open('blazeface', { onFallback: (from) => fallbacks.push(from) });
  expect(session.provider).toBe('cuda');
  const finished: number[] = [];
  const inputs = Array.from({ length: 7 }, face);
  const answers = await Promise.all(
    inputs.map(async (input, index) => {
      const answer = await session.run(input);
      finished.push(index);
      return score(answer);
    }),
  );
  expect(new Set(answers).size).toBe(1);
  expect(finished).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(session.provider).toBe('cpu');
  expect(fallbacks).toEqual(['cuda']);
  const again = await tested.open('blazeface');
  expect(again.provider).toBe('cpu');
});

test('a provider that can’t open the session after its trial leaves it to the CPU', async () => {
  const refusing = start({ refuse: { cuda: 'out of memory' } }, ['cuda'], afterTrial());
  const fallbacks: [string, string][] = [];
  const session = await refusing.open('blazeface', { onFallback: (from, reason) => fallbacks.push([from, reason]) });
  expect(session.provider).toBe('cpu');
  expect(fallbacks).toEqual([['cuda', 'out of memory']]);
  expect(score(await session.run(face()))).toBeGreaterThan(0.5);
});
