import type { AppState } from './app.svelte.ts';
import type { SearchSurroundings } from './search.svelte.ts';
import { namesOfLabel } from './tag-names.ts';

/** What the search needs to know of the rest of the window. */
export function searchFacts(app: AppState): SearchSurroundings {
  return {
    currentMedia: () => app.media.currentId,
    namesOf: (label) => namesOfLabel(label, app.appearance.locale),
    terms: () => app.story.summary?.value.terms.map(({ term, sentences }) => ({ term, count: sentences.length })) ?? [],
    tagCounts: (scope) => {
      const { current } = app.media;
      if (scope === 'this' && current) return current.analysis.tagCounts;
      const sums = new Map<string, number>();
      for (const entry of app.media.entries) {
        for (const { label, count } of entry.analysis.tagCounts) sums.set(label, (sums.get(label) ?? 0) + count);
      }
      return [...sums].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count);
    },
  };
}
