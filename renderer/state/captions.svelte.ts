import type { CaptionContext, Violation } from '../../shared/captions/ruleTypes.ts';
import { checkCues } from '../../shared/captions/rules.ts';
import type { CaptionTrack, Cue } from '../../shared/captions/types.ts';
import type { SimpleChange } from '../../shared/edit.ts';
import { withSameSpeaker } from '../../shared/editCaptions.ts';
import type { Bridge, ImportedCaptions } from '../../shared/ipc/app.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import type { Flicks } from '../../shared/time.ts';
import type { EngineClient } from '../bridge/engine.ts';
import { captionContext } from './caption-context.ts';
import { cueIndexAt } from './cue-times.ts';
import type { EditState } from './edit.svelte.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { SelectHow } from './selection.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import { Recognition, type CaptionsAround } from './recognition.svelte.ts';
import { optionsOfTrack, type StartOptions, type Transcription, type TranscriptionStatus } from './transcription.svelte.ts';

export type TrackChange = Extract<SimpleChange, { type: 'captions.set' }>['change'];

/** Caption tracks of the media that is shown, the one that is worked on, its picked cues, and the recogniser's runs. */
export class CaptionsState {
  /** Track asked for by the person; `current` falls back where it is not there. */
  currentId = $state<string | null>(null);
  selected = $state.raw<ReadonlySet<string>>(new Set());
  lead = $state<string | null>(null);
  #anchor: string | null = null;

  readonly #recognition: Recognition;
  readonly #bridge: Bridge;
  readonly #toasts: Toasts;
  readonly #edit: EditState;
  readonly #around: CaptionsAround;

  constructor(engine: EngineClient, bridge: Bridge, jobs: Jobs, toasts: Toasts, edit: EditState, around: CaptionsAround) {
    this.#bridge = bridge;
    this.#toasts = toasts;
    this.#edit = edit;
    this.#around = around;
    this.#recognition = new Recognition(engine, jobs, toasts, edit, around);
    this.#recognition.onTrack = (track) => {
      if (track.media === this.#media?.id && (track.kind === 'speech' || this.current === null)) this.show(track.id);
    };
  }

  readonly #media: Media | null = $derived.by(() => this.#around.entry()?.media ?? null);
  readonly tracks: readonly CaptionTrack[] = $derived.by(() => this.#edit.captions.filter((track) => track.media === this.#media?.id));
  readonly current: CaptionTrack | null = $derived.by(() => this.tracks.find((track) => track.id === this.currentId) ?? this.tracks[0] ?? null);
  /** The track with the words as they were spoken. */
  readonly spoken: CaptionTrack | null = $derived.by(() => this.tracks.findLast((track) => track.kind === 'speech') ?? null);
  /** The latest run over the current media; null when none was begun since the window is open. */
  readonly run: Transcription | null = $derived.by(() => (this.#media ? this.#recognition.of(this.#media.id) : null));
  /** How recognising the current media stands. */
  readonly transcribing = $derived.by((): Pick<Transcription, 'progress' | 'language' | 'warnings' | 'summary'> & { status: TranscriptionStatus } => {
    const run = this.run;
    if (!run) return { status: 'idle', progress: null, language: null, warnings: [], summary: null };
    const { status, progress, language, warnings, summary } = run;
    return { status, progress, language, warnings, summary };
  });
  /** A track whose recognition was begun and not finished, and does not run now. */
  readonly unfinished: CaptionTrack | null = $derived.by(() => this.tracks.find((track) => this.#recognition.isUnfinished(track)) ?? null);
  readonly canTranscribe = $derived.by(() => this.#media?.audio != null && this.run?.status !== 'running');
  readonly context: CaptionContext = $derived.by(() => captionContext(this.#around.entry(), this.current?.language ?? 'und'));
  /** What is wrong in the current track, by cue id. */
  readonly violations: ReadonlyMap<string, readonly Violation[]> = $derived.by(() => {
    const byCue = new Map<string, Violation[]>();
    if (!this.current) return byCue;
    for (const violation of checkCues(this.current.cues, this.current.rules, this.context)) {
      const list = byCue.get(violation.cue);
      if (list) list.push(violation);
      else byCue.set(violation.cue, [violation]);
    }
    return byCue;
  });
  readonly leadCue: Cue | null = $derived.by(() => this.current?.cues.find((cue) => cue.id === this.lead) ?? null);
  /** Picked cues of the current track in order of time. */
  readonly selectedCues: readonly Cue[] = $derived.by(() => this.current?.cues.filter((cue) => this.selected.has(cue.id)) ?? []);

  track(id: string): CaptionTrack | null {
    return this.#edit.captions.find((track) => track.id === id) ?? null;
  }

  /** The cue shown at `time` (the one that began last); null between cues. */
  cueAt(time: Flicks, track: CaptionTrack | null = this.current): Cue | null {
    return track?.cues[cueIndexAt(track.cues, time)] ?? null;
  }

  show(trackId: string): void {
    if (this.current?.id === trackId) return;
    this.currentId = trackId;
    this.clearSelection();
  }

  select(id: string, how: SelectHow): void {
    const ids = this.current?.cues.map((cue) => cue.id) ?? [];
    const from = this.#anchor === null ? -1 : ids.indexOf(this.#anchor);
    const to = ids.indexOf(id);
    if (to < 0) return;
    if (how === 'extend' && from >= 0) {
      this.selected = new Set(ids.slice(Math.min(from, to), Math.max(from, to) + 1));
    } else if (how === 'toggle') {
      const next = new Set(this.selected);
      if (!next.delete(id)) next.add(id);
      this.selected = next;
      this.#anchor = id;
    } else {
      this.selected = new Set([id]);
      this.#anchor = id;
    }
    this.lead = id;
  }

  selectAll(): void {
    this.selected = new Set(this.current?.cues.map((cue) => cue.id) ?? []);
  }

  clearSelection(): void {
    this.selected = new Set();
    this.lead = null;
    this.#anchor = null;
  }

  /** Changes cues of the current track, undoable. False, with a toast, when it can't be done. */
  replace(change: { remove: readonly string[]; insert: readonly Cue[] }, trackId: string | null = this.current?.id ?? null): boolean {
    if (trackId === null || (change.remove.length === 0 && change.insert.length === 0)) return false;
    const done = this.#edit.run({ type: 'cues.replace', track: trackId, remove: [...change.remove], insert: [...change.insert] });
    if (done) this.#keepSelection();
    return done;
  }

  /** Changes the properties of the current track, undoable. */
  set(change: TrackChange, trackId: string | null = this.current?.id ?? null): boolean {
    return trackId !== null && this.#edit.run({ type: 'captions.set', id: trackId, change });
  }

  addTrack(track: CaptionTrack): boolean {
    const done = this.#edit.run({ type: 'captions.add', track });
    if (done && track.media === this.#media?.id) this.show(track.id);
    return done;
  }

  removeTrack(id: string): boolean {
    this.#recognition.stopFilling(id);
    const done = this.#edit.run({ type: 'captions.remove', id });
    if (done) this.#keepSelection();
    return done;
  }

  /** Asks for subtitle files and adds them as tracks of the current media. */
  async import(): Promise<void> {
    const media = this.#media;
    if (!media) return;
    this.take(await this.#bridge.invoke('importCaptions', { media: media.id }));
  }

  /** Adds what was read of subtitle files, and tells what could not be. */
  take({ tracks, warnings, failed }: ImportedCaptions): void {
    for (const { name, error } of failed) this.#toasts.wire(error.kind === 'expected' ? { ...error, params: { name, ...error.params } } : error);
    for (const track of tracks) this.addTrack(track);
    if (warnings.length > 0) this.#toasts.show('warning', warnings.join('\n'));
  }

  /** A person's name for a speaker. */
  renameSpeaker(trackId: string, speaker: string, name: string): boolean {
    const track = this.track(trackId);
    if (!track) return false;
    return this.set({ speakers: track.speakers.map((each) => (each.id === speaker ? { ...each, name: name.trim().slice(0, 100) } : each)) }, trackId);
  }

  /** Everything that `from` says, now and in what is recognised later, is said by `into`; one step of undo. */
  mergeSpeakers(trackId: string, from: string, into: string): boolean {
    const track = this.track(trackId);
    if (!track || from === into) return false;
    const moved = track.cues.filter((cue) => cue.speaker === from).map((cue) => ({ ...cue, speaker: into }));
    const changes: SimpleChange[] = [];
    if (moved.length > 0) changes.push({ type: 'cues.replace', track: trackId, remove: moved.map((cue) => cue.id), insert: moved });
    changes.push({ type: 'captions.set', id: trackId, change: { speakers: track.speakers.filter((each) => each.id !== from), sameSpeakers: withSameSpeaker(track, from, into) } });
    return this.#edit.run({ type: 'group', changes });
  }

  /**
   * Recognises the speech of the current media. What was begun with the same task and not finished goes on, asked as it was
   * asked before, unless `fresh`; a finished track of the same task is replaced.
   */
  async start(options: StartOptions = {}): Promise<void> {
    await this.#recognition.start(options);
  }

  /** Goes on with a track whose recognition was begun and not finished. */
  async resume(): Promise<void> {
    if (this.unfinished) await this.start(optionsOfTrack(this.unfinished));
  }

  /** The speech of a media, the current or another, is being recognised now. */
  isTranscribing(id: MediaId): boolean {
    return this.#recognition.isRunning(id);
  }

  cancel(): void {
    if (this.#media) this.#recognition.cancel(this.#media.id);
  }

  /** After each end of an analysis: cues of finished recognitions near a cut of that media move to it. */
  snap(id: MediaId): void {
    this.#recognition.snap(id);
  }

  #keepSelection(): void {
    const ids = new Set(this.current?.cues.map((cue) => cue.id));
    if ([...this.selected].some((id) => !ids.has(id))) this.selected = new Set([...this.selected].filter((id) => ids.has(id)));
    if (this.lead !== null && !ids.has(this.lead)) this.lead = [...this.selected].at(-1) ?? null;
  }
}
