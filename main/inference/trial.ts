/** One provider on trial with one model: does it give the CPU's answer, and sooner? */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { Provider } from '../../shared/settings.ts';
import { disagreement, SAME_MODEL } from './agreement.ts';
import { probeInput } from './probe-input.ts';
import type { CheckedModel } from './registry.ts';
import type { Tensor } from './types.ts';
import { WorkerClient, WorkerFailure } from './worker-client.ts';

/**
 * `ok`: right and faster than the CPU. `slower`: right, but the CPU is faster. `late`: no answer in the time that a
 * faster provider would need. `absent`: this machine has no device or library for it. `failed`: it broke down.
 */
export const verdictSchema = z.object({
  state: z.enum(['ok', 'slower', 'late', 'wrong_answer', 'failed', 'absent']),
  /** The runtime's own words or the measured difference; for the log and for doctor. */
  reason: z.string().nullable(),
  /** Milliseconds of one run, when there was one. */
  milliseconds: z.number().nullable(),
  cpuMilliseconds: z.number().nullable(),
  /** When it was found out, milliseconds since 1970. */
  at: z.number(),
});
export type Verdict = z.infer<typeof verdictSchema>;

export interface TrialOptions {
  model: CheckedModel;
  provider: Provider;
  workerFile: string;
  runtime: string | null;
  isolation: 'thread' | 'process';
  /** Ends the trial: CancelledError, and nothing is known. */
  signal: AbortSignal;
  /** Wait for a slow answer: a person has chosen this provider and only asks whether it is right. */
  patient: boolean;
}

const LOAD_LIMIT_MS = 20_000;
/** For building shaders and kernels in the first run, beside ten times what the CPU needs. */
const FIRST_RUN_EXTRA_MS = 5_000;
const PATIENT_LIMIT_MS = 60_000;

interface Measured {
  outputs: Record<string, Tensor>;
  /** The shorter of two runs after the first; of a hopeless one the first. */
  milliseconds: number;
}

/**
 * Loads, runs and compares, in workers that are gone afterwards. Never rejects for the provider's sake; ExpectedError 'model_failed' when the CPU fails.
 */
export async function tryProvider(options: TrialOptions): Promise<Verdict> {
  try {
    const found = await attempt(options);
    throwIfCancelled(options.signal);
    return found;
  } catch (error) {
    throwIfCancelled(options.signal);
    throw new ExpectedError('model_failed', { model: options.model.entry.id, reason: reasonOf(error) }, { cause: error });
  }
}

async function attempt(options: TrialOptions): Promise<Verdict> {
  const { model, provider } = options;
  let candidate: WorkerClient;
  try {
    candidate = await openFor(options, provider, LOAD_LIMIT_MS);
  } catch (error) {
    return verdict(isAbsence(error) ? 'absent' : 'failed', reasonOf(error));
  }
  try {
    const cpu = await measureCpu(options);
    const tooLate = FIRST_RUN_EXTRA_MS + 10 * cpu.milliseconds;
    const limit = options.patient ? PATIENT_LIMIT_MS : tooLate;
    const began = performance.now();
    const found = await measure(candidate, model, { limit, tooLate }).catch((error: unknown) => error);
    if (!isMeasured(found)) {
      return verdict(performance.now() - began >= limit ? 'late' : 'failed', reasonOf(found), null, cpu.milliseconds);
    }
    const difference = disagreement(model.entry, cpu.outputs, found.outputs, SAME_MODEL);
    const state = difference !== null ? 'wrong_answer' : found.milliseconds < cpu.milliseconds ? 'ok' : 'slower';
    return verdict(state, difference, found.milliseconds, cpu.milliseconds);
  } finally {
    await candidate.kill();
  }
}

const verdict = (state: Verdict['state'], reason: string | null, milliseconds: number | null = null, cpuMilliseconds: number | null = null): Verdict => ({
  state,
  reason,
  milliseconds,
  cpuMilliseconds,
  at: Date.now(),
});

function openFor(options: TrialOptions, provider: Provider, loadLimit: number): Promise<WorkerClient> {
  const { model, workerFile, runtime, signal, isolation } = options;
  return WorkerClient.open({ workerFile, runtime, isolation, path: model.path, provider, threads: availableParallelism(), loadLimit, signal });
}

async function measureCpu(options: TrialOptions): Promise<Measured> {
  const cpu = await openFor(options, 'cpu', Infinity);
  try {
    return await measure(cpu, options.model, { limit: Infinity, tooLate: Infinity });
  } finally {
    await cpu.close();
  }
}

/** Times two more runs after the first, unless that one already took longer than `tooLate`. Milliseconds. */
async function measure(client: WorkerClient, model: CheckedModel, { limit, tooLate }: { limit: number; tooLate: number }): Promise<Measured> {
  const run = () => client.run(probeInput(model.entry), { keep: false, limit });
  const first = await run();
  if (first.milliseconds > tooLate) return first;
  const times = [(await run()).milliseconds, (await run()).milliseconds];
  return { outputs: first.outputs, milliseconds: Math.min(...times) };
}

const isMeasured = (value: unknown): value is Measured => typeof value === 'object' && value !== null && 'outputs' in value;

/** What the runtime says when there is nothing to run on, as against something that broke. */
function isAbsence(error: unknown): boolean {
  const text = reasonOf(error);
  return /adapter|no (supported |available |capable )?(device|gpu)|not (supported|available|found|enabled|compiled)|backend not found|failed to load|cannot open|no such file/i.test(text);
}

/** First line, without the runtime's source location. */
function reasonOf(error: unknown): string {
  const text = error instanceof WorkerFailure || error instanceof Error ? error.message : String(error);
  const line = text.trim().split('\n')[0] ?? '';
  return line.replace(/^\S*\/\S+:\d+ .*?(?:was false\. |\) )/, '').slice(0, 300);
}
