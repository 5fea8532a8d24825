/**
 * Runs the engine in its own process and keeps it running. When it dies it is started again with what this run had
 * opened and granted, and then the window gets a new port. Starts that fail at once are spaced out.
 */
import { utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import type { Logger } from 'pino';
import { ExpectedError, fromWireError } from '../../shared/errors.ts';
import { controlReplySchema, type ControlReply, type ControlRequest } from '../../shared/ipc/engine.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import type { Settings } from '../../shared/settings.ts';
import type { StylePicture } from '../../shared/style/types.ts';
import type { Grant, Grants } from './grants.ts';
import type { MediaFiles } from './mediaFiles.ts';

export type EngineState = 'starting' | 'ready' | 'stopped';

export interface EngineHostOptions {
  /** Path of the engine's bundle. */
  entry: string;
  environment: NodeJS.ProcessEnv;
  files: MediaFiles;
  grants: Grants;
  settings: () => Settings;
  log: Logger;
  onState: (state: EngineState) => void;
  /** The window should get a port to the engine that is ready now. */
  onConnectable: () => void;
  onProxy: (media: MediaId) => void;
}

interface Waiting {
  resolve: (reply: ControlReply) => void;
  reject: (error: Error) => void;
}

const BACKOFF_MS = [0, 500, 1000, 2000, 5000, 10_000];
/** An engine that ran this long was well: the next restart is immediate again. */
const WELL_AFTER_MS = 60_000;
const QUIT_TIME_LIMIT_MS = 3000;

export class EngineHost {
  readonly #options: EngineHostOptions;
  #process: UtilityProcess | null = null;
  #state: EngineState = 'stopped';
  #startedMs = 0;
  #failures = 0;
  #quitting = false;
  #restart: NodeJS.Timeout | null = null;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();
  #whenReady: (() => void)[] = [];

  constructor(options: EngineHostOptions) {
    this.#options = options;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  start(): void {
    const { entry, environment, log } = this.#options;
    this.#restart = null;
    this.#startedMs = Date.now();
    this.#setState('starting');
    const child = utilityProcess.fork(entry, [], { serviceName: 'Rushes engine', stdio: 'pipe', env: environment });
    this.#process = child;
    child.stdout?.on('data', (chunk: Buffer) => log.info({ from: 'engine' }, chunk.toString().trimEnd()));
    child.stderr?.on('data', (chunk: Buffer) => log.warn({ from: 'engine' }, chunk.toString().trimEnd()));
    child.on('message', (message: unknown) => this.#receive(child, message));
    child.on('exit', (code) => this.#onExit(child, code));
  }

  /** Opens a file; rejects with its ExpectedError, or `engine_stopped` when the engine died over it. */
  async open(path: string): Promise<Media> {
    const reply = await this.#ask((id) => ({ kind: 'open', id, path }));
    if (reply.kind !== 'opened') throw new Error(`engine answered open with ${reply.kind}`);
    this.#options.files.add(reply.media);
    return reply.media;
  }

  async openProject(path: string): Promise<void> {
    await this.#ask((id) => ({ kind: 'openProject', id, path }));
  }

  /** Reads a subtitle file as a track of a media; rejects with its ExpectedError. */
  async readCaptions(path: string, media: MediaId): Promise<Extract<ControlReply, { kind: 'captions' }>> {
    const reply = await this.#ask((id) => ({ kind: 'readCaptions', id, path, media }));
    if (reply.kind !== 'captions') throw new Error(`engine answered readCaptions with ${reply.kind}`);
    return reply;
  }

  /** Reads a picture file as a style; rejects with its ExpectedError. */
  async readStylePicture(path: string): Promise<StylePicture> {
    const reply = await this.#ask((id) => ({ kind: 'readStylePicture', id, path }));
    if (reply.kind !== 'stylePicture') throw new Error(`engine answered readStylePicture with ${reply.kind}`);
    return reply.picture;
  }

  /** Rejects with the ExpectedError that says what is wrong with the image-text model in a folder. */
  async checkImageTextModel(folder: string): Promise<void> {
    await this.#ask((id) => ({ kind: 'checkImageText', id, folder }));
  }

  /** Resolves once the engine knows it: what the window asks comes another way, and would be there before. */
  async tellGrant(grant: Grant): Promise<void> {
    await this.#ask((id) => ({ kind: 'grant', id, ...grant }));
  }

  tellSettings(): void {
    const { provider, imageTextModel } = this.#options.settings();
    this.#send({ kind: 'settings', provider, imageTextModel });
  }

  /** Gives the engine one end of a channel; the other goes to the window. */
  connect(port: MessagePortMain): void {
    this.#send({ kind: 'connect' }, [port]);
  }

  /** Asks the engine to end and waits; one that doesn't is killed. */
  async stop(): Promise<void> {
    this.#quitting = true;
    if (this.#restart) clearTimeout(this.#restart);
    const child = this.#process;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.postMessage({ kind: 'quit' } satisfies ControlRequest);
    const timer = setTimeout(() => child.kill(), QUIT_TIME_LIMIT_MS);
    await ended;
    clearTimeout(timer);
  }

  async #ask(request: (id: number) => ControlRequest): Promise<ControlReply> {
    if (this.#state !== 'ready') await new Promise<void>((resolve) => this.#whenReady.push(resolve));
    return this.#askNow(request);
  }

  #askNow(request: (id: number) => ControlRequest): Promise<ControlReply> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send(request(id));
    });
  }

  #send(message: ControlRequest, transfer: MessagePortMain[] = []): void {
    this.#process?.postMessage(message, transfer);
  }

  #receive(child: UtilityProcess, message: unknown): void {
    if (child !== this.#process) return;
    const parsed = controlReplySchema.safeParse(message);
    if (!parsed.success) {
      this.#options.log.error({ problem: parsed.error.message }, 'engine sent a message outside its contract');
      return;
    }
    const reply = parsed.data;
    switch (reply.kind) {
      case 'ready':
        void this.#onReady().catch((error: unknown) => this.#options.log.error({ err: error }, 'engine could not be made ready'));
        return;
      case 'opened':
      case 'granted':
      case 'projectOpened':
      case 'captions':
      case 'stylePicture':
      case 'imageTextChecked':
        this.#settle(reply.id)?.resolve(reply);
        return;
      case 'failed':
        this.#settle(reply.id)?.reject(fromWireError(reply.error));
        return;
      case 'media':
        this.#options.files.add(reply.media);
        return;
      case 'proxy':
        this.#options.files.addProxy(reply.media, reply.path);
        this.#options.onProxy(reply.media);
        return;
      case 'written':
        this.#options.log.info({ path: reply.path }, 'written');
        return;
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  /** Media are open again before the window can ask about them. */
  async #onReady(): Promise<void> {
    this.tellSettings();
    const grants = [...this.#options.grants.all()].map((grant) => this.#askNow((id) => ({ kind: 'grant', id, ...grant })));
    const again = [...grants, ...this.#options.files.paths().map((path) => this.#askNow((id) => ({ kind: 'open', id, path })))];
    for (const result of await Promise.allSettled(again)) {
      if (result.status === 'rejected') this.#options.log.warn({ err: result.reason as unknown }, 'not opened again');
      else if (result.value.kind === 'opened') this.#options.files.add(result.value.media);
    }
    if (!this.#process) return;
    this.#setState('ready');
    this.#options.onConnectable();
    const waiting = this.#whenReady;
    this.#whenReady = [];
    for (const resolve of waiting) resolve();
  }

  #onExit(child: UtilityProcess, code: number): void {
    if (child !== this.#process) return;
    this.#process = null;
    for (const { reject } of this.#waiting.values()) reject(new ExpectedError('engine_stopped'));
    this.#waiting.clear();
    this.#setState('stopped');
    if (this.#quitting) return;
    this.#failures = Date.now() - this.#startedMs > WELL_AFTER_MS ? 0 : this.#failures + 1;
    const delay = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length) - 1] ?? 0;
    this.#options.log.error({ code, delay }, 'the engine ended; starting it again');
    this.#restart = setTimeout(() => this.start(), delay);
  }

  #setState(state: EngineState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
