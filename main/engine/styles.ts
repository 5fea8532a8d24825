/** What the engine does to pictures: galleries, previews and renders share one stylist, which comes with the first of them. */
import { dirname, join } from 'node:path';
import type { Media } from '../../shared/media.ts';
import type { GalleryEvent, RenderEvent, RenderRequest, StylePicture, StylePreviewEvent } from '../../shared/style/types.ts';
import type { ModelFile } from '../export/generated.ts';
import type { StyleContext } from '../style/context.ts';
import { styleGallery, type GalleryRequest } from '../style/gallery.ts';
import { readStylePicture } from '../style/picture.ts';
import { stylePreview, type PreviewRequest } from '../style/preview.ts';
import { renderClip, type RenderedClip } from '../style/render.ts';
import { holdRender } from '../style/renderStore.ts';
import { openStylist } from '../style/stylist.ts';
import type { Stylist } from '../style/types.ts';
import type { Painter } from './clips.ts';
import type { Engine } from './engine.ts';
import { Limiter } from './jobs.ts';

/** Somebody looks at one preview; the window cancels it when it wants another. */
const PREVIEWS_AT_ONCE = 1;
const GALLERIES_AT_ONCE = 1;
/** A render keeps all cores busy. */
const RENDERS_AT_ONCE = 1;

export class Styles {
  readonly #engine: Engine;
  readonly #previews = new Limiter(PREVIEWS_AT_ONCE);
  readonly #galleries = new Limiter(GALLERIES_AT_ONCE);
  readonly #renders = new Limiter(RENDERS_AT_ONCE);
  #stylist: Promise<Stylist> | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Throws as `styleGallery`, and 'model_missing' without any models. */
  gallery(media: Media, request: GalleryRequest, signal: AbortSignal): AsyncIterable<GalleryEvent> {
    return this.#galleries.stream(signal, () => this.#gallery(media, request, signal));
  }

  /** Throws as `stylePreview`, and 'model_missing' without any models. */
  preview(media: Media, request: PreviewRequest, signal: AbortSignal): AsyncIterable<StylePreviewEvent> {
    return this.#previews.stream(signal, () => this.#preview(media, request, signal));
  }

  /** Renders a clip into the store, or finds it there; the last event comes with the file. Throws as `renderClip`, and 'model_missing' without any models. */
  async *render(request: RenderRequest, signal: AbortSignal): AsyncGenerator<RenderEvent, RenderedClip> {
    const leave = await this.#renders.enter(signal);
    try {
      const media = await this.#engine.find(request.media);
      return yield* renderClip(media, request, await this.#context(signal));
    } finally {
      leave();
    }
  }

  /** For exports. */
  get painter(): Painter {
    return {
      render: (request, signal) => this.#renderedMedia(request, signal),
      hold: ({ path }) => holdRender(dirname(path)),
      modelFile: (model) => this.#modelFile(model),
    };
  }

  /** Throws as `readStylePicture`. */
  async readPicture(path: string, signal: AbortSignal): Promise<StylePicture> {
    return readStylePicture(path, await this.#context(signal));
  }

  async close(): Promise<void> {
    const stylist = await this.#stylist?.catch(() => null);
    await stylist?.close();
  }

  async #modelFile(model: string): Promise<ModelFile> {
    const { inference } = this.#engine;
    const hasInt8 = inference.listModels().some(({ id: known }) => known === `${model}.int8`);
    const id = hasInt8 && (await inference.prefersInt8(model)) ? `${model}.int8` : model;
    return { id, sha256: await inference.hash(id) };
  }

  async *#renderedMedia(request: RenderRequest, signal: AbortSignal): AsyncGenerator<RenderEvent, Media> {
    return (yield* this.render(request, signal)).media;
  }

  async *#gallery(media: Media, request: GalleryRequest, signal: AbortSignal): AsyncGenerator<GalleryEvent> {
    yield* styleGallery(media, request, await this.#context(signal));
  }

  async *#preview(media: Media, request: PreviewRequest, signal: AbortSignal): AsyncGenerator<StylePreviewEvent> {
    yield* stylePreview(media, request, await this.#context(signal));
  }

  async #context(signal: AbortSignal): Promise<StyleContext> {
    const { inference, library, logger, dataDir } = this.#engine;
    this.#stylist ??= openStylist(inference, {
      onFallback: (from, reason) => logger.warn({ from, reason }, 'a style goes on with the CPU'),
    });
    return { inference, stylist: await this.#stylist, library, folder: join(dataDir, 'renders'), find: (id) => this.#engine.find(id), signal };
  }
}
