/** The clip lane as one run of time: where each clip plays, and the way between a media's time and the sequence's. */
import type { Edit } from './edit.ts';
import type { MediaId } from './media.ts';
import { add, flicks, ZERO, type Flicks } from './time.ts';

export interface SequenceClip {
  /** Id of the clip. */
  readonly clip: string;
  readonly media: MediaId;
  /** Range in the media's time; end exclusive. */
  readonly start: Flicks;
  readonly end: Flicks;
  /** Where it begins in the sequence, whose first moment is 0. */
  readonly at: Flicks;
}
export type Sequence = readonly SequenceClip[];

export function sequenceOf(edit: Pick<Edit, 'clips'>): SequenceClip[] {
  let at = ZERO;
  return edit.clips.map(({ id, media, start, end }) => {
    const placed = { clip: id, media, start, end, at };
    at = add(at, flicks(end - start));
    return placed;
  });
}

export function sequenceLength(sequence: Sequence): Flicks {
  const last = sequence.at(-1);
  return last ? flicks(last.at + last.end - last.start) : ZERO;
}

/** Where a moment of a media is first played; null when it is cut out. */
export function toSequence(sequence: Sequence, media: MediaId, time: Flicks): Flicks | null {
  const clip = sequence.find((each) => each.media === media && each.start <= time && time < each.end);
  return clip ? flicks(clip.at + time - clip.start) : null;
}

/** The clip that plays at a moment of the sequence, and the media's time then; null before 0 and from the end on. */
export function fromSequence(sequence: Sequence, at: Flicks): { clip: SequenceClip; time: Flicks } | null {
  let low = 0;
  let high = sequence.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sequence[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  const clip = sequence[low - 1];
  if (!clip || at >= clip.at + clip.end - clip.start) return null;
  return { clip, time: flicks(clip.start + at - clip.at) };
}
