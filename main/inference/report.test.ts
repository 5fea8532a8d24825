import { resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Providers } from './providers.ts';
import { ModelRegistry } from './registry.ts';
import { reportProviders } from './report.ts';
import { memoryFacts } from './testRuntime.ts';

test('a provider is tried with a network, however small the arithmetic beside it', async () => {
  const registry = new ModelRegistry(resolve(import.meta.dirname, '..', '..', 'models'), memoryFacts());
  const models = await Promise.all(['style-guide', 'blazeface', 'person-matting'].map((id) => registry.check(id)));
  const providers = Object.create(Providers.prototype) as Providers;
  vi.spyOn(providers, 'forgetFailures').mockReturnValue();
  vi.spyOn(providers, 'candidates').mockReturnValue(['webgpu']);
  const verdict = vi.spyOn(providers, 'verdict').mockResolvedValue({ state: 'ok', reason: null, milliseconds: 1, cpuMilliseconds: 1 } as Awaited<ReturnType<Providers['verdict']>>);
  await reportProviders(providers, models);
  expect(verdict.mock.calls.map(([model]) => model.entry.id)).toEqual(['person-matting']);
});
