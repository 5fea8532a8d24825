/** Keys of the list of cues itself, while it has the focus. All else is the window's commands' business. */
import type { CommandId } from '../../../shared/commands.ts';
import type { CaptionDesk } from '../../state/caption-desk.svelte.ts';
import type { CaptionsState } from '../../state/captions.svelte.ts';

/** Rows that Page Up and Page Down go. */
const PAGE = 8;

export function onCueKey(event: KeyboardEvent, desk: CaptionDesk, captions: CaptionsState, run: (command: CommandId) => void): void {
  if (event.target !== event.currentTarget || event.isComposing) return;
  const action = actionOf(event, desk, captions, run);
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

function actionOf(event: KeyboardEvent, desk: CaptionDesk, captions: CaptionsState, run: (command: CommandId) => void): (() => void) | null {
  const mod = event.ctrlKey || event.metaKey;
  if (event.altKey) return null;
  if (mod) return event.key.toLowerCase() === 'a' && !event.shiftKey ? () => captions.selectAll() : null;
  const how = event.shiftKey ? 'extend' : 'replace';
  switch (event.key) {
    case 'ArrowDown':
      return () => desk.step(1, how);
    case 'ArrowUp':
      return () => desk.step(-1, how);
    case 'PageDown':
      return () => desk.step(PAGE, how);
    case 'PageUp':
      return () => desk.step(-PAGE, how);
    case 'Home':
      return () => desk.step(-desk.cues.length, how);
    case 'End':
      return () => desk.step(desk.cues.length, how);
    case 'Enter':
      return () => run('captions.edit');
    case 'Delete':
    case 'Backspace':
      return () => run('captions.remove');
    case 'Escape':
      return captions.selected.size > 0 ? () => captions.clearSelection() : null;
    default:
      return null;
  }
}
