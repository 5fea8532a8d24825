import { m } from '../../shared/i18n/index.ts';
import type { AppState } from '../state/app.svelte.ts';
import { copyText } from '../ui/clipboard.ts';
import type { Actions } from './registry.ts';

type TranscriptCommand =
  | 'transcript.show'
  | 'transcript.start'
  | 'transcript.translate'
  | 'transcript.resume'
  | 'transcript.stop'
  | 'transcript.find'
  | 'transcript.next_uncertain'
  | 'transcript.previous_uncertain'
  | 'transcript.correct'
  | 'transcript.cut'
  | 'transcript.restore'
  | 'transcript.earlier'
  | 'transcript.later'
  | 'transcript.copy'
  | 'transcript.add_clip'
  | 'tighten.show'
  | 'tighten.apply';

export function transcriptActions(app: AppState): Actions<TranscriptCommand> {
  const { captions, transcript, shell, tighten } = app;
  const show = (mode: 'text' | 'tighten'): void => {
    shell.left = 'transcript';
    transcript.mode = mode;
  };
  const text = (): boolean => transcript.document.words.length > 0;
  const picked = (): boolean => transcript.selection !== null;
  return {
    'transcript.show': { enabled: () => app.media.current !== null, run: () => show('text') },
    'transcript.start': {
      enabled: () => captions.canTranscribe,
      run: () => {
        show('text');
        return captions.start();
      },
    },
    'transcript.translate': { enabled: () => captions.canTranscribe, run: () => captions.start({ task: 'translate' }) },
    'transcript.resume': { enabled: () => captions.canTranscribe && captions.unfinished !== null, run: () => captions.resume() },
    'transcript.stop': { enabled: () => captions.transcribing.status === 'running', run: () => captions.cancel() },
    'transcript.find': {
      enabled: text,
      run: () => {
        show('text');
        transcript.find.open = true;
      },
    },
    'transcript.next_uncertain': { enabled: () => transcript.uncertainCount > 0, run: () => uncertain(app, 1) },
    'transcript.previous_uncertain': { enabled: () => transcript.uncertainCount > 0, run: () => uncertain(app, -1) },
    'transcript.correct': {
      enabled: picked,
      run: () => {
        transcript.correcting = transcript.caret;
      },
    },
    'transcript.cut': {
      enabled: () => transcript.canCut,
      run: () => {
        if (!transcript.cut()) app.toasts.show('info', m.transcript_in_no_clip());
      },
    },
    'transcript.restore': { enabled: () => transcript.canRestore, run: () => void transcript.restore() },
    'transcript.earlier': { enabled: () => transcript.canMove, run: () => void transcript.moveBySentence(-1) },
    'transcript.later': { enabled: () => transcript.canMove, run: () => void transcript.moveBySentence(1) },
    'transcript.copy': { enabled: text, run: () => copyText(transcript.text()) },
    'transcript.add_clip': { enabled: picked, run: () => transcript.addAsClip() },
    'tighten.show': { enabled: () => app.media.current?.media.audio != null, run: () => show('tighten') },
    'tighten.apply': { enabled: () => tighten.chosen.length > 0, run: () => void tighten.apply() },
  };
}

function uncertain(app: AppState, direction: 1 | -1): void {
  app.shell.left = 'transcript';
  app.transcript.mode = 'text';
  app.transcript.toUncertain(direction);
}
