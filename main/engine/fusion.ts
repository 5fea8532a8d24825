/**
 * Joins ranked lists of moments: reciprocal rank fusion (Cormack, Clarke & Büttcher 2009), 1 / (60 + rank) summed over the lists. What is
 * one moment to a person is one result: sentences less than five apart, the same shot, a sentence said in a shot that was found.
 */
import type { MediaId } from '../../shared/media.ts';
import type { FoundMoment, SearchList } from '../../shared/understanding/types.ts';

const CONSTANT = 60;
/** Sentences apart that two results are at least. */
const APART = 5;

/** A moment in a list: a sentence of the talk, or a shot. Times are null in a text without any. */
export interface Hit {
  media: MediaId;
  start: number | null;
  end: number | null;
  /** Index of its sentence in the talk; null for a shot. */
  sentence: number | null;
  shot: number | null;
  /** Cue or line that the sentence begins in. */
  line: number | null;
  speaker: string | null;
  kind: FoundMoment['kind'];
  text: string;
}

export interface RankedList {
  list: SearchList;
  /** Best first. */
  hits: readonly Hit[];
}

export interface Fused extends Hit {
  /** Best first. */
  lists: SearchList[];
  score: number;
}

interface Result {
  /** Of the best rank. */
  shown: Hit;
  ranks: Map<SearchList, number>;
}

/** @returns at most `limit` results, best first */
export function fuse(lists: readonly RankedList[], limit: number): Fused[] {
  const results: Result[] = [];
  const byMedia = new Map<MediaId, Result[]>();
  const ranked = lists.flatMap(({ list, hits }) => hits.map((hit, index) => ({ list, hit, rank: index + 1 })));
  // In order of rank, so that the best hit of each moment is the one that is shown, whatever its list.
  ranked.sort((a, b) => a.rank - b.rank);
  for (const { list, hit, rank } of ranked) {
    const near = byMedia.get(hit.media) ?? [];
    byMedia.set(hit.media, near);
    const same = near.find((result) => isSame(result.shown, hit, result.ranks.has(list)));
    if (same) {
      if (!same.ranks.has(list)) same.ranks.set(list, rank);
      continue;
    }
    const result = { shown: hit, ranks: new Map([[list, rank]]) };
    near.push(result);
    results.push(result);
  }
  const scored = results.map(({ shown, ranks }) => ({
    ...shown,
    lists: [...ranks].sort((a, b) => a[1] - b[1]).map(([list]) => list),
    score: [...ranks.values()].reduce((sum, rank) => sum + 1 / (CONSTANT + rank), 0),
  }));
  return scored.sort((a, b) => b.score - a.score).slice(0, limit);
}

/** A sentence and a shot are one moment where they overlap, but a long shot is not every sentence in it: each list counts once. */
function isSame(one: Hit, other: Hit, counted: boolean): boolean {
  if (one.sentence !== null && other.sentence !== null) return Math.abs(one.sentence - other.sentence) < APART;
  if (one.sentence === null && other.sentence === null) return one.shot === other.shot;
  return !counted && one.shot !== null && one.shot === other.shot;
}
