/** Playable forms of media that Chromium can't play, made in the background and kept in a bounded cache. */
import { join } from 'node:path';
import type { ProgressEvent } from '../../shared/events.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import { makeProxy } from '../media/proxy.ts';
import { FileCache } from './cache.ts';
import { Limiter, SharedRun } from './jobs.ts';

/** About twenty hours of proxies. */
const CACHE_BYTES = 20e9;
/** An encode uses all cores by itself. */
const AT_ONCE = 1;

export class Proxies {
  readonly #cache: FileCache;
  readonly #places = new Limiter(AT_ONCE);
  readonly #runs = new Map<MediaId, SharedRun<ProgressEvent>>();
  readonly #listeners: ((media: MediaId, path: string) => void)[] = [];
  /** Being played: not dropped from the cache. */
  readonly #used = new Set<string>();

  constructor(dataDir: string) {
    this.#cache = new FileCache(join(dataDir, 'proxies'), CACHE_BYTES);
  }

  onReady(listener: (media: MediaId, path: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Makes the media's proxy, or finds it made, and tells the listeners where it is. Throws as `makeProxy`. */
  async *make(media: Media, signal: AbortSignal): AsyncGenerator<ProgressEvent> {
    const found = await this.#cache.find(nameOf(media));
    if (!found) yield* await this.#watch(media, signal);
    const path = this.#cache.path(nameOf(media));
    this.#used.add(path);
    for (const listener of this.#listeners) listener(media.id, path);
  }

  async #watch(media: Media, signal: AbortSignal): Promise<AsyncGenerator<ProgressEvent>> {
    const running = this.#runs.get(media.id);
    if (running && !running.ended) return running.watch(signal);
    await running?.finished;
    const run = new SharedRun(
      (inner) => this.#places.stream(inner, () => this.#encode(media, inner)),
      () => true,
    );
    this.#runs.set(media.id, run);
    void run.finished.then(() => {
      if (this.#runs.get(media.id) === run) this.#runs.delete(media.id);
    });
    return run.watch(signal);
  }

  async *#encode(media: Media, signal: AbortSignal): AsyncGenerator<ProgressEvent> {
    await this.#cache.trim([...this.#used]);
    let latest: ProgressEvent | null = null;
    let wake: () => void = () => undefined;
    let ended = false;
    const encoding = makeProxy(media, this.#cache.path(nameOf(media)), {
      signal,
      onProgress: (progress) => {
        latest = progress;
        wake();
      },
    }).finally(() => {
      ended = true;
      wake();
    });
    encoding.catch(() => undefined);
    try {
      while (!ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (latest || ended) resolve();
        });
        const progress: ProgressEvent | null = latest;
        latest = null;
        if (progress) yield progress;
      }
    } finally {
      // Settled only when ffmpeg is gone, also when the reader left.
      await encoding.catch(() => undefined);
    }
    await encoding;
    await this.#cache.trim([...this.#used, this.#cache.path(nameOf(media))]);
  }
}

/** The number is raised when proxies are made in another way, so that old ones are not used. */
const nameOf = (media: Media): string => `${media.id}-1.mp4`;
