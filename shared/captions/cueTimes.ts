/** In and out times of cues made of words. */
import { FLICKS_PER_SECOND, flicks, frameDuration, type Flicks } from '../time.ts';
import type { CaptionContext } from './ruleTypes.ts';
import type { CaptionRules, Word } from './types.ts';

/** A cue on its way: its words, and the length of its text in the rules' unit. */
export interface UntimedCue {
  words: readonly Word[];
  length: number;
}
export interface CueTime {
  start: Flicks;
  end: Flicks;
}

/** A cue may come this much before its first word when its text needs the time (BBC 5.2 allows 1.5 s; half a second is not felt as early). */
export const LEAD = FLICKS_PER_SECOND / 2;
/** Cues nearer to each other than this are joined but for the least gap (Netflix, Subtitle Timing 1: chaining of gaps up to half a second). */
const CHAIN = FLICKS_PER_SECOND / 2;
/** After a pause this long a cue does not look at the one after it: its end leaves room for any lead. */
export const LONG_PAUSE = 2 * FLICKS_PER_SECOND;

/** Seconds that a text needs: its reading time, or the shortest that a cue may be shown. Never more than the longest. */
export function neededSeconds(length: number, rules: Pick<CaptionRules, 'readingSpeed' | 'shortest' | 'longest'>): number {
  return Math.min(rules.longest, Math.max(rules.shortest, length / rules.readingSpeed));
}

/**
 * Times one cue after another. A cue starts with its first word, earlier by up to `LEAD` into a silence when its text needs it; it ends with its
 * last word, later when its text needs it, and never later than the least gap before the next one.
 */
export class CueTimer {
  readonly #rules: CaptionRules;
  readonly #gap: number;
  readonly #low: number;
  readonly #high: number;
  /** The cue before: nothing may begin before this. */
  #free: number;

  constructor(rules: CaptionRules, context: CaptionContext) {
    this.#rules = rules;
    this.#gap = rules.gapFrames * frameDuration(context.frameRate);
    this.#low = context.range?.start ?? 0;
    this.#high = context.range?.end ?? Number.MAX_SAFE_INTEGER;
    this.#free = this.#low;
  }

  /**
   * Times of the next cue. `following` is the cue after it, `after` the start of the first word after that one; both null where nothing follows. With
   * `pause`, a long pause follows instead and `following` is not looked at.
   */
  time(cue: UntimedCue, following: UntimedCue | null, after: number | null, pause: number | null): CueTime {
    const need = this.#need(cue);
    const firstWord = cue.words[0]?.start ?? this.#free;
    const lead = this.#lead ?? this.#leadOf(cue, pause ?? following?.words[0]?.start ?? null, firstWord - this.#free);
    const start = Math.min(Math.max(this.#free, firstWord - lead), this.#high - 1);
    this.#lead = null;
    const sound = Math.max(start + 1, cue.words.at(-1)?.end ?? 0);
    let limit = this.#high;
    if (pause !== null) limit = Math.min(limit, pause - this.#gap - LEAD);
    else if (following) {
      const next = following.words[0]?.start ?? this.#high;
      const nextLead = this.#leadOf(following, after, next - this.#gap - Math.max(start + need, sound));
      this.#lead = nextLead;
      limit = Math.min(limit, next - nextLead - this.#gap);
    }
    limit = Math.min(limit, start + this.#rules.longest * FLICKS_PER_SECOND);
    let end = Math.min(limit, Math.max(sound, start + need));
    if (pause === null && following && limit - end <= CHAIN - this.#gap) end = limit;
    end = Math.max(start + 1, Math.floor(end));
    this.#free = end + this.#gap;
    return { start: flicks(start), end: flicks(end) };
  }

  /** How much earlier than its first word the cue to be timed next begins; null: not said yet, silence lies before it. */
  #lead: number | null = null;

  #leadOf(cue: UntimedCue, after: number | null, room: number): number {
    if (room <= 0) return 0;
    const first = cue.words[0]?.start ?? 0;
    const until = Math.min(after === null ? this.#high : after - this.#gap, this.#high);
    return Math.floor(Math.max(0, Math.min(LEAD, room, this.#need(cue) - (until - first))));
  }

  #need(cue: UntimedCue): number {
    return Math.ceil(neededSeconds(cue.length, this.#rules) * FLICKS_PER_SECOND);
  }
}
