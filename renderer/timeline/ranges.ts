/** Ranges as they look now: what the window says, or what a drag in progress makes of it. */
import type { Flicks } from '../../shared/time.ts';
import type { Stage } from './stage.ts';

export function rangeOf(stage: Stage): { inPoint: Flicks | null; outPoint: Flicks | null } {
  const { inPoint, outPoint } = stage.props;
  const { drag } = stage;
  if (drag?.kind === 'range') return { inPoint: drag.start, outPoint: drag.end };
  if (drag?.kind === 'in') return { inPoint: drag.time, outPoint };
  if (drag?.kind === 'out') return { inPoint, outPoint: drag.time };
  return { inPoint, outPoint };
}

/** Media ranges that the clip lane takes from this media, sorted and joined. */
export function usedRanges(stage: Stage): { start: number; end: number }[] {
  const own = stage.props.model.clips.filter((clip) => clip.media === stage.props.model.media);
  const sorted = own.map((clip) => ({ start: clip.start as number, end: clip.end as number })).sort((a, b) => a.start - b.start);
  const joined: { start: number; end: number }[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else joined.push(range);
  }
  return joined;
}
