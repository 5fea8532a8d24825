/** Where to cut when words are taken out, so that the words that stay are whole. */
import type { Word } from './captions/types.ts';
import type { TimeRange } from './ranges.ts';
import type { RippleMedia } from './ripple.ts';
import { clampTime, flicks, fromSeconds, maxTime, minTime, type Flicks } from './time.ts';

/** The most of a pause that goes with the word beside it. */
export const LONGEST_MARGIN = fromSeconds(0.25);

/**
 * The range to take out for words `first` to `last` (both included) of a media's words in order. It ends in the middle of the pauses
 * beside them, so that two halves of a pause are left where they meet, but takes no more than `margin` of a long one. With the
 * media's frame known the cuts fall between frames, inside those pauses where they are longer than a frame.
 */
export function rangeOfWords(words: readonly Word[], first: number, last: number, media: Pick<RippleMedia, 'range' | 'frame'>, margin: Flicks = LONGEST_MARGIN): TimeRange {
  const start = words[first]?.start ?? media.range.start;
  const end = maxTime(words[last]?.end ?? media.range.end, start);
  const before = minTime(words[first - 1]?.end ?? media.range.start, start);
  const after = maxTime(words[last + 1]?.start ?? media.range.end, end);
  return {
    start: cutIn(before, start, flicks(Math.max(Math.round((before + start) / 2), start - margin)), media),
    end: cutIn(end, after, flicks(Math.min(Math.round((end + after) / 2), end + margin)), media),
  };
}

/** The moment between frames that is nearest to `wanted` and within the pause; `wanted` itself when the pause has none. */
function cutIn(from: Flicks, to: Flicks, wanted: Flicks, { range, frame }: Pick<RippleMedia, 'range' | 'frame'>): Flicks {
  const inside = clampTime(wanted, range.start, range.end);
  if (frame === undefined) return inside;
  const count = (inside - range.start) / frame;
  const candidates = [Math.round(count), Math.floor(count), Math.ceil(count)].map((n) => range.start + n * frame);
  const fitting = candidates.find((time) => time >= from && time <= to);
  return fitting === undefined ? inside : clampTime(flicks(fitting), range.start, range.end);
}
