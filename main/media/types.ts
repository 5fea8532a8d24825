/** What the decoder gives its consumers. */
import type { Flicks } from '../../shared/time.ts';

/** Every frame of the video at 48x27 (rgb24), for shots: `scale=48:27:flags=bicubic`. */
export interface SmallFrame {
  /** Counted from the first decoded frame of the file, 0. */
  index: number;
  time: Flicks;
  /** 48 * 27 * 3 bytes. */
  data: Uint8Array;
}

/** One sampled frame in every form its consumers take. All rgb24 but `jpeg`. */
export interface SampleFrame {
  index: number;
  time: Flicks;
  /** 224 x 224: centre square of 0.875 x the short side, bicubic. For EfficientNet-lite0. */
  classify: Uint8Array;
  /** 512 x 512, stretched, bicubic. For CenterNet; sharpness and exposure are measured on it. */
  detect: Uint8Array;
  /** 256 x 256, letterboxed in black, bicubic. For BlazeFace. `faceBox` maps it back. */
  face: Uint8Array;
  /** JPEG, at most 640 pixels on its long side, as displayed (rotation and sample aspect applied). */
  jpeg: Uint8Array;
}

export interface DamagedPart {
  /** Times around the damage: of the last good frame before and the first after; null at the file's ends. */
  from: Flicks | null;
  to: Flicks | null;
}

export interface DecodeEnd {
  /** Frames delivered on `small`. */
  frames: number;
  /** Index and time of the last frame; null when there was none. */
  lastTime: Flicks | null;
  /** Time at which the last frame stops being shown. */
  endTime: Flicks | null;
  damaged: DamagedPart[];
  /** The file stops before the duration it promised. */
  endsEarly: boolean;
}

export interface DecodeOptions {
  /** Consumers wanted. At least one. An iterator that is wanted must be drained: both share one bounded queue to ffmpeg. */
  small: boolean;
  samples: boolean;
  /**
   * Distance of samples: the first frame in each cell of this length, cells counted from time 0 of the file, so that
   * the samples of a stretch are the same wherever decoding began (but for the very first frame after `from`).
   */
  sampleInterval?: Flicks;
  /** Begin at this frame (it was delivered by an earlier run): its index and time; everything before is skipped by seeking. */
  from?: { index: number; time: Flicks };
  /** Damaged places that the earlier run met; those before `from` are told again at the end. */
  damaged?: readonly DamagedPart[];
  signal?: AbortSignal;
}

/** One ffmpeg process, read by several consumers. */
export interface VideoDecode {
  small: AsyncIterable<SmallFrame>;
  samples: AsyncIterable<SampleFrame>;
  /** Damaged places met so far, those of the earlier run included. */
  damaged(): DamagedPart[];
  /** Settles when ffmpeg has ended and both iterators are drained; rejects with ExpectedError or CancelledError. */
  end: Promise<DecodeEnd>;
}
