import type { Clip } from '../../../shared/edit.ts';
import type { MediaId } from '../../../shared/media.ts';
import { mergeRanges, subtractRanges, type TimeRange } from '../../../shared/ranges.ts';

/**
 * What was cut out of a media: all that its clips leave, when they are pieces of one clip. Clips that were picked here and there
 * have names of their own and cut nothing out.
 */
export function cutOutOf(clips: readonly Clip[], media: MediaId, range: TimeRange): TimeRange[] {
  const own = clips.filter((clip) => clip.media === media);
  const [first] = own;
  if (!first || own.some((clip) => clip.name !== first.name)) return [];
  const whole = own.length > 1 || (first.end - first.start) * 2 >= range.end - range.start;
  return whole ? subtractRanges(range, mergeRanges(own)) : [];
}
