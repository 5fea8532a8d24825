/** For tests: hearings written by hand. */
import type { RecognisedChunk, RecognisedWord } from './types.ts';

/** The words of a text, a third of a second each. */
export function spoken(text: string): RecognisedWord[] {
  return text.split(' ').map((word, index) => ({ text: word, space: index > 0, start: index / 3, end: (index + 1) / 3, confidence: 0.9, segment: 0 }));
}

export function heardChunk(text: string, facts: Partial<RecognisedChunk> = {}): RecognisedChunk {
  const words = spoken(text);
  const language = facts.language ?? 'en';
  return {
    language,
    languageProbability: 0.95,
    languages: [{ language, probability: 0.95 }],
    words,
    segments: [{ start: 0, end: words.length / 3, text, meanLogProbability: -0.2 }],
    text,
    noSpeech: 0.01,
    meanLogProbability: -0.2,
    compression: 1.3,
    temperature: 0,
    ...facts,
  };
}
