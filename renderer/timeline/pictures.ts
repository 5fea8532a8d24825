import { createEmitter, decodeJpeg } from './loading.ts';
import { createLru } from './lru.ts';
import type { PictureSource } from './types.ts';

/** A stored JPEG by name; null when it is gone. */
export type PictureLoader = (picture: string, signal: AbortSignal) => Promise<Uint8Array | null>;

const CACHE_BYTES = 96 * 2 ** 20;
const IN_FLIGHT = 4;
/** Pause before what failed or was not there is asked for again, in milliseconds. */
const RETRY_AFTER = 3000;

/**
 * A bounded cache of stored pictures, shrunk to `height` device pixels when decoded. What is no longer on the screen is
 * not fetched.
 */
export function createPictureSource(load: PictureLoader, height: number): PictureSource {
  const cache = createLru<string, ImageBitmap>(CACHE_BYTES, (bitmap) => bitmap.close());
  const retryAt = new Map<string, number>();
  const running = new Map<string, AbortController>();
  const changed = createEmitter();
  let wishes = new Set<string>();
  let pending: string[] = [];
  let retry: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  function later(picture: string): void {
    retryAt.set(picture, Date.now() + RETRY_AFTER);
    clearTimeout(retry);
    retry = setTimeout(changed.emit, RETRY_AFTER + 1);
  }

  async function fetchOne(picture: string): Promise<void> {
    const abort = new AbortController();
    running.set(picture, abort);
    try {
      const bitmap = await shrink(await decodeJpeg(await load(picture, abort.signal)), height);
      if (disposed) bitmap?.close();
      else if (bitmap) cache.set(picture, bitmap, bitmap.width * bitmap.height * 4);
      else later(picture);
    } catch {
      if (!abort.signal.aborted) later(picture);
    } finally {
      running.delete(picture);
      if (!disposed) {
        pump();
        changed.emit();
      }
    }
  }

  function pump(): void {
    while (running.size < IN_FLIGHT) {
      const next = pending.shift();
      if (next === undefined) return;
      if (!cache.has(next) && !running.has(next) && (retryAt.get(next) ?? 0) < Date.now()) void fetchOne(next);
    }
  }

  return {
    request(picture) {
      wishes.add(picture);
      return cache.get(picture) ?? null;
    },
    flush() {
      if (disposed) return;
      pending = [...wishes];
      for (const [picture, abort] of running) if (!wishes.has(picture)) abort.abort();
      wishes = new Set();
      pump();
    },
    onchange: changed.subscribe,
    dispose() {
      disposed = true;
      clearTimeout(retry);
      for (const abort of running.values()) abort.abort();
      cache.clear();
    },
  };
}

async function shrink(bitmap: ImageBitmap | null, height: number): Promise<ImageBitmap | null> {
  if (!bitmap || bitmap.height <= height) return bitmap;
  try {
    return await createImageBitmap(bitmap, { resizeHeight: height, resizeWidth: Math.max(1, Math.round((bitmap.width * height) / bitmap.height)), resizeQuality: 'medium' });
  } finally {
    bitmap.close();
  }
}
