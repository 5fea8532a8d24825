/** The search with an engine's library and encoder. What can't take part is logged once. */
import type { Library } from '../library/types.ts';
import type { FoundMoment, SearchList } from '../../shared/understanding/types.ts';
import type { Engine } from './engine.ts';
import { search, type SearchRequest, type SearchTools } from './search.ts';

/** Lists that were found impossible, by the engine that told so. */
const told = new WeakMap<Engine, Set<SearchList>>();

/** @param library another than the engine's, for texts that are searched without being kept */
export function searchTools(engine: Engine, library: Library = engine.library): SearchTools {
  const known = told.get(engine) ?? new Set<SearchList>();
  told.set(engine, known);
  return {
    library,
    encoder: engine.encoder,
    joint: async (query) => (await engine.pictures.imageText.model(engine.closing))?.embedText(query) ?? null,
    signal: engine.closing,
    onMissing: (list, reason) => {
      if (known.has(list)) return;
      known.add(list);
      engine.logger.warn({ err: reason, list }, 'a list of the search is left out');
    },
  };
}

export function searchEngine(engine: Engine, request: SearchRequest): Promise<FoundMoment[]> {
  return search(request, searchTools(engine));
}
