import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctorSchema } from '../../shared/ipc/engine.ts';
import type { Provider } from '../../shared/settings.ts';
import { createInference } from './index.ts';
import { presentCandidates } from './runtime.ts';
import { buildWorker, fakeRuntime, memoryFacts, MODELS, type Behaviour, type FakeRuntime } from './testRuntime.ts';
import type { Facts, Inference } from './types.ts';

let worker: Awaited<ReturnType<typeof buildWorker>>;
const open: { inference: Inference; fake: FakeRuntime }[] = [];

beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker.remove());
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
  const inference = createInference({ facts, provider, candidates, runtime: fake.runtime, workerPath: worker.workerPath, modelsDir: MODELS });
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

test.each<[string, Behaviour]>([
  ['gives wrong answers', { wrong: ['cuda'] }],
  ['is slower than the CPU', { delay: { cpu: 0, cuda: 150 } }],
  ['has no device', { refuse: { cuda: 'Failed to get a WebGPU adapter: No supported adapters' } }],
  ['fails', { failFrom: { cuda: 0 } }],
  ['crashes its process', { crash: ['cuda'] }],
  ['never answers', { hang: ['cuda'] }],
])('a provider that %s is refused, and not tried again', async (_, behaviour) => {
  const facts = memoryFacts();
  const { inference } = start(behaviour, { facts });
  expect(await providerOf(inference)).toBe('cpu');
  const next = start(behaviour, { facts });
  expect(await providerOf(next.inference)).toBe('cpu');
  expect(next.log()).toEqual(['create cpu']);
});

test('what is absent or hopelessly slow with one model isn’t tried with the next', async () => {
  const { inference, log } = start({ refuse: { cuda: 'no supported adapters' } });
  await inference.open('blazeface');
  await inference.open('efficientnet-lite0');
  expect(log().filter((line) => line === 'create cuda')).toHaveLength(1);
});

test('the next candidate gets its turn', async () => {
  const { inference } = start({ wrong: ['cuda'] }, { candidates: ['cuda', 'webgpu'] });
  expect(await providerOf(inference)).toBe('webgpu');
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
    ['wrong', { wrong: ['cuda'] }, 'cuda', 'provider_unavailable'],
    ['broken', { failFrom: { cuda: 0 } }, 'cuda', 'provider_unavailable'],
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
  test('tells every provider and model, in the doctor’s form', async () => {
    const { inference } = start({ wrong: ['webgpu'] }, { candidates: ['cuda', 'webgpu'] });
    const providers = doctorSchema.shape.providers.parse(await inference.providerReport());
    expect(Object.fromEntries(providers.map(({ provider, state }) => [provider, state]))).toEqual({
      cuda: 'ok',
      dml: 'absent',
      coreml: 'absent',
      webgpu: 'wrong_answer',
      cpu: 'ok',
    });
    for (const { detail } of providers) expect(detail).toBeTruthy();
    const models = doctorSchema.shape.models.parse(await inference.modelReport());
    expect(models.map(({ id, state, runsOn }) => [id, state, runsOn])).toContainEqual(['blazeface', 'ok', 'cuda']);
    // Each model is tried on each provider.
  }, 180_000);

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
    const inference = createInference({ facts: memoryFacts(), provider: 'webgpu', workerPath: worker.workerPath, modelsDir: MODELS });
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
