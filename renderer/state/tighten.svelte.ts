import type { Word } from '../../shared/captions/types.ts';
import { m } from '../../shared/i18n/index.ts';
import { intersectRanges, mergeRanges, totalLength, type TimeRange } from '../../shared/ranges.ts';
import { keptRanges, rippleDelete } from '../../shared/ripple.ts';
import type { TightenSettings } from '../../shared/settings.ts';
import { findFillers, findRepeats, findSilences, planTighten, type Removal } from '../../shared/tighten/index.ts';
import { flicks, formatClock, fromSeconds, ZERO, type Flicks } from '../../shared/time.ts';
import type { EngineClient } from '../bridge/engine.ts';
import type { CaptionsState } from './captions.svelte.ts';
import type { EditState } from './edit.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import { Peaks } from './peaks.svelte.ts';
import type { Player } from './player.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import { wordsOfCue } from './transcript-words.ts';
import { rippleMedia } from './transcript.svelte.ts';
import { lastMoment } from './transcription.svelte.ts';

export interface TightenAround {
  readonly entry: () => MediaEntry | null;
  readonly settings: () => TightenSettings;
  readonly save: (settings: TightenSettings) => void;
  /** The list is on the screen: only then anything is looked for. */
  readonly shown: () => boolean;
}

/** Less than this that is still there of a removal is what rounding to frames left. */
const LEAST_LEFT = fromSeconds(0.08);
/** Seconds played before and after a removal. */
const PREVIEW = fromSeconds(1);

/** What could be taken out of the current media to tighten it, what of that the person wants, and taking it out. */
export class TightenState {
  readonly peaks: Peaks;
  #unchecked = $state.raw<ReadonlySet<string>>(new Set());
  /** The removal that is looked at. */
  leadId = $state<string | null>(null);

  readonly #captions: CaptionsState;
  readonly #edit: EditState;
  readonly #player: Player;
  readonly #toasts: Toasts;
  readonly #around: TightenAround;

  constructor(engine: EngineClient, captions: CaptionsState, edit: EditState, player: Player, toasts: Toasts, around: TightenAround) {
    this.peaks = new Peaks(engine);
    this.#captions = captions;
    this.#edit = edit;
    this.#player = player;
    this.#toasts = toasts;
    this.#around = around;
  }

  get settings(): TightenSettings {
    return this.#around.settings();
  }

  change(change: Partial<TightenSettings>): void {
    this.#around.save({ ...this.settings, ...change });
  }

  /** Reads more of the sound's peaks. */
  async read(): Promise<void> {
    await this.peaks.read(this.#around.entry());
  }

  readonly words: readonly Word[] = $derived.by(() => (this.#captions.spoken?.cues ?? []).flatMap((cue) => wordsOfCue(cue)));
  readonly #silences: readonly Removal[] = $derived.by(() => {
    const media = this.#around.entry()?.media;
    const { silences, threshold, minimum, margin } = this.settings;
    const { samples, bucketsPerSecond, complete } = this.peaks;
    if (!media || !silences || samples.length === 0 || this.peaks.entry?.media.id !== media.id) return [];
    return findSilences(samples, bucketsPerSecond, media.startTime, { threshold, minimum, margin, ...(complete ? { end: lastMoment(media) } : {}) });
  });
  readonly #fillers: readonly Removal[] = $derived.by(() => (this.settings.fillers ? findFillers(this.words, this.settings.lists) : []));
  readonly #repeats: readonly Removal[] = $derived.by(() => (this.settings.repeats ? findRepeats(this.words) : []));
  readonly #kept: readonly TimeRange[] | null = $derived.by(() => {
    const id = this.#around.entry()?.media.id;
    return id === undefined ? null : keptRanges({ clips: [...this.#edit.clips] }, id);
  });

  /** In order of time, those left out that are cut already. Empty while the list is not shown. */
  readonly removals: readonly Removal[] = $derived.by(() => {
    if (!this.#around.shown()) return [];
    return [...this.#silences, ...this.#fillers, ...this.#repeats].filter((removal) => this.savedBy(removal) >= LEAST_LEFT).sort((a, b) => a.start - b.start || a.end - b.end);
  });
  readonly chosen: readonly Removal[] = $derived.by(() => this.removals.filter((removal) => !this.#unchecked.has(removal.id)));
  /** Time that taking out all that is chosen saves. */
  readonly saved: Flicks = $derived.by(() => totalLength(planTighten(this.chosen).ranges.flatMap((range) => this.#stillThere(range))));
  readonly lead: Removal | null = $derived.by(() => this.removals.find((removal) => removal.id === this.leadId) ?? null);

  /** What of a removal the edit still plays. */
  savedBy(removal: TimeRange): Flicks {
    return totalLength(this.#stillThere(removal));
  }

  #stillThere(range: TimeRange): readonly TimeRange[] {
    return this.#kept === null ? [range] : intersectRanges(range, this.#kept);
  }

  isChosen(id: string): boolean {
    return !this.#unchecked.has(id);
  }

  choose(ids: readonly string[], wanted: boolean): void {
    const next = new Set(this.#unchecked);
    for (const id of ids) {
      if (wanted) next.delete(id);
      else next.add(id);
    }
    this.#unchecked = next;
  }

  /** Plays a second before it and a second after it, and leaves it out. */
  preview(removal: Removal): void {
    this.leadId = removal.id;
    const { range } = this.#player;
    const from = flicks(Math.max(range.start, removal.start - PREVIEW));
    this.#player.playAround(from, removal, flicks(Math.min(range.end, removal.end + PREVIEW)));
  }

  /** Takes out what is chosen, or only those given; one step of undo. False when there is nothing. */
  apply(only?: readonly Removal[]): boolean {
    const media = this.#around.entry()?.media;
    const removals = only ?? this.chosen;
    if (!media || removals.length === 0) return false;
    const { ranges } = planTighten(mergeRanges(removals), this.words);
    const saved = totalLength(ranges.flatMap((range) => this.#stillThere(range)));
    const change = rippleDelete({ clips: [...this.#edit.clips] }, rippleMedia(media), ranges, () => crypto.randomUUID());
    if (!change || !this.#edit.run(change)) return false;
    this.#player.setEdit(true);
    if (!only) this.#toasts.show('done', m.transcript_tightened({ n: removals.length, time: formatClock(saved, 1) }));
    return true;
  }

  /** How long what is left of the media plays. */
  readonly left: Flicks = $derived.by(() => {
    const media = this.#around.entry()?.media;
    if (!media) return ZERO;
    return this.#kept === null ? flicks(lastMoment(media) - media.startTime) : totalLength(this.#kept);
  });
}
