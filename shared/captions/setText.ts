/** A cue's text written anew. */
import { replaceWith, type CueChange } from './cueChange.ts';
import type { Cue } from './types.ts';

/** The cue with another text; words that stay keep their times. */
export function setText(cue: Cue, text: string): CueChange {
  const pieces = text.split(/\s+/).filter((piece) => piece !== '');
  const words = cue.words.filter((word) => pieces.includes(word.text));
  return replaceWith([{ ...cue, text, words, spans: cue.spans.filter((span) => span.to <= text.length) }]);
}
