import { flicks, type Flicks } from '../../shared/time.ts';
import { createLru } from './lru.ts';
import { createEmitter, decodeJpeg } from './loading.ts';
import type { ThumbSource } from './types.ts';

/** `count` JPEGs at start + i*step, `height` pixels high; null where there is none. Times are the media's. */
export type ThumbLoader = (request: { start: Flicks; step: Flicks; count: number; height: number; exact: boolean }, signal: AbortSignal) => Promise<readonly (Uint8Array | null)[]>;

export interface ThumbWish {
  readonly time: Flicks;
  readonly step: Flicks;
  readonly exact: boolean;
}

export interface ThumbBatch {
  readonly start: Flicks;
  readonly step: Flicks;
  readonly count: number;
  readonly exact: boolean;
}

/** The engine takes 32 at once; 8 keep the first pictures quick and let a scroll change the plan soon. */
const LARGEST_BATCH = 8;
/** Two at a time: one decodes while the other's answer travels. */
const IN_FLIGHT = 2;
const CACHE_BYTES = 96 * 2 ** 20;
/** Pause before what failed is asked for again, in milliseconds. */
const RETRY_AFTER = 3000;

export const wishKey = (wish: ThumbWish): string => `${wish.exact ? 'e' : 's'}${wish.time}`;

/** Joins wishes that follow one another by exactly their step into batches, in the order they were wished. */
export function planBatches(wishes: readonly ThumbWish[], largest = LARGEST_BATCH): ThumbBatch[] {
  const batches: ThumbBatch[] = [];
  for (const wish of wishes) {
    const last = batches.at(-1);
    const follows = last && last.exact === wish.exact && last.step === wish.step && last.count < largest && last.start + last.count * last.step === wish.time;
    if (follows) batches[batches.length - 1] = { ...last, count: last.count + 1 };
    else batches.push({ start: wish.time, step: wish.step, count: 1, exact: wish.exact });
  }
  return batches;
}

/**
 * A bounded cache in front of `load`. What scrolled away before its turn is never fetched; what is being fetched and
 * is no longer wished is aborted. `height` in device pixels.
 */
export function createThumbSource(load: ThumbLoader, height: number): ThumbSource {
  const cache = createLru<string, ImageBitmap | null>(CACHE_BYTES, (bitmap) => bitmap?.close());
  const failed = new Map<string, number>();
  const running = new Map<AbortController, Set<string>>();
  const changed = createEmitter();
  let wishes = new Map<string, ThumbWish>();
  let pending: ThumbWish[] = [];
  let retry: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  const busy = (key: string): boolean => [...running.values()].some((keys) => keys.has(key));
  const missing = (wish: ThumbWish): boolean => {
    const key = wishKey(wish);
    return !cache.has(key) && !busy(key) && (failed.get(key) ?? 0) < Date.now();
  };

  async function fetchBatch(batch: ThumbBatch): Promise<void> {
    const times = Array.from({ length: batch.count }, (_, i) => flicks(batch.start + i * batch.step));
    const keys = times.map((time) => wishKey({ ...batch, time }));
    const abort = new AbortController();
    running.set(abort, new Set(keys));
    try {
      const pictures = await load({ ...batch, height }, abort.signal);
      const bitmaps = await Promise.all(pictures.map(decodeJpeg));
      bitmaps.forEach((bitmap, i) => {
        const key = keys[i];
        if (key === undefined || disposed) bitmap?.close();
        else cache.set(key, bitmap, bitmap ? bitmap.width * bitmap.height * 4 : 64);
      });
    } catch {
      if (!abort.signal.aborted) {
        for (const key of keys) failed.set(key, Date.now() + RETRY_AFTER);
        retry = setTimeout(changed.emit, RETRY_AFTER + 1);
      }
    } finally {
      running.delete(abort);
      if (!disposed) {
        pump();
        changed.emit();
      }
    }
  }

  function pump(): void {
    while (running.size < IN_FLIGHT) {
      pending = pending.filter(missing);
      const batch = planBatches(pending)[0];
      if (!batch) return;
      void fetchBatch(batch);
    }
  }

  return {
    request(time, step, exact) {
      const wish = { time, step, exact };
      const key = wishKey(wish);
      wishes.set(key, wish);
      return cache.get(key) ?? null;
    },
    flush() {
      if (disposed) return;
      pending = [...wishes.values()];
      for (const [abort, keys] of running) if (![...keys].some((key) => wishes.has(key))) abort.abort();
      wishes = new Map();
      pump();
    },
    onchange: changed.subscribe,
    dispose() {
      disposed = true;
      clearTimeout(retry);
      for (const abort of running.keys()) abort.abort();
      cache.clear();
    },
  };
}
