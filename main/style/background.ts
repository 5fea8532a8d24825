/** Pictures of a media that stands behind the people: a still, or a video that is looped. */
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { flicks, frameDuration, type Flicks } from '../../shared/time.ts';
import { rgbFrames, type MediaFrame } from '../media/rgbFrames.ts';
import { cropped, sameSize, type Size } from './pixels.ts';
import type { PlacedBackground } from './types.ts';

export interface OpenBackground {
  placed: PlacedBackground;
  close(): Promise<void>;
}

/** `start`: moment of the styled media at which the background begins. Pictures are asked for in order of time mostly; going back seeks. Throws ExpectedError no_video. */
export function openBackground(media: Media, start: Flicks, signal: AbortSignal): OpenBackground {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  const reader = new LoopedPictures(media, video, start, signal);
  return { placed: { mode: 'media', picture: (time, size) => reader.picture(time, size) }, close: () => reader.close() };
}

class LoopedPictures {
  readonly #media: Media;
  readonly #video: VideoStream;
  readonly #start: Flicks;
  readonly #signal: AbortSignal;
  /** Null: a still. */
  readonly #length: Flicks | null;
  #frames: AsyncGenerator<MediaFrame> | null = null;
  #size: Size = { width: 0, height: 0 };
  #current: { frame: MediaFrame; fitted: Uint8Array } | null = null;
  /** One question at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(media: Media, video: VideoStream, start: Flicks, signal: AbortSignal) {
    this.#media = media;
    this.#video = video;
    this.#start = start;
    this.#signal = signal;
    const length = video.duration ?? media.duration;
    const still = length === null || video.frames === 1 || length <= 1.5 * frameDuration(video.frameRate);
    this.#length = still ? null : length;
  }

  picture(time: Flicks, size: Size): Promise<Uint8Array> {
    const next = this.#last.then(() => this.#at(time, size));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#frames?.return(undefined);
    this.#frames = null;
  }

  /** A copy, for the stylist hands buffers over to its worker. */
  async #at(time: Flicks, size: Size): Promise<Uint8Array> {
    const place = this.#placeOf(time);
    const other = !sameSize(size, this.#size);
    if (other || (this.#current && place < this.#current.frame.time)) await this.#restart(place, size);
    while (!this.#current || place >= this.#current.frame.time + this.#current.frame.duration) {
      const next = await (this.#frames ?? (await this.#restart(place, size))).next();
      // The last picture stays until the loop begins again.
      if (next.done) break;
      this.#current = { frame: next.value, fitted: covering(next.value, size) };
    }
    if (!this.#current) throw new ExpectedError('file_damaged', { name: this.#media.name });
    return this.#current.fitted.slice();
  }

  #placeOf(time: Flicks): Flicks {
    const first = this.#video.startTime;
    if (this.#length === null) return first;
    const gone = (time - this.#start) % this.#length;
    return flicks(first + (gone < 0 ? gone + this.#length : gone));
  }

  async #restart(place: Flicks, size: Size): Promise<AsyncGenerator<MediaFrame>> {
    await this.#frames?.return(undefined);
    this.#size = size;
    this.#current = null;
    this.#frames = rgbFrames(this.#media, { from: place, to: null, size: coveringSize(this.#video, size), signal: this.#signal });
    return this.#frames;
  }
}

/** The smallest size in the video's own proportions that covers `size`. */
export function coveringSize({ displayWidth, displayHeight }: Pick<VideoStream, 'displayWidth' | 'displayHeight'>, size: Size): Size {
  const factor = Math.max(size.width / displayWidth, size.height / displayHeight);
  return { width: Math.max(size.width, Math.round(displayWidth * factor)), height: Math.max(size.height, Math.round(displayHeight * factor)) };
}

/** The middle of a picture that covers `size`. */
function covering(frame: MediaFrame, size: Size): Uint8Array {
  if (sameSize(frame, size)) return frame.data;
  return cropped(frame, Math.floor((frame.width - size.width) / 2), Math.floor((frame.height - size.height) / 2), size.width, size.height).data;
}
