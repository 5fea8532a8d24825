import type { AppState } from '../state/app.svelte.ts';
import type { Actions } from './registry.ts';

type ShotCommand = 'shot.next' | 'shot.previous' | 'shot.extend_next' | 'shot.extend_previous' | 'shot.select_all' | 'clip.add' | 'clip.add_range';

/** Arrow keys move in the list that the person last worked in: the search's moments or the shots. */
function move(app: AppState, by: 1 | -1, how: 'replace' | 'extend'): void {
  if (app.shell.area === 'search' && app.search.moments) {
    const index = Math.max(0, Math.min(app.search.lead + by, app.search.moments.length - 1));
    const moment = app.search.moments[index];
    app.search.select(index, how);
    if (moment) app.showMoment(moment).catch((error: unknown) => app.toasts.error(error));
    return;
  }
  const shots = app.media.current?.analysis.shots ?? [];
  const here = app.media.current?.analysis.shotAt(app.player.time) ?? -1;
  const from = app.shots.lead >= 0 ? app.shots.lead : here;
  app.selectShot(Math.max(0, Math.min(from + by, shots.length - 1)), how);
}

export function shotActions(app: AppState): Actions<ShotCommand> {
  const some = (): boolean => (app.media.current?.analysis.shots.length ?? 0) > 0 || (app.shell.area === 'search' && app.search.moments !== null);
  return {
    'shot.next': { enabled: some, run: () => move(app, 1, 'replace') },
    'shot.previous': { enabled: some, run: () => move(app, -1, 'replace') },
    'shot.extend_next': { enabled: some, run: () => move(app, 1, 'extend') },
    'shot.extend_previous': { enabled: some, run: () => move(app, -1, 'extend') },
    'shot.select_all': { enabled: some, run: () => app.shots.selectAll(app.media.current?.analysis.shots.length ?? 0) },
    'clip.add': { enabled: () => app.canAdd, run: () => app.addPicked() },
    'clip.add_range': {
      enabled: () => app.player.media !== null && (app.player.markIn !== null || app.player.markOut !== null),
      run: () => app.addMarkedRange(),
    },
  };
}
