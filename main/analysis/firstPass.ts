/** The first pass: pictures across the whole length, before anything exact is known. */
import type { PreviewEvent } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import type { Library, StageKey } from '../library/types.ts';
import { previews } from '../media/thumbnails.ts';

/** Enough for a timeline that shows the whole file. */
const PREVIEWS = 16;

/**
 * Needs no model, so it waits for none. A library that fails never stops it: the pictures are shown once and made again
 * next time; that the library fails is told by the stages that store results.
 */
export class FirstPass {
  readonly #library: Library;
  readonly #media: Media;
  readonly #key: StageKey;

  constructor(library: Library, media: Media) {
    this.#library = library;
    this.#media = media;
    this.#key = { media: media.id, stage: 'previews', modelHash: '', params: '{}' };
  }

  /** The pictures of an earlier run; empty when there was none. */
  known(): PreviewEvent[] {
    const stored = attempt(() => this.#library.getStage(this.#key));
    return stored?.complete ? stored.events.filter((event) => event.type === 'preview') : [];
  }

  /** Tells of each picture as it comes. A file that can't be sought gives its first picture only. */
  async run(tell: (event: PreviewEvent) => void, signal: AbortSignal): Promise<void> {
    const found: PreviewEvent[] = [];
    for await (const { time, jpeg } of previews(this.#media, PREVIEWS, signal)) {
      const event: PreviewEvent = { type: 'preview', time, picture: `preview-${found.length}` };
      found.push(event);
      attempt(() => this.#library.putPicture(this.#media.id, event.picture, jpeg));
      tell(event);
    }
    attempt(() => {
      this.#library.clearStage(this.#key);
      this.#library.append(this.#key, found, null);
      this.#library.completeStage(this.#key);
    });
  }
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
