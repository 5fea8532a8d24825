/** What `rushes doctor` says about providers and models, in the language of the process. */
import { availableParallelism } from 'node:os';
import { ExpectedError } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import type { DoctorReport } from '../../shared/ipc/engine.ts';
import { PROVIDERS, type Provider } from '../../shared/settings.ts';
import { isPreferred, type Int8Measurement } from './int8.ts';
import type { Providers } from './providers.ts';
import type { CheckedModel, ModelRegistry } from './registry.ts';
import { processorName } from './runtime.ts';
import type { Verdict } from './trial.ts';

type ProviderLine = DoctorReport['providers'][number];
type ModelLine = DoctorReport['models'][number];

/**
 * Every provider there is, tried with the smallest network of `models` (those whose files are in order). What was absent or
 * broken before is tried anew. Graphs that are arithmetic without weights (`source` is empty) would say little of a GPU.
 */
export async function reportProviders(providers: Providers, models: CheckedModel[]): Promise<ProviderLine[]> {
  providers.forgetFailures(models);
  const smallest = models.filter(({ entry }) => entry.source.length > 0).toSorted((a, b) => a.entry.bytes - b.entry.bytes)[0] ?? null;
  const lines: ProviderLine[] = [];
  for (const provider of PROVIDERS) lines.push(await providerLine(provider, providers, smallest));
  return lines;
}

async function providerLine(provider: Provider, providers: Providers, smallest: CheckedModel | null): Promise<ProviderLine> {
  if (provider === 'cpu') {
    const detail = m.cli_doctor_provider_cpu({ processor: processorName(), threads: availableParallelism() });
    return { provider, state: 'ok', detail };
  }
  if (!providers.candidates().includes(provider) || !smallest) {
    const missing = provider === 'cuda' && process.platform !== 'darwin';
    return { provider, state: 'absent', detail: missing ? m.cli_doctor_provider_no_cuda_library() : m.cli_doctor_provider_not_here() };
  }
  return { provider, ...describe(await providers.verdict(smallest, provider, { patient: false })) };
}

function describe({ state, reason, milliseconds, cpuMilliseconds }: Verdict): Pick<ProviderLine, 'state' | 'detail'> {
  const times = { time: (milliseconds ?? 0).toFixed(1), cpu: (cpuMilliseconds ?? 0).toFixed(1) };
  switch (state) {
    case 'ok':
      return { state: 'ok', detail: m.cli_doctor_provider_faster(times) };
    case 'slower':
      return { state: 'ok', detail: m.cli_doctor_provider_slower(times) };
    case 'late':
      return { state: 'failed', detail: m.cli_doctor_provider_late() };
    case 'wrong_answer':
      return { state: 'wrong_answer', detail: m.cli_doctor_provider_wrong({ reason: reason ?? '' }) };
    case 'failed':
      return { state: 'failed', detail: m.cli_doctor_provider_failed({ reason: reason ?? '' }) };
    case 'absent':
      return { state: 'absent', detail: m.cli_doctor_provider_absent() };
  }
}

export interface ModelReportOptions {
  registry: ModelRegistry;
  providers: Providers;
  setting: Provider | 'auto';
  /** Measures the int8 form of a float model, or remembers; null when it doesn't come into question (a GPU runs the float one). */
  int8(floatId: string): Promise<Int8Measurement | null>;
}

export async function reportModels(options: ModelReportOptions): Promise<ModelLine[]> {
  const lines: ModelLine[] = [];
  for (const { id } of options.registry.entries) lines.push(await modelLine(id, options));
  return lines;
}

async function modelLine(id: string, options: ModelReportOptions): Promise<ModelLine> {
  const { registry } = options;
  const { what, licence, bytes, int8Of } = registry.entry(id);
  const facts = { id, what, licence, bytes, file: registry.pathOf(id) };
  let checked: CheckedModel;
  try {
    checked = await registry.check(id);
  } catch (error) {
    return { ...facts, state: fileStateOf(error), runsOn: null, note: null };
  }
  const place = await placeOf(checked, options);
  const note = int8Of === null ? place.note : ((await int8Note(int8Of, options)) ?? place.note);
  return { ...facts, state: 'ok', runsOn: place.runsOn, note };
}

function fileStateOf(error: unknown): ModelLine['state'] {
  if (!(error instanceof ExpectedError)) throw error;
  if (error.code === 'model_missing') return 'missing';
  return error.code === 'model_short' ? 'short' : 'altered';
}

async function placeOf(model: CheckedModel, { providers, setting }: ModelReportOptions): Promise<Pick<ModelLine, 'runsOn' | 'note'>> {
  try {
    const runsOn = await providers.choose(model, setting);
    if (setting !== 'auto') return { runsOn, note: m.cli_doctor_model_forced() };
    if (runsOn !== 'cpu') return { runsOn, note: m.cli_doctor_model_measured() };
    const others = await Promise.all(providers.candidates().map((one) => providers.verdict(model, one, { patient: false })));
    const rivals = others.some(({ state }) => state === 'slower' || state === 'late');
    return { runsOn, note: rivals ? m.cli_doctor_model_cpu_fastest() : m.cli_doctor_model_only() };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { runsOn: null, note: m.cli_doctor_model_forced_unusable({ provider: setting }) };
  }
}

async function int8Note(floatId: string, options: ModelReportOptions): Promise<string | null> {
  // With the float form's file gone there is nothing to compare with; its own line says so.
  const measured = await options.int8(floatId).catch(() => null);
  if (!measured) return null;
  const gain = (measured.floatMilliseconds / measured.int8Milliseconds).toFixed(1);
  if (isPreferred(measured)) return m.cli_doctor_int8_used({ gain });
  return measured.difference === null ? m.cli_doctor_int8_unused({ gain }) : m.cli_doctor_int8_wrong();
}
