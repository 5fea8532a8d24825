/** Opens files and projects that the person chose, whatever way they came. */
import { basename, extname } from 'node:path';
import { ExpectedError, toWireError, type WireError } from '../../shared/errors.ts';
import type { OpenResult } from '../../shared/ipc/app.ts';
import type { MediaId } from '../../shared/media.ts';
import { importCaptions, isCaptionName } from './captionImport.ts';
import type { EngineHost } from './engineHost.ts';
import type { RecentFiles } from './recent.ts';

export const PROJECT_EXTENSION = 'rushes';
/** A name for the dialog's filter only: what a file is, ffprobe tells. */
export const MEDIA_EXTENSIONS = [
  ...['mp4', 'mov', 'm4v', 'mkv', 'webm', 'avi', 'mts', 'm2ts', 'ts', 'mpg', 'mpeg', 'mxf', 'wmv', 'flv', 'ogv', '3gp', 'dv', 'vob', 'y4m'],
  ...['mp3', 'm4a', 'aac', 'flac', 'wav', 'ogg', 'opus', 'aiff', 'wma', 'ac3'],
];

/** A picture may stand behind people, and be a style. */
export const PICTURE_EXTENSIONS = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'bmp', 'gif', 'tif', 'tiff', 'heic'];

export class Opener {
  readonly #engine: EngineHost;
  readonly #recent: RecentFiles;

  constructor(engine: EngineHost, recent: RecentFiles) {
    this.#engine = engine;
    this.#recent = recent;
  }

  /**
   * Opens each in order; one that can't be opened doesn't stop the others. A project among them is opened as such, and subtitle files
   * become tracks of the first media among them, else of `current`.
   */
  async open(paths: readonly string[], current: MediaId | null = null): Promise<OpenResult> {
    const result: OpenResult = { opened: [], failed: [], project: null, captions: null };
    const captions = paths.filter((path) => isCaptionName(path));
    for (const path of new Set(paths)) {
      if (isCaptionName(path)) continue;
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
    await this.#takeCaptions(captions, result, result.opened[0]?.id ?? current);
    return result;
  }

  async #takeCaptions(paths: readonly string[], result: OpenResult, media: MediaId | null): Promise<void> {
    if (paths.length === 0) return;
    if (media !== null) {
      result.captions = await importCaptions(paths, media, this.#engine);
      return;
    }
    for (const path of paths) {
      const name = basename(path);
      result.failed.push({ name, error: toWireError(new ExpectedError('captions_no_media', { name })) });
    }
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
