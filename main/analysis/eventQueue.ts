/** Events from several loops at once, read as one stream. */
import { CancelledError, isCancelled } from '../../shared/errors.ts';
import type { AnalysisEvent } from '../../shared/events.ts';

export class EventQueue<E extends { type: string } = AnalysisEvent> implements AsyncIterable<E> {
  #events: E[] = [];
  #ended = false;
  #failure: { error: unknown } | null = null;
  #wake: (() => void) | null = null;

  push(event: E): void {
    // A reader that is slower than the work needs only the latest progress.
    const last = this.#events.at(-1);
    if (event.type === 'progress' && last?.type === 'progress') this.#events.pop();
    this.#events.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake?.();
  }

  /** Gives out everything pushed before a failure, then throws it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<E> {
    for (;;) {
      const event = this.#events.shift();
      if (event) yield event;
      else if (this.#failure) throw this.#failure.error;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/**
 * The events of `work` as a stream that owns it: leaving the loop early or aborting `outer` fires the signal that the work gets, and the
 * stream ends only when the work has. Throws what the work throws; CancelledError when it was stopped from outside.
 */
export async function* streamOf<E extends { type: string }>(outer: AbortSignal | undefined, work: (queue: EventQueue<E>, signal: AbortSignal) => Promise<void>): AsyncGenerator<E> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  outer?.addEventListener('abort', onAbort, { once: true });
  const queue = new EventQueue<E>();
  const working = work(queue, stop.signal).then(
    () => queue.end(),
    (error: unknown) => queue.fail(outer?.aborted || isCancelled(error) ? new CancelledError() : error),
  );
  try {
    yield* queue;
  } finally {
    stop.abort();
    outer?.removeEventListener('abort', onAbort);
    await working;
  }
}
