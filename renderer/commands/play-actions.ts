import { flicks, ZERO } from '../../shared/time.ts';
import type { AppState } from '../state/app.svelte.ts';
import type { Action, Actions } from './registry.ts';

type PlayCommand =
  | 'play.toggle'
  | 'play.faster'
  | 'play.backwards'
  | 'play.frame_next'
  | 'play.frame_previous'
  | 'play.frames_next_10'
  | 'play.frames_previous_10'
  | 'play.to_start'
  | 'play.to_end'
  | 'play.mark_in'
  | 'play.mark_out'
  | 'play.clear_marks'
  | 'play.loop'
  | 'play.mute'
  | 'play.edit';

export function playActions(app: AppState): Actions<PlayCommand> {
  const { player } = app;
  const open = (): boolean => player.entry !== null;
  const playable = (): boolean => player.canPlay;
  const step = (by: number): Action => ({ enabled: open, run: () => player.step(by) });
  return {
    'play.toggle': { enabled: playable, checked: () => player.playing, run: () => player.toggle() },
    'play.faster': { enabled: playable, run: () => player.shuttle(1) },
    'play.backwards': { enabled: playable, run: () => player.shuttle(-1) },
    'play.frame_next': step(1),
    'play.frame_previous': step(-1),
    'play.frames_next_10': step(10),
    'play.frames_previous_10': step(-10),
    'play.to_start': { enabled: open, run: () => player.seekShown(ZERO) },
    'play.to_end': { enabled: open, run: () => player.seekShown(player.edit.on ? player.edit.total : flicks(player.range.end - player.range.start)) },
    'play.mark_in': { enabled: open, run: () => player.mark('in') },
    'play.mark_out': { enabled: open, run: () => player.mark('out') },
    'play.clear_marks': {
      enabled: () => player.markIn !== null || player.markOut !== null,
      run: () => player.setMarks(null, null),
    },
    'play.edit': {
      enabled: () => player.edit.sequence.length > 0,
      checked: () => player.edit.on,
      run: () => player.setEdit(!player.edit.wanted),
    },
    'play.loop': {
      enabled: open,
      checked: () => player.loop,
      run: () => {
        player.loop = !player.loop;
      },
    },
    'play.mute': {
      checked: () => player.muted,
      run: () => {
        player.muted = !player.muted;
      },
    },
  };
}
