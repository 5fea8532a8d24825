/** Work on media that several callers may watch: one run at a time for a media. */
import { throwIfCancelled } from '../../shared/errors.ts';
import type { MediaId } from '../../shared/media.ts';
import { SharedRun } from './jobs.ts';

export interface MediaRequest {
  media: MediaId;
  /** Forget what the library has. */
  fresh: boolean;
}

interface Running<E> {
  name: string;
  run: SharedRun<E>;
}

export class MediaRuns<R extends MediaRequest, E extends { type: string; stage?: string }> {
  readonly #nameOf: (request: R) => string;
  readonly #start: (request: R, signal: AbortSignal) => AsyncIterable<E>;
  readonly #running = new Map<MediaId, Running<E>>();

  /** Requests of one name are for the same thing. */
  constructor(nameOf: (request: R) => string, start: (request: R, signal: AbortSignal) => AsyncIterable<E>) {
    this.#nameOf = nameOf;
    this.#start = start;
  }

  /**
   * Events of the media's run. The same thing asked for while it runs is the same run, told from its beginning; another thing,
   * and `fresh`, wait until it has ended. The run is cancelled when its last watcher is.
   */
  async *watch(request: R, signal: AbortSignal): AsyncGenerator<E> {
    const name = this.#nameOf(request);
    for (;;) {
      throwIfCancelled(signal);
      const running = this.#running.get(request.media);
      if (!running) break;
      if (!request.fresh && !running.run.ended && running.name === name) return yield* running.run.watch(signal);
      await settledOrAborted(running.run.finished, signal);
    }
    const run = new SharedRun((inner) => this.#start(request, inner), isOvertaken);
    this.#running.set(request.media, { name, run });
    void run.finished.then(() => this.#running.delete(request.media));
    yield* run.watch(signal);
  }

  /** Cancels all and waits until they are gone. */
  async close(): Promise<void> {
    const runs = [...this.#running.values()].map(({ run }) => run);
    for (const run of runs) run.cancel();
    await Promise.all(runs.map((run) => run.finished));
  }
}

function isOvertaken(newer: { type: string; stage?: string }, older: { type: string; stage?: string }): boolean {
  return newer.type === 'progress' && older.type === 'progress' && newer.stage === older.stage;
}

async function settledOrAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  let wake: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (wake = resolve));
  signal.addEventListener('abort', wake);
  await Promise.race([promise, aborted]);
  signal.removeEventListener('abort', wake);
}
