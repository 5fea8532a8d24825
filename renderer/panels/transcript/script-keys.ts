/** Keys of the transcript's text while it has the focus. All else is the window's commands' business. */
import type { CommandId } from '../../../shared/commands.ts';
import type { TranscriptState } from '../../state/transcript.svelte.ts';

/** Lines that Page Up and Page Down go. */
const PAGE_LINES = 12;

export interface ScriptMoves {
  /** Word a number of lines up (negative) or down. */
  line: (by: number) => number;
  lineEnd: (end: 'first' | 'last') => number;
  paragraph: (by: 1 | -1) => number;
}

export function scriptKey(event: KeyboardEvent, transcript: TranscriptState, moves: ScriptMoves, run: (command: CommandId) => void): void {
  if (event.isComposing || event.defaultPrevented) return;
  const action = actionOf(event, transcript, moves, run);
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

function actionOf(event: KeyboardEvent, transcript: TranscriptState, moves: ScriptMoves, run: (command: CommandId) => void): (() => void) | null {
  const mod = event.ctrlKey || event.metaKey;
  if (event.altKey) return mod ? null : altAction(event, run);
  const to = target(event, transcript, moves, mod);
  if (to) return () => transcript.moveTo(to(), event.shiftKey);
  if (mod) return modAction(event, transcript, run);
  switch (event.key) {
    case 'Enter':
    case 'F2':
      return () => run('transcript.correct');
    case 'Delete':
    case 'Backspace':
      return () => run(event.shiftKey ? 'transcript.restore' : 'transcript.cut');
    case 'Escape':
      return transcript.find.open ? () => transcript.find.close() : transcript.caret >= 0 ? () => transcript.collapse() : null;
    case 'F3':
      return () => {
        const found = transcript.find.step(event.shiftKey ? -1 : 1);
        if (found) transcript.moveTo(found.from, false);
      };
    default:
      return null;
  }
}

function altAction(event: KeyboardEvent, run: (command: CommandId) => void): (() => void) | null {
  if (event.key === 'ArrowUp') return () => run('transcript.earlier');
  if (event.key === 'ArrowDown') return () => run('transcript.later');
  return null;
}

function modAction(event: KeyboardEvent, transcript: TranscriptState, run: (command: CommandId) => void): (() => void) | null {
  if (event.shiftKey) return null;
  switch (event.key.toLowerCase()) {
    case 'a':
      return () => transcript.selectAll();
    case 'c':
      return () => run('transcript.copy');
    case 'x':
      return () => {
        run('transcript.copy');
        run('transcript.cut');
      };
    case 'f':
      return () => run('transcript.find');
    default:
      return null;
  }
}

/** Where a key moves the caret; null for a key that does not. */
function target(event: KeyboardEvent, transcript: TranscriptState, moves: ScriptMoves, mod: boolean): (() => number) | null {
  const { caret, document } = transcript;
  const last = document.words.length - 1;
  switch (event.key) {
    case 'ArrowLeft':
      return () => (mod ? moves.paragraph(-1) : caret - 1);
    case 'ArrowRight':
      return () => (mod ? moves.paragraph(1) : caret + 1);
    case 'ArrowUp':
      return mod ? () => moves.paragraph(-1) : () => moves.line(-1);
    case 'ArrowDown':
      return mod ? () => moves.paragraph(1) : () => moves.line(1);
    case 'PageUp':
      return () => moves.line(-PAGE_LINES);
    case 'PageDown':
      return () => moves.line(PAGE_LINES);
    case 'Home':
      return () => (mod ? 0 : moves.lineEnd('first'));
    case 'End':
      return () => (mod ? last : moves.lineEnd('last'));
    default:
      return null;
  }
}
