/**
 * The engine: what the app, the command line, the tests and the benchmarks use. Knows nothing of Electron. Media are opened by path
 * and then named by id; work is streams of events that end within a second of their signal.
 */
import { CancelledError, ExpectedError } from '../../shared/errors.ts';
import type { AnalysisEvent, Stage } from '../../shared/events.ts';
import type { DoctorReport } from '../../shared/ipc/engine.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import type { Settings } from '../../shared/settings.ts';
import type { SpeechEvent, TranscribeOptions } from '../../shared/speech.ts';
import type { StylePicture } from '../../shared/style/types.ts';
import { analyze } from '../analysis/analyze.ts';
import { openEncoder, type LanguageEncoder } from '../analysis/language/encoder.ts';
import { transcribe } from '../analysis/speech/transcribe.ts';
import { createInference } from '../inference/index.ts';
import { searchTerms } from '../inference/labels.ts';
import type { Inference } from '../inference/types.ts';
import { openLibrary } from '../library/library.ts';
import type { Library } from '../library/types.ts';
import { setBinDir } from '../media/ffmpeg.ts';
import { probeMedia } from '../media/probe.ts';
import type { HostedEngine } from './control.ts';
import { examine } from './doctor.ts';
import { buildJobs } from './jobTable.ts';
import { Limiter } from './jobs.ts';
import type { Logger } from './log.ts';
import { MediaRuns, type MediaRequest } from './mediaRuns.ts';
import { MediaTable } from './mediaTable.ts';
import { buildMethods } from './methodTable.ts';
import { Pictures } from './pictures.ts';
import { Projects } from './projects.ts';
import { Proxies } from './proxies.ts';
import type { EngineJobs, EngineMethods } from './server.ts';
import { Styles } from './styles.ts';
import { UnfinishedOutputs } from './unfinished.ts';
import { Waveforms } from './waveforms.ts';

export interface EngineOptions {
  /** Folder for the library, proxies and logs. */
  dataDir: string;
  /** Folder with manifest.json; default: RUSHES_MODELS, else the nearest `models`. */
  modelsDir?: string;
  /** Folder with ffmpeg and ffprobe that goes before PATH. */
  binDir?: string;
  /** The built inference worker; default: beside the running bundle. */
  workerPath?: string;
  provider: Settings['provider'];
  logger: Logger;
  /** The library was damaged; it is kept under `kept` and a fresh one is in use. */
  onLibraryDamaged?: (kept: string) => void;
  /** The library can't be used; results live until the engine closes. */
  onNotSaved?: (reason: Error) => void;
}

export interface AnalysisRequest extends MediaRequest {
  stages: readonly Stage[];
}
export type SpeechRequest = MediaRequest & TranscribeOptions;

/** Analyses of different media that run at once: each keeps about two cores busy. */
const ANALYSES_AT_ONCE = 2;
/** Somebody waits for each transcription, so none stands behind analyses; two at once would only make both late. */
const TRANSCRIPTIONS_AT_ONCE = 1;

export class Engine implements HostedEngine {
  readonly dataDir: string;
  readonly library: Library;
  readonly logger: Logger;
  readonly methods: EngineMethods;
  readonly jobs: EngineJobs;
  readonly media = new MediaTable();
  readonly projects: Projects;
  readonly proxies: Proxies;
  readonly waveforms: Waveforms;
  readonly pictures: Pictures;
  readonly styles: Styles;
  readonly unfinished: UnfinishedOutputs;
  readonly #options: EngineOptions;
  #encoder: LanguageEncoder | null = null;
  readonly #analyses: MediaRuns<AnalysisRequest, AnalysisEvent>;
  readonly #transcriptions: MediaRuns<SpeechRequest, SpeechEvent>;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #openedListeners: ((media: Media) => void)[] = [];
  #provider: Settings['provider'];
  #inference: Inference | null = null;

  private constructor(options: EngineOptions, library: Library) {
    this.#options = options;
    this.#provider = options.provider;
    this.dataDir = options.dataDir;
    this.logger = options.logger;
    this.library = library;
    this.proxies = new Proxies(options.dataDir);
    this.waveforms = new Waveforms(library);
    this.pictures = new Pictures(this);
    this.styles = new Styles(this);
    this.unfinished = new UnfinishedOutputs(library);
    this.#await(this.unfinished.sweep());
    this.projects = new Projects({
      dataDir: options.dataDir,
      logger: options.logger,
      open: (path) => this.openMedia(path),
      announce: (media) => this.announce(media),
    });
    const places = new Limiter(ANALYSES_AT_ONCE);
    const speechPlaces = new Limiter(TRANSCRIPTIONS_AT_ONCE);
    this.#analyses = new MediaRuns(
      ({ stages }) => [...stages].sort().join(),
      (request, signal) => places.stream(signal, () => this.#analyze(request, signal)),
    );
    this.#transcriptions = new MediaRuns(
      ({ media: _media, fresh: _fresh, ...options }) => JSON.stringify(options),
      (request, signal) => speechPlaces.stream(signal, () => this.#transcribe(request, signal)),
    );
    this.methods = buildMethods(this);
    this.jobs = buildJobs(this);
  }

  /** Opens the library. Models and ffmpeg are looked for when they are first needed. */
  static open(options: EngineOptions): Promise<Engine> {
    setBinDir(options.binDir ?? null);
    const { dataDir: folder, logger } = options;
    const library = openLibrary({
      folder,
      searchTerms,
      onDamaged: (kept) => {
        logger.warn({ kept }, 'the library was damaged and set aside');
        options.onLibraryDamaged?.(kept);
      },
      onNotSaved: (reason) => {
        logger.warn({ err: reason }, 'the library cannot be used');
        options.onNotSaved?.(reason);
      },
    });
    return Promise.resolve(new Engine(options, library));
  }

  /** Fires when the engine closes: whatever runs without a signal of its own ends by it. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Made at first use: without models, cutting and playing still work. ExpectedError 'model_missing'. */
  get inference(): Inference {
    const { modelsDir, workerPath } = this.#options;
    this.#inference ??= createInference({ modelsDir, workerPath, facts: this.library, provider: this.#provider });
    return this.#inference;
  }

  /** One for the whole engine; its workers start with the first text. */
  get encoder(): LanguageEncoder {
    this.#encoder ??= openEncoder(this.inference, this.library, {
      onFallback: (from, reason) => this.logger.warn({ from, reason }, 'a sentence encoder goes on with the CPU'),
    });
    return this.#encoder;
  }

  setProvider(provider: Settings['provider']): void {
    this.#provider = provider;
    this.#inference?.setProvider(provider);
  }

  /** Folder of the joint image-text model that the person added; null: none. What it can't be used for is logged. */
  setImageTextModel(folder: string | null): void {
    this.#await(this.pictures.useImageText(folder));
  }

  /** Throws as `openJointModel` when the folder holds none that works. */
  checkImageTextModel(folder: string): Promise<void> {
    return this.pictures.imageText.check(folder);
  }

  /** Probes and fingerprints a file and remembers it by its id. Throws as `probeMedia`. */
  async openMedia(path: string, signal?: AbortSignal): Promise<Media> {
    const media = await probeMedia(path, { signal: this.signalWith(signal) });
    this.media.add(media);
    this.library.putMedia(media);
    return media;
  }

  /** The media after a look at its file. Throws ExpectedError 'not_granted', 'file_missing', 'file_changed'. */
  find(id: MediaId): Promise<Media> {
    return this.media.checked(id);
  }

  analyze(request: AnalysisRequest, signal: AbortSignal): AsyncIterable<AnalysisEvent> {
    return this.#analyses.watch(request, signal);
  }

  transcribe(request: SpeechRequest, signal: AbortSignal): AsyncIterable<SpeechEvent> {
    return this.#transcriptions.watch(request, signal);
  }

  /** Reads a picture file as a style. Throws as `readStylePicture`, and 'model_missing'. */
  readStylePicture(path: string, signal?: AbortSignal): Promise<StylePicture> {
    return this.styles.readPicture(path, this.signalWith(signal));
  }

  doctor(): Promise<DoctorReport> {
    return examine(this.library, this.inference);
  }

  openProject(path: string): Promise<Media[]> {
    return this.projects.open(path);
  }

  addToProject(media: Media): Promise<void> {
    return this.projects.add(media);
  }

  onProxy(listener: (media: MediaId, path: string) => void): void {
    this.proxies.onReady(listener);
  }

  onOpened(listener: (media: Media) => void): void {
    this.#openedListeners.push(listener);
  }

  /** Tells the host of a media that was opened from within. */
  announce(media: Media): void {
    for (const listener of this.#openedListeners) listener(media);
  }

  /** A signal that fires with the caller's or when the engine closes. */
  signalWith(signal?: AbortSignal): AbortSignal {
    return signal ? AbortSignal.any([signal, this.closing]) : this.closing;
  }

  /** Closing waits for `work`. A failure is logged: nobody else looks at it. */
  #await(work: Promise<void>): void {
    const settled = work.catch((error: unknown) => this.logger.error({ err: error }, 'tidying failed')).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
  }

  /** A stream that ends with the engine, and that closing waits for. A file that went away under it is told as such. */
  async *track<E>(signal: AbortSignal, source: (signal: AbortSignal) => AsyncIterable<E>): AsyncGenerator<E> {
    if (this.closing.aborted) throw new CancelledError();
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    this.#running.add(finished);
    try {
      yield* source(this.signalWith(signal));
    } finally {
      this.#running.delete(finished);
      finish();
    }
  }

  /** Cancels all work, waits until nothing of it runs, and closes models and library. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#analyses.close(), this.#transcriptions.close(), this.pictures.close()]);
    await Promise.all(this.#running);
    await Promise.all([this.#encoder?.close(), this.styles.close()]);
    await this.#inference?.close();
    await this.projects.close();
    this.library.close();
  }

  async *#analyze(request: AnalysisRequest, signal: AbortSignal): AsyncGenerator<AnalysisEvent> {
    const { stages, fresh } = request;
    yield* this.#onFile(request.media, (media) => analyze(media, { stages, fresh, inference: this.inference, library: this.library, signal }));
  }

  async *#transcribe({ media: id, ...options }: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechEvent> {
    yield* this.#onFile(id, (media) => transcribe(media, { ...options, inference: this.inference, library: this.library, signal }));
  }

  async *#onFile<E>(id: MediaId, work: (media: Media) => AsyncIterable<E>): AsyncGenerator<E> {
    const media = await this.find(id);
    try {
      yield* work(media);
    } catch (error) {
      throw await this.#explain(error, id);
    }
  }

  /** A failure of a file that was moved or replaced meanwhile is that, whatever ffmpeg made of it. */
  async #explain(error: unknown, id: MediaId): Promise<unknown> {
    if (!(error instanceof ExpectedError)) return error;
    return this.find(id).then(
      () => error,
      (cause: unknown) => cause,
    );
  }
}
