/** How far a cut may miss a frame and still mean it. */
import type { Media } from '../../shared/media.ts';
import { FLICKS_PER_SECOND, frameDuration } from '../../shared/time.ts';

/** In flicks: times are typed and stored with milliseconds. Never more than a quarter of a frame. */
export function cutTolerance(media: Media): number {
  const quarter = media.video && media.video.frameRate.num > 0 ? frameDuration(media.video.frameRate) / 4 : 0;
  return Math.min(FLICKS_PER_SECOND / 1000, quarter);
}
