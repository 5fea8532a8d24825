/** What the engine knows of pictures: their examination, one media at a time, and the joint image-text model that the person added. */
import { isCancelled } from '../../shared/errors.ts';
import type { ProgressEvent } from '../../shared/events.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import { examinePictures } from '../analysis/pictures/examine.ts';
import type { Engine } from './engine.ts';
import { ImageTextModel } from './imageText.ts';
import { Limiter } from './jobs.ts';
import { MediaRuns, type MediaRequest } from './mediaRuns.ts';

/** Nobody waits for it: it must not take the cores from what somebody waits for. */
const EXAMINATIONS_AT_ONCE = 1;

export class Pictures {
  readonly imageText: ImageTextModel;
  readonly #engine: Engine;
  readonly #runs: MediaRuns<MediaRequest, ProgressEvent>;
  readonly #files = new Map<MediaId, Media>();
  #again: AbortController | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.imageText = new ImageTextModel(() => engine.inference, engine.logger);
    const places = new Limiter(EXAMINATIONS_AT_ONCE);
    this.#runs = new MediaRuns(
      () => 'pictures',
      ({ media }, signal) => places.stream(signal, () => this.#examine(media, signal)),
    );
  }

  /** Asked for while it runs, it is the same run. Throws as `examinePictures`. */
  examine(media: Media, signal: AbortSignal): AsyncIterable<ProgressEvent> {
    this.#files.set(media.id, media);
    return this.#runs.watch({ media: media.id, fresh: false }, signal);
  }

  /** Takes the setting; media that were examined in this run of the app are shown to the new model. Resolves when that is done. */
  async useImageText(folder: string | null): Promise<void> {
    if (!this.imageText.use(folder)) return;
    this.#again?.abort();
    const again = (this.#again = new AbortController());
    if (folder === null || (await this.imageText.model()) === null) return;
    const signal = AbortSignal.any([again.signal, this.#engine.closing]);
    try {
      for (const media of [...this.#files.values()]) {
        for await (const _ of this.#runs.watch({ media: media.id, fresh: true }, signal)) void _;
      }
    } catch (error) {
      if (!isCancelled(error)) this.#engine.logger.warn({ err: error }, 'pictures could not be examined again');
    }
  }

  close(): Promise<void> {
    return this.#runs.close();
  }

  async *#examine(id: MediaId, signal: AbortSignal): AsyncGenerator<ProgressEvent> {
    const { inference, library, logger } = this.#engine;
    const media = await this.#engine.find(id);
    const joint = await this.imageText.model(signal);
    yield* examinePictures(media, { inference, library, joint, signal, onNotSaved: () => logger.warn({ media: media.name }, 'what the pictures show is not kept') });
  }
}
