/** The sentence encoders of the pack. */
import type { EncoderName } from '../../library/types.ts';

/** `minilm` knows English; `e5` Chinese, Japanese, Korean, Portuguese and text that mixes them with English. */
export type EncoderLanguage = EncoderName;

export type TextKind = 'passage' | 'query';

export interface EncoderModel {
  /** The manifest's names. */
  model: string;
  tokenizer: string;
  /** Tokens of one run, the two special ones among them: what the network was trained with. */
  window: number;
  /** What the network expects before a text. */
  prefix: Readonly<Record<TextKind, string>>;
  /** Workers that share a long text at most, each with so many threads. */
  workers: number;
  threads: number;
}

/** Numbers of an embedding. */
export const EMBEDDING_SIZE = 384;

/**
 * Two workers of one thread embed MiniLM's short runs faster than one of two threads. e5 is twelve layers with a vocabulary four times as large: a second one would take the language work
 * over 400 MB.
 */
export const ENCODERS: Readonly<Record<EncoderLanguage, EncoderModel>> = {
  minilm: { model: 'minilm-l6-v2', tokenizer: 'minilm-l6-v2-tokenizer.json', window: 128, prefix: { passage: '', query: '' }, workers: 2, threads: 1 },
  e5: { model: 'multilingual-e5-small', tokenizer: 'multilingual-e5-small-tokenizer.json', window: 512, prefix: { passage: 'passage: ', query: 'query: ' }, workers: 1, threads: 2 },
};

/** What the worker is asked: texts with their prefix; `prefix` alone tells what each piece of a long text begins with. */
export interface EmbedQuestion {
  texts: readonly string[];
  prefix: string;
}
