/**
 * Word times moved to where the sound is. Alignment by attention gives the pause before a word to that word; the loudness tells where
 * the pause ends. Pure; times are seconds of the chunk.
 */
import { LEVELS_PER_SECOND, percentile } from './levels.ts';
import type { RecognisedWord } from './types.ts';

export const SNAP_RULES = {
  /** dB: what is this far below the loud parts is quiet … */
  belowLoud: 25,
  /** … or within this share of the way from the quietest to the loudest. */
  aboveQuiet: 0.3,
  /** Seconds: a shorter silence is inside a word (the closure of a stop), a shorter sound is a click. */
  closure: 0.07,
  click: 0.03,
  /** Seconds of silence that part words. */
  pause: 0.1,
  /** A word may begin this much before the alignment says. */
  early: 0.12,
  /** What is left of a word after the pause that it was given. */
  least: 0.06,
  /** A word's end may be moved on by so much to where its sound ends. */
  late: 0.35,
} as const;

/** A run of loud steps; end exclusive. */
export interface Island {
  start: number;
  end: number;
}

/** Where it is loud, in seconds. `levels`: dB of each 10 ms. */
export function islandsOf(levels: Float32Array): Island[] {
  const loudest = percentile(levels, 0.95);
  const quietest = percentile(levels, 0.05);
  const limit = Math.max(loudest - SNAP_RULES.belowLoud, quietest + SNAP_RULES.aboveQuiet * (loudest - quietest));
  const islands: Island[] = [];
  for (const [step, level] of levels.entries()) {
    if (level < limit) continue;
    const time = step / LEVELS_PER_SECOND;
    const end = (step + 1) / LEVELS_PER_SECOND;
    const last = islands.at(-1);
    if (last && time - last.end < SNAP_RULES.closure) last.end = end;
    else islands.push({ start: time, end });
  }
  return islands.filter(({ start, end }) => end - start >= SNAP_RULES.click);
}

/** The words with their times at the sound; order and non-overlap are kept. `levels` as `levelsOf` gives them. */
export function snapWords(words: readonly RecognisedWord[], levels: Float32Array): RecognisedWord[] {
  const islands = islandsOf(levels);
  const starts = words.map((word) => startOf(word, islands));
  // Whatever was moved, a word never begins before the one in front of it.
  for (let index = 1; index < starts.length; index += 1) starts[index] = Math.max(starts[index] ?? 0, (starts[index - 1] ?? 0) + 0.01);
  return words.map((word, index) => {
    const start = starts[index] ?? word.start;
    const next = starts[index + 1] ?? levels.length / LEVELS_PER_SECOND;
    return { ...word, start, end: endOf(word, start, next, islands) };
  });
}

/**
 * The begin of the last island of the word's span that has a pause in front of it: what sounds before that pause is the word before. A word
 * that begins in silence begins at the next sound.
 */
function startOf({ start, end }: RecognisedWord, islands: readonly Island[]): number {
  let found: number | null = null;
  let before = -Infinity;
  for (const island of islands) {
    const pause = island.start - before;
    before = island.end;
    if (island.start < start - SNAP_RULES.early) continue;
    if (island.start > end - SNAP_RULES.least) break;
    if (pause >= SNAP_RULES.pause) found = island.start;
  }
  if (found !== null) return found;
  const inside = islands.some((island) => island.start <= start && start < island.end);
  if (inside) return start;
  const next = islands.find((island) => island.start >= start);
  return next && next.start < end ? next.start : start;
}

/** The last sound before the next word, if the alignment put the end near it. */
function endOf(word: RecognisedWord, start: number, next: number, islands: readonly Island[]): number {
  const limit = Math.min(next, Math.max(word.end, start) + SNAP_RULES.late);
  const sounds = islands.filter((island) => island.end > start && island.start < limit);
  const first = sounds[0];
  if (!first) return Math.max(start + 0.01, Math.min(word.end, next));
  // Sound after a pause that the word's own span doesn't reach into is another's.
  let end = first.end;
  for (const island of sounds.slice(1)) {
    if (island.start - end >= SNAP_RULES.pause && island.start > word.end - SNAP_RULES.least) break;
    end = island.end;
  }
  return Math.max(start + 0.01, Math.min(end, limit));
}
