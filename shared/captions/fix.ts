/** Mending cues that break the rules. */
import { checkCues, wordCount } from './check.ts';
import { cueOf, slotOf, snapSlots, type Slot } from './cuts.ts';
import { mergeCues } from './edits.ts';
import type { Layout } from './lines.ts';
import { inOrder, isShortOf, limitsOf, needOf, type Limits } from './measures.ts';
import { FLICKS_PER_SECOND } from '../time.ts';
import { endSooner, giveTime, keepInRange, partNeighbours } from './timeFix.ts';
import { fillEmpty, fitsLayout, mendText } from './textFix.ts';
import type { CaptionContext, Violation } from './ruleTypes.ts';
import type { CaptionRules, Cue } from './types.ts';

export interface FixedCues {
  /** All cues in order of time; those that were right are the same objects. */
  cues: Cue[];
  /** What is still wrong because it can't be met. */
  unmet: Violation[];
}

/** Rounds of mending at most. Each mends what the one before made possible; the second mostly finds nothing. */
const ROUNDS = 8;
/** Cues are joined over a silence of at most this long. */
const JOIN = FLICKS_PER_SECOND;

/**
 * Mends all cues: lines broken anew, texts split that no layout holds, overlaps ended, gaps kept, time given for reading (a start moves at most 0.5 s earlier and
 * 0.25 s later, except to end an overlap), cues that are too short for any of this joined with a neighbour of the same speaker, edges put on cuts. No text or word
 * is lost or changes its place; empty cues go. Doing it again changes nothing.
 */
export function fixCues(cues: readonly Cue[], rules: CaptionRules, context: CaptionContext): FixedCues {
  const fixed = mend(cues, rules, context, null);
  return { cues: fixed, unmet: checkCues(fixed, rules, context) };
}

/** Mends one cue: only it, its parts, and what it must push. `unmet` is what is still wrong with it and its parts. */
export function fixCue(cues: readonly Cue[], id: string, rules: CaptionRules, context: CaptionContext): FixedCues {
  const concerned = new Set([id]);
  const fixed = mend(cues, rules, context, concerned);
  return { cues: fixed, unmet: checkCues(fixed, rules, context).filter((violation) => concerned.has(violation.cue)) };
}

/** `only`: ids that it is about (parts of a split are added); null for all. */
function mend(cues: readonly Cue[], rules: CaptionRules, context: CaptionContext, only: Set<string> | null): Cue[] {
  const concerned = (id: string): boolean => only === null || only.has(id);
  const limits = limitsOf(rules, context);
  const layout: Layout = { rules, language: context.language };
  let now = inOrder(cues);
  for (let round = 0; round < ROUNDS; round += 1) {
    const texts = mendTexts(now, layout, limits, concerned, only);
    const slots = mendTimes(texts, limits, concerned);
    const joined = joinShort(slots, layout, limits, concerned, only);
    const next = inOrder(joined);
    if (next.length === now.length && next.every((cue, i) => cue === now[i])) break;
    now = next;
  }
  const were = new Set(cues);
  return now.map((cue) => (were.has(cue) || cue.touched ? cue : { ...cue, touched: true }));
}

function mendTexts(cues: readonly Cue[], layout: Layout, limits: Limits, concerned: (id: string) => boolean, only: Set<string> | null): Cue[] {
  const ids = new Set(cues.map((cue) => cue.id));
  const unbalanced = new Set(checkCues(cues, layout.rules, limits.context).flatMap(({ cue, code }) => (code === 'unbalanced' ? [cue] : [])));
  const newId = (cue: Cue): string => {
    let id = '';
    for (let number = 2; id === '' || ids.has(id); number += 1) id = `${cue.id.slice(0, 56)}~${number}`;
    ids.add(id);
    only?.add(id);
    return id;
  };
  return cues.flatMap((cue) => {
    if (!concerned(cue.id)) return [cue];
    const whole = fillEmpty(cue);
    return whole ? mendText(whole, layout, limits, unbalanced.has(cue.id), newId) : [];
  });
}

function mendTimes(cues: readonly Cue[], limits: Limits, concerned: (id: string) => boolean): Slot[] {
  const slots = cues.map((cue) => slotOf(cue, limits.rules));
  keepInRange(slots, limits, concerned);
  partNeighbours(slots, limits, concerned);
  endSooner(slots, limits, concerned);
  giveTime(slots, limits, concerned);
  snapSlots(slots, limits, concerned);
  return slots;
}

/** Cues that are still too short for their text, joined with the neighbour that they suit best. */
function joinShort(slots: readonly Slot[], layout: Layout, limits: Limits, concerned: (id: string) => boolean, only: Set<string> | null): Cue[] {
  const cues = slots.map(cueOf);
  const result: Cue[] = [];
  for (let i = 0; i < cues.length; i += 1) {
    const cue = cues[i];
    if (!cue) continue;
    const isShort = (one: Cue | undefined): boolean => one !== undefined && concerned(one.id) && isShortOf(one.end - one.start, needOf(one, limits.rules));
    const last = result.at(-1);
    const next = cues[i + 1];
    const joined = last && (isShort(cue) || isShort(last)) ? join(last, cue, next, layout, limits) : null;
    if (joined) {
      result[result.length - 1] = joined;
      only?.add(joined.id);
    } else {
      result.push(cue);
    }
  }
  return result;
}

/** Two neighbours as one, where that keeps the rules; else null. `next` is the cue after them. */
function join(first: Cue, second: Cue, next: Cue | undefined, layout: Layout, limits: Limits): Cue | null {
  const { rules } = layout;
  const strangers = first.speaker !== second.speaker && first.speaker !== null && second.speaker !== null;
  if (strangers || second.start - first.end > JOIN || JSON.stringify(first.place) !== JSON.stringify(second.place)) return null;
  if ((first.words.length > 0) !== (second.words.length > 0)) return null;
  const [merged] = mergeCues([first, second], layout).insert;
  if (!merged || !fitsLayout(merged.text, layout)) return null;
  if (rules.words !== null && wordCount(merged, layout.language) > rules.words) return null;
  const need = needOf(merged, rules);
  const room = Math.min(next ? next.start - limits.gap : limits.high, limits.high) - merged.start;
  if (merged.end - merged.start > limits.longest || isShortOf(Math.max(room, merged.end - merged.start), need)) return null;
  return { ...merged, touched: true };
}
