import type { Clip } from '../../shared/edit.ts';
import { m } from '../../shared/i18n/index.ts';
import type { MediaId } from '../../shared/media.ts';
import type { TimeRange } from '../../shared/ranges.ts';
import { fromSequence, sequenceLength, sequenceOf, type SequenceClip } from '../../shared/sequence.ts';
import { clampTime, flicks, frameDuration, fromSeconds, ZERO, type Flicks } from '../../shared/time.ts';
import { playableForm, type Deck } from './deck.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import { nominalRate } from './media-range.ts';
import type { Toasts } from './toasts.svelte.ts';

/** The parts of the window that playing the edit needs. */
export interface EditAround {
  readonly clips: () => readonly Clip[];
  readonly find: (id: MediaId) => MediaEntry | null;
  /** Another media is shown from now on: the rest of the window follows. */
  readonly shown: (id: MediaId) => void;
}

/** The player as playing the edit drives it. */
export interface EditHost {
  readonly entry: MediaEntry | null;
  readonly time: Flicks;
  readonly playing: boolean;
  readonly speed: number;
  readonly standby: Deck;
  /** Shows `entry` at `time`; goes on playing when it plays. */
  place(entry: MediaEntry, time: Flicks): void;
  /** The standby deck, which stands at `time`, becomes the one that is seen and heard. */
  swap(time: Flicks): void;
}

interface Peek {
  readonly entry: MediaEntry;
  readonly skip: TimeRange;
  readonly until: Flicks;
}

/** So long before a clip's end the next one is put on: about the time that an element takes to begin. */
const AHEAD = fromSeconds(0.012);
/** So far behind the end of the last clip the playhead counts as there. */
const BEHIND = fromSeconds(0.2);
/** Above this picture size two decoders at once are too much for many machines: pixels of 4096x2304. */
const LARGEST_FOR_TWO = 4096 * 2304;

/** Playing the clips one after another, over what was cut out: where that is, and the way from one clip to the next. */
export class EditPlayback {
  /** The person wants the edit, not the file as it is. */
  wanted = $state(false);
  /** The clip last played or sought to; tells which, where clips of the lane overlap in their media. */
  #index = $state(-1);
  /** Played once over a gap, whatever is cut; null when not. */
  #peek: Peek | null = null;
  #oneDeck = false;
  readonly #told = new Set<string>();
  readonly #host: EditHost;
  readonly #around: EditAround;
  readonly #toasts: Toasts;

  constructor(host: EditHost, around: EditAround, toasts: Toasts) {
    this.#host = host;
    this.#around = around;
    this.#toasts = toasts;
  }

  readonly sequence: readonly SequenceClip[] = $derived.by(() => sequenceOf({ clips: [...this.#around.clips()] }));
  readonly total: Flicks = $derived(sequenceLength(this.sequence));
  /** With nothing on the lane there is nothing but the file. */
  readonly on = $derived.by(() => this.wanted && this.sequence.length > 0);
  /** The clip at the playhead; -1 where what is shown is cut out. */
  readonly index = $derived.by(() => {
    if (this.#holds(this.#index)) return this.#index;
    return this.sequence.findIndex((_, index) => this.#holds(index));
  });
  /** The playhead in the sequence's time; where it will go on when what is shown is cut out. */
  readonly position: Flicks = $derived.by(() => {
    const clip = this.sequence[this.index];
    if (clip) return clampTime(flicks(clip.at + this.#host.time - clip.start), clip.at, flicks(clip.at + clip.end - clip.start));
    const last = this.sequence.at(-1);
    const played = last !== undefined && this.#index === this.sequence.length - 1 && last.media === this.#host.entry?.media.id;
    // Elements stop a little behind the last clip's end.
    if (played && this.#host.time >= last.end && this.#host.time < last.end + BEHIND) return this.total;
    return this.sequence[this.#nextAfterCut()]?.at ?? ZERO;
  });

  /** True when the playhead is within the clip; a clip may begin within the frame that is shown. */
  #holds(index: number): boolean {
    const clip = this.sequence[index];
    const { entry, time } = this.#host;
    if (!clip || clip.media !== entry?.media.id || time >= clip.end) return false;
    return time >= clip.start || (index === this.#index && time > clip.start - frameDuration(nominalRate(entry.media)));
  }

  /** First clip of this media that begins after the playhead, else the lane's first. */
  #nextAfterCut(): number {
    const { entry, time } = this.#host;
    let best = -1;
    this.sequence.forEach((clip, index) => {
      if (clip.media === entry?.media.id && clip.start >= time && (best < 0 || clip.start < (this.sequence[best]?.start ?? 0))) best = index;
    });
    return Math.max(0, best);
  }

  /** The playhead was put somewhere: which clip is that? */
  located(): void {
    this.#index = this.index;
    this.#prepare();
  }

  /** Before playing begins: from what is cut out, or from the end, to where there is something to play. False when nowhere is. */
  begin(): boolean {
    this.#told.clear();
    const lastFrame = frameDuration(nominalRate(this.#host.entry?.media ?? null)) * 2;
    const atEnd = this.position >= this.total - lastFrame;
    if (this.index >= 0 && !atEnd) {
      this.located();
      return true;
    }
    const from = atEnd ? 0 : this.#nextAfterCut();
    return this.#goTo(this.#playableFrom(from));
  }

  seek(position: Flicks): void {
    const inside = clampTime(position, ZERO, flicks(Math.max(0, this.total - 1)));
    const { sequence } = this;
    const found = fromSequence(sequence, inside);
    if (!found) return;
    const index = sequence.indexOf(found.clip);
    const entry = this.#around.find(found.clip.media);
    if (!entry) {
      this.#tellSkipped(found.clip);
      return;
    }
    this.#index = index;
    this.#show(entry, found.time);
  }

  /** A gap is played over for once; ends by itself, or by `endPeek`. */
  get peeking(): boolean {
    return this.#peek !== null;
  }
  peek(skip: TimeRange, until: Flicks): void {
    const { entry, standby } = this.#host;
    if (!entry) return;
    this.#peek = { entry, skip, until };
    // Nothing is skipped: nothing waits behind it.
    if (!this.#oneDeck && skip.end > skip.start) standby.load(entry, skip.end);
  }
  endPeek(): void {
    if (this.#peek === null) return;
    this.#peek = null;
    if (!this.wanted) this.release();
  }

  /** While peeking: over the gap when it is there. False at its end. */
  #advancePeek({ entry, skip, until }: Peek, now: Flicks, speed: number): boolean {
    if (now >= until || entry !== this.#host.entry) return false;
    if (skip.end > skip.start && now >= skip.start - AHEAD * speed && now < skip.end) {
      if (this.#host.standby.standsAt(entry, skip.end)) this.#host.swap(skip.end);
      else this.#host.place(entry, skip.end);
    }
    return true;
  }

  /** Called often while it plays: at a clip's end the next one is put on. False at the end of the edit. */
  advance(now: Flicks, speed: number): boolean {
    if (this.#peek) return this.#advancePeek(this.#peek, now, speed);
    const clip = this.sequence[this.#index];
    if (!clip || clip.media !== this.#host.entry?.media.id) return this.begin();
    if (now < clip.end - AHEAD * speed) {
      this.#prepare();
      return true;
    }
    return this.next();
  }

  /** On to the next clip. False when there is none. */
  next(): boolean {
    return this.#goTo(this.#playableFrom(this.#index + 1));
  }

  /** Where frame stepping over a clip's edge leads; null while it stays inside. */
  acrossEdge(time: Flicks | null, by: number): Flicks | null {
    const clip = this.sequence[this.index];
    if (!this.on || !clip || (time !== null && time >= clip.start && time < clip.end)) return null;
    const frame = frameDuration(nominalRate(this.#host.entry?.media ?? null));
    return by > 0 ? flicks(clip.at + clip.end - clip.start) : flicks(Math.max(0, clip.at - frame));
  }

  #goTo(index: number): boolean {
    const clip = this.sequence[index];
    const entry = clip && this.#around.find(clip.media);
    if (!clip || !entry) return false;
    this.#index = index;
    if (this.#host.standby.standsAt(entry, clip.start)) {
      const other = entry !== this.#host.entry;
      this.#host.swap(clip.start);
      if (other) this.#around.shown(clip.media);
    } else this.#show(entry, clip.start);
    this.#prepare();
    return true;
  }

  #show(entry: MediaEntry, time: Flicks): void {
    const other = entry !== this.#host.entry;
    this.#host.place(entry, time);
    if (other) this.#around.shown(entry.media.id);
  }

  /** First clip from `index` on that can be played; those that can't are told of once. */
  #playableFrom(index: number): number {
    for (let at = Math.max(0, index); at < this.sequence.length; at += 1) {
      const clip = this.sequence[at];
      if (clip && playableForm(this.#around.find(clip.media)) !== null) return at;
      if (clip) this.#tellSkipped(clip);
    }
    return -1;
  }

  #tellSkipped(clip: SequenceClip): void {
    if (this.#told.has(clip.clip)) return;
    this.#told.add(clip.clip);
    const name = this.#around.clips().find((each) => each.id === clip.clip)?.name ?? '';
    this.#toasts.show('warning', this.#around.find(clip.media) ? m.panels_edit_skipped_not_ready({ name }) : m.panels_edit_skipped_missing({ name }));
  }

  /** Has the other deck wait at the first frame of the clip that comes next. */
  #prepare(): void {
    const { standby, playing } = this.#host;
    if (!this.on || !playing || this.#oneDeck) return;
    if (standby.failed) {
      // Memory or the decoder was too short for two: one does it all, with a short stop at each cut.
      this.#oneDeck = true;
      standby.load(null, ZERO);
      return;
    }
    const next = this.sequence.slice(this.#index + 1).find((clip) => playableForm(this.#around.find(clip.media)) !== null);
    const entry = next && this.#around.find(next.media);
    const size = entry?.media.video;
    if (!next || !entry || (size && size.width * size.height > LARGEST_FOR_TWO)) return;
    if (!standby.isFor(entry, next.start)) standby.load(entry, next.start);
  }

  /** Playing the edit is over: the other deck lets go of its file. */
  release(): void {
    this.#host.standby.load(null, ZERO);
    this.#oneDeck = false;
  }
}
