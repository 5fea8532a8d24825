/** Which provider each model runs on: tried once, remembered for this machine, this runtime and this model's file. */
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import { providerSchema, type Provider } from '../../shared/settings.ts';
import type { CheckedModel } from './registry.ts';
import { machineName, presentCandidates, runtimeFacts } from './runtime.ts';
import { tryProvider, verdictSchema, type Verdict } from './trial.ts';
import type { Facts } from './types.ts';
import { trialIsolation } from './worker-client.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Where a provider is this many times slower than the CPU with one model (a GPU drawn in software), no other model waits for it. */
const HOPELESS = 5;

export interface ProviderOptions {
  facts: Facts;
  workerFile: string;
  runtime: string | null;
  /** Ends trials. */
  signal: AbortSignal;
  /** Null: those of this platform. */
  candidates: Provider[] | null;
}

export class Providers {
  readonly #options: ProviderOptions;
  readonly #runtime = runtimeFacts();
  readonly #machine = machineName();
  readonly #underWay = new Map<string, Promise<Verdict>>();
  #trials: Promise<unknown> = Promise.resolve();

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  candidates(): Provider[] {
    return this.#options.candidates ?? presentCandidates(this.#runtime);
  }

  /**
   * The provider to open `model` on. `auto`: the first candidate that is right and faster than the CPU. A forced one
   * only has to be right: ExpectedError 'provider_absent' or 'provider_unavailable' otherwise.
   */
  async choose(model: CheckedModel, setting: Provider | 'auto'): Promise<Provider> {
    if (setting === 'cpu') return 'cpu';
    if (setting === 'auto') return this.#best(model);
    const { state, reason } = await this.verdict(model, setting, { patient: true });
    if (state === 'ok' || state === 'slower') return setting;
    if (state === 'absent') throw new ExpectedError('provider_absent', { provider: setting });
    throw new ExpectedError('provider_unavailable', { provider: setting, model: model.entry.id, reason: reason ?? state });
  }

  async #best(model: CheckedModel): Promise<Provider> {
    for (const provider of this.candidates()) {
      const { state } = await this.verdict(model, provider, { patient: false });
      if (state === 'ok') return provider;
    }
    return 'cpu';
  }

  /** The remembered verdict, or that of a trial made now. Trials run one after another, so that they don't slow each other. */
  async verdict(model: CheckedModel, provider: Provider, { patient }: { patient: boolean }): Promise<Verdict> {
    if (!this.candidates().includes(provider)) return absent();
    const key = `${this.#key(provider, model.hash)}${patient ? ':patient' : ''}`;
    const running = this.#underWay.get(key);
    if (running) return running;
    const made = this.exclusive(() => this.#remembered(model, provider, patient) ?? this.#try(model, provider, patient));
    this.#underWay.set(key, made);
    try {
      return await made;
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** Runs `work` when no trial or measurement is under way. */
  exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    const next = this.#trials.then(() => {
      throwIfCancelled(this.#options.signal);
      return work();
    });
    this.#trials = next.catch(() => undefined);
    return next;
  }

  /** A provider that broke down in real work: the CPU is used for this model from now on. */
  recordFailure(model: CheckedModel, provider: Provider, reason: string): void {
    this.#remember(model, provider, { state: 'failed', reason, milliseconds: null, cpuMilliseconds: null, at: Date.now() });
  }

  /** Forgets absences and breakdowns, so that the next question makes a new trial: a driver may have come since. */
  forgetFailures(models: CheckedModel[]): void {
    for (const provider of this.candidates()) {
      for (const of of ['any', ...models.map(({ hash }) => hash)]) {
        const found = this.#read(this.#key(provider, of));
        if (found && lifetimeOf(found) !== Infinity) this.#options.facts.putFact(this.#key(provider, of), null);
      }
    }
  }

  #key(provider: Provider, of: string): string {
    return `provider:${provider}:${of}:${this.#runtime.version}:${this.#machine}`;
  }

  #read(key: string): Verdict | null {
    const found = verdictSchema.safeParse(this.#options.facts.getFact(key)).data;
    return found && Date.now() - found.at < lifetimeOf(found) ? found : null;
  }

  #remembered(model: CheckedModel, provider: Provider, patient: boolean): Verdict | null {
    const ofModel = this.#read(this.#key(provider, model.hash));
    const found = ofModel ?? this.#read(this.#key(provider, 'any'));
    if (!found) return null;
    // "Too late for auto" is no answer to "is it right?", nor is another model's slowness.
    const unanswered = found.state === 'late' || (found.state === 'slower' && ofModel === null);
    return patient && unanswered ? null : found;
  }

  #remember(model: CheckedModel, provider: Provider, found: Verdict): void {
    this.#options.facts.putFact(this.#key(provider, model.hash), found);
    const hopeless = found.state === 'late' || (found.state === 'slower' && (found.milliseconds ?? 0) > HOPELESS * (found.cpuMilliseconds ?? Infinity));
    if (found.state === 'absent' || hopeless) this.#options.facts.putFact(this.#key(provider, 'any'), found);
  }

  async #try(model: CheckedModel, provider: Provider, patient: boolean): Promise<Verdict> {
    const { workerFile, runtime, signal } = this.#options;
    const isolation = trialIsolation();
    // Should a driver end the whole engine, it is started again and finds this note.
    if (isolation === 'thread') this.recordFailure(model, provider, 'the engine ended during the trial');
    try {
      const found = await tryProvider({ model, provider, workerFile, runtime, isolation, patient, signal });
      this.#remember(model, provider, found);
      return found;
    } catch (error) {
      this.#options.facts.putFact(this.#key(provider, model.hash), null);
      throw error;
    }
  }
}

/** A device may be added and a driver updated: absences are looked at again after a day, failures after a week. */
function lifetimeOf({ state }: Verdict): number {
  switch (state) {
    case 'absent':
      return DAY_MS;
    case 'failed':
    case 'late':
      return 7 * DAY_MS;
    case 'ok':
    case 'slower':
    case 'wrong_answer':
      return Infinity;
  }
}

const absent = (): Verdict => ({ state: 'absent', reason: null, milliseconds: null, cpuMilliseconds: null, at: Date.now() });

/** RUSHES_PROVIDER overrides the setting (tests, and a way out when the window can't be opened). */
export function providerFromEnvironment(): Provider | 'auto' | null {
  const value = process.env['RUSHES_PROVIDER'];
  if (value === undefined || value === '') return null;
  if (value === 'auto') return 'auto';
  const provider = providerSchema.safeParse(value);
  if (!provider.success) throw new ExpectedError('provider_unknown', { provider: value });
  return provider.data;
}
