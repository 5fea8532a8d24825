/** From key presses to commands: what is typed into a field stays there, and a focused control keeps its own keys. */
import type { CommandId } from '../../shared/commands.ts';
import { commandForKey } from './shortcuts.ts';

/** Where the focus is, as far as keys are concerned. */
export interface FocusFacts {
  /** A text field: plain keys belong to it. */
  readonly typing: boolean;
  /** A button, tab or the like that was reached by keyboard: Enter and Space press it. */
  readonly pressable: boolean;
  /** A slider, menu, list box or the like: arrows, Home and End move within it. */
  readonly arrows: boolean;
  /** A modal dialog is open: nothing behind it answers. */
  readonly modal: boolean;
}

export function mayRun(press: KeyboardEvent, focus: FocusFacts): boolean {
  if (focus.modal) return false;
  const plain = !press.ctrlKey && !press.metaKey && !press.altKey;
  if (focus.typing) return !plain && !isTextKey(press);
  if (focus.pressable && plain && (press.key === 'Enter' || press.key === ' ')) return false;
  if (focus.arrows && plain && /^(Arrow|Home|End|Page)/.test(press.key)) return false;
  return true;
}

/** Keys with modifiers that a text field itself uses: select all, undo, word moves. */
function isTextKey(press: KeyboardEvent): boolean {
  if (press.key.startsWith('Arrow') || press.key === 'Backspace' || press.key === 'Delete') return true;
  return (press.ctrlKey || press.metaKey) && /^[acvxyz]$/i.test(press.key);
}

export function focusFacts(target: EventTarget | null, byKeyboard: boolean): FocusFacts {
  const element = target instanceof Element ? target : null;
  const matches = (selector: string): boolean => element?.closest(selector) != null;
  return {
    typing: matches('input:not([type=checkbox],[type=radio],[type=range]), textarea, [contenteditable=true]'),
    pressable: byKeyboard && matches('button, a[href], [role=button], [role=tab], [role=menuitem], [role=switch], [role=checkbox], summary'),
    arrows: matches('input[type=range], [role=slider], [role=menu], [role=tablist], [role=radiogroup], [role=separator], select, [role=combobox]'),
    modal: document.querySelector('[role=dialog][data-modal=true], [role=menu][data-state=open]') !== null,
  };
}

export interface KeyboardOptions {
  mac: () => boolean;
  run: (id: CommandId) => boolean;
}

/** Listens on the window. `run` answers false when the command is not possible now: the key is then left alone. */
export function listenToKeyboard({ mac, run }: KeyboardOptions): () => void {
  let byKeyboard = false;
  const onPointer = (): void => {
    byKeyboard = false;
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') byKeyboard = true;
    if (event.defaultPrevented || event.isComposing) return;
    const id = commandForKey(event, mac());
    if (!id || !mayRun(event, focusFacts(event.target, byKeyboard))) return;
    if (run(id)) event.preventDefault();
  };
  window.addEventListener('pointerdown', onPointer, true);
  window.addEventListener('keydown', onKey);
  return () => {
    window.removeEventListener('pointerdown', onPointer, true);
    window.removeEventListener('keydown', onKey);
  };
}
