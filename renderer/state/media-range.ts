import type { Media } from '../../shared/media.ts';
import { add, flicks, frameDuration, fromSeconds, type Flicks, type Rational } from '../../shared/time.ts';

/** Nominal rate for timecode; sound alone is counted at 25. */
const SOUND_RATE: Rational = { num: 25, den: 1 };
/** Shown until anything tells how long a file is. */
const UNKNOWN_LENGTH = fromSeconds(10);

export function nominalRate(media: Media | null): Rational {
  return media?.video?.frameRate ?? SOUND_RATE;
}

/** First and last presented time of a media. `known` is how far the analysis has come, for files that don't tell their length. */
export function mediaRange(media: Media, known: Flicks | null): { start: Flicks; end: Flicks } {
  const start = media.video?.startTime ?? media.audio?.startTime ?? media.startTime;
  const told = media.video?.duration ?? media.duration;
  const end = told === null ? (known ?? add(start, UNKNOWN_LENGTH)) : add(start, told);
  return { start, end: flicks(Math.max(end, known ?? 0, start + frameDuration(nominalRate(media)))) };
}
