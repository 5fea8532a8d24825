/** The highlights of an open media, with the engine's library and encoder. */
import type { Media } from '../../shared/media.ts';
import type { HighlightEvent, Sentence } from '../../shared/understanding/types.ts';
import { highlights } from '../analysis/highlights/highlights.ts';
import type { Engine } from './engine.ts';

export interface HighlightsRequest {
  sentences: readonly Sentence[];
  language: string;
}

/** Throws as `highlights`. */
export function streamHighlights(engine: Engine, media: Media, { sentences, language }: HighlightsRequest, signal: AbortSignal): AsyncGenerator<HighlightEvent> {
  return highlights(media, { sentences, language, embed: null, library: engine.library, signal });
}
