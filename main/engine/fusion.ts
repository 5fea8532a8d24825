/**
 * Joins ranked lists of moments: reciprocal rank fusion (Cormack, Clarke & Büttcher 2009), 1 / (60 + rank) summed over the lists. What is
 * one moment to a person is one result: sentences less than five apart, the same shot, a sentence said in a shot that was found.
 */
import type { MediaId } from '../../shared/media.ts';
import type { FoundMoment, SearchList } from '../../shared/understanding/types.ts';

const CONSTANT = 60;
/** Of equal scores, what holds the query's own words comes before what only means it. */
const ORDER: readonly SearchList[] = ['words', 'text', 'tags', 'meaning', 'picture'];
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

interface Entry {
  hit: Hit;
  ranks: Map<SearchList, number>;
  score: number;
}

/** @returns at most `limit` results, best first */
export function fuse(lists: readonly RankedList[], limit: number): Fused[] {
  const entries = entriesOf(lists);
  const shots = entries.filter(({ hit }) => hit.sentence === null);
  const results = apart(entries.filter(({ hit }) => hit.sentence !== null)).map((entry) => withShot(entry, shots));
  const all = [...results, ...shots].sort((a, b) => b.score - a.score || orderOf(a) - orderOf(b)).slice(0, limit);
  return all.map(({ hit, ranks, score }) => ({ ...hit, score, lists: [...ranks].sort((a, b) => a[1] - b[1]).map(([list]) => list) }));
}

/** Each sentence and shot once, with its rank in every list, best score first. */
function entriesOf(lists: readonly RankedList[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const { list, hits } of lists) {
    hits.forEach((hit, index) => {
      const key = `${hit.media}/${hit.sentence ?? `shot ${hit.shot ?? ''}`}`;
      const entry = entries.get(key) ?? { hit, ranks: new Map<SearchList, number>(), score: 0 };
      entries.set(key, entry);
      const former = entry.ranks.get(list);
      // The kind that it is found by best is the one that is shown.
      if (index + 1 < Math.min(...entry.ranks.values())) entry.hit = hit;
      entry.ranks.set(list, Math.min(former ?? index + 1, index + 1));
    });
  }
  for (const entry of entries.values()) entry.score = scoreOf(entry.ranks);
  return [...entries.values()].sort((a, b) => b.score - a.score);
}

const orderOf = ({ ranks }: Entry): number => Math.min(...[...ranks.keys()].map((list) => ORDER.indexOf(list)));

const scoreOf = (ranks: ReadonlyMap<SearchList, number>): number => [...ranks.values()].reduce((sum, rank) => sum + 1 / (CONSTANT + rank), 0);

/** The best sentence of each stretch. It takes over the names of the lists that its neighbours are in, not their scores. */
function apart(entries: readonly Entry[]): Entry[] {
  const kept = new Map<string, Entry>();
  const best: Entry[] = [];
  for (const entry of entries) {
    const { media, sentence } = entry.hit;
    const key = (index: number): string => `${media}/${index}`;
    const near = Array.from({ length: 2 * APART - 1 }, (_, index) => kept.get(key((sentence ?? 0) + index - APART + 1))).find((other) => other !== undefined);
    if (near) {
      for (const [list, rank] of entry.ranks) if (!near.ranks.has(list)) near.ranks.set(list, rank);
      continue;
    }
    kept.set(key(sentence ?? 0), entry);
    best.push(entry);
  }
  return best;
}

/** Joins a sentence with a found shot that it is said in, which is then taken: a long shot is not every sentence in it. */
function withShot(entry: Entry, shots: Entry[]): Entry {
  const { media, start } = entry.hit;
  const at = shots.findIndex(({ hit }) => hit.media === media && start !== null && (hit.start ?? 0) <= start && start < (hit.end ?? 0));
  const [shot] = at < 0 ? [] : shots.splice(at, 1);
  if (!shot) return entry;
  const betterShown = Math.min(...shot.ranks.values()) < Math.min(...entry.ranks.values());
  return { hit: betterShown ? shot.hit : entry.hit, ranks: new Map([...shot.ranks, ...entry.ranks]), score: entry.score + shot.score };
}
