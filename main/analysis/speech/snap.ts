/**
 * Word times moved to where the sound is. Alignment by attention puts the beginning of a word somewhere near the end of the word before, and gives
 * the pause between them to it; loudness tells where one stops and the next begins. The gaps of all words of a chunk are chosen together, by
 * dynamic programming over a written cost. Pure; times are seconds of the chunk.
 */
import { decayOf, dipsOf, silencesOf, type Gap } from './gaps.ts';
import type { RecognisedWord } from './types.ts';

/**
 * Terms of the cost. Weights and deviations were read off synthetic words with known times (three voices, gaps of 0.05 to 2 s, with and without
 * noise): start median 0.01 s.
 */
export const SNAP_RULES = {
  /** How much earlier than the end of the word before the alignment is, seconds: the one that fits the chunk best is taken. */
  early: [0, 0.08, 0.16],
  /** Deviation from the alignment that costs a half, seconds; beyond three times that it costs no more than its distance. */
  deviation: 0.12,
  /** Deviation of a word's length from what its letters let expect (natural logarithm) that costs a half. */
  length: 0.5,
  /** A clear gap gains this. */
  gap: 2.5,
  /** Each 0.1 s of silence inside a word, beyond the closure of a stop, costs this. */
  silence: 2,
  closure: 0.1,
  /** Furthest from the alignment that a gap is looked for, seconds. */
  reach: 0.7,
  /** Shortest word, seconds. */
  shortest: 0.03,
} as const;

/** The words with their times at the sound; order and non-overlap are kept. `levels` as `levelsOf` gives them. */
export function snapWords(words: readonly RecognisedWord[], levels: Float32Array): RecognisedWord[] {
  if (words.length === 0) return [];
  const sound = soundOf(levels);
  const lengths = expectedLengths(words, sound);
  let best: { cost: number; gaps: Gap[] } | null = null;
  for (const early of SNAP_RULES.early) {
    const found = chooseGaps(words, lengths, sound, early);
    if (!best || found.cost < best.cost) best = found;
  }
  const gaps = best?.gaps ?? [];
  return words.map((word, index) => {
    const start = gaps[index]?.end ?? word.start;
    const after = gaps[index + 1];
    return { ...word, start, end: Math.max(start + 0.01, after ? decayOf(levels, after) : word.end) };
  });
}

interface Sound {
  silences: readonly Gap[];
  /** All gaps in order of their begin. */
  gaps: readonly Gap[];
  end: number;
}

function soundOf(levels: Float32Array): Sound {
  const silences = silencesOf(levels);
  const dips = dipsOf(levels).filter(({ start }) => !silences.some((silence) => silence.start <= start && start <= silence.end));
  const gaps = [...silences, ...dips].sort((a, b) => a.start - b.start);
  return { silences, gaps, end: silences.at(-1)?.end ?? 0 };
}

/** Seconds that each word should take: the chunk's sound shared out by letters. */
function expectedLengths(words: readonly RecognisedWord[], { silences, end }: Sound): number[] {
  const silent = silences.reduce((sum, gap) => sum + gap.end - gap.start, 0);
  const units = words.map(({ text }) => unitsOf(text));
  const rate = Math.max(0.02, Math.min(0.15, (end - silent) / units.reduce((sum, count) => sum + count, 0)));
  return units.map((count) => count * rate);
}

/** Letters and one more; a Chinese or Japanese character is a syllable, a digit a word. */
function unitsOf(text: string): number {
  let units = 1;
  for (const character of text) {
    if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(character)) units += 3;
    else if (/\p{N}/u.test(character)) units += 4;
    else if (/\p{L}/u.test(character)) units += 1;
  }
  return units;
}

interface Choice {
  gap: Gap;
  cost: number;
  from: number;
}

/** The gap before each word and the one after the last. */
function chooseGaps(words: readonly RecognisedWord[], lengths: readonly number[], sound: Sound, early: number): { cost: number; gaps: Gap[] } {
  const times = [...words.map(({ start }) => start + early), (words.at(-1)?.end ?? sound.end) + early];
  const columns: Choice[][] = [];
  for (const [index, time] of times.entries()) {
    const before = columns[index - 1];
    const column = gapsNear(sound, time, before).map((gap) => {
      const own = deviationCost(gap, time) - SNAP_RULES.gap * gap.clarity;
      if (!before) return { gap, cost: own, from: -1 };
      let [cost, from] = [Infinity, 0];
      for (const [at, choice] of before.entries()) {
        const sum = choice.cost + wordCost(choice.gap.end, gap.start, lengths[index - 1] ?? 0.3, sound);
        if (sum < cost) [cost, from] = [sum, at];
      }
      return { gap, cost: cost + own, from };
    });
    columns.push(column);
  }
  return walkBack(columns);
}

function walkBack(columns: readonly Choice[][]): { cost: number; gaps: Gap[] } {
  const last = columns.at(-1) ?? [];
  let at = last.reduce((best, choice, index) => (choice.cost < (last[best]?.cost ?? Infinity) ? index : best), 0);
  const cost = last[at]?.cost ?? 0;
  const gaps: Gap[] = [];
  for (let index = columns.length - 1; index >= 0; index -= 1) {
    const choice = columns[index]?.[at];
    if (!choice) break;
    gaps.unshift(choice.gap);
    at = choice.from;
  }
  return { cost, gaps };
}

/** Gaps near a time, and the time itself, which is always possible: behind the earliest choice before it. */
function gapsNear({ gaps, end }: Sound, time: number, before: readonly Choice[] | undefined): Gap[] {
  const near = gaps.filter((gap) => gap.start <= time + SNAP_RULES.reach && gap.end >= time - SNAP_RULES.reach);
  const earliest = before ? Math.min(...before.map(({ gap }) => gap.end)) + SNAP_RULES.shortest : 0;
  const bare = Math.min(Math.max(time, earliest), Math.max(end, earliest));
  const possible = near.filter((gap) => gap.start >= earliest);
  return [...possible, { start: bare, end: bare, clarity: 0 }];
}

/** Quadratic near, linear far. A time inside a silence is at it. */
function deviationCost(gap: Gap, time: number): number {
  const away = Math.max(0, gap.start - time, time - gap.end) / SNAP_RULES.deviation;
  return away < 3 ? away ** 2 / 2 : 3 * away - 4.5;
}

/** What a word from `start` to `end` costs by its length and the silence inside it. */
function wordCost(start: number, end: number, expected: number, { silences }: Sound): number {
  const length = end - start;
  if (length < SNAP_RULES.shortest) return 50 + 100 * (SNAP_RULES.shortest - length);
  let silent = 0;
  for (const gap of silences) {
    if (gap.end <= start) continue;
    if (gap.start >= end) break;
    silent += Math.max(0, Math.min(end, gap.end) - Math.max(start, gap.start) - SNAP_RULES.closure);
  }
  return (Math.log(length / expected) / SNAP_RULES.length) ** 2 / 2 + (SNAP_RULES.silence * silent) / 0.1;
}
