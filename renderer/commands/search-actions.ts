import type { AppState } from '../state/app.svelte.ts';
import { findLike, shotToCompare, showFound } from '../state/found-moments.ts';
import type { Actions } from './registry.ts';

type SearchCommand = 'search.open' | 'search.everywhere' | 'search.similar' | 'media.examine';

export function searchActions(app: AppState): Actions<SearchCommand> {
  const { search, examinations, media } = app;
  return {
    'search.open': {
      enabled: () => search.leadMoment !== null,
      run: async () => {
        if (search.leadMoment) await showFound(app, search.leadMoment);
      },
    },
    'search.everywhere': {
      checked: () => search.scope === 'all',
      run: () => search.setScope(search.scope === 'all' ? 'this' : 'all'),
    },
    'search.similar': { enabled: () => shotToCompare(app) !== null, run: () => findLike(app) },
    'media.examine': {
      enabled: () => media.current?.analysis.status === 'done' && !isUnderWay(app),
      run: () => {
        if (media.current) examinations.start(media.current.media.id);
      },
    },
  };
}

function isUnderWay(app: AppState): boolean {
  const status = app.media.current ? app.examinations.of(app.media.current.media.id)?.status : undefined;
  return status === 'waiting' || status === 'running';
}
