/** The sessions one analysis uses, opened as needed and closed together, at once when it is cancelled. */
import { CancelledError } from '../../shared/errors.ts';
import type { Inference, ModelSession, OpenModelOptions } from '../inference/types.ts';

export class SessionPool {
  readonly #inference: Inference;
  readonly #onFallback: NonNullable<OpenModelOptions['onFallback']>;
  readonly #sessions: ModelSession[] = [];
  #closed = false;

  constructor(inference: Inference, onFallback: NonNullable<OpenModelOptions['onFallback']>) {
    this.#inference = inference;
    this.#onFallback = onFallback;
  }

  prefersInt8(model: string): Promise<boolean> {
    return this.#inference.prefersInt8(model);
  }

  /** One thread a session: several run side by side, beside the decoder. */
  async open(model: string): Promise<ModelSession> {
    const session = await this.#inference.open(model, { threads: 1, onFallback: this.#onFallback });
    if (this.#closed) {
      await session.close();
      throw new CancelledError();
    }
    this.#sessions.push(session);
    return session;
  }

  /** Runs under way reject with CancelledError. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#sessions.splice(0).map((session) => session.close()));
  }
}
