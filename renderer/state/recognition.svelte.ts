import { snapToCuts } from '../../shared/captions/cuts.ts';
import { rulesFor } from '../../shared/captions/rules.ts';
import { DEFAULT_CAPTION_STYLE, type CaptionTrack } from '../../shared/captions/types.ts';
import type { EditChange, SimpleChange } from '../../shared/edit.ts';
import { m } from '../../shared/i18n/index.ts';
import type { MediaId } from '../../shared/media.ts';
import { transcribeOptionsSchema, type SpeechEvent } from '../../shared/speech.ts';
import { maxTime, minTime, ZERO } from '../../shared/time.ts';
import type { EngineClient } from '../bridge/engine.ts';
import { captionContext } from './caption-context.ts';
import type { EditState } from './edit.svelte.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import { languageTag, lastMoment, optionsAsExtras, optionsOfTrack, streamOf, Transcription, type StartOptions } from './transcription.svelte.ts';

/** What the captions need of the rest of the window. */
export interface CaptionsAround {
  readonly entry: () => MediaEntry | null;
  readonly find: (id: MediaId) => MediaEntry | null;
}

/** The recogniser's runs: each fills one track of the edit as its cues come. */
export class Recognition {
  /** The latest run of each media. */
  runs = $state.raw<readonly Transcription[]>([]);
  /** A run's track has come; set by the captions' state. */
  onTrack: (track: CaptionTrack) => void = () => undefined;

  readonly #engine: EngineClient;
  readonly #jobs: Jobs;
  readonly #toasts: Toasts;
  readonly #edit: EditState;
  readonly #around: CaptionsAround;

  constructor(engine: EngineClient, jobs: Jobs, toasts: Toasts, edit: EditState, around: CaptionsAround) {
    this.#engine = engine;
    this.#jobs = jobs;
    this.#toasts = toasts;
    this.#edit = edit;
    this.#around = around;
  }

  #track(id: string): CaptionTrack | null {
    return this.#edit.captions.find((track) => track.id === id) ?? null;
  }

  /** The latest run over a media; null when none was begun since the window is open. */
  of(id: MediaId): Transcription | null {
    return this.runs.findLast((run) => run.media.id === id) ?? null;
  }

  isRunning(id: MediaId): boolean {
    return this.of(id)?.status === 'running';
  }

  /** Its recognition was begun and not finished, and does not run now. */
  isUnfinished(track: CaptionTrack): boolean {
    const media = this.#around.find(track.media)?.media;
    if (!media || track.kind === 'import' || this.#fills(track)) return false;
    return track.streamedUntil < lastMoment(media);
  }

  /** Recognises the speech of the current media. Resolves at its end, whichever; failures are told. */
  async start(options: StartOptions): Promise<void> {
    const entry = this.#around.entry();
    if (!entry || !entry.media.audio || this.isRunning(entry.media.id)) return;
    const { id } = entry.media;
    const kind = options.task === 'translate' ? 'translation' : 'speech';
    const mayGoOn = (track: CaptionTrack): boolean => track.media === id && track.kind === kind && this.isUnfinished(track);
    const begun = options.fresh ? null : (this.#edit.captions.find(mayGoOn) ?? null);
    const asked = begun ? optionsOfTrack(begun) : options;
    const job = this.#engine.start('transcribe', { ...transcribeOptionsSchema.parse(asked), media: id });
    const run = new Transcription(entry.media, asked, () => job.cancel());
    run.trackId = begun?.id ?? null;
    run.status = 'running';
    this.runs = [...this.runs.filter((other) => other.media.id !== id), run];
    try {
      run.status = await this.#jobs.follow('speech', entry.media.name, job, (events) => this.#take(run, events));
      if (run.status === 'done') this.#finish(run);
    } catch (error) {
      run.status = 'failed';
      run.error = error;
      this.#toasts.error(error);
    } finally {
      run.progress = null;
    }
  }

  cancel(id: MediaId): void {
    if (this.isRunning(id)) this.of(id)?.cancel();
  }

  /** Stops the run that fills a track, if one does. */
  stopFilling(trackId: string): void {
    for (const run of this.runs) if (run.trackId === trackId && run.status === 'running') run.cancel();
  }

  /** When a media's shots are all known: cues of its finished recognition that are near a cut move to it. Called after each end of an analysis. */
  snap(id: MediaId): void {
    const entry = this.#around.find(id);
    if (entry?.analysis.status !== 'done') return;
    for (const track of this.#edit.captions) {
      const done = track.kind !== 'import' && !this.#fills(track) && !this.isUnfinished(track);
      if (track.media === id && done) this.#snapTrack(track, entry);
    }
  }

  #snapTrack(track: CaptionTrack, entry: MediaEntry): void {
    const before = new Map(track.cues.map((cue) => [cue.id, cue]));
    const snapped = snapToCuts(track.cues, track.rules, captionContext(entry, track.language)).filter((cue) => {
      const old = before.get(cue.id);
      return old !== undefined && !old.touched && (old.start !== cue.start || old.end !== cue.end);
    });
    if (snapped.length === 0) return;
    this.#edit.run({ type: 'captions.stream', track: track.id, cues: snapped, speakers: null, language: null, until: track.streamedUntil });
  }

  #take(run: Transcription, events: readonly SpeechEvent[]): void {
    run.note(events);
    if (!this.#around.find(run.media.id)) {
      run.cancel();
      return;
    }
    if (run.trackId === null && run.language !== null && events.some((event) => event.type === 'cue')) this.#begin(run, run.language);
    if (run.trackId === null) return;
    const track = this.#track(run.trackId);
    // The person removed it, or undid its coming.
    if (!track) {
      run.cancel();
      return;
    }
    const change = streamOf(track, events);
    if (change) this.#edit.run(change);
  }

  /** The first cue: its track comes, in place of a finished one of the same kind. */
  #begin(run: Transcription, spoken: string): void {
    const translated = run.options.task === 'translate';
    const kind = translated ? 'translation' : 'speech';
    const language = languageTag(translated ? 'en' : spoken);
    const earlier = this.#edit.captions.filter((track) => track.media === run.media.id && track.kind === kind);
    const track: CaptionTrack = {
      id: crypto.randomUUID(),
      media: run.media.id,
      language,
      name: '',
      kind,
      cues: [],
      speakers: [],
      rules: run.options.rules ?? earlier[0]?.rules ?? rulesFor(language),
      style: earlier[0]?.style ?? { ...DEFAULT_CAPTION_STYLE },
      isDefault: !translated,
      streamedUntil: minTime(ZERO, run.media.startTime),
      extras: optionsAsExtras(run.options),
    };
    const removed = earlier.map((old): SimpleChange => ({ type: 'captions.remove', id: old.id }));
    const added: SimpleChange = { type: 'captions.add', track };
    const command: EditChange = removed.length > 0 ? { type: 'group', changes: [...removed, added] } : added;
    if (!this.#edit.run(command)) {
      run.cancel();
      return;
    }
    run.trackId = track.id;
    this.onTrack(track);
  }

  #finish(run: Transcription): void {
    const cues = run.summary?.cues ?? 0;
    const track = run.trackId === null ? null : this.#track(run.trackId);
    if (!track) {
      if (cues === 0) this.#toasts.show('info', m.transcript_no_speech({ name: run.media.name }));
      return;
    }
    const until = maxTime(track.streamedUntil, lastMoment(run.media));
    if (until !== track.streamedUntil) this.#edit.run({ type: 'captions.stream', track: track.id, cues: [], speakers: null, language: null, until });
    this.snap(run.media.id);
    this.#toasts.show('done', m.transcript_done({ n: track.cues.length, count: track.cues.length.toLocaleString() }));
  }

  #fills(track: CaptionTrack): boolean {
    return this.runs.some((run) => run.trackId === track.id && run.status === 'running');
  }

}
