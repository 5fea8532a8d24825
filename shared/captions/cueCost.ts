/**
 * The cost of making cues of words: what dynamic programming over the places between words makes least. A sum of terms over the cues, each here with its
 * source; the unit is such that 1 is a slight flaw and 10 a fault that an editor would mend.
 */
import { BREAK, type Breaks } from './breaks.ts';
import { chooseLines, lengthOf, type Measured } from './lines.ts';
import { FLICKS_PER_SECOND } from '../time.ts';
import { visibleLength } from './text.ts';
import type { CaptionRules, Word } from './types.ts';

export const COST = {
  /** Each cue: fewer, fuller cues are calmer to read than many short ones (BBC 3.8: short sentences may share a subtitle). */
  cue: 3,
  /**
   * The place it ends at, times `BREAK` (breaks.ts: sentence, clause, before conjunction, before preposition, … never after an article). Netflix's line
   * treatment holds for the parts of a sentence in two subtitles as for two lines (BBC 3.9: long sentences).
   */
  break: 1,
  /** A pause of a second takes this share of `break` away: where the voice rests, the eye may. */
  pauseRelief: 0.8,
  /** Each second of pause inside a cue beyond `shortPause`: text should not be read ahead of a pause (Netflix, Subtitle Timing 1; BBC 5.2). */
  pauseInside: 5,
  /** A sentence's end inside a cue (BBC 3.2: a subtitle should contain a single sentence). Less than `cue`: two short ones share one. */
  sentenceInside: 2.5,
  /** The end of one sentence with the beginning of another, where either is not whole in the cue (BBC 3.2 and 3.8). */
  sentencesParted: 4,
  /** A shot cut inside a cue (Netflix, Subtitle Timing 2; BBC 6.1: avoid subtitles over shot changes). */
  cutInside: 2,
  /** A shot cut where the cue ends. */
  cutAtEdge: -1.5,
  /** Text that is too fast for the time until the next cue: a fault at once, growing with the excess (Netflix and BBC: reading speed). */
  tooFast: 4,
  tooFastRate: 30,
  /** Beyond twice the speed no other division helps, and the language decides. */
  tooFastMost: 1,
  /** Less than the shortest time until the next cue. */
  tooShort: 6,
  /** A word alone that is no sentence of its own. */
  orphan: 3,
} as const;

/** Seconds that a voice rests between words without a pause being felt (Whisper's word times leave 0.1 to 0.2 s in fluent speech). */
const SHORT_PAUSE = 0.3;

/** Words of one stretch, measured once; ranges of them are then costed by subtraction. */
export class SpokenStretch implements Measured {
  readonly upTo: number[] = [0];
  readonly spaceBefore: number[] = [];
  readonly breakBefore: number[] = [];
  readonly #breakCost: number[] = [];
  readonly #pauseSum: number[] = [];
  readonly #sentenceSum: number[] = [0];
  readonly #cutSum: number[] = [];
  readonly words: Word[] = [];
  readonly #rules: CaptionRules;
  readonly #breaks: Breaks;
  readonly #gapSeconds: number;

  constructor(rules: CaptionRules, breaks: Breaks, gapSeconds: number) {
    this.#rules = rules;
    this.#breaks = breaks;
    this.#gapSeconds = gapSeconds;
  }

  get size(): number {
    return this.words.length;
  }

  /** `insideWord`: a dictionary word goes on over the place before it. `cuts`: how many shot cuts lie before its start, `cutNear`: one is where it starts. */
  add(word: Word, place: { insideWord: boolean; cuts: number; cutNear: boolean }): void {
    const i = this.words.length;
    const before = this.words[i - 1];
    const space = i > 0 && word.space ? visibleLength(' ', this.#rules) : 0;
    const cost = before ? (place.insideWord ? BREAK.never : this.#breaks.cost(before.text, word.text, word.space)) : 0;
    const pause = before ? Math.max(0, (word.start - before.end) / FLICKS_PER_SECOND) : 0;
    this.spaceBefore.push(space);
    this.upTo.push((this.upTo[i] ?? 0) + space + visibleLength(word.text, this.#rules));
    this.breakBefore.push(cost >= BREAK.bad ? cost * 2 : cost);
    const relief = 1 - COST.pauseRelief * Math.min(1, pause);
    this.#breakCost.push(COST.break * cost * (cost >= BREAK.never ? 1 : relief) + (place.cutNear ? COST.cutAtEdge : 0));
    this.#pauseSum.push((this.#pauseSum[i - 1] ?? 0) + Math.max(0, pause - SHORT_PAUSE));
    this.#sentenceSum.push((this.#sentenceSum[i] ?? 0) + (this.#breaks.endsSentence(word.text) ? 1 : 0));
    this.#cutSum.push(place.cuts);
    this.words.push(word);
  }

  /** Cost of ending a cue before word `at`. */
  edgeCost(at: number): number {
    return this.#breakCost[at] ?? 0;
  }

  /**
   * Cost of one cue of words [from, to) when the next one starts at `next` (flicks; Infinity for none). Infinity when it may not be: too many words, lines or
   * seconds. A single word may always be.
   */
  cueCost(from: number, to: number, next: number): number {
    const { words: limit, longest, shortest, readingSpeed } = this.#rules;
    const first = this.words[from];
    const last = this.words[to - 1];
    if (!first || !last) return Infinity;
    const single = to - from === 1;
    if (limit !== null && to - from > limit) return Infinity;
    if (!single && last.end - first.start > longest * FLICKS_PER_SECOND) return Infinity;
    const lines = chooseLines(this, from, to, this.#rules);
    if (!lines && !single) return Infinity;
    const inside = (sums: readonly number[]): number => (sums[to - 1] ?? 0) - (sums[from] ?? 0);
    const sentences = inside(this.#sentenceSum);
    let cost = COST.cue + (lines?.cost ?? 0) + COST.pauseInside * inside(this.#pauseSum) + COST.sentenceInside * sentences + COST.cutInside * inside(this.#cutSum);
    if (sentences > 0 && !(this.#startsSentence(from) && this.#breaks.endsSentence(last.text))) cost += COST.sentencesParted;
    const room = (next - first.start) / FLICKS_PER_SECOND - this.#gapSeconds;
    const need = lengthOf(this, from, to) / readingSpeed;
    if (need > room) cost += COST.tooFast + COST.tooFastRate * Math.min(COST.tooFastMost, need / Math.max(room, 0.05) - 1);
    if (room < shortest) cost += (COST.tooShort * (shortest - room)) / shortest;
    if (single && !(this.#startsSentence(from) && this.#breaks.endsSentence(last.text))) cost += COST.orphan;
    return cost;
  }

  /** The place before a word ends a sentence (or begins the stretch). */
  #startsSentence(at: number): boolean {
    const before = this.words[at - 1];
    return before === undefined || this.#breaks.endsSentence(before.text);
  }

  /** The text of words [from, to) in lines. */
  linesOf(from: number, to: number): number[] {
    return chooseLines(this, from, to, this.#rules)?.starts ?? [];
  }
}
