import type { Clip } from '../../shared/edit.ts';
import { changesPictures } from '../../shared/style/effect.ts';
import type { ProgressEvent } from '../../shared/events.ts';
import { STYLES } from '../../shared/style/catalogue.ts';
import type { ClipEffect, RenderEvent, RenderRequest, StyleQuality } from '../../shared/style/types.ts';
import { frameDuration } from '../../shared/time.ts';
import type { EngineClient, Job } from '../bridge/engine.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import { nominalRate } from './media-range.ts';
import type { StyleState } from './style.svelte.ts';

/** Rendering one clip as its effect was when it was asked for. */
export class ClipRender {
  /** What it is made of: another effect or range is another render. */
  readonly key: string;
  status = $state<'running' | 'done' | 'stopped' | 'failed'>('running');
  error = $state.raw<unknown>(null);
  progress = $state.raw<ProgressEvent | null>(null);
  warnings = $state.raw<readonly string[]>([]);
  /** Frames in all, and how many of them an earlier run had made. */
  frames = $state.raw<{ all: number; reused: number } | null>(null);
  job: Job<RenderEvent> | null = null;

  constructor(key: string) {
    this.key = key;
  }

  apply(events: readonly RenderEvent[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'progress':
          this.progress = event;
          break;
        case 'warning':
          if (!this.warnings.includes(event.code)) this.warnings = [...this.warnings, event.code];
          break;
        case 'rendered':
          this.frames = { all: event.frames, reused: event.reused };
          break;
      }
    }
  }
}

export interface RenderAround {
  find(id: string): MediaEntry | null;
}

/** Rendering clips ahead of their export. */
export class StyleRenders {
  #renders = $state.raw<ReadonlyMap<string, ClipRender>>(new Map());
  /** Frames a second that renders of this run were measured at, by what decides their speed. */
  #rates = $state.raw<ReadonlyMap<string, number>>(new Map());
  readonly #engine: EngineClient;
  readonly #jobs: Jobs;
  readonly #style: StyleState;
  readonly #around: RenderAround;

  constructor(engine: EngineClient, jobs: Jobs, style: StyleState, around: RenderAround) {
    this.#engine = engine;
    this.#jobs = jobs;
    this.#style = style;
    this.#around = around;
  }

  /** The leading clip's render as its effect is now; null when none was asked for. */
  readonly current: ClipRender | null = $derived.by(() => {
    const { clip } = this.#style;
    const request = clip && this.#requestOf(clip);
    return request ? (this.#renders.get(JSON.stringify(request)) ?? null) : null;
  });
  get canStart(): boolean {
    const { clip } = this.#style;
    return clip?.effect !== undefined && changesPictures(clip.effect) && this.current?.status !== 'running' && this.current?.status !== 'done';
  }

  /** What is asked for to render a clip; null for one without effect. */
  #requestOf({ media, start, end, effect }: Clip): RenderRequest | null {
    return effect ? { media, start, end, effect, picture: this.#style.pictureOf(effect) } : null;
  }

  /** Renders the leading clip. Resolves at its end, whichever; failures are shown in the panel. */
  async start(): Promise<void> {
    const { clip } = this.#style;
    const request = clip && this.#requestOf(clip);
    if (!clip || !request || !this.canStart) return;
    const render = new ClipRender(JSON.stringify(request));
    this.#renders = new Map([...this.#renders, [render.key, render]]);
    const job = this.#engine.start('renderClip', request);
    render.job = job;
    try {
      const end = await this.#jobs.follow('render', clip.name, job, (events) => {
        render.apply(events);
        this.#measure(clip, request.effect, render);
      });
      render.status = end === 'done' ? 'done' : 'stopped';
    } catch (error) {
      render.status = 'failed';
      render.error = error;
    } finally {
      render.progress = null;
      render.job = null;
    }
  }

  cancel(): void {
    this.current?.job?.cancel();
  }

  /** Seconds that the leading clip would take in a quality, after what this run of the app has measured; null where nothing like it was. */
  estimate(quality: StyleQuality): number | null {
    const { clip, effect, entry } = this.#style;
    if (!clip || !effect || !entry) return null;
    const rate = this.#rates.get(speedKey(entry, { ...effect, quality }));
    return rate === undefined ? null : (clip.end - clip.start) / frameDuration(nominalRate(entry.media)) / rate;
  }

  #measure(clip: Clip, effect: ClipEffect, { progress }: ClipRender): void {
    const entry = this.#around.find(clip.media);
    if (!entry || progress?.unit !== 'frames' || progress.rate <= 0) return;
    this.#rates = new Map([...this.#rates, [speedKey(entry, effect), progress.rate]]);
  }
}

/** Renders of one speed: the generator, how it is used, and the size of the frames. */
function speedKey({ media }: MediaEntry, { style, quality, area, background }: ClipEffect): string {
  const fast = style.id !== 'none' && STYLES[style.id].carried;
  const matted = area !== 'everything' || background !== null;
  return JSON.stringify([style.id, fast ? quality : 'best', matted, media.video?.width, media.video?.height]);
}
