import { describe, expect, it } from 'vitest';
import { commandNameKey, COMMANDS, isCommandId, type CommandId } from '../../shared/commands.ts';
import { messageFor } from '../../shared/i18n/index.ts';
import { mayRun, type FocusFacts } from './keyboard.ts';
import { commandForKey, formatShortcut, type KeyPress } from './shortcuts.ts';

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });

describe('commandForKey', () => {
  const cases: [KeyPress, CommandId | null][] = [
    [press(' '), 'play.toggle'],
    [press('k'), 'play.toggle'],
    [press('k', { ctrlKey: true }), 'view.palette'],
    [press('P', { ctrlKey: true, shiftKey: true }), 'view.palette'],
    [press('z', { ctrlKey: true }), 'edit.undo'],
    [press('Z', { ctrlKey: true, shiftKey: true }), 'edit.redo'],
    [press('y', { ctrlKey: true }), 'edit.redo'],
    [press('ArrowRight'), 'play.frame_next'],
    [press('ArrowRight', { shiftKey: true }), 'play.frames_next_10'],
    [press('ArrowRight', { altKey: true }), 'clip.later'],
    [press('[', { code: 'BracketLeft' }), 'clip.start_later'],
    [press('{', { code: 'BracketLeft', shiftKey: true }), 'clip.start_later_10'],
    [press('ü', { code: 'BracketLeft' }), 'clip.start_later'],
    [press('?', { shiftKey: true }), 'view.shortcuts'],
    [press('+', { shiftKey: true }), 'view.zoom_in'],
    [press('/', { shiftKey: true }), 'view.focus_search'],
    [press('a'), 'clip.add'],
    [press('A', { shiftKey: true }), 'clip.add_range'],
    [press('a', { ctrlKey: true }), 'shot.select_all'],
    [press('z'), null],
    [press(' ', { altKey: true }), null],
  ];
  it.each(cases)('%o', (key, command) => expect(commandForKey(key, false)).toBe(command));

  it('takes Cmd for Mod on a Mac, and Ctrl for nothing', () => {
    expect(commandForKey(press('z', { metaKey: true }), true)).toBe('edit.undo');
    expect(commandForKey(press('z', { ctrlKey: true }), true)).toBeNull();
  });

  it('gives no key to two commands', () => {
    const all = Object.values(COMMANDS).flat();
    expect(all.filter((shortcut, index) => all.indexOf(shortcut) !== index)).toEqual([]);
  });
});

describe('mayRun', () => {
  const nowhere: FocusFacts = { typing: false, pressable: false, arrows: false, modal: false };
  const event = (key: string, modifiers: Partial<KeyPress> = {}): KeyboardEvent => press(key, modifiers) as KeyboardEvent;

  it('leaves plain keys and text keys to a field', () => {
    const typing = { ...nowhere, typing: true };
    for (const key of ['a', ' ', 'Enter', 'ArrowLeft', '/', 'Backspace']) expect(mayRun(event(key), typing)).toBe(false);
    expect(mayRun(event('z', { ctrlKey: true }), typing)).toBe(false);
    expect(mayRun(event('k', { ctrlKey: true }), typing)).toBe(true);
  });
  it('leaves Enter and Space to a button that was reached by keyboard', () => {
    const button = { ...nowhere, pressable: true };
    expect(mayRun(event(' '), button)).toBe(false);
    expect(mayRun(event('Enter'), button)).toBe(false);
    expect(mayRun(event('j'), button)).toBe(true);
  });
  it('answers nothing behind a modal dialog', () => {
    expect(mayRun(event('k', { ctrlKey: true }), { ...nowhere, modal: true })).toBe(false);
  });
});

describe('formatShortcut', () => {
  it('writes what people read', () => {
    expect(formatShortcut('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z');
    expect(formatShortcut('Mod+Shift+Z', true)).toBe('⇧⌘Z');
    expect(formatShortcut('Alt+BracketLeft', false)).toBe('Alt+[');
  });
});

describe('names of commands', () => {
  it.each(Object.keys(COMMANDS).filter(isCommandId))('%s has a name, and so has its group', (id) => {
    expect(messageFor(commandNameKey(id))).toMatch(/\S/);
    expect(messageFor(`panels_group_${id.split('.')[0] ?? ''}`)).toMatch(/\S/);
  });
});
