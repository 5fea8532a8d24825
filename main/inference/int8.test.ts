import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createInference } from './index.ts';
import { isPreferred } from './int8.ts';
import { buildWorker, fakeRuntime, memoryFacts, someModels, type Behaviour } from './testRuntime.ts';
import type { Facts } from './types.ts';

let worker: Awaited<ReturnType<typeof buildWorker>>;
const few = someModels('transnetv2', 'transnetv2.int8', 'blazeface');
const cleanups: (() => void)[] = [];

beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => {
  worker.remove();
  few.remove();
});
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

function start(behaviour: Behaviour, facts: Facts = memoryFacts(), candidates: 'cuda'[] = []) {
  const fake = fakeRuntime({ cannedShots: true, ...behaviour });
  cleanups.push(() => fake.remove());
  const inference = createInference({ facts, candidates, runtime: fake.runtime, workerPath: worker.workerPath, modelsDir: few.modelsDir });
  return { inference, log: () => fake.log() };
}

test('int8 is taken where it is clearly faster and agrees; measured once', async () => {
  const facts = memoryFacts();
  const { inference, log } = start({ modelDelay: { 'transnetv2.onnx': 250 } }, facts);
  expect(await inference.prefersInt8('transnetv2')).toBe(true);
  const runs = log().length;
  expect(await inference.prefersInt8('transnetv2')).toBe(true);
  expect(log()).toHaveLength(runs);
  const next = start({}, facts);
  expect(await next.inference.prefersInt8('transnetv2')).toBe(true);
  expect(next.log()).toEqual([]);
});

test('int8 is left where it is slower', async () => {
  const { inference } = start({ modelDelay: { 'transnetv2.int8.onnx': 250 } });
  expect(await inference.prefersInt8('transnetv2')).toBe(false);
  const note = (await inference.modelReport()).find(({ id }) => id === 'transnetv2.int8')?.note;
  expect(note).toMatch(/^Not used here: 0\.\d times/);
});

test('int8 is left where its answers differ, however fast', async () => {
  const { inference } = start({ modelDelay: { 'transnetv2.onnx': 250 }, wrong: ['transnetv2.int8.onnx'] });
  expect(await inference.prefersInt8('transnetv2')).toBe(false);
});

test('int8 doesn’t come into question where another provider runs the float form, nor for models without one', async () => {
  const { inference } = start({ delay: { cpu: 100 } }, memoryFacts(), ['cuda']);
  expect(await inference.prefersInt8('transnetv2')).toBe(false);
  expect(await inference.prefersInt8('blazeface')).toBe(false);
});

test('who waits can stop waiting, and closing ends a measurement without remembering it', async () => {
  const facts = memoryFacts();
  const { inference } = start({ modelDelay: { 'transnetv2.onnx': 300 } }, facts);
  const impatient = new AbortController();
  const waiting = expect(inference.prefersInt8('transnetv2', impatient.signal)).rejects.toMatchObject({ name: 'CancelledError' });
  const patient = expect(inference.prefersInt8('transnetv2')).rejects.toMatchObject({ name: 'CancelledError' });
  impatient.abort();
  await waiting;
  await inference.close();
  await patient;
  expect([...facts.all.keys()].filter((key) => key.startsWith('int8:'))).toEqual([]);
});

test('a clear first round decides; a close one is measured again', async () => {
  const runs = async (behaviour: Behaviour) => {
    const { inference, log } = start(behaviour);
    await inference.prefersInt8('transnetv2');
    return log().filter((line) => line === 'run cpu').length;
  };
  expect(await runs({ modelDelay: { 'transnetv2.onnx': 600, 'transnetv2.int8.onnx': 100 } })).toBe(2);
  expect(await runs({ modelDelay: { 'transnetv2.onnx': 600, 'transnetv2.int8.onnx': 500 } })).toBe(6);
});

test('the smallest gain is 1.2', () => {
  expect(isPreferred({ floatMilliseconds: 120, int8Milliseconds: 100, difference: null })).toBe(true);
  expect(isPreferred({ floatMilliseconds: 119, int8Milliseconds: 100, difference: null })).toBe(false);
  expect(isPreferred({ floatMilliseconds: 500, int8Milliseconds: 100, difference: 'single: off by 0.5' })).toBe(false);
});
