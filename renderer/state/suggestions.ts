/** What the search box offers while someone types: tags and key terms that were found. */
import type { SearchScope } from './search.svelte.ts';

export interface Suggestion {
  readonly kind: 'tag' | 'term';
  /** A tag's label, or the term. */
  readonly label: string;
  /** In the person's language. */
  readonly name: string;
  /** Shots that have the tag, or sentences that hold the term. */
  readonly count: number;
}

export interface SuggestionFacts {
  tagCounts(scope: SearchScope): readonly { label: string; count: number }[];
  /** Names a person may type for a label: shown name first. */
  namesOf(label: string): readonly string[];
  /** What the talk is about. */
  terms(scope: SearchScope): readonly { term: string; count: number }[];
}

const MOST_SUGGESTIONS = 12;
/** While nothing is typed, some room is kept for what the talk is about. */
const TERMS_UNASKED = 4;

interface Candidate extends Suggestion {
  readonly rank: number;
}

/** Best match first: names that begin with what is typed, then names that hold it; among these the most frequent. */
export function suggest(query: string, scope: SearchScope, facts: SuggestionFacts): Suggestion[] {
  const typed = query.trim().toLowerCase();
  const rank = (names: readonly string[]): number => {
    const lower = names.map((name) => name.toLowerCase());
    if (lower.some((name) => name.startsWith(typed))) return 0;
    return lower.some((name) => name.includes(typed)) ? 1 : 2;
  };
  const tags = facts.tagCounts(scope).map(({ label, count }): Candidate => {
    const names = facts.namesOf(label);
    return { kind: 'tag', label, count, name: names[0] ?? label, rank: rank(names) };
  });
  const terms = facts.terms(scope).map(({ term, count }): Candidate => ({ kind: 'term', label: term, count, name: term, rank: rank([term]) }));
  const best = (list: readonly Candidate[], most: number): Candidate[] =>
    list.filter((each) => each.rank < 2).sort((a, b) => a.rank - b.rank || b.count - a.count).slice(0, most);
  if (typed === '') {
    const about = best(terms, TERMS_UNASKED);
    return bare([...best(tags, MOST_SUGGESTIONS - about.length), ...about]);
  }
  return bare(best([...tags, ...terms], MOST_SUGGESTIONS));
}

const bare = (list: readonly Candidate[]): Suggestion[] => list.map(({ kind, label, name, count }) => ({ kind, label, name, count }));
