import { isCancelled } from '../../shared/errors.ts';
import type { ProgressEvent } from '../../shared/events.ts';
import type { Job } from '../bridge/engine.ts';

export type JobKind = 'analysis' | 'speech' | 'understanding' | 'highlights' | 'pictures' | 'styles' | 'render' | 'waveform' | 'proxy' | 'export';

/** One piece of work that the person can see and stop. */
export class TrackedJob {
  readonly id: number;
  readonly kind: JobKind;
  /** What it works on: a file's name. */
  readonly subject: string;
  progress = $state.raw<ProgressEvent | null>(null);
  stopping = $state(false);
  readonly #cancel: () => void;

  constructor(id: number, kind: JobKind, subject: string, cancel: () => void) {
    this.id = id;
    this.kind = kind;
    this.subject = subject;
    this.#cancel = cancel;
  }

  cancel(): void {
    this.stopping = true;
    this.#cancel();
  }
}

/** Milliseconds between two updates of the window: more often than a screen can show only costs. */
const BEAT_MS = 40;

/** Everything that runs now, oldest first. */
export class Jobs {
  running = $state.raw<readonly TrackedJob[]>([]);
  #nextId = 1;

  /** Most worth telling about in the status bar: an export, then a render, speech, analysis, understanding, highlights, styles, proxy, waveform, pictures. */
  readonly foremost = $derived(
    (['export', 'render', 'speech', 'analysis', 'understanding', 'highlights', 'styles', 'proxy', 'waveform', 'pictures'] as const).map((kind) => this.running.find((job) => job.kind === kind)).find((job) => job) ?? null,
  );

  /**
   * Follows a job to its end, handing on its events a batch at a time. Resolves 'cancelled' when it was cancelled;
   * rejects with what it failed with.
   */
  async follow<Event extends { type: string }>(
    kind: JobKind,
    subject: string,
    job: Job<Event>,
    onEvents: (events: Event[]) => void,
  ): Promise<'done' | 'cancelled'> {
    const tracked = new TrackedJob(this.#nextId++, kind, subject, () => job.cancel());
    this.running = [...this.running, tracked];
    try {
      for await (const events of job) {
        const progress = events.findLast((event) => event.type === 'progress');
        if (progress) tracked.progress = progress as unknown as ProgressEvent;
        onEvents(events);
        await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
      }
      return 'done';
    } catch (error) {
      if (isCancelled(error)) return 'cancelled';
      throw error;
    } finally {
      this.running = this.running.filter((other) => other !== tracked);
    }
  }
}
