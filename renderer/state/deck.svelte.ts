import { mediaUrl } from '../../shared/ipc/app.ts';
import { add, frameDuration, fromSeconds, flicks, subtract, toSeconds, ZERO, type Flicks } from '../../shared/time.ts';
import type { MediaEntry } from './media-list.svelte.ts';

/** Put inside the frame, past the rounding of a double: half a millisecond, less than half a frame at 240 frames/s. */
const INSIDE_FRAME_SECONDS = 0.0005;

/** What the element of a media is given: the proxy once there is one, else the file if it can be trusted with it. */
export function playableForm(entry: MediaEntry | null): 'file' | 'proxy' | null {
  if (entry?.proxy === 'ready') return 'proxy';
  return entry?.media.playability.how === 'direct' ? 'file' : null;
}

export interface DeckEvents {
  /** The picture of this time is shown; sound alone: it has come to here. */
  shown: (deck: Deck, time: Flicks) => void;
  loaded: (deck: Deck) => void;
  ended: (deck: Deck) => void;
  paused: (deck: Deck) => void;
  failed: (deck: Deck) => void;
}

/** One <video> and the media in it. The player has two, so that the next clip of an edit can wait at its first frame. */
export class Deck {
  entry = $state.raw<MediaEntry | null>(null);
  /** The element has told that it can't play what it was given. */
  failed = $state(false);
  readonly form = $derived(playableForm(this.entry));
  readonly source = $derived(this.entry && this.form ? mediaUrl(this.entry.media.id, this.form) : null);
  /** The media's time at the element's 0: a proxy begins at 0, whatever its media does. */
  readonly zero: Flicks = $derived(this.entry && this.form === 'proxy' ? this.entry.media.startTime : ZERO);

  #video: HTMLVideoElement | null = null;
  /** Where it was last asked to be. */
  #target: Flicks = ZERO;
  #waiting = false;

  get video(): HTMLVideoElement | null {
    return this.#video;
  }
  /** Where the element is, in the media's time; between frames too. */
  get now(): Flicks {
    return this.#video ? add(this.zero, fromSeconds(this.#video.currentTime)) : this.#target;
  }
  get seeking(): boolean {
    return this.#video === null || this.#video.seeking || this.#waiting;
  }

  /** Was asked to be at `time` of `entry`. */
  isFor(entry: MediaEntry, time: Flicks): boolean {
    return entry === this.entry && this.#target === time;
  }

  /** Stands at `time` of `entry` with the frame decoded: playing can go on there at once. */
  standsAt(entry: MediaEntry | null, time: Flicks): boolean {
    const video = this.#video;
    return video !== null && entry === this.entry && this.#target === time && !this.seeking && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  /** Takes the element that shows the picture. Returns what undoes it. */
  attach(video: HTMLVideoElement, events: DeckEvents): () => void {
    this.#video = video;
    this.failed = false;
    let frameCallback = 0;
    const onFrame: VideoFrameRequestCallback = (_now, metadata) => {
      if (!this.seeking) events.shown(this, this.#onGrid(add(this.zero, fromSeconds(metadata.mediaTime))));
      frameCallback = video.requestVideoFrameCallback(onFrame);
    };
    frameCallback = video.requestVideoFrameCallback(onFrame);
    const listeners: Record<string, () => void> = {
      loadedmetadata: () => {
        events.loaded(this);
        this.seek(this.#target);
      },
      seeked: () => {
        if (this.#waiting) this.seek(this.#target);
      },
      timeupdate: () => {
        if (!this.entry?.media.video && !video.seeking) events.shown(this, this.now);
      },
      ended: () => events.ended(this),
      pause: () => events.paused(this),
      error: () => {
        this.failed = video.error !== null;
        events.failed(this);
      },
    };
    for (const [name, listener] of Object.entries(listeners)) video.addEventListener(name, listener);
    return () => {
      video.cancelVideoFrameCallback(frameCallback);
      for (const [name, listener] of Object.entries(listeners)) video.removeEventListener(name, listener);
      if (this.#video === video) this.#video = null;
    };
  }

  /** Puts another media in, to be shown from `time` on. */
  load(entry: MediaEntry | null, time: Flicks): void {
    if (entry !== this.entry) {
      this.entry = entry;
      this.failed = false;
    }
    this.seek(time);
  }

  /** A seek that comes while another is done waits for it; of several the last counts. */
  seek(time: Flicks): void {
    this.#target = time;
    const video = this.#video;
    if (!video || video.readyState === 0) return;
    this.#waiting = video.seeking;
    if (!this.#waiting) video.currentTime = toSeconds(subtract(time, this.zero)) + INSIDE_FRAME_SECONDS;
  }

  /** The element's times are rounded to microseconds; a constant rate tells the exact one. */
  #onGrid(time: Flicks): Flicks {
    const video = this.entry?.media.video;
    if (!video || video.variableRate) return time;
    const length = frameDuration(video.frameRate);
    const exact = video.startTime + Math.round((time - video.startTime) / length) * length;
    return Math.abs(exact - time) < length / 20 ? flicks(exact) : time;
  }
}
