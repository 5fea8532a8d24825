/** Made-up cues, for tests of what the window does with them. */
import { cueSchema, type Cue, type Word } from '../../shared/captions/types.ts';
import { fromSeconds } from '../../shared/time.ts';

/** A cue whose words last half a second each. */
export function someCue(id: string, start: number, text: string, speaker: string | null = null): Cue {
  const words = text.split(/\s+/).map((word, index): Word => ({
    text: word,
    start: fromSeconds(start + index / 2),
    end: fromSeconds(start + index / 2 + 0.4),
    confidence: 0.9,
    space: true,
  }));
  return cueSchema.parse({ id, start: fromSeconds(start), end: fromSeconds(start + words.length / 2), text, words, speaker });
}
