/** The media opened in this run, by id: the only files that media:// serves and that a restarted engine opens again. */
import type { Media, MediaId } from '../../shared/media.ts';

export class MediaFiles {
  readonly #files = new Map<MediaId, string>();
  readonly #proxies = new Map<MediaId, string>();

  add(media: Media): void {
    this.#files.set(media.id, media.path);
  }

  addProxy(id: MediaId, path: string): void {
    this.#proxies.set(id, path);
  }

  /** Path for `media://file/<id>` or `media://proxy/<id>`; undefined for anything not opened. */
  path(form: string, id: string): string | undefined {
    if (form === 'file') return this.#files.get(id);
    return form === 'proxy' && this.#files.has(id) ? this.#proxies.get(id) : undefined;
  }

  paths(): string[] {
    return [...new Set(this.#files.values())];
  }
}
