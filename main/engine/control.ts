/** The app's own channel to the engine: opens media, reads subtitle and picture files, grants places, connects windows. */
import { randomUUID } from 'node:crypto';
import { toWireError } from '../../shared/errors.ts';
import { controlRequestSchema, type ControlReply, type ControlRequest } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import type { Settings } from '../../shared/settings.ts';
import type { StylePicture } from '../../shared/style/types.ts';
import { readCaptionTrack } from './captionImport.ts';
import { Grants } from './grants.ts';
import type { Logger } from './log.ts';
import type { Port } from './ports.ts';
import { PortServer, type EngineFace } from './server.ts';

/** What the app asks of the engine itself. */
export interface HostedEngine extends EngineFace {
  openMedia(path: string): Promise<Media>;
  /** Makes a project the current one; the media of its clips that are found are opened with it. */
  openProject(path: string): Promise<Media[]>;
  /** Remembers an opened media as part of the current project. Never rejects. */
  addToProject(media: Media): Promise<void>;
  setProvider(provider: Settings['provider']): void;
  /** Folder of the joint image-text model; null: none. */
  setImageTextModel(folder: string | null): void;
  /** Rejects with what is wrong with the model in a folder. */
  checkImageTextModel(folder: string): Promise<void>;
  /** Reads a picture file as a style. */
  readStylePicture(path: string): Promise<StylePicture>;
  /** Called when a playable form of a media is ready. */
  onProxy(listener: (media: string, path: string) => void): void;
  /** Media opened from within the engine, such as those of a recovered project. */
  onOpened(listener: (media: Media) => void): void;
  close(): Promise<void>;
}

export interface HostOptions {
  send: (reply: ControlReply) => void;
  logger: Logger;
  /** Ends the process after `quit`. */
  quit: () => void;
}

export class EngineHost {
  readonly #engine: HostedEngine;
  readonly #options: HostOptions;
  readonly #grants = new Grants();
  readonly #windows = new Set<PortServer>();

  constructor(engine: HostedEngine, options: HostOptions) {
    this.#engine = engine;
    this.#options = options;
    engine.onProxy((media, path) => options.send({ kind: 'proxy', media, path }));
    engine.onOpened((media) => this.#bring(media));
    options.send({ kind: 'ready' });
  }

  /** Handles one message; `ports` travelled beside it. Never throws: a malformed message is logged and ignored. */
  async receive(message: unknown, ports: readonly Port[]): Promise<void> {
    const parsed = controlRequestSchema.safeParse(message);
    if (!parsed.success) {
      this.#options.logger.warn({ issues: parsed.error.issues.slice(0, 3) }, 'malformed control message');
      for (const port of ports) port.close();
      return;
    }
    try {
      await this.#handle(parsed.data, ports);
    } catch (error) {
      const wire = toWireError(error);
      if (wire.kind === 'bug') this.#options.logger.error({ err: error }, `${parsed.data.kind} failed`);
      if ('id' in parsed.data) this.#options.send({ kind: 'failed', id: parsed.data.id, error: wire });
    }
  }

  async #handle(request: ControlRequest, ports: readonly Port[]): Promise<void> {
    switch (request.kind) {
      case 'connect':
        return this.#connect(ports);
      case 'open': {
        const media = await this.#engine.openMedia(request.path);
        this.#grants.addMedia(media.id);
        this.#options.send({ kind: 'opened', id: request.id, media });
        return this.#engine.addToProject(media);
      }
      case 'grant':
        this.#grants.addTarget(request.grant, { path: request.path, overwrite: request.overwrite });
        return this.#options.send({ kind: 'granted', id: request.id });
      case 'openProject': {
        for (const media of await this.#engine.openProject(request.path)) this.#bring(media);
        return this.#options.send({ kind: 'projectOpened', id: request.id });
      }
      case 'readCaptions': {
        const read = await readCaptionTrack(request.path, request.media, randomUUID());
        return this.#options.send({ kind: 'captions', id: request.id, ...read });
      }
      case 'settings':
        this.#engine.setProvider(request.provider);
        return this.#engine.setImageTextModel(request.imageTextModel);
      case 'checkImageText':
        await this.#engine.checkImageTextModel(request.folder);
        return this.#options.send({ kind: 'imageTextChecked', id: request.id });
      case 'readStylePicture': {
        const picture = await this.#engine.readStylePicture(request.path);
        return this.#options.send({ kind: 'stylePicture', id: request.id, picture });
      }
      case 'quit':
        await this.close();
        return this.#options.quit();
    }
  }

  /** A media that came with a project: the window may use it, and media:// may serve it. */
  #bring(media: Media): void {
    this.#grants.addMedia(media.id);
    this.#options.send({ kind: 'media', media });
  }

  #connect(ports: readonly Port[]): void {
    const [port] = ports;
    if (!port) return this.#options.logger.warn('a connection came without its port');
    const server = new PortServer(port, this.#engine, {
      grants: this.#grants,
      logger: this.#options.logger,
      onWritten: (path) => this.#options.send({ kind: 'written', path }),
    });
    this.#windows.add(server);
    port.onClose(() => this.#windows.delete(server));
  }

  /** Cancels everything, then closes the engine. */
  async close(): Promise<void> {
    for (const window of this.#windows) window.close();
    await this.#engine.close();
  }
}
