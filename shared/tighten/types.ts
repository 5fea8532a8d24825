/** What tightening would take out, each with its reason: a list for a person to look at before anything is cut. */
import type { TimeRange } from '../ranges.ts';
import type { Flicks } from '../time.ts';

/** A sentence for each: `transcript_reason_<reason>`. */
export const REMOVAL_REASONS = ['silence', 'filler', 'filler_set_off', 'stutter', 'repeated_sentence', 'abandoned_start'] as const;
export type RemovalReason = (typeof REMOVAL_REASONS)[number];

export const REMOVAL_KINDS = ['silence', 'filler', 'repeat'] as const;
export type RemovalKind = (typeof REMOVAL_KINDS)[number];

export interface Removal extends TimeRange {
  /** The same for the same finding, so that a person's choice about it outlives another search. */
  readonly id: string;
  readonly kind: RemovalKind;
  /** The words that go; empty for a silence. */
  readonly text: string;
  readonly reason: RemovalReason;
}

export function removal(kind: RemovalKind, reason: RemovalReason, start: Flicks, end: Flicks, text: string): Removal {
  return { id: `${kind}-${start}`, kind, start, end, text, reason };
}
