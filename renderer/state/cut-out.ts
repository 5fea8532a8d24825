import type { Clip } from '../../shared/edit.ts';
import type { MediaId } from '../../shared/media.ts';
import { subtractRanges, totalLength, type TimeRange } from '../../shared/ranges.ts';
import { keptRanges } from '../../shared/ripple.ts';

/**
 * Whether a media's clips are the media with parts cut out, rather than parts of it picked here and there. `playing`: the edit is what is
 * played, so that whatever it leaves out is out. While the file is played, only where the clips hold more than half of it, or where
 * several are pieces of one: cutting leaves each piece the name, while picked shots have names of their own.
 */
export function isCutDown(clips: readonly Clip[], media: MediaId, range: TimeRange, playing: boolean): boolean {
  const kept = keptRanges({ clips: [...clips] }, media);
  if (kept === null) return false;
  return playing || totalLength(kept) * 2 >= range.end - range.start || hasPieces(clips.filter((clip) => clip.media === media));
}

function hasPieces(clips: readonly Clip[]): boolean {
  const starts = new Map<string, number>();
  return clips.some(({ name, start }) => {
    const first = starts.get(name) ?? start;
    starts.set(name, first);
    return first !== start;
  });
}

/** What the edit leaves out of a media that is cut down; nothing of one that was only picked from. */
export function cutOutOf(clips: readonly Clip[], media: MediaId, range: TimeRange, playing: boolean): TimeRange[] {
  return isCutDown(clips, media, range, playing) ? subtractRanges(range, keptRanges({ clips: [...clips] }, media) ?? []) : [];
}
