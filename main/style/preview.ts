/** Styled frames around the playhead at a reduced size, which are kept for when it comes back. */
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import type { RenderRequest, Style, StylePreviewEvent } from '../../shared/style/types.ts';
import { add, clampTime, fromSeconds, maxTime, minTime, subtract, type Flicks } from '../../shared/time.ts';
import { needsToneMap, sizeAtHeight } from '../media/forms.ts';
import { JpegEncoder } from '../media/jpegEncoder.ts';
import { rgbFrames } from '../media/rgbFrames.ts';
import type { StyleContext } from './context.ts';
import { CutFinder } from './cuts.ts';
import { openLook } from './effect.ts';
import { labelFilter } from './label.ts';
import { Pace } from './pace.ts';
import { PreviewCache, type PreviewFrame } from './previewCache.ts';
import { ahead } from './queue.ts';
import type { Look, Stylist, StyledFrame, StyleWarning, TimedFrame } from './types.ts';
import { WarnOnce } from './warnings.ts';

export interface PreviewRequest {
  request: RenderRequest;
  /** The playhead. */
  at: Flicks;
  /** Of the pictures, in pixels; at most the source's. */
  height: number;
}

/** How far around the playhead frames are made. */
const FORWARD = fromSeconds(8);
const BACK = fromSeconds(3);
/** Before the playhead frames are made in stretches of this length, the nearest first. */
const BACK_STEP = fromSeconds(1);
/** The very first picture is no higher, so that it is there within a second on two cores; the one of its real height follows. */
const QUICK_HEIGHT: Partial<Record<Style['id'], number>> = { vintage: 160, enhance: 120 };
const USUAL_QUICK_HEIGHT = 240;
const PREVIEW_QUALITY = 4;

const caches = new WeakMap<Stylist, PreviewCache>();

/** What was made lives as long as the stylist. */
function cacheOf(stylist: Stylist): PreviewCache {
  let cache = caches.get(stylist);
  if (!cache) {
    cache = new PreviewCache();
    caches.set(stylist, cache);
  }
  return cache;
}

/** Frames of equal keys are alike. The range counts only where a background begins with it. */
function keyOf({ request: { media, start, effect, picture }, height }: PreviewRequest, locale: string | undefined): string {
  return JSON.stringify([media, effect, picture?.id, height, effect.background?.mode === 'media' ? start : null, locale]);
}

/**
 * The frame at the playhead first, as a still (small, where a large one is asked for; it comes again); then those after it, then those before, as a render would make them but smaller. What was
 * made before comes at once. Throws ExpectedError no_video, model_missing, what `classifyFailure` gives…; CancelledError.
 */
export async function* stylePreview(media: Media, asked: PreviewRequest, context: StyleContext): AsyncGenerator<StylePreviewEvent> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const preview = await Preview.open(media, video, asked, { ...context, signal }, () => stop.abort());
  try {
    yield* preview.run();
  } finally {
    stop.abort();
    await preview.close();
  }
}

class Preview {
  readonly #media: Media;
  readonly #asked: PreviewRequest;
  readonly #context: StyleContext;
  readonly #size: { width: number; height: number };
  readonly #look: Look;
  readonly #closeLook: () => Promise<void>;
  readonly #encoder: JpegEncoder;
  readonly #cache: PreviewCache;
  readonly #key: string;
  readonly #pace: Pace;
  readonly #toneMapped: boolean;
  readonly #stop: () => void;
  /** Not told yet. */
  readonly #warnings: StyleWarning[] = [];
  readonly #warn = new WarnOnce((code) => this.#warnings.push(code));
  #done = 0;

  static async open(media: Media, video: VideoStream, asked: PreviewRequest, context: StyleContext, stop: () => void): Promise<Preview> {
    const size = sizeAtHeight(video, Math.min(asked.height, video.displayHeight));
    const [{ look, close }, toneMapped] = await Promise.all([openLook(asked.request, context), needsToneMap(video)]);
    const filter = asked.request.effect.label ? await labelFilter(size, context) : undefined;
    const encoder = new JpegEncoder({ quality: PREVIEW_QUALITY, name: media.name, filter, signal: context.signal });
    return new Preview(media, asked, context, { size, look, close, encoder, toneMapped, rate: video.frameRate, stop });
  }

  private constructor(
    media: Media,
    asked: PreviewRequest,
    context: StyleContext,
    opened: { size: { width: number; height: number }; look: Look; close: () => Promise<void>; encoder: JpegEncoder; toneMapped: boolean; rate: VideoStream['frameRate']; stop: () => void },
  ) {
    [this.#media, this.#asked, this.#context, this.#stop] = [media, asked, context, opened.stop];
    [this.#size, this.#look, this.#closeLook, this.#encoder, this.#toneMapped] = [opened.size, opened.look, opened.close, opened.encoder, opened.toneMapped];
    this.#cache = cacheOf(context.stylist);
    this.#key = keyOf(asked, context.locale);
    const { start, end } = asked.request;
    const span = Math.min(end, asked.at + FORWARD) - Math.max(start, asked.at - BACK);
    const frames = opened.rate.num > 0 ? Math.ceil((span / fromSeconds(1)) * (opened.rate.num / opened.rate.den)) : null;
    this.#pace = new Pace('stylePreview', 'frames', frames);
  }

  async *run(): AsyncGenerator<StylePreviewEvent> {
    const { start, end } = this.#asked.request;
    const at = clampTime(this.#asked.at, start, maxTime(start, subtract(end, fromSeconds(0.001))));
    if (this.#toneMapped) this.#warn.say('hdr_tone_mapped');
    const first: PreviewFrame & { quick?: boolean } = this.#cache.at(this.#key, at) ?? (await this.#still(at));
    yield* this.#give(first);
    yield* this.#stretch(first.quick ? first.time : add(first.time, first.duration), minTime(end, add(at, FORWARD)));
    const earliest = maxTime(start, subtract(at, BACK));
    for (let to: Flicks | null = first.time; to !== null && to > earliest; ) to = yield* this.#stretch(maxTime(earliest, subtract(to, BACK_STEP)), to);
  }

  async close(): Promise<void> {
    await this.#encoder.close();
    await this.#closeLook();
  }

  /** A single frame needs none of those after it, so it comes soonest. */
  async #still(at: Flicks): Promise<PreviewFrame & { quick?: boolean }> {
    const { signal } = this.#context;
    const height = QUICK_HEIGHT[this.#look.style.id] ?? USUAL_QUICK_HEIGHT;
    const quick = this.#size.height > height;
    const size = quick ? { width: Math.max(1, Math.round((this.#size.width * height) / this.#size.height)), height } : this.#size;
    for await (const { time, duration, data } of rgbFrames(this.#media, { from: at, to: null, size, signal })) {
      const look: Look = { ...this.#look, strength: () => this.#look.strength(time) };
      const { frame } = await this.#context.stylist.still({ ...size, data }, look, { signal, onWarning: (code) => this.#warn.say(code) });
      const made = { time, duration, jpeg: await this.#encoder.encode(frame) };
      return quick ? { ...made, quick } : this.#keep(made);
    }
    throw new ExpectedError('file_damaged', { name: this.#media.name });
  }

  /**
   * Frames of [from, to): those that are there, and from the first that is missing on all anew, since they rest on each other. The time of the first (it
   * may begin before `from`); null: there is none.
   */
  async *#stretch(from: Flicks, to: Flicks): AsyncGenerator<StylePreviewEvent, Flicks | null> {
    let missing = from;
    let first: Flicks | null = this.#cache.at(this.#key, from)?.time ?? null;
    for (let known = this.#cache.at(this.#key, missing); known && missing < to; known = this.#cache.at(this.#key, missing)) {
      yield* this.#give(known);
      missing = add(known.time, known.duration);
    }
    throwIfCancelled(this.#context.signal);
    if (missing >= to) return first;
    const painted = this.#context.stylist.paint(ahead(this.#decoded(missing, to), 2, this.#stop), this.#look, { signal: this.#context.signal, onWarning: (code) => this.#warn.say(code) });
    for await (const frame of ahead(this.#encoded(painted), 2, this.#stop)) {
      first ??= frame.time;
      yield* this.#give(frame);
    }
    return first;
  }

  async *#decoded(from: Flicks, to: Flicks): AsyncGenerator<TimedFrame> {
    const cuts = new CutFinder(this.#context.library.latestEvents(this.#media.id, 'shots'));
    for await (const { alpha: _alpha, ...frame } of rgbFrames(this.#media, { from, to, size: this.#size, signal: this.#context.signal })) {
      yield { ...frame, cut: cuts.isCut(frame) };
    }
  }

  async *#encoded(painted: AsyncIterable<StyledFrame>): AsyncGenerator<PreviewFrame> {
    for await (const frame of painted) yield this.#keep({ time: frame.time, duration: frame.duration, jpeg: await this.#encoder.encode(frame) });
  }

  #keep(frame: PreviewFrame): PreviewFrame {
    this.#cache.put(this.#key, frame);
    return frame;
  }

  *#give({ time, duration, jpeg }: PreviewFrame): Generator<StylePreviewEvent> {
    for (const code of this.#warnings.splice(0)) yield { type: 'warning', code };
    yield { type: 'frame', time, duration, jpeg };
    this.#done += 1;
    yield this.#pace.event(this.#done);
  }
}
