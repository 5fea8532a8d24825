/** Two tracks of one media side by side: which cues of the one are said while those of the other are. */
import type { Cue } from '../../../shared/captions/types.ts';

/** Indices into the two lists; null where one has nothing to stand beside. */
export interface AlignedRow {
  readonly left: number | null;
  readonly right: number | null;
}

/**
 * Pairs cues that lie mostly at the same time, in order; each is in exactly one row, so that the rows hold both tracks whole.
 * Both lists are in order of start. A pair: their common time is more than half of the shorter one.
 */
export function alignCues(left: readonly Cue[], right: readonly Cue[]): AlignedRow[] {
  const rows: AlignedRow[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i];
    const b = right[j];
    if (a && b && isPair(a, b) && !hasBetterPartner(a, b, left[i + 1], right[j + 1])) {
      rows.push({ left: i, right: j });
      i += 1;
      j += 1;
    } else if (a && (!b || middle(a) <= middle(b))) {
      rows.push({ left: i, right: null });
      i += 1;
    } else {
      rows.push({ left: null, right: j });
      j += 1;
    }
  }
  return rows;
}

const middle = (cue: Cue): number => (cue.start + cue.end) / 2;
const common = (a: Cue, b: Cue): number => Math.min(a.end, b.end) - Math.max(a.start, b.start);

function isPair(a: Cue, b: Cue): boolean {
  return common(a, b) * 2 > Math.min(a.end - a.start, b.end - b.start);
}

/** The one that ends first lies better beside the other's successor: it waits for it. */
function hasBetterPartner(a: Cue, b: Cue, nextA: Cue | undefined, nextB: Cue | undefined): boolean {
  return (nextA !== undefined && common(nextA, b) > common(a, b)) || (nextB !== undefined && common(a, nextB) > common(a, b));
}
