/** What the parts of this room give each other: frames, looks, and the stylist that turns one into the other. */
import type { Flicks } from '../../shared/time.ts';
import type { Background, Style, StyleArea, StyleQuality } from '../../shared/style/types.ts';

/** A picture as ffmpeg's rgb24 pipe writes it: width * height * 3 bytes, upright, square pixels are not assumed. */
export interface RgbFrame {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A decoded frame of a media with its times on the media's own clock. */
export interface TimedFrame extends RgbFrame {
  time: Flicks;
  /** How long it is shown. */
  duration: Flicks;
  /** True for the first frame of a shot: nothing is carried over from the frames before. */
  cut: boolean;
}

/** A styled frame. `alpha`: one byte a pixel where the background was removed; null everywhere else. */
export interface StyledFrame extends RgbFrame {
  time: Flicks;
  duration: Flicks;
  alpha: Uint8Array | null;
}

/** A background with its pictures: `picture` gives the frame to put behind the one shown at `time`, at that size. */
export type PlacedBackground = Exclude<Background, { mode: 'media' }> | { mode: 'media'; picture(time: Flicks, size: { width: number; height: number }): Promise<Uint8Array> };

/** What is done to frames. */
export interface Look {
  style: Style;
  /** The style vector of `picture`; null for all others. 100 numbers. */
  vector: Float32Array | null;
  /** 0 to 1 at a moment of the media. */
  strength(time: Flicks): number;
  keepColours: boolean;
  area: StyleArea;
  background: PlacedBackground | null;
  quality: StyleQuality;
  /** int8 key frames where the model has them and this CPU gains by it. */
  int8: boolean;
}

/** What the person should know of a render; each is told once. Messages `style_warning_<code>`. */
export type StyleWarning = 'hdr_tone_mapped' | 'no_face' | 'tiles_smaller' | 'size_reduced' | 'alpha_dropped';

export interface StylistOptions {
  signal: AbortSignal;
  onWarning?: (code: StyleWarning) => void;
  /** Threads of the models; default: all cores. */
  threads?: number;
}

/**
 * Styles frames with the pack's models in a worker of its own. `paint` takes frames in order of time and gives as many, in that order, at the source's size
 * (twice for `enhance`); it reads ahead by at most a shot's distance between two key frames, so memory is constant. `stills` are single frames for
 * galleries: several looks on one picture. Rejects with ExpectedError 'model_missing', 'model_failed', 'out_of_memory' and CancelledError.
 */
export interface Stylist {
  paint(frames: AsyncIterable<TimedFrame>, look: Look, options: StylistOptions): AsyncGenerator<StyledFrame>;
  still(frame: RgbFrame, look: Look, options: StylistOptions): Promise<{ frame: RgbFrame; faces: number | null }>;
  /** The 100 numbers of a picture as a style. `picture`: 256x256, rgb24. */
  vector(picture: RgbFrame, signal: AbortSignal): Promise<Float32Array>;
  /** Ends the worker once nothing runs. */
  close(): Promise<void>;
}
