import { trimEdge, type Clip, type Edit, type EditCommand, EMPTY_EDIT } from '../../shared/edit.ts';
import { changesBetween, settingsBetween } from '../../shared/editDifference.ts';
import { advance, canRedo, canUndo, startHistory, type EditHistory } from '../../shared/editHistory.ts';
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import { flicks, frameDuration, type Flicks } from '../../shared/time.ts';
import type { EngineClient } from '../bridge/engine.ts';
import { mediaRange, nominalRate } from './media-range.ts';
import type { SelectHow } from './selection.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** A range that is to become a clip. */
export interface NewClip {
  readonly media: MediaId;
  readonly start: Flicks;
  readonly end: Flicks;
  readonly name: string;
}

/** The edit: its history, which clips are picked, and the engine's journal, fed with each command in order. */
export class EditState {
  #history = $state.raw<EditHistory>(startHistory(EMPTY_EDIT));
  picked = $state.raw<ReadonlySet<string>>(new Set());
  lead = $state<string | null>(null);
  projectName = $state<string | null>(null);

  readonly edit = $derived(this.#history.edit);
  readonly clips = $derived(this.#history.edit.clips);
  /** Tracks of all the project's media. */
  readonly captions = $derived(this.#history.edit.captions);
  /** Chapters that a person has changed, by media; a media that isn't there has those that are computed. */
  readonly chapters = $derived(this.#history.edit.chapters);
  /** How the understanding of each media is set, by media; one that isn't there is as by default. */
  readonly understanding = $derived(this.#history.edit.understanding);
  readonly canUndo = $derived(canUndo(this.#history));
  readonly canRedo = $derived(canRedo(this.#history));
  readonly leadClip = $derived(this.clips.find((clip) => clip.id === this.lead) ?? null);

  readonly #engine: EngineClient;
  readonly #toasts: Toasts;
  readonly #mediaOf: (id: MediaId) => Media | null;
  #journal: Promise<void> = Promise.resolve();
  /** The engine stopped: what is not written yet waits for `reconcile`, so that nothing is written twice. */
  #held = false;

  constructor(engine: EngineClient, toasts: Toasts, mediaOf: (id: MediaId) => Media | null) {
    this.#engine = engine;
    this.#toasts = toasts;
    this.#mediaOf = mediaOf;
    engine.onConnect((again) => (this.#held ||= again));
  }

  /** Starts from an edit that the engine keeps: nothing to undo, nothing picked. */
  load(edit: Edit): void {
    this.#history = startHistory(edit);
    this.#held = false;
    this.#pick([]);
  }

  /** Applies a command here and has it journalled. False, with a toast, when it can't be applied. */
  run(command: EditCommand): boolean {
    try {
      this.#history = advance(this.#history, command);
    } catch (error) {
      this.#toasts.error(error);
      return false;
    }
    const ids = new Set(this.clips.map((clip) => clip.id));
    if ([...this.picked].some((id) => !ids.has(id))) this.#pick([...this.picked].filter((id) => ids.has(id)));
    this.#append([command]);
    return true;
  }

  undo(): void {
    if (this.canUndo) this.run({ type: 'undo' });
  }
  redo(): void {
    if (this.canRedo) this.run({ type: 'redo' });
  }

  /** Puts clips behind the picked one, else at the end, and picks them. */
  add(ranges: readonly NewClip[]): void {
    const behind = this.clips.findIndex((clip) => clip.id === this.lead);
    this.insert(ranges, behind < 0 ? this.clips.length : behind + 1);
  }

  /** Puts clips before the one at index `at` (the lane's length: at its end) and picks them. One step of undo. */
  insert(ranges: readonly NewClip[], at: number): void {
    const clips = ranges
      .filter((range) => range.end > range.start)
      .map((range): Clip => ({ id: crypto.randomUUID(), ...range, name: range.name.slice(0, 200) }));
    if (clips.length > 0 && this.run({ type: 'clips.insert', at, clips })) this.#pick(clips.map((clip) => clip.id));
  }

  remove(ids: readonly string[] = [...this.picked]): void {
    if (ids.length === 0) return;
    const first = this.clips.findIndex((clip) => ids.includes(clip.id));
    if (!this.run({ type: 'clips.remove', ids: [...ids] })) return;
    const next = this.clips[first] ?? this.clips.at(-1);
    this.#pick(next ? [next.id] : []);
  }

  move(id: string, to: number): void {
    const from = this.clips.findIndex((clip) => clip.id === id);
    const place = Math.max(0, Math.min(to, this.clips.length - 1));
    if (from >= 0 && from !== place) this.run({ type: 'clip.move', id, to: place });
  }

  /** Moves the leading clip by `by` places. */
  shift(by: number): void {
    const clip = this.leadClip;
    if (clip) this.move(clip.id, this.clips.indexOf(clip) + by);
  }

  trim(id: string, start: Flicks, end: Flicks): void {
    const clip = this.clips.find((other) => other.id === id);
    if (clip && (clip.start !== start || clip.end !== end)) this.run({ type: 'clip.trim', id, start, end });
  }

  /** Moves one edge of the leading clip by frames of its media's nominal rate, within the media. */
  trimFrames(edge: 'start' | 'end', by: number): void {
    const clip = this.leadClip;
    const media = clip && this.#mediaOf(clip.media);
    if (!clip || !media) return;
    const frame = frameDuration(nominalRate(media));
    const { start: low, end: high } = mediaRange(media, clip.end);
    const range = trimEdge(clip, edge, flicks(clip[edge] + by * frame), { low, high, shortest: frame });
    this.trim(clip.id, range.start, range.end);
  }

  rename(id: string, name: string): void {
    const clip = this.clips.find((other) => other.id === id);
    if (clip && clip.name !== name && name.trim() !== '') this.run({ type: 'clip.rename', id, name: name.trim().slice(0, 200) });
  }

  select(id: string, how: SelectHow): void {
    const ids = this.clips.map((clip) => clip.id);
    if (how === 'extend' && this.lead !== null) {
      const ends = [ids.indexOf(this.lead), ids.indexOf(id)].sort((a, b) => a - b);
      this.picked = new Set(ids.slice(ends[0], (ends[1] ?? 0) + 1));
      return;
    }
    if (how === 'toggle') {
      const next = new Set(this.picked);
      if (!next.delete(id)) next.add(id);
      this.picked = next;
      this.lead = next.has(id) ? id : ([...next].at(-1) ?? null);
      return;
    }
    this.#pick([id]);
  }

  /** Picks the clip `by` places from the leading one; the first when there is none. */
  selectNeighbour(by: number): void {
    const from = this.clips.findIndex((clip) => clip.id === this.lead);
    const clip = this.clips[from < 0 ? 0 : Math.max(0, Math.min(from + by, this.clips.length - 1))];
    if (clip) this.#pick([clip.id]);
  }

  clearPicks(): void {
    this.#pick([]);
  }

  /**
   * Brings the engine's copy in line after it was restarted: what it did not get to journal is written as one more change.
   */
  async reconcile(kept: Edit): Promise<void> {
    await this.#journal;
    this.#held = false;
    const changes = changesBetween(kept, this.edit);
    const [only, ...others] = changes;
    const missed: EditCommand[] = settingsBetween(kept, this.edit);
    if (only) missed.unshift(others.length === 0 ? only : { type: 'group', changes });
    if (missed.length > 0) this.#append(missed);
    await this.#journal;
  }

  /** Resolves when everything done so far is on disk. */
  async flushed(): Promise<void> {
    await this.#journal;
  }

  #append(commands: EditCommand[]): void {
    this.#journal = this.#journal
      .then(async () => {
        if (!this.#held) await this.#engine.call('projectAppend', { commands });
      })
      .catch((error: unknown) => {
        // A stopped engine is told of elsewhere, and `reconcile` writes what was lost.
        if (error instanceof ExpectedError && error.code === 'engine_stopped') this.#held = true;
        else this.#toasts.error(error);
      });
  }

  #pick(ids: readonly string[]): void {
    this.picked = new Set(ids);
    this.lead = ids.at(-1) ?? null;
  }
}
