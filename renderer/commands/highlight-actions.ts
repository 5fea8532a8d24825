import { m } from '../../shared/i18n/index.ts';
import type { AppState } from '../state/app.svelte.ts';
import type { Actions } from './registry.ts';

type HighlightCommand = 'highlights.start' | 'highlights.stop' | 'highlights.play' | 'highlights.make_reel' | 'highlights.reset_weights';

export function highlightActions(app: AppState): Actions<HighlightCommand> {
  const { highlights, shell, edit, toasts } = app;
  const show = (): void => {
    shell.left = 'story';
    shell.story = 'highlights';
  };
  return {
    'highlights.start': {
      enabled: () => highlights.canStart,
      run: () => {
        show();
        return highlights.start();
      },
    },
    'highlights.stop': { enabled: () => highlights.run?.status === 'running', run: () => highlights.cancel() },
    'highlights.play': {
      enabled: () => highlights.shown[highlights.lead] !== undefined,
      run: () => {
        const moment = highlights.shown[highlights.lead]?.moment;
        if (moment) app.player.playRange(moment);
      },
    },
    'highlights.make_reel': {
      enabled: () => highlights.reel.length > 0,
      run: () => {
        if (!highlights.addReel()) return;
        shell.showClips();
        toasts.show('done', m.highlights_reel_added({ n: edit.picked.size }));
      },
    },
    'highlights.reset_weights': { enabled: () => !highlights.isDefault, run: () => highlights.resetWeights() },
  };
}
