/** Filmstrip pictures, and the first pass of pictures over a whole file. */
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { add, flicks, FLICKS_PER_SECOND, fromSeconds, subtract, type Flicks } from '../../shared/time.ts';
import { frameAt } from './decodeFrames.ts';
import { fitWithin, sizeAtHeight } from './forms.ts';
import { grabExactly, grabPictures, seekToSync, type Picture } from './grab.ts';
import { frameShownAt, frameTimes } from './syncFrames.ts';

/** ffmpeg processes at once. */
const PROCESSES = 2;
/** Below this step one run over the whole range costs less than a seek for each picture: sync frames are 1 to 10 s apart. */
const RANGE_STEP = fromSeconds(3);
const PREVIEW_SIDE = 640;

export interface ThumbnailsOptions {
  start: Flicks;
  step: Flicks;
  count: number;
  /** Pixels. */
  height: number;
  /** The very frames shown; otherwise the sync frames at or before. */
  exact: boolean;
  signal?: AbortSignal;
}

/**
 * One JPEG for each time start + i * step; null where the file has no picture (before its start it is the first frame,
 * after its end null). Throws ExpectedError no_video and by `classifyFailure`; CancelledError.
 */
export async function thumbnails(media: Media, options: ThumbnailsOptions): Promise<(Uint8Array<ArrayBuffer> | null)[]> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  const end = media.duration === null ? Infinity : media.startTime + media.duration;
  const times = Array.from({ length: options.count }, (_, index) => flicks(options.start + index * options.step));
  const inside = times.filter((time) => time < end);
  const pictures = await picturesFor(media, video, inside, options);
  return times.map((_, index) => pictures[index] ?? null);
}

async function picturesFor(media: Media, video: VideoStream, times: Flicks[], options: ThumbnailsOptions): Promise<(Uint8Array<ArrayBuffer> | null)[]> {
  const { height, exact, signal } = options;
  if (times.length > 1 && options.step <= RANGE_STEP) {
    return exact ? exactRange(media, video, times, height, signal) : syncRange(media, video, times, options);
  }
  const pictures = await mapLimited(times, PROCESSES, (time) => frameAt(media, time, { height, exact, signal }));
  return pictures.map((picture) => picture?.data ?? null);
}

/** Decodes the range once and keeps exactly the frames shown at the times. */
async function exactRange(media: Media, video: VideoStream, times: Flicks[], height: number, signal?: AbortSignal): Promise<(Uint8Array<ArrayBuffer> | null)[]> {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return [];
  const begin = await frameShownAt(media, first, { signal });
  if (begin === null) return times.map(() => null);
  const all = await frameTimes(media, begin, add(last, flicks(1)), { signal });
  const shown = times.map((time) => all.findLast((each) => each <= time) ?? begin);
  const wanted = [...new Set(shown)];
  const pictures = await grabExactly(media, video, wanted, { size: sizeAtHeight(video, height), format: 'jpeg', threads: 2, signal });
  return shown.map((time) => pictures.find((picture) => picture.time === time)?.data ?? null);
}

/** Decodes only the sync frames of the range. */
async function syncRange(media: Media, video: VideoStream, times: Flicks[], options: ThumbnailsOptions): Promise<(Uint8Array<ArrayBuffer> | null)[]> {
  const { height, step, signal } = options;
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return [];
  // In files of sync frames only, half the step is fine enough.
  const gap = Math.max(0, step / 2 / FLICKS_PER_SECOND);
  const select = `select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${gap})`;
  const span = Math.max(0.001, subtract(last, media.startTime) / FLICKS_PER_SECOND + 0.001);
  const pictures = await grabPictures(media, video, {
    input: [...seekToSync(media, first), '-to', span.toFixed(6)], select, limit: times.length * 3, size: sizeAtHeight(video, height), format: 'jpeg', threads: 1, signal,
  });
  if (pictures.length === 0) return exactRange(media, video, times, height, signal);
  return times.map((time) => (pictures.findLast((picture) => picture.time <= time) ?? pictures[0])?.data ?? null);
}

/**
 * `count` pictures (long side at most 640 pixels) across the whole length, coarse first: each is a sync frame near its
 * time, so that the first comes at once whatever the length. No frame comes twice. A file of unknown length gives its
 * first picture only. Throws as `thumbnails`.
 */
export async function* previews(media: Media, count: number, signal?: AbortSignal): AsyncGenerator<{ time: Flicks; jpeg: Uint8Array }> {
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  const size = fitWithin(video, PREVIEW_SIDE, true);
  const length = media.duration;
  const places = length === null ? [0] : spreadOrder(count).map((index) => ((index + 0.5) / count) * length);
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const grab = (place: number): Promise<Picture[]> =>
    grabPictures(media, video, {
      input: seekToSync(media, add(media.startTime, flicks(Math.round(place)))), select: '', limit: 1, size, format: 'jpeg', threads: 1, signal: either,
    });
  const shown = new Map<number, Flicks>();
  const found = async (place: number): Promise<Picture | null> => {
    if (isBetweenTheSame(place, shown)) return null;
    const [picture] = await grab(place);
    if (picture) shown.set(place, picture.time);
    return picture ?? null;
  };
  const seen = new Set<Flicks>();
  try {
    for await (const picture of inOrderLimited(places, PROCESSES, found)) {
      if (!picture || seen.has(picture.time)) continue;
      seen.add(picture.time);
      yield { time: picture.time, jpeg: picture.data };
    }
  } finally {
    stop.abort();
  }
}

/** Whether the places before and after one show the same sync frame: then it does so too, and needn't be looked at. */
function isBetweenTheSame(place: number, shown: ReadonlyMap<number, Flicks>): boolean {
  const known = [...shown.keys()];
  const [before, after] = [known.filter((each) => each <= place), known.filter((each) => each >= place)];
  return before.length > 0 && after.length > 0 && shown.get(Math.max(...before)) === shown.get(Math.min(...after));
}

/** 0 to count-1 in van der Corput order (base 2): every beginning of it is spread evenly over the whole. */
export function spreadOrder(count: number): number[] {
  const bits = Math.max(0, Math.ceil(Math.log2(Math.max(1, count))));
  const order: number[] = [];
  for (let i = 0; i < 1 << bits; i += 1) {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit += 1) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
    if (reversed < count) order.push(reversed);
  }
  return order;
}

/** Results in the items' order, `limit` at work at once. */
async function* inOrderLimited<T, R>(items: T[], limit: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const started: Promise<R>[] = [];
  const start = (item: T): void => {
    const promise = work(item);
    promise.catch(() => undefined);
    started.push(promise);
  };
  items.slice(0, limit).forEach(start);
  for (let next = limit; ; next += 1) {
    const head = started.shift();
    if (!head) return;
    const result = await head;
    const item = items[next];
    if (item !== undefined) start(item);
    yield result;
  }
}

async function mapLimited<T, R>(items: T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for await (const result of inOrderLimited(items, limit, work)) results.push(result);
  return results;
}
