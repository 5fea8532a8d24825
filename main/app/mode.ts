/** What this start of the binary is for: a command without a window, or the window with some files. */
import { resolve } from 'node:path';

/** The first argument that makes it a command. `main/setup/packaging/rushes.sh` has the same list. */
const COMMANDS = new Set(['analyze', 'cut', 'doctor', 'headless', 'help', '--help', '-h', '--version', '-V']);

export type Mode = { kind: 'command'; args: string[] } | { kind: 'window'; files: string[] };

/**
 * @param argv `process.argv`: the executable, in development the app's folder, then switches of Chromium and what the
 * person gave. Everything after `--` is the person's.
 * @param packaged false in development, where the first plain argument is the app's folder
 * @param cwd folder that relative file names start from
 */
export function modeOf(argv: readonly string[], packaged: boolean, cwd: string): Mode {
  const separator = argv.indexOf('--');
  let given = separator >= 0 ? argv.slice(separator + 1) : argv.slice(1);
  if (separator < 0 && !packaged) given = afterAppFolder(given);
  const isCommand = COMMANDS.has(given[0] ?? '');
  if (isCommand) return { kind: 'command', args: [...given] };
  return { kind: 'window', files: given.filter((argument) => !argument.startsWith('-')).map((name) => fileOf(name, cwd)) };
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
  return name.startsWith('file://') ? decodeURIComponent(new URL(name).pathname) : resolve(cwd, name);
}
