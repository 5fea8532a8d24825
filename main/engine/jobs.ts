/** How jobs share the machine: how many run at once, and one run watched by several. */
import { CancelledError, throwIfCancelled } from '../../shared/errors.ts';

/** Lets `count` jobs run at once; the others wait in order, and leave the queue when cancelled. */
export class Limiter {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Waits for a place. The answer gives it back and may be called once. */
  async enter(signal: AbortSignal): Promise<() => void> {
    throwIfCancelled(signal);
    if (this.#free > 0) this.#free -= 1;
    else await this.#queue(signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
  }

  #queue(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(new CancelledError());
      };
      this.#waiting.push(go);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Runs a stream of events inside a place. */
  async *stream<E>(signal: AbortSignal, source: () => AsyncIterable<E>): AsyncGenerator<E> {
    const leave = await this.enter(signal);
    try {
      yield* source();
    } finally {
      leave();
    }
  }
}

/** Events waiting for one watcher before the run is held up for it. */
const QUEUE_LIMIT = 2000;

interface Watcher<E> {
  queue: E[];
  wake: () => void;
}

/**
 * One run of a stream with any number of watchers. Each gets every event from the beginning, but of those that `replaces` tells are
 * overtaken (progress) only the latest. The run is held up by the slowest watcher and cancelled when the last one leaves.
 */
export class SharedRun<E> {
  readonly #controller = new AbortController();
  readonly #history: E[] = [];
  readonly #watchers = new Set<Watcher<E>>();
  readonly #replaces: (newer: E, older: E) => boolean;
  #failure: { error: unknown } | null = null;
  #ended = false;
  #drained: () => void = () => undefined;
  /** Settles when the run has ended in whatever way and everything it started is gone. */
  readonly finished: Promise<void>;

  constructor(source: (signal: AbortSignal) => AsyncIterable<E>, replaces: (newer: E, older: E) => boolean) {
    this.#replaces = replaces;
    this.finished = this.#run(source);
  }

  get ended(): boolean {
    return this.#ended || this.#controller.signal.aborted;
  }

  cancel(): void {
    this.#controller.abort();
    this.#drained();
  }

  async *watch(signal: AbortSignal): AsyncGenerator<E> {
    throwIfCancelled(signal);
    const watcher: Watcher<E> = { queue: [...this.#history], wake: () => undefined };
    const wake = (): void => watcher.wake();
    this.#watchers.add(watcher);
    signal.addEventListener('abort', wake);
    try {
      for (;;) {
        throwIfCancelled(signal);
        const next = watcher.queue.shift();
        if (next !== undefined) {
          if (watcher.queue.length < QUEUE_LIMIT) this.#drained();
          yield next;
        } else if (this.#ended) {
          if (this.#failure) throw this.#failure.error;
          return;
        } else await new Promise<void>((resolve) => (watcher.wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#watchers.delete(watcher);
      this.#drained();
      if (this.#watchers.size === 0 && !this.#ended) {
        this.cancel();
        await this.finished;
      }
    }
  }

  async #run(source: (signal: AbortSignal) => AsyncIterable<E>): Promise<void> {
    try {
      for await (const event of source(this.#controller.signal)) {
        this.#push(event);
        while (this.#isHeldUp()) await new Promise<void>((resolve) => (this.#drained = resolve));
        throwIfCancelled(this.#controller.signal);
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#ended = true;
    for (const watcher of this.#watchers) watcher.wake();
  }

  #isHeldUp(): boolean {
    if (this.#controller.signal.aborted) return false;
    return [...this.#watchers].some((watcher) => watcher.queue.length > QUEUE_LIMIT);
  }

  #push(event: E): void {
    add(this.#history, event, this.#replaces);
    for (const watcher of this.#watchers) {
      add(watcher.queue, event, this.#replaces);
      watcher.wake();
    }
  }
}

function add<E>(list: E[], event: E, replaces: (newer: E, older: E) => boolean): void {
  const last = list.at(-1);
  if (last !== undefined && replaces(event, last)) list[list.length - 1] = event;
  else list.push(event);
}
