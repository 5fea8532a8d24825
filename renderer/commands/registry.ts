/** What each command of the table does, when it can be done, and its picture. Buttons, keys, menus and the palette all come here. */
import { commandNameKey, isCommandId, type CommandId } from '../../shared/commands.ts';
import { messageFor } from '../../shared/i18n/index.ts';
import type { AppState } from '../state/app.svelte.ts';
import { captionActions } from './caption-actions.ts';
import { clipActions } from './clip-actions.ts';
import { fileActions } from './file-actions.ts';
import { highlightActions } from './highlight-actions.ts';
import { playActions } from './play-actions.ts';
import { searchActions } from './search-actions.ts';
import { shotActions } from './shot-actions.ts';
import { storyActions } from './story-actions.ts';
import { styleActions } from './style-actions.ts';
import { transcriptActions } from './transcript-actions.ts';
import { viewActions, type ViewHandles } from './view-actions.ts';

export interface Action {
  /** Reads reactive state, so that buttons follow it. Left out: always possible. */
  enabled?: () => boolean;
  /** For toggles: is it on now? */
  checked?: () => boolean;
  run: () => void | Promise<void>;
}
export type Actions<Id extends CommandId> = Record<Id, Action>;

export class Commands {
  readonly #actions: Record<CommandId, Action>;
  readonly #app: AppState;

  constructor(app: AppState, handles: ViewHandles) {
    this.#app = app;
    this.#actions = { ...fileActions(app), ...shotActions(app), ...searchActions(app), ...highlightActions(app), ...clipActions(app), ...captionActions(app), ...playActions(app), ...transcriptActions(app), ...storyActions(app), ...styleActions(app), ...viewActions(app, handles) };
    app.onMenuCommand = (id) => {
      if (isCommandId(id)) this.run(id);
    };
  }

  name(id: CommandId): string {
    return messageFor(commandNameKey(id));
  }
  enabled(id: CommandId): boolean {
    return this.#actions[id].enabled?.() ?? true;
  }
  /** Null for a command that is no toggle. */
  checked(id: CommandId): boolean | null {
    return this.#actions[id].checked?.() ?? null;
  }

  /** Runs it if it is possible now; failures become toasts. False when it is not possible. */
  run(id: CommandId): boolean {
    if (!this.enabled(id)) return false;
    try {
      const running = this.#actions[id].run();
      if (running) running.catch((error: unknown) => this.#app.toasts.error(error));
    } catch (error) {
      this.#app.toasts.error(error);
    }
    return true;
  }
}
