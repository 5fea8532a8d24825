import { emptyTrack } from '../../shared/captions/track.ts';
import type { AppState } from '../state/app.svelte.ts';
import type { CaptionPage } from '../state/caption-desk.svelte.ts';
import type { Action, Actions } from './registry.ts';

type CaptionCommand =
  | 'captions.show'
  | 'captions.panel'
  | 'captions.transcribe'
  | 'captions.import'
  | 'captions.add'
  | 'captions.track'
  | 'captions.rules'
  | 'captions.style'
  | 'captions.edit'
  | 'captions.next'
  | 'captions.previous'
  | 'captions.insert'
  | 'captions.split'
  | 'captions.merge'
  | 'captions.remove'
  | 'captions.set_in'
  | 'captions.set_out'
  | 'captions.time'
  | 'captions.find'
  | 'captions.problem_next'
  | 'captions.problem_previous'
  | 'captions.fix'
  | 'captions.fix_all';

export function captionActions(app: AppState): Actions<CaptionCommand> {
  const { captions, desk, shell } = app;
  const open = (): boolean => app.player.media !== null;
  const tracked = (): boolean => captions.current !== null;
  const some = (): boolean => desk.cues.length > 0;
  const led = (): boolean => desk.lead !== null;
  /** What is done to cues is seen where they are. */
  const shown = (enabled: () => boolean, run: () => void | Promise<void>): Action => ({
    enabled,
    run: () => {
      shell.right = 'captions';
      return run();
    },
  });
  const page = (name: CaptionPage, enabled = tracked): Action => shown(enabled, () => desk.openPage(desk.page === name ? 'list' : name));
  const bar = (name: 'find' | 'time'): Action => ({ ...shown(some, () => desk.openBar(name)), checked: () => desk.bar === name });

  return {
    'captions.show': {
      enabled: tracked,
      checked: () => desk.shown,
      run: () => {
        desk.shown = !desk.shown;
      },
    },
    'captions.panel': shown(open, () => desk.openPage('list')),
    'captions.transcribe': page('transcribe', () => captions.canTranscribe),
    'captions.import': shown(open, () => captions.import()),
    'captions.add': shown(open, () => addEmpty(app)),
    'captions.track': page('track'),
    'captions.rules': page('rules'),
    'captions.style': page('style'),
    'captions.edit': shown(some, () => desk.edit()),
    'captions.next': shown(some, () => desk.step(1)),
    'captions.previous': shown(some, () => desk.step(-1)),
    'captions.insert': shown(tracked, () => desk.insert()),
    'captions.split': { enabled: led, run: () => desk.split() },
    'captions.merge': { enabled: led, run: () => desk.merge() },
    'captions.remove': { enabled: () => captions.selected.size > 0, run: () => desk.remove() },
    'captions.set_in': { enabled: led, run: () => desk.setEdge('start') },
    'captions.set_out': { enabled: led, run: () => desk.setEdge('end') },
    'captions.time': bar('time'),
    'captions.find': bar('find'),
    'captions.problem_next': shown(() => desk.problems.length > 0, () => desk.stepProblem(1)),
    'captions.problem_previous': shown(() => desk.problems.length > 0, () => desk.stepProblem(-1)),
    'captions.fix': { enabled: () => desk.lead !== null && captions.violations.has(desk.lead.id), run: () => fixLead(app) },
    'captions.fix_all': shown(() => desk.problems.length > 0, () => desk.fixAll()),
  };
}

function fixLead({ desk }: AppState): void {
  if (desk.lead) desk.fix(desk.lead.id);
}

/** A track to write by hand, in the language of the window until the person says another. */
function addEmpty({ captions, desk, player, appearance }: AppState): void {
  if (!player.media) return;
  const language = captions.current?.language ?? (appearance.locale === 'zh-CN' ? 'zh-Hans' : appearance.locale);
  captions.addTrack(emptyTrack({ media: player.media.id, language, name: '', kind: 'import', id: crypto.randomUUID() }));
  desk.openPage('list');
}
