/**
 * Undo and redo over the list of commands. The history is a value: applying a command gives a new one, so replaying the
 * journal's commands from the same edit always ends in the same place.
 */
import { applyCommand, EditError, type Edit, type EditChange, type EditCommand, type StreamChange, type UnderstandingChange } from './edit.ts';
import { streamCues } from './editCaptions.ts';
import { setUnderstanding } from './editChapters.ts';

/** Steps that can be undone. Older ones are forgotten, here and on replay alike. */
export const LONGEST_HISTORY = 1000;

/** What belongs to every step: recognised cues, and settings of the understanding. */
export type LastingChange = StreamChange | UnderstandingChange;

/** An edit to come back to. */
export interface HistoryStep {
  readonly edit: Edit;
  /** How many of the history's `streams` it holds; the others are applied when it is come back to. */
  readonly streams: number;
}

export interface EditHistory {
  readonly edit: Edit;
  /** Edits before, oldest first. Clips and tracks that did not change are shared between them. */
  readonly past: readonly HistoryStep[];
  /** Edits that redo brings back, next first. */
  readonly future: readonly HistoryStep[];
  /**
   * What recognition brought and what was set, in order. It belongs to every step, but is applied to one only when needed: a thousand
   * steps cost nothing while cues stream in or a slider moves.
   */
  readonly streams: readonly LastingChange[];
}

export function startHistory(edit: Edit): EditHistory {
  return { edit, past: [], future: [], streams: [] };
}

export function canUndo(history: EditHistory): boolean {
  return history.past.length > 0;
}

export function canRedo(history: EditHistory): boolean {
  return history.future.length > 0;
}

/**
 * The history after a change, undo, redo, recognised cues or a setting. A change forgets what could be redone; cues and settings are no step.
 * Throws EditError for an impossible command, `nothing_to_undo` and `nothing_to_redo` included; the history given is left as it is.
 */
export function advance(history: EditHistory, command: EditCommand): EditHistory {
  const { past, future, streams } = history;
  switch (command.type) {
    case 'undo': {
      const step = past.at(-1);
      if (!step) throw new EditError('nothing_to_undo');
      return { edit: caughtUp(step, streams), past: past.slice(0, -1), future: [present(history), ...future], streams };
    }
    case 'redo': {
      const [step, ...later] = future;
      if (!step) throw new EditError('nothing_to_redo');
      return { edit: caughtUp(step, streams), past: [...past, present(history)], future: later, streams };
    }
    case 'captions.stream':
      return stream(history, command);
    case 'understanding.set':
      return lasting(history, command);
    default:
      return change(history, command);
  }
}

function change(history: EditHistory, command: EditChange): EditHistory {
  const { edit, past, streams } = history;
  return { edit: applyCommand(edit, command), past: [...past, present(history)].slice(-LONGEST_HISTORY), future: [], streams };
}

/** The track may be one that undo took away or redo brings back; one that no step knows is refused. */
function stream(history: EditHistory, command: StreamChange): EditHistory {
  const { past, future } = history;
  const known = (step: { edit: Edit }): boolean => step.edit.captions.some((track) => track.id === command.track);
  if (!known(history) && !past.some(known) && !future.some(known)) throw new EditError('unknown_track', { id: command.track });
  return lasting(history, command);
}

function lasting(history: EditHistory, command: LastingChange): EditHistory {
  const { edit, past, future, streams } = history;
  const alone = past.length === 0 && future.length === 0;
  return { ...history, edit: withStreams(edit, [command]), streams: alone ? streams : [...streams, command] };
}

function present({ edit, streams }: EditHistory): HistoryStep {
  return { edit, streams: streams.length };
}

function caughtUp(step: HistoryStep, streams: readonly LastingChange[]): Edit {
  return withStreams(step.edit, streams.slice(step.streams));
}

function withStreams(edit: Edit, streams: readonly LastingChange[]): Edit {
  const captions = streamCues(edit.captions, streams.filter((change) => change.type === 'captions.stream'));
  const understanding = setUnderstanding(edit.understanding, streams.filter((change) => change.type === 'understanding.set'));
  if (captions === edit.captions && understanding === edit.understanding) return edit;
  return { ...edit, captions: captions === edit.captions ? edit.captions : [...captions], understanding };
}

/** The history after all of `commands`, in order. */
export function replay(edit: Edit, commands: readonly EditCommand[]): EditHistory {
  return commands.reduce(advance, startHistory(edit));
}
