/** What this start of the binary is for: a command without a window, or the window with some files. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Mode = { kind: 'command'; args: string[] } | { kind: 'window'; files: string[] };

/**
 * @param argv `process.argv`: the executable, in development the app's folder, then switches of Chromium and what the
 * person gave. Everything after `--` is the person's.
 * @param packaged false in development, where the first plain argument is the app's folder
 * @param cwd folder that relative file names start from
 */
export function modeOf(argv: readonly string[], packaged: boolean, cwd: string, exists: (path: string) => boolean = existsSync): Mode {
  const separator = argv.indexOf('--');
  let given = separator >= 0 ? argv.slice(separator + 1) : argv.slice(1);
  if (separator < 0 && !packaged) given = afterAppFolder(given);
  if (isCommand(given[0], (name) => exists(resolve(cwd, name)))) return { kind: 'command', args: [...given] };
  return { kind: 'window', files: given.filter((argument) => !argument.startsWith('-')).map((name) => fileOf(name, cwd)) };
}

/** A word that no file is named by is a command, so that a mistyped one is told as such. `rushes.sh` has the same rule. */
function isCommand(first: string | undefined, exists: (name: string) => boolean): boolean {
  if (first === undefined) return false;
  if (['--help', '-h', '--version', '-V'].includes(first)) return true;
  return /^[a-z]+$/.test(first) && !exists(first);
}

/** In development the app's folder comes first among the plain arguments; a switch may have a value (`-r loader`). */
function afterAppFolder(given: readonly string[]): string[] {
  for (let index = 0; index < given.length; index += 1) {
    const argument = given[index] ?? '';
    if (argument === '-r' || argument === '--require') index += 1;
    else if (!argument.startsWith('-')) return given.slice(index + 1);
  }
  return [];
}

/** File managers hand over file: URLs. */
function fileOf(name: string, cwd: string): string {
  return name.startsWith('file://') ? fileURLToPath(name) : resolve(cwd, name);
}
