import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctorSchema } from '../../shared/ipc/engine.ts';
import type { Provider } from '../../shared/settings.ts';
import { createInference } from './index.ts';
import { presentCandidates } from './runtime.ts';
import { buildWorker, fakeRuntime, memoryFacts, someModels, type Behaviour, type FakeRuntime } from './testRuntime.ts';
import type { Facts, Inference } from './types.ts';

let worker: Awaited<ReturnType<typeof buildWorker>>;
/** Trials are alike for all models: that each one agrees with itself is shown in models.test.ts. */
const few = someModels('transnetv2', 'transnetv2.int8', 'blazeface');
const open: { inference: Inference; fake: FakeRuntime }[] = [];

beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => {
  worker.remove();
  few.remove();
});
afterEach(async () => {
  delete process.env['RUSHES_PROVIDER'];
  for (const { inference, fake } of open.splice(0)) {
    await inference.close();
    fake.remove();
  }
});

interface Setup {
  facts?: Facts;
  provider?: Provider | 'auto';
  candidates?: Provider[];
}

/** An engine's inference on a runtime whose CPU takes 50 ms longer than the others. */
function start(behaviour: Behaviour, { facts = memoryFacts(), provider = 'auto', candidates = ['cuda'] }: Setup = {}) {
  const fake = fakeRuntime({ cannedShots: true, delay: { cpu: 50 }, ...behaviour });
  const inference = createInference({ facts, provider, candidates, runtime: fake.runtime, workerPath: worker.workerPath, modelsDir: few.modelsDir });
  open.push({ inference, fake });
  return { inference, log: () => fake.log() };
}

const providerOf = async (inference: Inference): Promise<Provider> => (await inference.open('blazeface')).provider;

test('a provider that is right and faster is used, after one trial', async () => {
  const facts = memoryFacts();
  const { inference, log } = start({}, { facts });
  expect(await providerOf(inference)).toBe('cuda');
  const trial = log().length;
  expect(await providerOf(inference)).toBe('cuda');
  expect(log().slice(trial)).toEqual(['create cuda']);
  const next = start({}, { facts });
  expect(await providerOf(next.inference)).toBe('cuda');
  expect(next.log()).toEqual(['create cuda']);
});

test.each<[string, Behaviour, string | null]>([
  ['gives wrong answers', { wrong: ['cuda'] }, 'provider_unavailable'],
  ['is slower than the CPU', { delay: { cpu: 0, cuda: 150 } }, null],
  ['has no device', { refuse: { cuda: 'Failed to get a WebGPU adapter: No supported adapters' } }, 'provider_absent'],
  ['fails', { failFrom: { cuda: 0 } }, 'provider_unavailable'],
  ['crashes its process', { crash: ['cuda'] }, 'provider_unavailable'],
])('a provider that %s is refused, and not tried again; forced, it is used only where it is right', async (_, behaviour, code) => {
  const facts = memoryFacts();
  const { inference } = start(behaviour, { facts });
  expect(await providerOf(inference)).toBe('cpu');
  const next = start(behaviour, { facts });
  expect(await providerOf(next.inference)).toBe('cpu');
  expect(next.log()).toEqual(['create cpu']);
  next.inference.setProvider('cuda');
  if (code === null) expect(await providerOf(next.inference)).toBe('cuda');
  else await expect(providerOf(next.inference)).rejects.toMatchObject({ code, params: { provider: 'cuda' } });
  expect(next.log()).toEqual(code === null ? ['create cpu', 'create cuda'] : ['create cpu']);
});

test('a provider that never answers is refused, and not tried again', async () => {
  const facts = memoryFacts();
  expect(await providerOf(start({ hang: ['cuda'] }, { facts }).inference)).toBe('cpu');
  const next = start({ hang: ['cuda'] }, { facts });
  expect(await providerOf(next.inference)).toBe('cpu');
  expect(next.log()).toEqual(['create cpu']);
});

test('what is absent or hopelessly slow with one model isn’t tried with the next', async () => {
  const { inference, log } = start({ refuse: { cuda: 'no supported adapters' } });
  await inference.open('blazeface');
  await inference.open('transnetv2');
  expect(log().filter((line) => line === 'create cuda')).toHaveLength(1);
});

test('an absence is looked at again after a day', async () => {
  const facts = memoryFacts();
  await providerOf(start({ refuse: { cuda: 'no device' } }, { facts }).inference);
  for (const [key, value] of facts.all) {
    if (key.startsWith('provider:')) facts.all.set(key, { ...(value as object), at: Date.now() - 25 * 3600 * 1000 });
  }
  expect(await providerOf(start({}, { facts }).inference)).toBe('cuda');
});

describe('a forced provider', () => {
  test('is used though it is slower', async () => {
    expect(await providerOf(start({ delay: { cpu: 0, cuda: 100 } }, { provider: 'cuda' }).inference)).toBe('cuda');
  });

  test.each<[string, Behaviour, Provider, string]>([
    ['not there', { refuse: { cuda: 'no device' } }, 'cuda', 'provider_absent'],
    ['not of this system', {}, 'coreml', 'provider_absent'],
  ])('that is %s is an expected error', async (_, behaviour, provider, code) => {
    const opening = start(behaviour, { provider }).inference.open('blazeface');
    await expect(opening).rejects.toMatchObject({ code, params: { provider } });
  });

  test('may be the CPU, without any trial', async () => {
    const { inference, log } = start({}, { provider: 'cpu' });
    expect(await providerOf(inference)).toBe('cpu');
    expect(log()).toEqual(['create cpu']);
  });

  test('comes from the setting, later ones included, unless RUSHES_PROVIDER says otherwise', async () => {
    const { inference } = start({}, { provider: 'cpu' });
    inference.setProvider('auto');
    expect(await providerOf(inference)).toBe('cuda');
    process.env['RUSHES_PROVIDER'] = 'cpu';
    expect(await providerOf(start({}, { provider: 'cuda' }).inference)).toBe('cpu');
    process.env['RUSHES_PROVIDER'] = 'quantum';
    expect(() => start({})).toThrow(expect.objectContaining({ code: 'provider_unknown' }));
  });
});

describe('the report', () => {
  test('tells every provider and model, in the doctor’s form; the next candidate gets its turn', async () => {
    const { inference } = start({ wrong: ['cuda'] }, { candidates: ['cuda', 'webgpu'] });
    const providers = doctorSchema.shape.providers.parse(await inference.providerReport());
    expect(Object.fromEntries(providers.map(({ provider, state }) => [provider, state]))).toEqual({
      cuda: 'wrong_answer',
      dml: 'absent',
      coreml: 'absent',
      webgpu: 'ok',
      cpu: 'ok',
    });
    for (const { detail } of providers) expect(detail).toBeTruthy();
    const models = doctorSchema.shape.models.parse(await inference.modelReport());
    expect(models.map(({ id, state, runsOn }) => [id, state, runsOn])).toEqual(['transnetv2', 'transnetv2.int8', 'blazeface'].map((id) => [id, 'ok', 'webgpu']));
  });

  test('tries again what was absent', async () => {
    const facts = memoryFacts();
    await providerOf(start({ refuse: { cuda: 'no device' } }, { facts }).inference);
    const providers = await start({}, { facts }).inference.providerReport();
    expect(providers.find(({ provider }) => provider === 'cuda')?.state).toBe('ok');
  });

  test('a forced provider that can’t be used leaves the model without a place', async () => {
    const { inference } = start({ refuse: { cuda: 'no device' } }, { provider: 'cuda' });
    const [first] = await inference.modelReport();
    expect(first).toMatchObject({ id: 'transnetv2', state: 'ok', runsOn: null, note: expect.stringContaining('cuda') as string });
  });
});

// Chromium's software Vulkan, which comes with Electron: the real WebGPU provider without a GPU. Right, and some hundred times slower.
const cache = join(homedir(), '.cache', 'rushes');
const softwareVulkan = (existsSync(cache) ? readdirSync(cache) : [])
  .map((name) => join(cache, name, 'vk_swiftshader_icd.json'))
  .find((path) => process.platform === 'linux' && existsSync(path));

test.runIf(softwareVulkan)(
  'the real WebGPU provider gives the CPU’s answer, and is used only when forced where it is slower',
  async () => {
    process.env['VK_ICD_FILENAMES'] = softwareVulkan;
    const inference = createInference({ facts: memoryFacts(), provider: 'webgpu', workerPath: worker.workerPath, modelsDir: few.modelsDir });
    try {
      expect(await providerOf(inference)).toBe('webgpu');
      inference.setProvider('auto');
      expect(await providerOf(inference)).toBe('cpu');
    } finally {
      delete process.env['VK_ICD_FILENAMES'];
      await inference.close();
    }
  },
  180_000,
);

test('CUDA is a candidate only where its library is', () => {
  const libraries = mkdtempSync(join(tmpdir(), 'rushes-libraries-'));
  try {
    mkdirSync(libraries, { recursive: true });
    expect(presentCandidates({ version: '1', libraries }, 'linux')).toEqual(['webgpu']);
    writeFileSync(join(libraries, 'libonnxruntime_providers_cuda.so'), '');
    expect(presentCandidates({ version: '1', libraries }, 'linux')).toEqual(['cuda', 'webgpu']);
    expect(presentCandidates({ version: '1', libraries }, 'win32')).toEqual(['dml', 'webgpu']);
    expect(presentCandidates({ version: '1', libraries }, 'darwin')).toEqual(['coreml', 'webgpu']);
  } finally {
    rmSync(libraries, { recursive: true });
  }
});
