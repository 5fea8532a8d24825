/**
 * Moving cues' edges to shot cuts that are near, as Netflix's Subtitle Timing Guidelines (2: timing to the shot change) and the BBC's (6.1: subtitles that start
 * on the first frame of a shot and end on its last) ask. Half a second, 12 frames at 24, is near:
 * - a cue that starts after a cut starts on it; so does one that starts up to 7/12 of that before it. One that starts earlier moves out, to half a second before.
 * - a cue that ends near a cut ends the least gap (2 frames) before it; where its text has no time for that it stays on until half a second after.
 */
import { inOrder, isGapSmall, isShortOf, limitsOf, needOf, strayCut, type Limits } from './measures.ts';
import { flicks } from '../time.ts';
import type { CaptionContext } from './ruleTypes.ts';
import type { CaptionRules, Cue } from './types.ts';

/** Share of the reach within which a start before a cut moves onto it: 7 of 12 frames. */
const ONTO = 7 / 12;

export interface Slot {
  cue: Cue;
  start: number;
  end: number;
  /** Flicks that the text needs. */
  need: number;
}

export const slotOf = (cue: Cue, rules: CaptionRules): Slot => ({ cue, start: cue.start, end: cue.end, need: needOf(cue, rules) });
/** The cue with the slot's times; the same object where they are its own. */
export const cueOf = ({ cue, start, end }: Slot): Cue => (cue.start === start && cue.end === end ? cue : { ...cue, start: flicks(start), end: flicks(end) });

/**
 * The cues, in order of time, with their edges on near cuts wherever that breaks no rule: nothing becomes too short, too fast, too long, overlapping or nearer than the
 * gap. Cues that stay as they are are the same objects. Doing it again changes nothing.
 */
export function snapToCuts(cues: readonly Cue[], rules: CaptionRules, context: CaptionContext): Cue[] {
  const limits = limitsOf(rules, context);
  const slots = inOrder(cues).map((cue) => slotOf(cue, rules));
  snapSlots(slots, limits, () => true);
  return slots.map(cueOf);
}

/** The same on slots in order, in place; only edges of those that `concerned` names. Tells whether anything moved. */
export function snapSlots(slots: readonly Slot[], limits: Limits, concerned: (id: string) => boolean): boolean {
  if (limits.reach === 0 || limits.context.cuts.length === 0) return false;
  let moved = false;
  // Each round puts at least one stray edge right for good; few need more than one.
  for (let round = 0; round < 8; round += 1) {
    let again = false;
    for (const edge of ['start', 'end'] as const) {
      slots.forEach((slot, i) => {
        if (concerned(slot.cue.id) && snapEdge(slots, i, edge, limits)) again = true;
      });
    }
    if (!again) break;
    moved = true;
  }
  return moved;
}

function snapEdge(slots: readonly Slot[], i: number, edge: 'start' | 'end', limits: Limits): boolean {
  const slot = slots[i];
  if (!slot) return false;
  const cut = strayCut(edge, slot[edge], limits);
  if (cut === null) return false;
  const { reach, gap } = limits;
  if (edge === 'start') {
    const outside = cut - reach;
    const targets = slot.start > cut ? [cut] : cut - slot.start <= reach * ONTO ? [cut, outside] : [outside, cut];
    return targets.some((target) => moveStart(slots, i, target, limits));
  }
  return [cut - gap, cut + reach].some((target) => moveEnd(slots, i, target, limits));
}

/** Moves a start, the cue before giving way and the own end going on as far as needed; only if all rules that held still hold. */
function moveStart(slots: readonly Slot[], i: number, target: number, limits: Limits): boolean {
  const slot = slots[i];
  const before = slots[i - 1];
  const after = slots[i + 1];
  if (!slot || target < limits.low || strayCut('start', target, limits) !== null) return false;
  const room = Math.min(after ? after.start - limits.gap : limits.high, limits.high);
  const end = Math.min(Math.max(slot.end, Math.min(room, target + slot.need)), target + limits.longest);
  if (!fits(slot, target, end, limits)) return false;
  if (end !== slot.end && strayCut('end', slot.end, limits) === null && strayCut('end', end, limits) !== null) return false;
  if (before && target < before.end + limits.gap && (target < slot.start || isGapSmall(target - before.end, limits))) {
    const shorter = target - limits.gap;
    if (shorter <= before.start || !fits(before, before.start, shorter, limits)) return false;
    if (strayCut('end', before.end, limits) === null && strayCut('end', shorter, limits) !== null) return false;
    before.end = shorter;
  }
  slot.start = target;
  slot.end = end;
  return true;
}

function moveEnd(slots: readonly Slot[], i: number, target: number, limits: Limits): boolean {
  const slot = slots[i];
  const after = slots[i + 1];
  if (!slot || target > limits.high || strayCut('end', target, limits) !== null) return false;
  if (after && target > slot.end && target + limits.gap > after.start) return false;
  if (!fits(slot, slot.start, target, limits)) return false;
  slot.end = target;
  return true;
}

/** New times break no rule of duration and speed that the old ones kept. */
function fits(slot: Slot, start: number, end: number, limits: Limits): boolean {
  const before = slot.end - slot.start;
  const now = end - start;
  if (now <= 0) return false;
  if (now < before && now < slot.need && isShortOf(now, slot.need)) return false;
  return now <= limits.longest || now <= before;
}
