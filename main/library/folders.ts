/** Where Rushes keeps its own data: library, cache, logs. Never beside the user's files. */
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/**
 * The data folder: `RUSHES_DATA` when set, else the platform's place for an application's data
 * (XDG Base Directory Specification on Linux). Not created here.
 */
export function dataFolder(
  environment: Record<string, string | undefined> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (environment.RUSHES_DATA) return environment.RUSHES_DATA;
  switch (platform) {
    case 'darwin':
      return posix.join(home, 'Library', 'Application Support', 'Rushes');
    case 'win32':
      return win32.join(environment.APPDATA ?? win32.join(home, 'AppData', 'Roaming'), 'Rushes');
    default: {
      // The specification says that a relative path must be ignored.
      const base = environment.XDG_DATA_HOME;
      return posix.join(base && posix.isAbsolute(base) ? base : posix.join(home, '.local', 'share'), 'rushes');
    }
  }
}
