/** Where things are, for the scripts of this folder. Plain Node, no dependencies: they run before `npm ci`. */
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..', '..');
export const inRoot = (...parts) => path.join(root, ...parts);

/** Kept between clones: large downloads that never change. Follows the XDG base directory rule. */
export const userCache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'rushes');
/** Kept with the installed packages: what was done for them already. */
export const stamps = inRoot('node_modules', '.cache', 'rushes');

/** Where the person was: npm runs scripts in the project's root, whatever the folder it was called from. */
export const calledFrom = process.env.INIT_CWD ?? process.cwd();

export const sampleMedia = inRoot('e2e', 'media', 'bikes.mp4');
export const commandLine = inRoot('dist', 'main', 'cli.js');

/** Root can't use Chromium's sandbox. Only development and tests set this; the installed app never does. */
export const sandboxEnvironment = process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: '1' } : {};

export const hasDisplay = () => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
