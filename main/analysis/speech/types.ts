/** Between the recogniser (models in, words out) and the pipeline that feeds it stretches of speech. */
import type { Provider } from '../../../shared/settings.ts';

export const SPEECH_RATE = 16_000;

export interface SpeechChunk {
  /** 16 kHz mono, -1 to 1, at most 30 s. Copied or transferred to the worker: don't use it afterwards. */
  pcm: Float32Array<ArrayBuffer>;
  /** `auto`: found from this chunk. */
  language: string;
  task: 'transcribe' | 'translate';
  /** Names and terms to bias the spelling; '' for none. The language's own prompt (punctuation, script) is added by the recogniser. */
  prompt: string;
}

/** Times in seconds of the chunk. */
export interface RecognisedWord {
  text: string;
  space: boolean;
  /** From dynamic time warping over the alignment heads; the pause before a word is still in it (see snapping). */
  start: number;
  end: number;
  /** Mean probability of its tokens. */
  confidence: number;
  /** Index of the Whisper segment (between two timestamp tokens) it belongs to. */
  segment: number;
}

export interface RecognisedSegment {
  /** Timestamp tokens; `end` null when the text ran on to the end of the chunk. */
  start: number;
  end: number | null;
  text: string;
  meanLogProbability: number;
}

export interface RecognisedChunk {
  language: string;
  languageProbability: number;
  /** Most likely languages, best first, with probabilities. */
  languages: readonly { language: string; probability: number }[];
  words: readonly RecognisedWord[];
  segments: readonly RecognisedSegment[];
  text: string;
  noSpeech: number;
  meanLogProbability: number;
  /** Length of the text over its deflated length (Whisper's loop measure). */
  compression: number;
  /** Temperature that gave this text; 0 for the first try. */
  temperature: number;
}

export interface Recogniser {
  /** What it runs on now. */
  readonly provider: Provider;
  /** Hash of the models, for the library's keys. */
  readonly modelHash: string;
  /** Chunks that are worth giving at once (decoder batch). */
  readonly batch: number;
  /**
   * Recognises a batch; answers are in the chunks' order. Calls queue up. Rejects with ExpectedError 'model_failed', CancelledError when closed or aborted
   * (within a second).
   */
  recognise(chunks: readonly SpeechChunk[], signal?: AbortSignal): Promise<RecognisedChunk[]>;
  close(): Promise<void>;
}

/** Whisper's files, by the manifest's names. */
export const WHISPER = {
  encoder: 'whisper-base-encoder',
  decoder: 'whisper-base-decoder',
  config: 'whisper-base-config.json',
  tokenizer: 'whisper-base-tokenizer.json',
} as const;
