/** The media that are open: by id, with the file they were last found in, checked before each use. */
import { stat } from 'node:fs/promises';
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import { fingerprint } from '../media/fingerprint.ts';

export class MediaTable {
  readonly #open = new Map<MediaId, Media>();

  /** Opening the same content again, under whatever name, replaces where it is read from. */
  add(media: Media): void {
    this.#open.set(media.id, media);
  }

  has(id: MediaId): boolean {
    return this.#open.has(id);
  }

  /** As it was when opened; throws ExpectedError 'not_granted' when it is not open. */
  known(id: MediaId): Media {
    const media = this.#open.get(id);
    if (!media) throw new ExpectedError('not_granted');
    return media;
  }

  /**
   * The media after a look at its file: ExpectedError 'file_missing' when it was moved or deleted since, 'file_changed' when other
   * content has taken its place. A file that was only touched stays what it is.
   */
  async checked(id: MediaId): Promise<Media> {
    const media = this.known(id);
    const { name } = media;
    const facts = await stat(media.path).catch(() => null);
    if (!facts) throw new ExpectedError('file_missing', { name });
    if (facts.size === media.bytes && facts.mtimeMs === media.modifiedMs) return media;
    if (facts.size !== media.bytes || (await fingerprint(media.path)) !== id) throw new ExpectedError('file_changed', { name });
    const touched = { ...media, modifiedMs: facts.mtimeMs };
    this.#open.set(id, touched);
    return touched;
  }
}
