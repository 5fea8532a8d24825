/**
 * Undo and redo over the list of commands. The history is a value: applying a command gives a new one, so replaying the
 * journal's commands from the same edit always ends in the same place.
 */
import { applyCommand, EditError, type Edit, type EditCommand } from './edit.ts';

/** Steps that can be undone. Older ones are forgotten, here and on replay alike. */
export const LONGEST_HISTORY = 1000;

export interface EditHistory {
  readonly edit: Edit;
  /** Edits before, oldest first. Clips that did not change are shared between them. */
  readonly past: readonly Edit[];
  /** Edits that redo brings back, next first. */
  readonly future: readonly Edit[];
}

export function startHistory(edit: Edit): EditHistory {
  return { edit, past: [], future: [] };
}

export function canUndo(history: EditHistory): boolean {
  return history.past.length > 0;
}

export function canRedo(history: EditHistory): boolean {
  return history.future.length > 0;
}

/**
 * The history after a change, undo or redo. A change forgets what could be redone. Throws EditError for an impossible
 * command, `nothing_to_undo` and `nothing_to_redo` included; the history given is left as it is.
 */
export function advance(history: EditHistory, command: EditCommand): EditHistory {
  switch (command.type) {
    case 'undo': {
      const edit = history.past.at(-1);
      if (!edit) throw new EditError('nothing_to_undo');
      return { edit, past: history.past.slice(0, -1), future: [history.edit, ...history.future] };
    }
    case 'redo': {
      const [edit, ...future] = history.future;
      if (!edit) throw new EditError('nothing_to_redo');
      return { edit, past: [...history.past, history.edit], future };
    }
    default:
      return {
        edit: applyCommand(history.edit, command),
        past: [...history.past, history.edit].slice(-LONGEST_HISTORY),
        future: [],
      };
  }
}

/** The history after all of `commands`, in order. */
export function replay(edit: Edit, commands: readonly EditCommand[]): EditHistory {
  return commands.reduce(advance, startHistory(edit));
}
