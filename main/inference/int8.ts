/** Whether the int8 form of a model is worth using on this processor: measured, not guessed from its name. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import { disagreement, QUANTISED } from './agreement.ts';
import { probeInput } from './probe-input.ts';
import type { CheckedModel } from './registry.ts';
import { machineName, runtimeFacts } from './runtime.ts';
import type { Facts } from './types.ts';
import { trialIsolation, WorkerClient, type RunAnswer } from './worker-client.ts';

/** Below this gain the float form stays: int8 is less sure on slow fades. */
const SMALLEST_GAIN = 1.2;
/** Odd, so that the median is one of them; the first, slower one never is. */
const ROUNDS = 3;
/** A first round this far from the smallest gain decides alone: the analysis that asks is waiting. */
const CLEAR = 1.25;

const measurementSchema = z.object({
  floatMilliseconds: z.number(),
  int8Milliseconds: z.number(),
  /** Null: they agree. */
  difference: z.string().nullable(),
});
export type Int8Measurement = z.infer<typeof measurementSchema>;

interface Int8Options {
  float: CheckedModel;
  int8: CheckedModel;
  facts: Facts;
  workerFile: string;
  runtime: string | null;
  /** Ends the measurement: CancelledError. */
  signal: AbortSignal;
}

const keyOf = ({ float, int8 }: Pick<Int8Options, 'float' | 'int8'>): string =>
  `int8:${float.hash}:${int8.hash}:${runtimeFacts().version}:${machineName()}`;

/** What was measured before on this machine, if anything. */
export function rememberedInt8(options: Pick<Int8Options, 'float' | 'int8' | 'facts'>): Int8Measurement | null {
  return measurementSchema.safeParse(options.facts.getFact(keyOf(options))).data ?? null;
}

export function isPreferred({ floatMilliseconds, int8Milliseconds, difference }: Int8Measurement): boolean {
  return difference === null && floatMilliseconds >= SMALLEST_GAIN * int8Milliseconds;
}

/** Runs both forms in turn on the fixed input and remembers the medians. One or two seconds, once. */
export async function measureInt8(options: Int8Options): Promise<Int8Measurement> {
  const { float, int8, facts } = options;
  const clients: WorkerClient[] = [];
  try {
    for (const model of [float, int8]) clients.push(await openOnCpu(model, options));
    const [first, second] = clients;
    if (!first || !second) throw new Error('both forms are needed');
    const answers: [RunAnswer, RunAnswer][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [one, other] = [await runOnce(first, float), await runOnce(second, int8)];
      answers.push([one, other]);
      const gain = one.milliseconds / other.milliseconds;
      if (round === 0 && (gain > CLEAR * SMALLEST_GAIN || gain < SMALLEST_GAIN / CLEAR)) break;
    }
    const [expected, answer] = answers[0] ?? [];
    const measurement: Int8Measurement = {
      floatMilliseconds: median(answers.map(([one]) => one.milliseconds)),
      int8Milliseconds: median(answers.map(([, other]) => other.milliseconds)),
      difference: expected && answer ? disagreement(float.entry, expected.outputs, answer.outputs, QUANTISED) : 'no answer',
    };
    facts.putFact(keyOf(options), measurement);
    return measurement;
  } catch (error) {
    throwIfCancelled(options.signal);
    throw new ExpectedError('model_failed', { model: float.entry.id, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

function openOnCpu(model: CheckedModel, { workerFile, runtime, signal }: Int8Options): Promise<WorkerClient> {
  return WorkerClient.open({
    workerFile,
    runtime,
    isolation: trialIsolation(),
    path: model.path,
    provider: 'cpu',
    threads: availableParallelism(),
    loadLimit: Infinity,
    signal,
  });
}

const runOnce = (client: WorkerClient, model: CheckedModel): Promise<RunAnswer> =>
  client.run(probeInput(model.entry), { keep: false, limit: Infinity });

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
