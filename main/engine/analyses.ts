/** The analyses that run: one at a time for a media, watched by any number of callers. */
import { throwIfCancelled } from '../../shared/errors.ts';
import type { AnalysisEvent, Stage } from '../../shared/events.ts';
import type { MediaId } from '../../shared/media.ts';
import { SharedRun } from './jobs.ts';

export interface AnalysisRequest {
  media: MediaId;
  stages: readonly Stage[];
  /** Forget what the library has for these stages. */
  fresh: boolean;
}

export type StartAnalysis = (request: AnalysisRequest, signal: AbortSignal) => AsyncIterable<AnalysisEvent>;

interface Running {
  stages: string;
  run: SharedRun<AnalysisEvent>;
}

export class Analyses {
  readonly #start: StartAnalysis;
  readonly #running = new Map<MediaId, Running>();

  constructor(start: StartAnalysis) {
    this.#start = start;
  }

  /**
   * Events of the media's analysis. The same stages asked for while they run are the same run, told from its beginning; other stages,
   * and `fresh`, wait until it has ended. The run is cancelled when its last watcher is.
   */
  async *watch(request: AnalysisRequest, signal: AbortSignal): AsyncGenerator<AnalysisEvent> {
    const stages = [...request.stages].sort().join();
    for (;;) {
      throwIfCancelled(signal);
      const running = this.#running.get(request.media);
      if (!running) break;
      if (!request.fresh && !running.run.ended && running.stages === stages) return yield* running.run.watch(signal);
      await settledOrAborted(running.run.finished, signal);
    }
    const run = new SharedRun((inner) => this.#start(request, inner), isOvertaken);
    this.#running.set(request.media, { stages, run });
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

function isOvertaken(newer: AnalysisEvent, older: AnalysisEvent): boolean {
  return newer.type === 'progress' && older.type === 'progress' && newer.stage === older.stage;
}

async function settledOrAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  let wake: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (wake = resolve));
  signal.addEventListener('abort', wake);
  await Promise.race([promise, aborted]);
  signal.removeEventListener('abort', wake);
}
