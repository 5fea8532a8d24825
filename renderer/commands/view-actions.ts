import type { TimelineHandle } from '../timeline/types.ts';
import type { AppState } from '../state/app.svelte.ts';
import type { DialogName } from '../state/shell.svelte.ts';
import type { Action, Actions } from './registry.ts';

type ViewCommand =
  | 'play.type_time'
  | 'view.fit_picture'
  | 'view.actual_size'
  | 'view.boxes'
  | 'view.full_screen'
  | 'view.zoom_in'
  | 'view.zoom_out'
  | 'view.zoom_fit'
  | 'view.focus_search'
  | 'view.palette'
  | 'view.settings'
  | 'view.shortcuts'
  | 'view.doctor'
  | 'view.escape';

/** Parts of the window that commands reach into; each is there once its panel is. */
export interface ViewHandles {
  timeline: TimelineHandle | null;
  focusSearch: () => void;
  typeTime: () => void;
  toggleFullScreen: () => Promise<void>;
}

export function viewActions(app: AppState, handles: ViewHandles): Actions<ViewCommand> {
  const { player, shell } = app;
  const open = (): boolean => player.entry !== null;
  const dialog = (name: DialogName): Action => ({
    run: () => {
      shell.dialog = shell.dialog === name ? null : name;
    },
  });
  const picture = (): boolean => player.media?.video != null;
  const scale = (value: 'fit' | 'actual'): Action => ({
    enabled: picture,
    checked: () => player.scale === value,
    run: () => {
      player.scale = value;
    },
  });
  return {
    'play.type_time': { enabled: open, run: () => handles.typeTime() },
    'view.fit_picture': scale('fit'),
    'view.actual_size': scale('actual'),
    'view.boxes': {
      enabled: picture,
      checked: () => player.boxes,
      run: () => {
        player.boxes = !player.boxes;
      },
    },
    'view.full_screen': { enabled: open, checked: () => shell.fullScreen, run: () => handles.toggleFullScreen() },
    'view.zoom_in': { enabled: open, run: () => handles.timeline?.zoomIn() },
    'view.zoom_out': { enabled: open, run: () => handles.timeline?.zoomOut() },
    'view.zoom_fit': { enabled: open, run: () => handles.timeline?.fit() },
    'view.focus_search': {
      run: () => handles.focusSearch(),
    },
    'view.palette': dialog('palette'),
    'view.settings': dialog('settings'),
    'view.shortcuts': dialog('shortcuts'),
    'view.doctor': dialog('doctor'),
    'view.escape': { run: () => escape(app) },
  };
}

/** Esc closes or lets go of one thing, the most recent kind first. */
function escape(app: AppState): void {
  const { search, shots, edit, toasts, player } = app;
  const toast = toasts.items.at(-1);
  if (search.query !== '' || search.like !== null) search.clear();
  else if (edit.picked.size > 0) edit.clearPicks();
  else if (shots.picked.size > 0) shots.clear();
  else if (toast) toasts.close(toast.id);
  else if (player.markIn !== null || player.markOut !== null) player.setMarks(null, null);
}
