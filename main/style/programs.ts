/** Workers of the stylist: one for the models of a look. Those that nothing uses end when another look comes, so that only its models are in memory. */
import { ExpectedError, CancelledError } from '../../shared/errors.ts';
import type { Inference, Program } from '../inference/types.ts';
import { isOutOfMemory } from './generators/enhance.ts';
import { STYLE_PROGRAM, type Answer, type OnFallback, type Question, type QuestionKind, type Questions } from './questions.ts';
import { buffersIn } from './transfer.ts';

interface Held {
  models: readonly string[];
  threads: number | undefined;
  large: boolean;
  program: Promise<Program<Question, Answer>>;
  users: number;
}

/** A worker while somebody uses it. */
export interface StyleProgram {
  /** The typed arrays in `question` are handed over: they are empty afterwards. Rejects with ExpectedError 'model_failed', 'out_of_memory'; CancelledError. */
  ask<K extends QuestionKind>(kind: K, question: Questions[K]['question'], signal: AbortSignal): Promise<Questions[K]['answer']>;
  release(): void;
}

export interface UseOptions {
  /** Default: all cores. */
  threads: number | undefined;
  large: boolean;
  signal: AbortSignal;
}

export class Programs {
  readonly #inference: Inference;
  readonly #onFallback: OnFallback | undefined;
  readonly #held = new Map<string, Held>();
  #closed = false;

  constructor(inference: Inference, onFallback?: OnFallback) {
    this.#inference = inference;
    this.#onFallback = onFallback;
  }

  /**
   * A worker that holds `models`, started if need be: one that holds more serves as well, so that a preview's still doesn't end the worker of the
   * frames around it. Large frames have a worker of their own (`Networks.expect`). To be released. Errors as `Inference.open`.
   */
  async use(models: readonly string[], { threads, large, signal }: UseOptions): Promise<StyleProgram> {
    if (this.#closed) throw new CancelledError();
    const wider = [...this.#held].find(([, held]) => held.threads === threads && held.large === large && models.every((model) => held.models.includes(model)));
    const key = wider?.[0] ?? `${models.join(' ')} ${threads ?? ''} ${large}`;
    const held = wider?.[1] ?? this.#start(key, models, { threads, large });
    held.users++;
    this.#endUnused(key);
    const release = (): void => void held.users--;
    try {
      const program = await held.program;
      return { ask: (kind, question, abort) => ask(program, { kind, ...question } as Question, abort), release };
    } catch (error) {
      release();
      throw signal.aborted ? new CancelledError() : error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#held.values()];
    this.#held.clear();
    await Promise.all(all.map(({ program }) => end(program)));
  }

  #start(key: string, models: readonly string[], { threads, large }: Omit<UseOptions, 'signal'>): Held {
    const options = { program: STYLE_PROGRAM, models, threads, onFallback: this.#onFallback };
    const held: Held = { models, threads, large, program: this.#inference.openProgram<Question, Answer>(options), users: 0 };
    this.#held.set(key, held);
    held.program.catch(() => this.#held.delete(key));
    return held;
  }

  #endUnused(except: string): void {
    for (const [key, { users, program }] of this.#held) {
      if (users > 0 || key === except) continue;
      this.#held.delete(key);
      void end(program);
    }
  }
}

/** One that could not start has nothing to end. */
async function end(program: Promise<Program<Question, Answer>>): Promise<void> {
  const started = await program.catch(() => null);
  await started?.close();
}

async function ask<K extends QuestionKind>(program: Program<Question, Answer>, question: Question, signal: AbortSignal): Promise<Questions[K]['answer']> {
  try {
    return await program.ask(question, { transfer: buffersIn(question), signal });
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'model_failed' && isOutOfMemory(error.params['reason'])) throw new ExpectedError('out_of_memory', {}, { cause: error });
    throw error;
  }
}
