import type { Clip } from '../../../shared/edit.ts';
import type { MediaId } from '../../../shared/media.ts';
import { subtractRanges, totalLength, type TimeRange } from '../../../shared/ranges.ts';
import { keptRanges } from '../../../shared/ripple.ts';

/**
 * What the edit leaves out of a media. `playing`: the edit is what is played, not the file. While the file is, clips that were picked
 * here and there have cut nothing out: only where they hold more than half of it is the rest what was taken away.
 */
export function cutOutOf(clips: readonly Clip[], media: MediaId, range: TimeRange, playing: boolean): TimeRange[] {
  const kept = keptRanges({ clips: [...clips] }, media);
  if (!kept || (!playing && totalLength(kept) * 2 < range.end - range.start)) return [];
  return subtractRanges(range, kept);
}
