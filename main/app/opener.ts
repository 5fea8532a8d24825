/** Opens files and projects that the person chose, whatever way they came. */
import { basename, extname } from 'node:path';
import { toWireError, type WireError } from '../../shared/errors.ts';
import type { OpenResult } from '../../shared/ipc/app.ts';
import type { EngineHost } from './engineHost.ts';
import type { RecentFiles } from './recent.ts';

export const PROJECT_EXTENSION = 'rushes';
/** A name for the dialog's filter only: what a file is, ffprobe tells. */
export const MEDIA_EXTENSIONS = [
  ...['mp4', 'mov', 'm4v', 'mkv', 'webm', 'avi', 'mts', 'm2ts', 'ts', 'mpg', 'mpeg', 'mxf', 'wmv', 'flv', 'ogv', '3gp', 'dv', 'vob', 'y4m'],
  ...['mp3', 'm4a', 'aac', 'flac', 'wav', 'ogg', 'opus', 'aiff', 'wma', 'ac3'],
];

export class Opener {
  readonly #engine: EngineHost;
  readonly #recent: RecentFiles;

  constructor(engine: EngineHost, recent: RecentFiles) {
    this.#engine = engine;
    this.#recent = recent;
  }

  /** Opens each in order; one that can't be opened doesn't stop the others. A project among them is opened as such. */
  async open(paths: readonly string[]): Promise<OpenResult> {
    const result: OpenResult = { opened: [], failed: [], project: null };
    for (const path of new Set(paths)) {
      try {
        if (extname(path).toLowerCase() === `.${PROJECT_EXTENSION}`) {
          await this.#engine.openProject(path);
          result.project = basename(path, extname(path));
        } else {
          result.opened.push(await this.#engine.open(path));
          this.#recent.add(path);
        }
      } catch (error) {
        result.failed.push({ name: basename(path), error: toWireError(error) });
      }
    }
    return result;
  }

  /** Its name without the ending, or why it could not be opened. */
  async openProject(path: string): Promise<{ name: string | null; error: WireError | null }> {
    try {
      await this.#engine.openProject(path);
      return { name: basename(path, extname(path)), error: null };
    } catch (error) {
      return { name: null, error: toWireError(error) };
    }
  }
}
