import { toWireError } from '../../shared/errors.ts';
import { STAGES } from '../../shared/events.ts';
import type { Bridge, ImportedCaptions, OpenResult, Recent } from '../../shared/ipc/app.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import type { EngineClient, Job } from '../bridge/engine.ts';
import { Analysis } from './analysis.svelte.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export type ProxyState = 'none' | 'making' | 'ready' | 'failed';

/** An open file: its facts, its analysis, and what is made of it to play and draw it. */
export class MediaEntry {
  readonly media: Media;
  readonly analysis: Analysis;
  proxy = $state<ProxyState>('none');
  proxyError = $state.raw<unknown>(null);
  /** Counts up whenever more of the waveform is there. */
  waveformVersion = $state(0);
  analysisJob: Job<unknown> | null = null;
  waveformAsked = false;

  constructor(media: Media) {
    this.media = media;
    this.analysis = new Analysis(media);
  }
}

/** Two read side by side; a third would slow both on most machines. */
const ANALYSES_AT_ONCE = 2;

export class MediaList {
  entries = $state.raw<readonly MediaEntry[]>([]);
  recent = $state.raw<readonly Recent[]>([]);
  currentId = $state<MediaId | null>(null);
  /** Files that are being opened: shown as skeletons. */
  opening = $state(0);
  readonly current = $derived(this.entries.find((entry) => entry.media.id === this.currentId) ?? null);

  readonly #bridge: Bridge;
  readonly #engine: EngineClient;
  readonly #jobs: Jobs;
  readonly #toasts: Toasts;

  /** A project file was among what was opened; set by the app's state. */
  onProject: (name: string) => void = () => undefined;
  /** Subtitle files that came among dropped or opened ones. */
  onCaptions: (captions: ImportedCaptions) => void = () => undefined;
  /** An analysis came to its end; set by the app's state. */
  onAnalysed: (id: MediaId) => void = () => undefined;

  constructor(bridge: Bridge, engine: EngineClient, jobs: Jobs, toasts: Toasts) {
    this.#bridge = bridge;
    this.#engine = engine;
    this.#jobs = jobs;
    this.#toasts = toasts;
  }

  find(id: MediaId): MediaEntry | null {
    return this.entries.find((entry) => entry.media.id === id) ?? null;
  }

  async loadRecent(): Promise<void> {
    this.recent = await this.#bridge.invoke('recent', {});
  }

  async pick(): Promise<void> {
    await this.#opening(this.#bridge.invoke('pickMedia', {}), 0);
  }
  async openRecent(id: string): Promise<void> {
    await this.#opening(this.#bridge.invoke('openRecent', { id }), 1);
  }
  async openDropped(files: File[]): Promise<void> {
    await this.#opening(this.#bridge.openDropped(files, this.currentId), files.length);
  }
  async openStartFiles(): Promise<void> {
    await this.#opening(this.#bridge.invoke('startFiles', {}), 0);
  }

  async #opening(result: Promise<OpenResult>, count: number): Promise<void> {
    this.opening += count;
    try {
      this.take(await result);
    } finally {
      this.opening -= count;
    }
  }

  /** Shows what was opened, tells what could not be, and starts reading. The first new file becomes the current one. */
  take(result: OpenResult): void {
    for (const { name, error } of result.failed) {
      // The sentence needs a name; an engine that failed before it knew one left it out.
      const named = error.kind === 'expected' ? { ...error, params: { name, ...error.params } } : error;
      this.#toasts.wire(named);
    }
    if (result.project !== null) this.onProject(result.project);
    for (const media of result.opened) this.add(media);
    const first = result.opened[0];
    if (first) {
      this.currentId = first.id;
      this.loadRecent().catch((error: unknown) => this.#toasts.error(error));
    }
    if (result.captions) this.onCaptions(result.captions);
  }

  /** Adds a file to the list and queues its analysis. A file that is there already stays as it is. */
  add(media: Media): MediaEntry {
    const known = this.find(media.id);
    if (known) return known;
    const entry = new MediaEntry(media);
    this.entries = [...this.entries, entry];
    if (media.video) entry.analysis.status = 'waiting';
    this.#startWaiting();
    return entry;
  }

  select(id: MediaId): void {
    this.currentId = id;
    const entry = this.find(id);
    // What the person looks at need not wait for its turn.
    if (entry?.analysis.status === 'waiting') this.#run(entry, false);
  }

  close(id: MediaId): void {
    const index = this.entries.findIndex((entry) => entry.media.id === id);
    this.entries[index]?.analysisJob?.cancel();
    this.entries = this.entries.filter((entry) => entry.media.id !== id);
    if (this.currentId === id) this.currentId = (this.entries[index] ?? this.entries[index - 1])?.media.id ?? null;
  }

  /** Starts (or goes on with) the analysis. `fresh` throws away what was found. */
  analyse(entry: MediaEntry, fresh: boolean): void {
    if (!entry.media.video || entry.analysisJob) return;
    if (fresh) entry.analysis.reset();
    this.#run(entry, fresh);
  }

  cancelAnalysis(entry: MediaEntry): void {
    if (entry.analysis.status === 'waiting') entry.analysis.status = 'cancelled';
    entry.analysisJob?.cancel();
  }

  #startWaiting(): void {
    const running = this.entries.filter((entry) => entry.analysisJob).length;
    const waiting = this.entries.filter((entry) => entry.analysis.status === 'waiting');
    for (const entry of waiting.slice(0, Math.max(0, ANALYSES_AT_ONCE - running))) this.#run(entry, false);
  }

  #run(entry: MediaEntry, fresh: boolean): void {
    const { analysis, media } = entry;
    analysis.status = 'running';
    analysis.error = null;
    const job = this.#engine.start('analyze', { media: media.id, stages: [...STAGES], fresh });
    entry.analysisJob = job;
    this.#jobs
      .follow('analysis', media.name, job, (events) => analysis.apply(events))
      .then((end) => {
        analysis.status = end;
        if (end === 'done') this.onAnalysed(media.id);
      })
      .catch((error: unknown) => {
        analysis.status = 'failed';
        analysis.error = error instanceof Error ? error : new Error(String(error));
        this.#toasts.error(error);
      })
      .finally(() => {
        entry.analysisJob = null;
        analysis.progress = null;
        this.#startWaiting();
      });
  }

  /** Makes what the current file needs to be heard and seen: peaks of its sound, a proxy when Chromium can't play it. */
  prepare(entry: MediaEntry): void {
    const { media } = entry;
    if (media.audio && !entry.waveformAsked) {
      entry.waveformAsked = true;
      this.#jobs
        .follow('waveform', media.name, this.#engine.start('waveform', { media: media.id }), () => (entry.waveformVersion += 1))
        .then(() => (entry.waveformVersion += 1))
        .catch((error: unknown) => this.#toasts.error(error));
    }
    if (media.playability.how === 'proxy' && entry.proxy === 'none') this.makeProxy(entry);
  }

  makeProxy(entry: MediaEntry): void {
    entry.proxy = 'making';
    this.#jobs
      .follow('proxy', entry.media.name, this.#engine.start('proxy', { media: entry.media.id }), () => undefined)
      .then((end) => (entry.proxy = end === 'done' ? 'ready' : 'failed'))
      .catch((error: unknown) => {
        entry.proxy = 'failed';
        entry.proxyError = toWireError(error);
        this.#toasts.error(error);
      });
  }
}
