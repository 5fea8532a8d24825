/** The current project, opened when it is first asked for: the command line never needs it. */
import type { EditCommand } from '../../shared/edit.ts';
import type { EngineResult } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { openProjectStore, type LoadedProject, type ProjectStore } from '../project/store.ts';
import type { Target } from './grants.ts';
import type { Logger } from './log.ts';

export interface ProjectsOptions {
  dataDir: string;
  logger: Logger;
  /** Opens a media of a project that is loaded. */
  open: (path: string) => Promise<Media>;
  /** The window may use a media from now on. */
  announce: (media: Media) => void;
}

export class Projects {
  readonly #options: ProjectsOptions;
  #opening: Promise<ProjectStore> | null = null;

  constructor(options: ProjectsOptions) {
    this.#options = options;
  }

  /** The current project as it was left; its media that were found are open. */
  async load(): Promise<EngineResult<'projectLoad'>> {
    const { edit, media, recovered, ...rest } = await (await this.#store()).load();
    this.#note(rest);
    for (const each of media) this.#options.announce(each);
    return { edit, media, recovered };
  }

  /** Makes a .rushes file the current project; gives its media that were found. Throws as `ProjectStore.openFrom`. */
  async open(path: string): Promise<Media[]> {
    const { media, ...rest } = await (await this.#store()).openFrom(path);
    this.#note(rest);
    return media;
  }

  /** An opened media is part of the project from now on. A project that can't be written doesn't keep a file from being opened. */
  async add(media: Media): Promise<void> {
    try {
      await (await this.#store()).addMedia(media);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the project could not be told of a media');
    }
  }

  async append(commands: readonly EditCommand[]): Promise<void> {
    await (await this.#store()).append(commands);
  }

  async begin(): Promise<void> {
    await (await this.#store()).begin();
  }

  async save({ path, overwrite }: Target): Promise<void> {
    await (await this.#store()).saveTo(path, { overwrite });
  }

  async close(): Promise<void> {
    const store = await this.#opening?.catch(() => null);
    await store?.close();
  }

  #store(): Promise<ProjectStore> {
    this.#opening ??= openProjectStore(this.#options.dataDir, this.#options.open).catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  #note({ missing, damaged }: Pick<LoadedProject, 'missing' | 'damaged'>): void {
    if (missing.length > 0) this.#options.logger.warn({ missing: missing.map((reference) => reference.path) }, 'media of the project were not found');
    if (damaged !== null) this.#options.logger.warn({ damaged }, 'a damaged project was put aside');
  }
}
