import type { ProgressEvent } from '../../shared/events.ts';
import type { MediaId } from '../../shared/media.ts';
import { totalLength, type TimeRange } from '../../shared/ranges.ts';
import { frameDuration, type Flicks } from '../../shared/time.ts';
import { makeReel, scoreMoments } from '../../shared/understanding/highlights/index.ts';
import {
  DEFAULT_HIGHLIGHT_WEIGHTS,
  DEFAULT_UNDERSTANDING,
  HIGHLIGHT_SIGNALS,
  type HighlightEvent,
  type HighlightMoment,
  type HighlightSignal,
  type HighlightWeights,
  type Sentence,
} from '../../shared/understanding/types.ts';
import type { EngineClient, Job } from '../bridge/engine.ts';
import type { EditState, NewClip } from './edit.svelte.ts';
import type { Jobs } from './jobs.svelte.ts';
import { ListSelection } from './list-selection.svelte.ts';
import { mediaRange, nominalRate } from './media-range.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import { inStoryOrder, rankMoments, type RankedMoment } from './rank-moments.ts';
import type { SelectHow } from './selection.svelte.ts';
import { momentClipName } from './shot-clips.ts';

export type HighlightsStatus = 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
export type HighlightWarning = Extract<HighlightEvent, { type: 'warning' }>;

/** Why a signal says nothing about this file. `pending`: it is still being measured. */
export type SignalGap = 'no_sound' | 'no_picture' | 'no_talk' | 'pending' | 'unmeasured';

/** What was measured of one media. What an earlier run found stays until the next one's answer. */
export class HighlightRun {
  status = $state<HighlightsStatus>('idle');
  progress = $state.raw<ProgressEvent | null>(null);
  error = $state.raw<unknown>(null);
  warnings = $state.raw<readonly HighlightWarning[]>([]);
  /** In order of time; null before the first answer. */
  moments = $state.raw<readonly HighlightMoment[] | null>(null);
  known = $state.raw<ReadonlySet<HighlightSignal>>(new Set());
  /** The sentences that it was asked with. */
  sentences: readonly Sentence[] = [];
  job: Job<HighlightEvent> | null = null;

  apply(events: readonly HighlightEvent[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'progress':
          this.progress = event;
          break;
        case 'warning':
          if (!this.warnings.some((known) => known.code === event.code)) this.warnings = [...this.warnings, event];
          break;
        case 'moments':
          this.moments = event.moments;
          this.known = new Set(event.known);
          break;
        case 'done':
          break;
      }
    }
  }
}

/** What the highlights need to know of the rest of the window. */
export interface HighlightsAround {
  entry(): MediaEntry | null;
  /** The current media's talk; no sentences where there is none. */
  talk(): { readonly language: string; readonly sentences: readonly Sentence[] };
}

/** The best moments of the current media by weights that a person sets, and the reel they make. */
export class HighlightsState {
  order = $state.raw<'score' | 'time'>('score');
  /** A weight or length while its control is moved: shown at once, kept when it is let go. */
  #trying = $state.raw<{ weights?: HighlightWeights; reelLength?: number }>({});
  #runs = $state.raw<ReadonlyMap<MediaId, HighlightRun>>(new Map());
  readonly #selection = new ListSelection();
  /** The order shown, kept while the pointer is on the list: what comes meanwhile moves nothing under it. Null: it follows. */
  #held = $state.raw<readonly RankedMoment[] | null>(null);

  readonly #engine: EngineClient;
  readonly #jobs: Jobs;
  readonly #edit: EditState;
  readonly #around: HighlightsAround;

  constructor(engine: EngineClient, jobs: Jobs, edit: EditState, around: HighlightsAround) {
    this.#engine = engine;
    this.#jobs = jobs;
    this.#edit = edit;
    this.#around = around;
  }

  readonly #entry: MediaEntry | null = $derived.by(() => this.#around.entry());
  /** Null when nothing was asked for. */
  readonly run: HighlightRun | null = $derived.by(() => (this.#entry ? (this.#runs.get(this.#entry.media.id) ?? null) : null));
  readonly #settings = $derived.by(() => (this.#entry ? this.#edit.understanding[this.#entry.media.id] : undefined) ?? DEFAULT_UNDERSTANDING);
  readonly weights: HighlightWeights = $derived(this.#trying.weights ?? this.#settings.weights);
  /** Seconds. */
  readonly reelLength: number = $derived(this.#trying.reelLength ?? this.#settings.reelLength);
  readonly isDefault: boolean = $derived(HIGHLIGHT_SIGNALS.every((signal) => this.weights[signal] === DEFAULT_HIGHLIGHT_WEIGHTS[signal]));
  readonly moments: readonly HighlightMoment[] = $derived(this.run?.moments ?? []);
  /** Signals that say nothing about this file, with the reason. */
  readonly gaps: ReadonlyMap<HighlightSignal, SignalGap> = $derived.by(() => new Map(HIGHLIGHT_SIGNALS.flatMap((signal) => this.#gapOf(signal) ?? [])));
  /** The weights, 0 where nothing is measured. */
  readonly #counted: HighlightWeights = $derived.by(
    () => Object.fromEntries(HIGHLIGHT_SIGNALS.map((signal) => [signal, this.gaps.has(signal) ? 0 : this.weights[signal]])) as HighlightWeights,
  );
  readonly scores: readonly number[] = $derived(scoreMoments(this.moments, this.#counted));
  /** Clips of a reel of the length asked for. */
  readonly reel: readonly TimeRange[] = $derived.by(() => this.#makeReel());
  readonly reelTotal: Flicks = $derived(totalLength(this.reel));
  readonly #ranked: readonly RankedMoment[] = $derived(rankMoments(this.moments, this.scores, this.reel));
  readonly #ordered: readonly RankedMoment[] = $derived(this.order === 'time' ? inStoryOrder(this.#ranked) : this.#ranked);
  /** The best moments, best first or in story order. */
  readonly shown: readonly RankedMoment[] = $derived(this.#held ?? this.#ordered);

  /** What was measured no longer belongs to what is said: the transcript has changed since. */
  readonly stale: boolean = $derived.by(() => {
    const { run } = this;
    return run !== null && run.status !== 'running' && run.moments !== null && !sameTalk(run.sentences, this.#around.talk().sentences);
  });
  get canStart(): boolean {
    return this.#entry !== null && this.run?.status !== 'running';
  }

  /** How much each signal adds to a moment's score, most first; those that add nothing are left out. */
  reasons(moment: HighlightMoment): { signal: HighlightSignal; share: number }[] {
    return HIGHLIGHT_SIGNALS.map((signal) => ({ signal, share: this.#counted[signal] * moment.signals[signal] }))
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share);
  }

  /** Measures the current media. Resolves at its end, whichever; failures are shown in the panel. */
  async start(): Promise<void> {
    const entry = this.#entry;
    if (!entry || this.run?.status === 'running') return;
    const { media } = entry;
    const { language, sentences } = this.#around.talk();
    const run = this.run ?? new HighlightRun();
    if (!this.run) this.#runs = new Map([...this.#runs, [media.id, run]]);
    const job = this.#engine.start('highlights', { media: media.id, language, sentences: [...sentences] });
    Object.assign(run, { status: 'running', error: null, warnings: [], job, sentences });
    try {
      run.status = await this.#jobs.follow('highlights', media.name, job, (events) => this.#take(media.id, run, events));
    } catch (error) {
      run.status = 'failed';
      run.error = error;
    } finally {
      run.progress = null;
      run.job = null;
      // The button that began it lies where the list appears: what was held under the pointer meanwhile is only a beginning.
      if (this.#held !== null) this.#keepPicks(() => (this.#held = this.#ordered));
    }
  }

  cancel(): void {
    this.run?.job?.cancel();
  }

  /** Shows what a weight would do, while its slider is moved. */
  tryWeight(signal: HighlightSignal, value: number): void {
    this.#keepPicks(() => (this.#trying = { ...this.#trying, weights: { ...this.weights, [signal]: value } }));
  }
  setWeight(signal: HighlightSignal, value: number): void {
    this.#keep({ weights: { ...this.weights, [signal]: value } });
  }
  resetWeights(): void {
    this.#keep({ weights: { ...DEFAULT_HIGHLIGHT_WEIGHTS } });
  }
  setReelLength(seconds: number): void {
    this.#keep({ reelLength: seconds });
  }

  #keep(change: { weights?: HighlightWeights; reelLength?: number }): void {
    const media = this.#entry?.media.id;
    this.#keepPicks(() => {
      this.#trying = {};
      if (media !== undefined) this.#edit.run({ type: 'understanding.set', media, change });
    });
  }

  get picked(): ReadonlySet<number> {
    return this.#selection.picked;
  }
  get lead(): number {
    return this.#selection.lead;
  }
  select(index: number, how: SelectHow): void {
    this.#selection.select(index, how);
  }
  clearPicks(): void {
    this.#selection.clear();
  }

  /** The picked moments as clips, in the order shown. */
  get pickedRanges(): NewClip[] {
    return this.rangesOf(this.#selection.sorted);
  }
  /** The moments at these places of the list as clips. */
  rangesOf(indices: readonly number[]): NewClip[] {
    const media = this.#entry?.media;
    if (!media) return [];
    return indices.flatMap((index) => {
      const moment = this.shown[index]?.moment;
      return moment ? [{ media: media.id, start: moment.start, end: moment.end, name: momentClipName(media.name, moment) }] : [];
    });
  }

  /** Lays the reel's clips at the end of the lane: one step of undo. False when there is nothing to lay. */
  addReel(): boolean {
    const media = this.#entry?.media;
    if (!media || this.reel.length === 0) return false;
    const clips = this.reel.map(({ start, end }): NewClip => ({ media: media.id, start, end, name: momentClipName(media.name, this.#momentIn(start, end)) }));
    this.#edit.insert(clips, this.#edit.clips.length);
    return true;
  }

  /** The best moment in a clip of the reel: it gives the clip its name. */
  #momentIn(start: Flicks, end: Flicks): HighlightMoment | null {
    return this.#ranked.find(({ moment }) => moment.start >= start && moment.start < end)?.moment ?? null;
  }

  setOrder(order: 'score' | 'time'): void {
    this.#keepPicks(() => {
      this.#held = null;
      this.order = order;
    });
  }
  /** The pointer is on the list, or has left it. */
  hold(on: boolean): void {
    if (on === (this.#held !== null)) return;
    this.#keepPicks(() => (this.#held = on ? this.#ordered : null));
  }

  /** The picks stay on their moments while the list changes. */
  #keepPicks(change: () => void): void {
    const before = this.shown;
    change();
    this.#selection.follow(before, this.shown, ({ moment }) => `${moment.start}/${moment.end}`);
  }

  #take(id: MediaId, run: HighlightRun, events: readonly HighlightEvent[]): void {
    if (id === this.#entry?.media.id) this.#keepPicks(() => run.apply(events));
    else run.apply(events);
  }

  #gapOf(signal: HighlightSignal): [HighlightSignal, SignalGap][] | null {
    const { run } = this;
    if (!this.#entry || run?.known.has(signal)) return null;
    const { media } = this.#entry;
    const spoken = signal === 'summary' || signal === 'emotion';
    const heard = signal === 'reaction' || signal === 'energy';
    if (spoken && this.#around.talk().sentences.length === 0) return [[signal, 'no_talk']];
    if (heard && !media.audio) return [[signal, 'no_sound']];
    if (!spoken && !heard && !media.video) return [[signal, 'no_picture']];
    if (run?.status === 'done') return [[signal, 'unmeasured']];
    // Before the first answer the weights may be set already.
    return run?.status === 'running' && run.moments !== null ? [[signal, 'pending']] : null;
  }

  #makeReel(): TimeRange[] {
    const entry = this.#entry;
    if (!entry || this.moments.length === 0) return [];
    const { media, analysis } = entry;
    const cuts = analysis.shotEvents.filter(({ transitionIn }) => transitionIn !== 'start').map(({ start }) => start);
    return makeReel(this.moments, [...this.scores], this.reelLength, { cuts, range: mediaRange(media, null), frame: media.video ? frameDuration(nominalRate(media)) : null });
  }
}

function sameTalk(one: readonly Sentence[], other: readonly Sentence[]): boolean {
  return one === other || (one.length === other.length && one.every((sentence, index) => sentence.text === other[index]?.text && sentence.start === other[index]?.start));
}
