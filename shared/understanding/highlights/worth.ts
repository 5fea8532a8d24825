/** What a second of each moment is worth to a reel: its score, less for what the reel would show twice. */
import { FLICKS_PER_SECOND } from '../../time.ts';
import type { HighlightMoment } from '../types.ts';

/** Added to every score: without any signal, or with all weights 0, a reel is still made. */
const FLOOR = 0.02;
/** How much of its worth a moment loses at most to better ones around it: a reel tells the whole story, not its loudest minute. */
const CROWDED = 0.25;
/** Moments are compared with this many on either side. */
const AROUND = 6;
/** What is said once more, word for word, is worth this share. */
const SAID_AGAIN = 0.3;

/** Worth of a second, more than 0, for each moment. */
export function worthOf(moments: readonly HighlightMoment[], scores: readonly number[]): number[] {
  const said = new Set<string>();
  return moments.map((moment, index) => {
    const score = scores[index] ?? 0;
    const words = wordsOf(moment.text);
    const again = words !== '' && said.has(words);
    said.add(words);
    return (FLOOR + score) * (1 - CROWDED * crowding(scores, index)) * (again ? SAID_AGAIN : 1);
  });
}

/** Share of the moments around that score higher. */
function crowding(scores: readonly number[], index: number): number {
  const from = Math.max(0, index - AROUND);
  const to = Math.min(scores.length - 1, index + AROUND);
  if (to === from) return 0;
  const own = scores[index] ?? 0;
  let higher = 0;
  for (let other = from; other <= to; other++) if ((scores[other] ?? 0) > own) higher++;
  return higher / (to - from);
}

function wordsOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** Seconds of a clip. */
export function secondsOf(range: { readonly start: number; readonly end: number }): number {
  return (range.end - range.start) / FLICKS_PER_SECOND;
}
