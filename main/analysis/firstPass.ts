/** The first pass: pictures across the whole length, before anything exact is known. */
import type { PreviewEvent } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import { previews } from '../media/thumbnails.ts';
import type { StageStore } from './stages.ts';

/** Enough for a timeline that shows the whole file. */
const PREVIEWS = 16;

/** Tells of each picture as it comes, or of an earlier run's at once. A file that can't be sought gives its first picture only. */
export async function firstPass(media: Media, store: StageStore, tell: (event: PreviewEvent) => void, signal: AbortSignal): Promise<void> {
  const known = store.previews();
  known.forEach(tell);
  if (known.length > 0) return;
  const found: PreviewEvent[] = [];
  for await (const { time, jpeg } of previews(media, PREVIEWS, signal)) {
    const event: PreviewEvent = { type: 'preview', time, picture: `preview-${found.length}` };
    found.push(event);
    store.putPicture(event.picture, jpeg);
    tell(event);
  }
  store.keepPreviews(found);
}
