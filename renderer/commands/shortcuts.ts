/** Shortcuts of `shared/commands.ts`: which one a key press is, and how one is written for people. */
import { COMMANDS, type CommandId } from '../../shared/commands.ts';

/** What is read of a KeyboardEvent. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

interface Parsed {
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly key: string;
}

function parse(shortcut: string): Parsed {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  return { mod: parts.includes('Mod'), shift: parts.includes('Shift'), alt: parts.includes('Alt'), key };
}

const NAMED: Record<string, string> = { Space: ' ', Plus: '+' };
const table: readonly { id: CommandId; parsed: Parsed }[] = (Object.keys(COMMANDS) as CommandId[]).flatMap((id) =>
  COMMANDS[id].map((shortcut) => ({ id, parsed: parse(shortcut) })),
);

/** A printable sign that may itself need Shift on some layouts ("?", "+"): Shift then says nothing. */
function isSign(key: string): boolean {
  return key.length === 1 && key.toLowerCase() === key.toUpperCase() && key !== ' ';
}

function matches(press: KeyPress, parsed: Parsed, mac: boolean): boolean {
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (mod !== parsed.mod || other || press.altKey !== parsed.alt) return false;
  if (parsed.key.startsWith('Bracket')) return press.code === parsed.key && press.shiftKey === parsed.shift;
  const wanted = NAMED[parsed.key] ?? parsed.key;
  if (press.key.toLowerCase() !== wanted.toLowerCase()) return false;
  return press.shiftKey === parsed.shift || (isSign(wanted) && !parsed.shift);
}

/** The command a key press stands for; null when none. */
export function commandForKey(press: KeyPress, mac: boolean): CommandId | null {
  return table.find(({ parsed }) => matches(press, parsed, mac))?.id ?? null;
}

const SIGNS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  BracketLeft: '[',
  BracketRight: ']',
  Plus: '+',
  Escape: 'Esc',
  Delete: 'Del',
};
const MAC_SIGNS: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Backspace: '⌫', Delete: '⌦', Escape: 'esc' };

/** One shortcut as people write it on their platform: "Ctrl+Shift+Z", "⇧⌘Z". */
export function formatShortcut(shortcut: string, mac: boolean): string {
  const parts = shortcut.split('+');
  if (mac) {
    // Apple's order: option, shift, command, key.
    const modifiers = ['Alt', 'Shift', 'Mod'].filter((modifier) => parts.includes(modifier));
    return [...modifiers, parts.at(-1) ?? ''].map((part) => MAC_SIGNS[part] ?? SIGNS[part] ?? part).join('');
  }
  return parts.map((part) => (part === 'Mod' ? 'Ctrl' : (SIGNS[part] ?? part))).join('+');
}

/** The first shortcut of a command as written; null when it has none. */
export function shortcutOf(id: CommandId, mac: boolean): string | null {
  const first = COMMANDS[id][0];
  return first === undefined ? null : formatShortcut(first, mac);
}

/** `aria-keyshortcuts` form of the first shortcut. */
export function ariaShortcut(id: CommandId, mac: boolean): string | undefined {
  return COMMANDS[id][0]?.replace('Mod', mac ? 'Meta' : 'Control').replace('BracketLeft', '[').replace('BracketRight', ']');
}
