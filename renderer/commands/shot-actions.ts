import type { AppState } from '../state/app.svelte.ts';
import { glanceAt } from '../state/found-moments.ts';
import type { Actions } from './registry.ts';

type ShotCommand = 'shot.next' | 'shot.previous' | 'shot.extend_next' | 'shot.extend_previous' | 'shot.select_all' | 'clip.add' | 'clip.add_end' | 'clip.add_range';

/** Arrow keys move in the list that the person last worked in: the search's moments, the highlights or the shots. */
function move(app: AppState, by: 1 | -1, how: 'replace' | 'extend'): void {
  const { area } = app.shell;
  const { search, highlights } = app;
  if (area === 'search' && search.moments) {
    const index = within(search.lead + by, search.moments.length);
    search.select(index, how);
    glanceAt(app, search.moments[index]);
    return;
  }
  if (area === 'highlights' && highlights.shown.length > 0) {
    const index = within(highlights.lead + by, highlights.shown.length);
    highlights.select(index, how);
    const moment = highlights.shown[index]?.moment;
    if (moment) app.player.seek(moment.start);
    return;
  }
  const shots = app.media.current?.analysis.shots ?? [];
  const here = app.media.current?.analysis.shotAt(app.player.time) ?? -1;
  const from = app.shots.lead >= 0 ? app.shots.lead : here;
  app.selectShot(within(from + by, shots.length), how);
}

const within = (index: number, count: number): number => Math.max(0, Math.min(index, count - 1));

function selectAll(app: AppState): void {
  if (app.shell.area === 'search' && app.search.moments) app.search.selectAll();
  else app.shots.selectAll(app.media.current?.analysis.shots.length ?? 0);
}

export function shotActions(app: AppState): Actions<ShotCommand> {
  const some = (): boolean => (app.media.current?.analysis.shots.length ?? 0) > 0 || (app.shell.area === 'search' && app.search.moments !== null) || (app.shell.area === 'highlights' && app.highlights.shown.length > 0);
  return {
    'shot.next': { enabled: some, run: () => move(app, 1, 'replace') },
    'shot.previous': { enabled: some, run: () => move(app, -1, 'replace') },
    'shot.extend_next': { enabled: some, run: () => move(app, 1, 'extend') },
    'shot.extend_previous': { enabled: some, run: () => move(app, -1, 'extend') },
    'shot.select_all': { enabled: some, run: () => selectAll(app) },
    'clip.add': { enabled: () => app.canAdd, run: () => app.addPicked() },
    'clip.add_end': { enabled: () => app.canAdd, run: () => app.addPicked('end') },
    'clip.add_range': {
      enabled: () => app.player.media !== null && (app.player.markIn !== null || app.player.markOut !== null),
      run: () => app.addMarkedRange(),
    },
  };
}
