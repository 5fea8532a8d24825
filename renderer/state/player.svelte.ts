import { mediaUrl } from '../../shared/ipc/app.ts';
import { add, clampTime, flicks, frameDuration, fromSeconds, subtract, toSeconds, ZERO, type Flicks } from '../../shared/time.ts';
import type { EngineClient } from '../bridge/engine.ts';
import { mediaRange, nominalRate } from './media-range.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4, 8] as const;
/** How often backwards play steps, in milliseconds: seeking is slower than playing. */
const BACKWARDS_BEAT_MS = 80;
/** Put inside the frame, past the rounding of a double: half a millisecond, less than half a frame at 240 frames/s. */
const INSIDE_FRAME_SECONDS = 0.0005;

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
  /** The element has told that it can't play what it was given. */
  elementFailed = $state(false);

  readonly media = $derived(this.entry?.media ?? null);
  readonly rate = $derived(nominalRate(this.media));
  readonly range = $derived.by(() => {
    if (!this.entry) return { start: ZERO, end: ZERO };
    return mediaRange(this.entry.media, this.entry.analysis.shots.at(-1)?.shot.end ?? null);
  });
  /** What the element is given: the proxy once there is one, else the file if it can be trusted with it. */
  readonly form = $derived.by(() => {
    if (this.entry?.proxy === 'ready') return 'proxy';
    return this.entry?.media.playability.how === 'direct' ? 'file' : null;
  });
  readonly source = $derived(this.media && this.form ? mediaUrl(this.media.id, this.form) : null);
  /** The media's time at the element's 0: a proxy begins at 0, whatever its media does. */
  readonly elementZero: Flicks = $derived(this.media && this.form === 'proxy' ? this.media.startTime : ZERO);
  readonly canPlay = $derived(this.source !== null && !this.elementFailed);

  readonly #engine: EngineClient;
  readonly #toasts: Toasts;
  #video: HTMLVideoElement | null = null;
  #wanted: Flicks | null = null;
  #backwards: ReturnType<typeof setInterval> | null = null;
  #pendingSteps = 0;
  #stepping = false;
  readonly #remembered = new Map<string, Flicks>();

  constructor(engine: EngineClient, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  /** Shows another media, where it was left. */
  show(entry: MediaEntry | null): void {
    if (entry === this.entry) return;
    this.pause();
    if (this.entry) this.#remembered.set(this.entry.media.id, this.time);
    this.entry = entry;
    this.elementFailed = false;
    this.markIn = null;
    this.markOut = null;
    this.time = entry ? (this.#remembered.get(entry.media.id) ?? this.range.start) : ZERO;
  }

  /** Takes the element that shows the picture. Returns what undoes it. */
  attach(video: HTMLVideoElement): () => void {
    this.#video = video;
    this.elementFailed = false;
    let frameCallback = 0;
    const onFrame: VideoFrameRequestCallback = (_now, metadata) => {
      this.#frameShown(metadata.mediaTime);
      frameCallback = video.requestVideoFrameCallback(onFrame);
    };
    frameCallback = video.requestVideoFrameCallback(onFrame);
    const listeners: Record<string, () => void> = {
      loadedmetadata: () => this.#seekElement(this.time),
      seeked: () => this.#seeked(),
      timeupdate: () => this.#soundAdvanced(),
      ended: () => this.#ended(),
      pause: () => this.#elementPaused(),
      error: () => {
        this.elementFailed = video.error !== null;
        this.playing = false;
      },
    };
    for (const [name, listener] of Object.entries(listeners)) video.addEventListener(name, listener);
    return () => {
      video.cancelVideoFrameCallback(frameCallback);
      for (const [name, listener] of Object.entries(listeners)) video.removeEventListener(name, listener);
      if (this.#video === video) this.#video = null;
    };
  }

  seek(time: Flicks): void {
    const last = flicks(Math.max(this.range.start, this.range.end - frameDuration(this.rate)));
    this.time = clampTime(time, this.range.start, last);
    this.#pendingSteps = 0;
    this.#seekElement(this.time);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play(1);
  }

  play(speed: number): void {
    if (!this.#video || !this.canPlay) return;
    this.#stopBackwards();
    this.speed = speed;
    this.playing = true;
    if (speed < 0) {
      this.#video.pause();
      this.#backwards = setInterval(() => this.#stepBackwards(), BACKWARDS_BEAT_MS);
      return;
    }
    if (this.time >= subtract(this.range.end, flicks(frameDuration(this.rate) * 2)) || this.#beyondLoop()) this.seek(this.#loopStart());
    this.#video.playbackRate = speed;
    this.#video.play().catch(() => (this.playing = false));
  }

  pause(): void {
    this.#stopBackwards();
    this.playing = false;
    if (this.speed < 0) this.speed = 1;
    this.#video?.pause();
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
    this.#pendingSteps += by;
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      while (this.#pendingSteps !== 0 && this.media) {
        const steps = this.#pendingSteps;
        this.#pendingSteps = 0;
        const time = await this.frameTime(steps);
        const wishes = this.#pendingSteps;
        if (time !== null) this.seek(time);
        else this.seek(steps > 0 ? this.range.end : this.range.start);
        this.#pendingSteps = wishes;
      }
    } catch (error) {
      this.#toasts.error(error);
    } finally {
      this.#stepping = false;
    }
  }

  /** Exact time of the frame `by` frames after the one shown; null beyond the ends. Sound alone moves by 1/25 s. */
  async frameTime(by: number): Promise<Flicks | null> {
    const { media } = this;
    if (!media) return null;
    if (media.video) return this.#engine.call('stepFrame', { media: media.id, time: this.time, by });
    const time = flicks(this.time + by * frameDuration(this.rate));
    return time < this.range.start || time > this.range.end ? null : time;
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

  #seekElement(time: Flicks): void {
    const video = this.#video;
    if (!video || video.readyState === 0) return;
    if (video.seeking) {
      this.#wanted = time;
      return;
    }
    this.#wanted = null;
    video.currentTime = toSeconds(subtract(time, this.elementZero)) + INSIDE_FRAME_SECONDS;
  }

  #seeked(): void {
    if (this.#wanted !== null) this.#seekElement(this.#wanted);
  }

  #frameShown(mediaTime: number): void {
    const video = this.#video;
    if (!video || video.seeking || this.#wanted !== null) return;
    this.time = this.#onGrid(add(this.elementZero, fromSeconds(mediaTime)));
    if (this.playing && this.speed > 0 && this.#beyondLoop()) this.seek(this.#loopStart());
  }

  /** The element's times are rounded to microseconds; a constant rate tells the exact one. */
  #onGrid(time: Flicks): Flicks {
    const { video } = this.media ?? {};
    if (!video || video.variableRate) return time;
    const length = frameDuration(video.frameRate);
    const exact = video.startTime + Math.round((time - video.startTime) / length) * length;
    return Math.abs(exact - time) < length / 20 ? flicks(exact) : time;
  }

  #soundAdvanced(): void {
    if (!this.#video || this.media?.video || this.#video.seeking) return;
    this.time = add(this.elementZero, fromSeconds(this.#video.currentTime));
    if (this.playing && this.#beyondLoop()) this.seek(this.#loopStart());
  }

  #beyondLoop(): boolean {
    return this.loop && this.markOut !== null && this.time + frameDuration(this.rate) / 2 >= this.markOut;
  }
  #loopStart(): Flicks {
    return this.loop && this.markIn !== null ? this.markIn : this.range.start;
  }

  #ended(): void {
    if (this.loop) this.play(this.speed);
    else this.playing = false;
  }
  #elementPaused(): void {
    if (this.#backwards === null && this.#video?.ended !== true) this.playing = false;
  }

  #stepBackwards(): void {
    if (this.#video?.seeking) return;
    const back = flicks(Math.round(this.time + this.speed * fromSeconds(BACKWARDS_BEAT_MS / 1000)));
    this.seek(back);
    if (back <= this.range.start) this.pause();
  }
  #stopBackwards(): void {
    if (this.#backwards !== null) clearInterval(this.#backwards);
    this.#backwards = null;
  }
}
