import { clampTime, flicks, frameDuration, fromSeconds, subtract, ZERO, type Flicks } from '../../shared/time.ts';
import type { TimeRange } from '../../shared/ranges.ts';
import type { EngineClient } from '../bridge/engine.ts';
import { Deck, type DeckEvents } from './deck.svelte.ts';
import { EditPlayback, type EditAround } from './edit-playback.svelte.ts';
import { FrameSteps } from './frame-steps.ts';
import { mediaRange, nominalRate } from './media-range.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4, 8] as const;
/** How often backwards play steps, in milliseconds: seeking is slower than playing. */
const BACKWARDS_BEAT_MS = 80;

/** The viewer's transport: one playhead, in the media's own time, for the picture, the timeline and the marks. */
export class Player {
  entry = $state.raw<MediaEntry | null>(null);
  /** Time of the frame shown. */
  time = $state<Flicks>(ZERO);
  playing = $state(false);
  /** Negative plays backwards. */
  speed = $state(1);
  volume = $state(1);
  muted = $state(false);
  loop = $state(false);
  markIn = $state<Flicks | null>(null);
  markOut = $state<Flicks | null>(null);
  scale = $state<'fit' | 'actual'>('fit');
  /** Screen pixels a picture pixel, as the viewer draws it. */
  zoom = $state(1);
  boxes = $state(true);
  readonly media = $derived(this.entry?.media ?? null);
  readonly rate = $derived(nominalRate(this.media));
  readonly range = $derived.by(() => {
    if (!this.entry) return { start: ZERO, end: ZERO };
    return mediaRange(this.entry.media, this.entry.analysis.shots.at(-1)?.shot.end ?? null);
  });
  /** Two elements: while an edit plays, the one not seen waits at the next clip. */
  readonly decks: readonly [Deck, Deck] = [new Deck(), new Deck()];
  /** Which of them is seen and heard. */
  active = $state<0 | 1>(0);
  readonly deck = $derived(this.decks[this.active]);
  readonly source = $derived(this.deck.source);
  readonly elementFailed = $derived(this.deck.failed);
  readonly canPlay = $derived(this.source !== null && !this.elementFailed);
  readonly edit: EditPlayback;

  readonly #toasts: Toasts;
  readonly #steps: FrameSteps;
  #backwards: ReturnType<typeof setInterval> | null = null;
  #watching = 0;
  readonly #remembered = new Map<string, Flicks>();
  readonly #events: DeckEvents = {
    shown: (deck, time) => {
      if (deck === this.deck) this.#shown(time);
    },
    loaded: (deck) => {
      if (deck !== this.deck) return;
      deck.seek(this.time);
      if (this.playing && this.speed > 0) this.#start();
    },
    ended: (deck) => {
      if (deck === this.deck) this.#ended();
    },
    paused: (deck) => {
      if (deck === this.deck && this.#backwards === null && deck.video?.ended !== true) this.playing = false;
    },
    failed: (deck) => {
      if (deck === this.deck) this.playing = false;
    },
  };

  constructor(engine: EngineClient, toasts: Toasts, around: EditAround) {
    this.#toasts = toasts;
    this.edit = new EditPlayback(this, around, toasts);
    this.#steps = new FrameSteps(this, engine, toasts);
  }

  /** The one that is not seen. */
  get standby(): Deck {
    return this.decks[this.active === 0 ? 1 : 0];
  }

  /** Shows another media, where it was left. */
  show(entry: MediaEntry | null): void {
    if (entry === this.entry) return;
    this.pause();
    this.#exchange(entry);
    this.time = entry ? (this.#remembered.get(entry.media.id) ?? this.range.start) : ZERO;
    this.deck.load(entry, this.time);
    this.edit.located();
  }

  #exchange(entry: MediaEntry | null): void {
    if (entry === this.entry) return;
    if (this.entry) this.#remembered.set(this.entry.media.id, this.time);
    this.entry = entry;
    this.markIn = null;
    this.markOut = null;
  }

  /** Takes the element of one of the decks. Returns what undoes it. */
  attach(deck: Deck, video: HTMLVideoElement): () => void {
    return deck.attach(video, this.#events);
  }

  seek(time: Flicks): void {
    this.#endPeek();
    const last = flicks(Math.max(this.range.start, this.range.end - frameDuration(this.rate)));
    this.time = clampTime(time, this.range.start, last);
    this.#steps.forget();
    this.deck.seek(this.time);
    this.edit.located();
  }

  /** As `seek`, in the sequence's time while the edit is played, else from the file's first frame on. */
  seekShown(time: Flicks): void {
    this.#endPeek();
    if (this.edit.on) this.edit.seek(time);
    else this.seek(flicks(this.range.start + time));
  }

  /** What was played only for a look does not play on from where the person goes. */
  #endPeek(): void {
    if (this.edit.peeking) this.pause();
  }

  /** Shows `entry` at `time`, playing on when it plays. */
  place(entry: MediaEntry, time: Flicks): void {
    this.#exchange(entry);
    this.time = time;
    this.deck.load(entry, time);
    if (this.playing && this.speed > 0) this.#start();
  }

  /** The other deck, which stands at `time`, is seen and heard from now on. */
  swap(time: Flicks): void {
    const old = this.deck;
    this.active = this.active === 0 ? 1 : 0;
    this.#exchange(this.deck.entry);
    this.time = time;
    this.#start();
    old.video?.pause();
  }

  /** Plays what the clips hold from now on (the lane must hold some), or the file as it is. */
  setEdit(wanted: boolean): void {
    if (wanted === this.edit.wanted) return;
    this.edit.wanted = wanted;
    if (!wanted) this.edit.release();
    else if (this.playing && !this.edit.begin()) this.pause();
  }

  /** Plays from `from` to `until`, over `skip`, whatever is cut. */
  playAround(from: Flicks, skip: TimeRange, until: Flicks): void {
    if (!this.canPlay) return;
    this.pause();
    this.seek(from);
    this.speed = 1;
    this.playing = true;
    this.edit.peek(skip, until);
    this.#start();
  }

  /** Plays a part of the file and stops at its end. */
  playRange({ start, end }: TimeRange): void {
    this.playAround(start, { start: end, end }, end);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play(1);
  }

  play(speed: number): void {
    if (!this.deck.video || !this.canPlay) return;
    this.#stopBackwards();
    this.edit.endPeek();
    this.speed = speed;
    this.playing = true;
    if (speed < 0) {
      this.deck.video.pause();
      this.#backwards = setInterval(() => this.#stepBackwards(), BACKWARDS_BEAT_MS);
      return;
    }
    if (this.edit.on) {
      if (!this.edit.begin()) {
        this.pause();
        return;
      }
    } else if (this.time >= subtract(this.range.end, flicks(frameDuration(this.rate) * 2)) || this.#beyondLoop()) this.seek(this.#loopStart());
    this.#start();
  }

  #start(): void {
    const { video } = this.deck;
    if (!video || video.readyState === 0) return;
    video.playbackRate = this.speed;
    video.play().catch(() => {
      // A deck that was swapped away was paused on purpose.
      if (video === this.deck.video && video.paused && !this.deck.seeking) this.playing = false;
    });
    this.#watch();
  }

  /** Looks for the end of the clip at each drawn frame: the element's own events come too seldom. */
  #watch(): void {
    cancelAnimationFrame(this.#watching);
    this.#watching = requestAnimationFrame(() => {
      if (!this.playing || this.speed < 0) return;
      this.#checkClip();
      this.#watch();
    });
  }

  #checkClip(): void {
    if (!(this.edit.on || this.edit.peeking) || !this.playing || this.speed < 0 || this.deck.seeking) return;
    if (this.edit.advance(this.deck.now, this.speed)) return;
    if (this.edit.peeking) this.pause();
    else this.#ended();
  }

  pause(): void {
    this.edit.endPeek();
    this.#stopBackwards();
    this.playing = false;
    if (this.speed < 0) this.speed = 1;
    this.deck.video?.pause();
  }

  /** J (-1) and L (1): from standing at normal speed, then twice as fast with each press, up to 8. */
  shuttle(direction: 1 | -1): void {
    const moving = this.playing && Math.sign(this.speed) === direction;
    this.play(moving ? direction * Math.min(8, Math.max(1, Math.abs(this.speed)) * 2) : direction);
  }

  setSpeed(speed: number): void {
    if (this.playing) this.play(speed);
    else this.speed = speed;
  }

  /** Steps by real frames, as the engine knows them. Presses faster than its answers add up. */
  async step(by: number): Promise<void> {
    this.pause();
    await this.#steps.step(by);
  }

  /** Exact time of the frame `by` frames after the one shown; null beyond the ends. */
  frameTime(by: number): Promise<Flicks | null> {
    return this.#steps.timeOf(by);
  }

  async mark(edge: 'in' | 'out'): Promise<void> {
    try {
      // The out point lies behind the frame shown: ranges leave their end out.
      const time = await this.frameTime(edge === 'in' ? 0 : 1);
      if (edge === 'in') this.setMarks(time ?? this.range.start, this.markOut);
      else this.setMarks(this.markIn, time ?? this.range.end);
    } catch (error) {
      this.#toasts.error(error);
    }
  }

  /** An in point at or behind the out point throws the other one away. */
  setMarks(markIn: Flicks | null, markOut: Flicks | null): void {
    const clash = markIn !== null && markOut !== null && markIn >= markOut;
    const inMoved = markIn !== this.markIn;
    this.markIn = clash && !inMoved ? null : markIn;
    this.markOut = clash && inMoved ? null : markOut;
  }

  #shown(time: Flicks): void {
    this.time = time;
    this.#checkClip();
    if (!this.edit.on && this.playing && this.speed > 0 && this.#beyondLoop()) this.seek(this.#loopStart());
  }

  #beyondLoop(): boolean {
    return this.loop && this.markOut !== null && this.time + frameDuration(this.rate) / 2 >= this.markOut;
  }
  #loopStart(): Flicks {
    return this.loop && this.markIn !== null ? this.markIn : this.range.start;
  }

  /** The file's end, or the edit's. */
  #ended(): void {
    if (this.edit.on && this.edit.next()) return;
    if (!this.loop) this.pause();
    else if (this.edit.on) this.edit.seek(ZERO);
    else this.play(this.speed);
  }

  #stepBackwards(): void {
    if (this.deck.seeking) return;
    const by = this.speed * fromSeconds(BACKWARDS_BEAT_MS / 1000);
    const from = this.edit.on ? this.edit.position : subtract(this.time, this.range.start);
    const back = flicks(Math.max(0, Math.round(from + by)));
    this.seekShown(back);
    if (back <= 0) this.pause();
  }
  #stopBackwards(): void {
    if (this.#backwards !== null) clearInterval(this.#backwards);
    this.#backwards = null;
  }
}
