import type { ProgressEvent } from '../../shared/events.ts';
import type { MediaId } from '../../shared/media.ts';
import type { EngineClient, Job } from '../bridge/engine.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export type ExaminationStatus = 'idle' | 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';

/** How examining the pictures of one media stands. */
export class Examination {
  status = $state<ExaminationStatus>('idle');
  progress = $state.raw<ProgressEvent | null>(null);
  error = $state.raw<unknown>(null);
  job: Job<ProgressEvent> | null = null;
}

/** Reading text in the keyframes and keeping how they look, for the search: in the background, one file after another. */
export class Examinations {
  readonly #engine: EngineClient;
  readonly #jobs: Jobs;
  readonly #toasts: Toasts;
  readonly #find: (id: MediaId) => MediaEntry | null;
  #all = $state.raw<ReadonlyMap<MediaId, Examination>>(new Map());
  #waiting: MediaId[] = [];
  #running: MediaId | null = null;
  /** More is known of a media's pictures; set by the app's state. */
  onProgress: (id: MediaId) => void = () => undefined;

  constructor(engine: EngineClient, jobs: Jobs, toasts: Toasts, find: (id: MediaId) => MediaEntry | null) {
    this.#engine = engine;
    this.#jobs = jobs;
    this.#toasts = toasts;
    this.#find = find;
  }

  /** Null when it was never asked for. */
  of(id: MediaId): Examination | null {
    return this.#all.get(id) ?? null;
  }

  /** Examines a media when its turn comes: after its analysis, and again after a fresh one. What is stored is not done twice. */
  start(id: MediaId): void {
    const known = this.of(id);
    if (known?.status === 'waiting' || known?.status === 'running' || !this.#find(id)?.media.video) return;
    const examination = known ?? new Examination();
    if (!known) this.#all = new Map([...this.#all, [id, examination]]);
    examination.status = 'waiting';
    examination.error = null;
    this.#waiting.push(id);
    this.#next();
  }

  /** Examines all files whose analysis is done, as after a model was added that sees more. */
  startAll(entries: readonly MediaEntry[]): void {
    for (const { media, analysis } of entries) if (analysis.status === 'done') this.start(media.id);
  }

  cancel(id: MediaId): void {
    const examination = this.of(id);
    if (examination?.status === 'waiting') examination.status = 'cancelled';
    this.#waiting = this.#waiting.filter((other) => other !== id);
    examination?.job?.cancel();
  }

  #next(): void {
    if (this.#running !== null) return;
    const id = this.#waiting.shift();
    if (id === undefined) return;
    const entry = this.#find(id);
    const examination = this.of(id);
    if (!entry || !examination) {
      this.#next();
      return;
    }
    this.#running = id;
    void this.#run(entry, examination).finally(() => {
      this.#running = null;
      this.#next();
    });
  }

  async #run({ media }: MediaEntry, examination: Examination): Promise<void> {
    const job = this.#engine.start('examinePictures', { media: media.id });
    examination.status = 'running';
    examination.job = job;
    try {
      examination.status = await this.#jobs.follow('pictures', media.name, job, (events) => {
        examination.progress = events.at(-1) ?? examination.progress;
        // Closed meanwhile: nobody asks for it any more.
        if (this.#find(media.id)) this.onProgress(media.id);
        else job.cancel();
      });
    } catch (error) {
      examination.status = 'failed';
      examination.error = error;
      this.#toasts.error(error);
    } finally {
      examination.job = null;
      examination.progress = null;
      this.onProgress(media.id);
    }
  }
}
