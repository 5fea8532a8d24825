/** What is wrong with a cue by its track's rules. A sentence for each code: `captions_rule_<code>`. */
import type { Flicks, Rational } from '../time.ts';

export const VIOLATION_CODES = [
  'line_too_long',
  'too_many_lines',
  'too_fast',
  'too_short',
  'too_long',
  'gap_too_small',
  'overlap',
  'bad_break',
  'unbalanced',
  'near_cut',
  'too_many_words',
  'speakers_mixed',
  'empty',
  'negative_time',
] as const;
export type ViolationCode = (typeof VIOLATION_CODES)[number];

export interface Violation {
  cue: string;
  code: ViolationCode;
  /** The measured value and the limit, in the rule's unit, for the sentence. */
  value: number;
  limit: number;
}

/** What the rules need to know of the picture. */
export interface CaptionContext {
  /** Nominal frames a second; for sound alone 25/1. */
  frameRate: Rational;
  /** Times of shot cuts, ascending; empty when unknown. */
  cuts: readonly Flicks[];
  /** BCP 47 or ISO 639 of the text. */
  language: string;
  /** First and last moment that a cue may be shown. Null: not known. */
  range: { start: Flicks; end: Flicks } | null;
}
