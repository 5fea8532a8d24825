/** The highlights of an open media, with the engine's library and encoder. */
import { ExpectedError } from '../../shared/errors.ts';
import type { Media } from '../../shared/media.ts';
import type { HighlightEvent, Sentence } from '../../shared/understanding/types.ts';
import { highlights } from '../analysis/highlights/highlights.ts';
import { encoderFor } from '../analysis/language/language.ts';
import type { Engine } from './engine.ts';

export interface HighlightsRequest {
  sentences: readonly Sentence[];
  language: string;
}

/** Throws as `highlights`. */
export function streamHighlights(engine: Engine, media: Media, { sentences, language }: HighlightsRequest, signal: AbortSignal): AsyncGenerator<HighlightEvent> {
  return highlights(media, { sentences, language, embed: (texts, spoken, inner) => embed(engine, texts, spoken, inner), library: engine.library, signal });
}

/** Null where no encoder knows the language; without its model, too: sound and picture still speak. */
async function embed(engine: Engine, texts: readonly string[], language: string, signal: AbortSignal): Promise<readonly Float32Array[] | null> {
  const encoder = encoderFor(language, texts);
  if (encoder === null) return null;
  try {
    return await engine.encoder.embed(texts, { language: encoder, kind: 'passage', signal });
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    engine.logger.warn({ err: error }, 'highlights go on without the sentence encoder');
    return null;
  }
}
