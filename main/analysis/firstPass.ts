/** The first pass: pictures across the whole length, before anything exact is known. */
import type { PreviewEvent } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import { previews } from '../media/thumbnails.ts';
import type { StageStore } from './stages.ts';

/** Enough for a timeline that shows the whole file. */
const PREVIEWS = 16;

/** Tells of each picture as it comes. A file that can't be sought gives none: exact shots will follow all the same. */
export async function firstPass(media: Media, store: StageStore, tell: (event: PreviewEvent) => void, signal: AbortSignal): Promise<void> {
  let number = 0;
  for await (const { time, jpeg } of previews(media, PREVIEWS, signal)) {
    const picture = `preview-${number++}`;
    store.putPicture(picture, jpeg);
    tell({ type: 'preview', time, picture });
  }
}
