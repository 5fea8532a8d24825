import type { EngineClient } from '../bridge/engine.ts';

/** Object URLs of JPEGs from the engine. The least recently used are let go, so that long scrolling stays small. */
const KEPT = 1500;
/** More requests at once would only make the visible ones wait behind the scrolled-past. */
const AT_ONCE = 8;

interface Wanted {
  key: string;
  media: string;
  picture: string;
  resolve: (url: string | null) => void;
  reject: (error: unknown) => void;
  dropped: boolean;
}

export interface PictureRequest {
  url: Promise<string | null>;
  /** The picture scrolled away: don't ask for it any more when it was not asked for yet. */
  drop(): void;
}

export class Pictures {
  readonly #engine: EngineClient;
  readonly #urls = new Map<string, string>();
  #waiting: Wanted[] = [];
  #running = 0;

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  /** The URL when it is here already: saves a flash of the placeholder. */
  peek(media: string, picture: string): string | null {
    const key = `${media}/${picture}`;
    const url = this.#urls.get(key);
    if (url === undefined) return null;
    this.#urls.delete(key);
    this.#urls.set(key, url);
    return url;
  }

  /** Resolves with null when the library has no such picture (any more) or the request was dropped. */
  request(media: string, picture: string): PictureRequest {
    const known = this.peek(media, picture);
    if (known !== null) return { url: Promise.resolve(known), drop: () => undefined };
    let entry: Wanted | null = null;
    const url = new Promise<string | null>((resolve, reject) => {
      entry = { key: `${media}/${picture}`, media, picture, resolve, reject, dropped: false };
      // Newest first: what just came into view matters most.
      this.#waiting.unshift(entry);
      this.#next();
    });
    return {
      url,
      drop: () => {
        if (entry) entry.dropped = true;
      },
    };
  }

  #next(): void {
    while (this.#running < AT_ONCE) {
      const entry = this.#waiting.shift();
      if (!entry) return;
      if (entry.dropped) {
        entry.resolve(null);
        continue;
      }
      this.#running += 1;
      this.#load(entry)
        .then(entry.resolve, entry.reject)
        .finally(() => {
          this.#running -= 1;
          this.#next();
        });
    }
  }

  async #load(entry: Wanted): Promise<string | null> {
    const known = this.peek(entry.media, entry.picture);
    if (known !== null) return known;
    const jpeg = await this.#engine.call('picture', { media: entry.media, picture: entry.picture });
    return jpeg ? this.#keep(entry.key, jpeg) : null;
  }

  #keep(key: string, jpeg: Uint8Array): string {
    const url = URL.createObjectURL(new Blob([jpeg.slice()], { type: 'image/jpeg' }));
    this.#urls.set(key, url);
    if (this.#urls.size > KEPT) {
      const [oldest, old] = this.#urls.entries().next().value ?? [];
      if (oldest !== undefined && old !== undefined) {
        this.#urls.delete(oldest);
        URL.revokeObjectURL(old);
      }
    }
    return url;
  }
}
