/** Tells what somebody said again and again from the loops of a recogniser that has lost the thread: by the sound. Pure. */
import { joinWords } from '../../../shared/captions/text.ts';
import { syllablesOf } from './guards.ts';
import { compressionOf } from './loops.ts';
import type { RecognisedChunk, RecognisedWord } from './types.ts';

/** Read off sentences and words spoken three to forty times, drills, and loops that clips without silence behind them provoke. */
export const REPEAT_RULES = {
  /** Words that come again, one after the other, before it is looked whether they were said. */
  judged: 4,
  /** Words of the longest round. */
  longest: 24,
  /** A round this much shorter than the others of its kind … */
  short: 0.4,
  /** … and faster than this (syllable-like units a second) has no sound of its own. */
  fastest: 7,
  /** Rounds have so much more room than their usual time needs before one more is believed. */
  room: 0.3,
} as const;

/** A hearing without its loops, judged by what is left. `heard`: with its words as aligned, not yet moved to the sound. */
export function withoutLoops(heard: RecognisedChunk): { heard: RecognisedChunk; dropped: number } {
  const { words, dropped } = saidWords(heard.words);
  const last = words.at(-1);
  if (dropped === 0 || !last) return { heard, dropped };
  const text = joinWords(words);
  const segments = heard.segments.slice(0, last.segment + 1).map((segment, index) => (index === last.segment ? { ...segment, end: null } : segment));
  // A loop is sure of itself: its probability says nothing about the rest.
  const meanLogProbability = words.reduce((sum, { confidence }) => sum + Math.log(Math.max(1e-4, confidence)), 0) / words.length;
  return { heard: { ...heard, words, segments, text, meanLogProbability, compression: compressionOf(text) }, dropped };
}

/**
 * The words without what a recogniser repeated that has lost the thread. People repeat themselves too (a chorus, a drill, "no, no, no"), and
 * then each round takes its time; those of a loop have no sound of their own, and the alignment piles them up where the sound is used up.
 * `words` as aligned, not yet moved to the sound.
 */
export function saidWords(words: readonly RecognisedWord[]): { words: RecognisedWord[]; dropped: number } {
  const keys = words.map(({ text }) => text.toLowerCase().replace(/[\p{P}\p{S}]/gu, ''));
  const kept: RecognisedWord[] = [];
  let at = 0;
  while (at < words.length) {
    const period = periodAt(keys, at);
    let end = at + Math.max(1, period);
    if (period > 0) {
      while (end < words.length && keys[end] === keys[end - period]) end += 1;
      kept.push(...saidRounds(roundsOf(words.slice(at, end), period)));
    } else {
      kept.push(...words.slice(at, end));
    }
    at = end;
  }
  return { words: kept, dropped: words.length - kept.length };
}

/** Words after which what stands at `at` comes again, `REPEAT_RULES.judged` words of it at least; 0 when it doesn't. */
function periodAt(keys: readonly string[], at: number): number {
  for (let period = 1; period <= REPEAT_RULES.longest; period += 1) {
    let same = 0;
    while (same < REPEAT_RULES.judged && at + period + same < keys.length && keys[at + period + same] === keys[at + same]) same += 1;
    if (same === REPEAT_RULES.judged) return period;
  }
  return 0;
}

type Round = readonly RecognisedWord[];

function roundsOf(words: readonly RecognisedWord[], period: number): Round[] {
  return Array.from({ length: Math.ceil(words.length / period) }, (_, round) => words.slice(round * period, (round + 1) * period));
}

/** Rounds that were said. Of those that pile up as many stay as there is time for, spread over it. */
function saidRounds(rounds: readonly Round[]): RecognisedWord[] {
  const usual: number[] = [];
  const kept: RecognisedWord[] = [];
  let piled: Round[] = [];
  const settle = (): void => {
    const [from, to] = [piled[0]?.[0]?.start ?? 0, piled.at(-1)?.at(-1)?.end ?? 0];
    const fit = Math.floor((to - from) / median(usual) + REPEAT_RULES.room);
    // One short word among longer ones may well be said.
    kept.push(...(piled.flat().length < 2 ? piled.flat() : spread(piled.slice(0, fit).flat(), from, to)));
    piled = [];
  };
  for (const round of rounds) {
    const seconds = lengthOf(round) * ((rounds[0]?.length ?? 1) / round.length);
    const fast = syllablesIn(round) > REPEAT_RULES.fastest * lengthOf(round);
    if (usual.length > 0 && fast && seconds < REPEAT_RULES.short * median(usual)) {
      piled.push(round);
      continue;
    }
    settle();
    usual.push(seconds);
    kept.push(...round);
  }
  settle();
  return kept;
}

function spread(words: Round, from: number, to: number): RecognisedWord[] {
  const step = (to - from) / words.length;
  return words.map((word, index) => ({ ...word, start: from + index * step, end: from + (index + 1) * step }));
}

/** Seconds from its first word to the end of its last. */
const lengthOf = (round: Round): number => (round.at(-1)?.end ?? 0) - (round[0]?.start ?? 0);

const syllablesIn = (round: Round): number => round.reduce((sum, { text }) => sum + Math.max(1, syllablesOf(text)), 0);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
