import type { AppState } from '../state/app.svelte.ts';
import type { Action, Actions } from './registry.ts';

type ClipCommand =
  | 'edit.undo'
  | 'edit.redo'
  | 'clip.remove'
  | 'clip.next'
  | 'clip.previous'
  | 'clip.earlier'
  | 'clip.later'
  | 'clip.start_later'
  | 'clip.start_later_10'
  | 'clip.start_earlier'
  | 'clip.start_earlier_10'
  | 'clip.end_earlier'
  | 'clip.end_earlier_10'
  | 'clip.end_later'
  | 'clip.end_later_10';

export function clipActions(app: AppState): Actions<ClipCommand> {
  const { edit, shell } = app;
  const led = (): boolean => edit.leadClip !== null;
  const some = (): boolean => edit.clips.length > 0;
  const trim = (edge: 'start' | 'end', by: number): Action => ({ enabled: led, run: () => edit.trimFrames(edge, by) });
  const toNeighbour = (by: number): Action => ({
    enabled: some,
    run: () => {
      edit.selectNeighbour(by);
      shell.area = 'clips';
      app.showClip(edit.leadClip);
    },
  });
  return {
    'edit.undo': { enabled: () => edit.canUndo, run: () => edit.undo() },
    'edit.redo': { enabled: () => edit.canRedo, run: () => edit.redo() },
    'clip.remove': { enabled: () => edit.picked.size > 0, run: () => edit.remove() },
    'clip.next': toNeighbour(1),
    'clip.previous': toNeighbour(-1),
    'clip.earlier': { enabled: led, run: () => edit.shift(-1) },
    'clip.later': { enabled: led, run: () => edit.shift(1) },
    'clip.start_later': trim('start', 1),
    'clip.start_later_10': trim('start', 10),
    'clip.start_earlier': trim('start', -1),
    'clip.start_earlier_10': trim('start', -10),
    'clip.end_earlier': trim('end', -1),
    'clip.end_earlier_10': trim('end', -10),
    'clip.end_later': trim('end', 1),
    'clip.end_later_10': trim('end', 10),
  };
}
