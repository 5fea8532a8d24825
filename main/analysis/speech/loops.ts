/** A recogniser that has lost the thread repeats itself: how much a text repeats, and whether its end is a loop. */
import { deflateSync } from 'node:zlib';

/** Longest repeated piece that counts, in tokens. */
const LONGEST = 24;
/**
 * Tokens that a loop fills at least, and how often its piece is there. Whether it is one, or a sentence said again and again, shows in the sound
 * (repeats.ts); here it is only long enough to stop and look.
 */
const FILLED = 48;
const TIMES = 5;

/** Bytes of the text over its deflated bytes (Whisper's measure; ordinary text lies between 1 and 2). 0 for no text. */
export function compressionOf(text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length === 0 ? 0 : bytes.length / deflateSync(bytes).length;
}

/** Length of the piece that fills the end of `tokens` over and over, in tokens; 0 when there is none. */
export function loopAtEnd(tokens: readonly number[]): number {
  for (let length = 1; length <= LONGEST; length++) {
    const filled = Math.max(FILLED, TIMES * length);
    if (tokens.length < filled) return 0;
    let same = length;
    while (same < filled && tokens[tokens.length - 1 - same] === tokens[tokens.length - 1 - same + length]) same++;
    if (same >= filled) return length;
  }
  return 0;
}
