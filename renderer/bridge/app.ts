/** The app's side of the bridge: the narrow object the preload put on `window`. */
import type { Bridge } from '../../shared/ipc/app.ts';

declare global {
  interface Window {
    /** Absent only when the page is opened outside the app. */
    readonly rushes?: Bridge;
  }
}

/** Throws when the page runs outside the app: nothing in it works without its bridge. */
export function appBridge(): Bridge {
  if (!window.rushes) throw new Error('window.rushes is missing: the preload did not run');
  return window.rushes;
}
