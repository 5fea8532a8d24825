/** Embeddings of a text's sentences by the encoder that knows its language. */
import type { LanguageEncoder } from './encoder.ts';
import { encoderFor } from './language.ts';

/** In the texts' order; null where no encoder knows the language (BCP 47, or `auto`). Rejects as `LanguageEncoder.embed`. */
export async function embedTexts(encoder: LanguageEncoder, texts: readonly string[], language: string, signal?: AbortSignal): Promise<Float32Array[] | null> {
  const known = encoderFor(language, texts);
  return known === null ? null : encoder.embed(texts, { language: known, kind: 'passage', ...(signal ? { signal } : {}) });
}
