/** Every style on one frame of a media, as tiles that stream. */
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { effectOf, painting } from '../../shared/style/effect.ts';
import { STYLES } from '../../shared/style/catalogue.ts';
import { PAINTINGS, type GalleryEvent, type Style, type StylePicture } from '../../shared/style/types.ts';
import type { Flicks } from '../../shared/time.ts';
import { sizeAtHeight } from '../media/forms.ts';
import { JpegEncoder } from '../media/jpegEncoder.ts';
import { rgbFrames } from '../media/rgbFrames.ts';
import { openLook } from './effect.ts';
import type { StyleContext } from './context.ts';
import { Pace } from './pace.ts';
import type { RgbFrame } from './types.ts';

export interface GalleryRequest {
  time: Flicks;
  /** Of the tiles, in pixels. */
  height: number;
  /** A person's pictures, each a style. */
  pictures: readonly StylePicture[];
}

/** Faces of a frame this high are large enough to be drawn anew, and strokes of paint as fine as in a clip; the tile is scaled down after. */
const FACE_HEIGHT = 480;
const PAINT_HEIGHT = 270;
const TILE_QUALITY = 4;

/** The one that changes most first, then what a person brought and the many that take little time, then what takes longer. */
function stylesInOrder(pictures: readonly StylePicture[]): Style[] {
  return [
    { id: 'vintage' },
    ...pictures.map(({ id }): Style => ({ id: 'picture', picture: id })),
    ...Array.from({ length: PAINTINGS }, (_, index) => painting(index)),
    { id: 'face-sketch' },
    { id: 'face-ink' },
    { id: 'face-oil' },
    { id: 'enhance' },
  ];
}

/**
 * One tile for each style. A style that fails (its model is missing) is told as such and the others go on. Throws ExpectedError no_video,
 * file_damaged (there is no such frame) and by `classifyFailure`; CancelledError.
 */
export async function* styleGallery(media: Media, request: GalleryRequest, context: StyleContext): AsyncGenerator<GalleryEvent> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const inner: StyleContext = { ...context, signal };
  const encoder = new JpegEncoder({ quality: TILE_QUALITY, name: media.name, signal });
  const frames = new Frames(media, video, request, signal);
  const styles = stylesInOrder(request.pictures);
  const pace = new Pace('gallery', 'items', styles.length);
  try {
    let next = tileOf(styles[0], request, frames, encoder, inner);
    for (const [index] of styles.entries()) {
      const tile = await next;
      // The next one is made while this one is being shown.
      next = tileOf(styles[index + 1], request, frames, encoder, inner);
      next.catch(() => undefined);
      if (tile) yield tile;
      yield pace.event(index + 1);
    }
  } finally {
    stop.abort();
    await encoder.close();
  }
}

/** The frame in the sizes that styles need it, each decoded once. */
class Frames {
  readonly #media: Media;
  readonly #video: VideoStream;
  readonly #request: GalleryRequest;
  readonly #signal: AbortSignal;
  readonly #byHeight = new Map<number, Promise<RgbFrame>>();

  constructor(media: Media, video: VideoStream, request: GalleryRequest, signal: AbortSignal) {
    this.#media = media;
    this.#video = video;
    this.#request = request;
    this.#signal = signal;
  }

  /** A copy, for the stylist hands buffers over to its worker. */
  async frameFor(style: Style): Promise<RgbFrame> {
    const { height: tile } = this.#request;
    const height = Math.max(tile, Math.min(this.#video.displayHeight, heightFor(style)));
    let frame = this.#byHeight.get(height);
    if (!frame) {
      frame = this.#decode(height);
      this.#byHeight.set(height, frame);
    }
    const { data, ...size } = await frame;
    return { ...size, data: data.slice() };
  }

  async #decode(height: number): Promise<RgbFrame> {
    const size = sizeAtHeight(this.#video, height);
    for await (const { data } of rgbFrames(this.#media, { from: this.#request.time, to: null, size, signal: this.#signal })) return { ...size, data };
    throw new ExpectedError('file_damaged', { name: this.#media.name });
  }
}

/** At which a style is to be seen; 0: the tile's own. */
function heightFor({ id }: Style): number {
  if (id !== 'none' && STYLES[id].faces) return FACE_HEIGHT;
  return id === 'painter' || id === 'picture' ? PAINT_HEIGHT : 0;
}

async function tileOf(style: Style | undefined, { pictures, time, height }: GalleryRequest, frames: Frames, encoder: JpegEncoder, context: StyleContext): Promise<GalleryEvent | null> {
  if (!style) return null;
  const source = await frames.frameFor(style);
  const picture = style.id === 'picture' ? (pictures.find(({ id }) => id === style.picture) ?? null) : null;
  const effect = effectOf(style, time);
  const { look } = await openLook({ media: '', start: time, end: time, effect: { ...effect, quality: 'best' }, picture }, context);
  try {
    const { frame, faces } = await context.stylist.still(source, look, { signal: context.signal });
    return { type: 'tile', tile: { style, jpeg: await encoder.encode(frame, height), faces } };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { type: 'failed', style, code: error.code };
  }
}
