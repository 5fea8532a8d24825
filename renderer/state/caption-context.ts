import type { CaptionContext } from '../../shared/captions/ruleTypes.ts';
import { maxTime, ZERO } from '../../shared/time.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import { mediaRange, nominalRate } from './media-range.ts';
import { lastMoment } from './transcription.svelte.ts';

/** What the rules need to know of a media's picture; of none, a plain rate and nothing else. */
export function captionContext(entry: MediaEntry | null, language: string): CaptionContext {
  if (!entry) return { frameRate: nominalRate(null), cuts: [], language, range: null };
  const { shotEvents } = entry.analysis;
  return {
    frameRate: nominalRate(entry.media),
    cuts: shotEvents.filter((shot) => shot.transitionIn === 'cut').map((shot) => shot.start),
    language,
    range: mediaRange(entry.media, maxTime(shotEvents.at(-1)?.end ?? ZERO, lastMoment(entry.media))),
  };
}
