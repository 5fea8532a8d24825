import { CancelledError, isCancelled } from '../../shared/errors.ts';
import type { Bridge, Target } from '../../shared/ipc/app.ts';
import type { CutMode, EngineArgs, ExportEvent, PlannedSegment } from '../../shared/ipc/engine.ts';
import type { ProgressEvent } from '../../shared/events.ts';
import type { Edit } from '../../shared/edit.ts';
import type { Media } from '../../shared/media.ts';
import { add } from '../../shared/time.ts';
import type { Chapter } from '../../shared/understanding/types.ts';
import type { CaptionTrack } from '../../shared/captions/types.ts';
import type { EngineClient, Job } from '../bridge/engine.ts';
import { ExportCaptions } from './export-captions.svelte.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export type ExportKind = 'clips' | 'captions' | 'keyframes' | 'sheet' | 'csv' | 'json';
export type ExportRange = EngineArgs<'exportPlan'>['ranges'][number];

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
}

/** The clip lane as it leaves the app: each clip with what is done to its pictures. */
export function exportedClips({ clips, stylePictures }: Edit): ExportRange[] {
  return clips.map(({ media, start, end, name, effect }) => {
    const picture = effect?.style.id === 'picture' ? stylePictures[effect.style.picture] : undefined;
    return { media, start, end, name, ...(effect && { effect }), ...(picture && { picture }) };
  });
}

/** A file name's ending in small letters; empty when it has none. */
function endingOf(name: string): string {
  return /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** What the export needs to know of the rest. */
export interface ExportSurroundings {
  media(): Media | null;
  clips(): readonly ExportRange[];
  shots(): readonly ExportRange[];
  mediaOf(id: string): Media | null;
  captions(): readonly CaptionTrack[];
  chaptersOf(media: string): readonly Chapter[];
}

/** Containers that a copy can stay in; anything else goes to mp4. */
const CONTAINERS = new Set(['mp4', 'mov', 'mkv', 'webm', 'm4v', 'm4a', 'mp3', 'flac', 'wav', 'ogg', 'opus']);
/** Plan again when nothing has changed for this long, in milliseconds. */
const PAUSE_MS = 150;

/** The export panel: what, how and where to, its plan, and the export that runs. */
export class ExportState {
  kind = $state<ExportKind>('clips');
  source = $state<'clips' | 'shots' | 'file'>('clips');
  join = $state(false);
  mode = $state<CutMode>('auto');
  /** The media's chapters go along, moved to where the cut puts them. */
  withChapters = $state(false);
  imageFormat = $state<'jpeg' | 'png'>('jpeg');
  target = $state.raw<Target | null>(null);
  plan = $state.raw<readonly PlannedSegment[] | null>(null);
  planning = $state(false);
  planError = $state.raw<unknown>(null);
  running = $state(false);
  progress = $state.raw<ProgressEvent | null>(null);
  files = $state.raw<readonly WrittenFile[]>([]);
  /** What a person should know of styled clips that were exported: codes. */
  warnings = $state.raw<readonly string[]>([]);
  error = $state.raw<unknown>(null);
  finished = $state<'done' | 'cancelled' | null>(null);

  readonly ranges: readonly ExportRange[] = $derived.by(() => this.#rangesOf(this.source));

  /** A clip's background is removed: the file needs an alpha channel. */
  readonly cutsOut: boolean = $derived.by(() => this.ranges.some(({ effect }) => effect?.background?.mode === 'remove'));

  /** Where transparency goes: the first clip's own container where it holds some, else QuickTime. */
  readonly alphaContainer: 'mov' | 'webm' = $derived.by(() => (endingOf(this.#around.mediaOf(this.ranges[0]?.media ?? '')?.name ?? '') === 'webm' ? 'webm' : 'mov'));

  /** Of the media that are exported, those that have chapters. */
  readonly chapters: Readonly<Record<string, Chapter[]>> = $derived.by(() => {
    const found = [...new Set(this.ranges.map(({ media }) => media))].map((media): [string, Chapter[]] => [media, [...this.#around.chaptersOf(media)]]);
    return Object.fromEntries(found.filter(([, chapters]) => chapters.length > 0));
  });
  /** One file is written, and there are chapters to go into it. */
  readonly chaptersAvailable = $derived.by(() => (this.join || this.ranges.length === 1) && Object.keys(this.chapters).length > 0);

  /** Captions that go with the clips. */
  readonly captions: ExportCaptions;

  readonly #engine: EngineClient;
  readonly #bridge: Bridge;
  readonly #jobs: Jobs;
  readonly #toasts: Toasts;
  readonly #around: ExportSurroundings;
  #job: Job<ExportEvent> | null = null;
  #planning: AbortController | null = null;
  /** The place that the last export wrote to, for showing it. */
  #written: Target | null = null;

  constructor(engine: EngineClient, bridge: Bridge, jobs: Jobs, toasts: Toasts, around: ExportSurroundings) {
    this.#engine = engine;
    this.#bridge = bridge;
    this.#jobs = jobs;
    this.#toasts = toasts;
    this.#around = around;
    this.captions = new ExportCaptions({
      tracks: () => around.captions(),
      media: () => new Set(this.ranges.map(({ media }) => media)),
      current: () => around.media(),
    });
  }

  #rangesOf(source: 'clips' | 'shots' | 'file'): readonly ExportRange[] {
    switch (source) {
      case 'clips':
        return this.#around.clips();
      case 'shots':
        return this.#around.shots();
      case 'file': {
        const media = this.#around.media();
        if (!media || media.duration === null) return [];
        return [{ media: media.id, start: media.startTime, end: add(media.startTime, media.duration), name: media.name.slice(0, 200) }];
      }
    }
  }

  /** Plans what `ranges`, `join`, `mode` and burned captions mean now; call it whenever one of them changes. Returns what stops it. */
  replan(): () => void {
    this.#planning?.abort();
    const ranges = [...this.ranges];
    const planning = new AbortController();
    this.#planning = planning;
    if (this.kind !== 'clips' || ranges.length === 0) {
      this.plan = null;
      this.planError = null;
      this.planning = false;
      return () => undefined;
    }
    this.planning = true;
    const { join, mode } = this;
    const burn = this.captions.burns;
    const timer = setTimeout(() => {
      this.#engine.call('exportPlan', { ranges, join, mode, burn }, planning.signal).then(
        (plan) => this.#planned(plan, null),
        (error: unknown) => {
          if (!isCancelled(error)) this.#planned(null, error);
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      planning.abort();
    };
  }

  #planned(plan: readonly PlannedSegment[] | null, error: unknown): void {
    this.plan = plan;
    this.planError = error;
    this.planning = false;
  }

  /** Finds a free place in the remembered folder, or asks for one. Keeps the old one when the person cancels. */
  async chooseTarget(ask: boolean): Promise<void> {
    const media = this.kind === 'clips' ? this.#around.mediaOf(this.ranges[0]?.media ?? '') : this.#around.media();
    const { kind, extension } = this.#targetForm(media);
    const stem = (media?.name ?? 'rushes').replace(/\.[^.]+$/, '').slice(0, 180);
    const language = this.kind === 'captions' ? this.captions.single?.language : undefined;
    const name = language && language !== 'und' ? `${stem}.${language}` : stem;
    const target = await this.#bridge.invoke('target', { kind, media: media?.id ?? null, name, extension, ask });
    if (target) this.target = target;
  }

  #targetForm(media: Media | null): { kind: 'clip' | 'clips' | 'captions' | 'keyframes' | 'sheet' | 'csv' | 'json'; extension: string } {
    switch (this.kind) {
      case 'clips': {
        const kind = this.join ? 'clip' : 'clips';
        const own = endingOf(media?.name ?? '');
        if (this.cutsOut) return { kind, extension: this.alphaContainer };
        return { kind, extension: CONTAINERS.has(own) ? own : 'mp4' };
      }
      case 'captions':
        return { kind: 'captions', extension: this.captions.format };
      case 'keyframes':
        return { kind: 'keyframes', extension: this.imageFormat === 'png' ? 'png' : 'jpg' };
      case 'sheet':
        return { kind: 'sheet', extension: 'jpg' };
      case 'csv':
      case 'json':
        return { kind: this.kind, extension: this.kind };
    }
  }

  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.files = [];
    this.warnings = [];
    this.error = null;
    this.finished = null;
    this.progress = null;
    try {
      if (!this.target) await this.chooseTarget(false);
      if (!this.target) throw new CancelledError();
      this.#written = this.target;
      const media = this.#around.media();
      const job = this.#start(this.target.grant);
      this.#job = job;
      this.finished = await this.#jobs.follow('export', media?.name ?? '', job, (events) => this.#take(events));
    } catch (error) {
      if (isCancelled(error)) this.finished = 'cancelled';
      else this.error = error;
    } finally {
      this.running = false;
      this.#job = null;
      // A grant is for one export: the next one gets a name that is free then.
      this.target = null;
    }
    this.chooseTarget(false).catch((error: unknown) => this.#toasts.error(error));
  }

  cancel(): void {
    this.#job?.cancel();
  }

  async reveal(): Promise<void> {
    if (!this.#written) return;
    try {
      await this.#bridge.invoke('reveal', { grant: this.#written.grant });
    } catch (error) {
      this.#toasts.error(error);
    }
  }

  #start(grant: string): Job<ExportEvent> {
    const media = this.#around.media()?.id ?? '';
    switch (this.kind) {
      case 'clips':
        return this.#engine.start('exportClips', { ranges: [...this.ranges], join: this.join, mode: this.mode, captions: this.captions.request(), chapters: this.withChapters && this.chaptersAvailable ? { ...this.chapters } : null, grant });
      case 'captions': {
        const { single, format, times } = this.captions;
        if (!single) throw new CancelledError();
        const clips = this.#around.clips();
        return this.#engine.start('exportCaptions', { track: single, format, ranges: times === 'cut' && clips.length > 0 ? [...clips] : null, grant });
      }
      case 'keyframes':
        return this.#engine.start('exportKeyframes', { media, format: this.imageFormat, grant });
      case 'sheet':
        return this.#engine.start('exportContactSheet', { media, grant });
      case 'csv':
      case 'json':
        return this.#engine.start('exportTable', { media, format: this.kind, clips: [...this.#around.clips()], grant });
    }
  }

  #take(events: readonly ExportEvent[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'progress':
          this.progress = event;
          break;
        case 'plan':
          this.plan = event.segments;
          break;
        case 'warning':
          if (!this.warnings.includes(event.code)) this.warnings = [...this.warnings, event.code];
          break;
        case 'file':
          this.files = [...this.files.filter((file) => file.path !== event.path), { path: event.path, bytes: event.bytes }];
          break;
      }
    }
  }
}
