/** Mending cues' times: order and range, overlaps and gaps, durations and reading speed. All on slots in order of time, in place. */
import { isGapSmall, isShortOf, type Limits } from './measures.ts';
import type { Slot } from './cuts.ts';
import { FLICKS_PER_SECOND } from '../time.ts';

/** A start moves at most this much earlier to give its text time: half a second is not felt as early (the BBC, 5.2, allows 1.5 s). */
const EARLIER = FLICKS_PER_SECOND / 2;
/** A start moves at most this much later to give the text before it time: 6 frames at 24. An overlap is ended by as much as it takes. */
const LATER = FLICKS_PER_SECOND / 4;

type Concerned = (id: string) => boolean;

/** Ends lie after starts and all lies within the range. */
export function keepInRange(slots: readonly Slot[], limits: Limits, concerned: Concerned): void {
  for (const slot of slots) {
    if (!concerned(slot.cue.id)) continue;
    slot.start = Math.min(Math.max(slot.start, limits.low), Math.max(limits.low, limits.high - 1));
    slot.end = Math.max(slot.start + 1, Math.min(slot.end, limits.high));
  }
}

/**
 * No cue starts before the one before has ended by the least gap. First the earlier one ends sooner; where its text has no time for that the later one starts
 * later; where neither has, they share the time by what their texts need.
 */
export function partNeighbours(slots: readonly Slot[], limits: Limits, concerned: Concerned): void {
  slots.forEach((slot, i) => {
    const next = slots[i + 1];
    if (!next || !(concerned(slot.cue.id) || concerned(next.cue.id))) return;
    if (next.start >= slot.end && !isGapSmall(next.start - slot.end, limits)) return;
    part(slot, next, Math.min(slots[i + 2] ? (slots[i + 2]?.start ?? 0) - limits.gap : limits.high, limits.high), limits);
  });
  keepOrder(slots, limits);
}

function part(slot: Slot, next: Slot, room: number, limits: Limits): void {
  const sooner = next.start - limits.gap;
  if (sooner > slot.start && !isShortOf(sooner - slot.start, Math.min(slot.need, slot.end - slot.start))) {
    slot.end = sooner;
    return;
  }
  const later = slot.start + Math.min(slot.need, slot.end - slot.start) + limits.gap;
  if (!isShortOf(Math.min(room, next.start + limits.longest) - later, Math.min(next.need, next.end - next.start))) {
    next.start = Math.max(next.start, later);
  } else {
    const whole = Math.max(0, Math.max(Math.min(room, next.end), next.start) - slot.start - limits.gap);
    const share = Math.round((whole * slot.need) / (slot.need + next.need));
    next.start = Math.max(next.start, Math.min(slot.start + share + limits.gap, slot.end + limits.gap));
  }
  slot.end = Math.max(slot.start + 1, Math.min(slot.end, next.start - limits.gap));
  next.end = Math.max(next.end, next.start + 1);
}

/** Whatever the times were: starts ascend and nothing overlaps, as far as the range has room. */
function keepOrder(slots: readonly Slot[], limits: Limits): void {
  let free = limits.low;
  for (const slot of slots) {
    if (slot.start < free) slot.start = free;
    slot.end = Math.max(slot.end, slot.start + 1);
    free = slot.start + 1;
  }
  let latest = limits.high;
  for (let i = slots.length - 1; i >= 0; i -= 1) {
    const slot = slots[i];
    if (!slot) continue;
    slot.end = Math.min(slot.end, latest);
    if (slot.start >= slot.end) slot.start = Math.max(limits.low, slot.end - 1);
    latest = slot.start;
  }
}

/** Cues shown too long end sooner. (Those whose speech is too long have been split before.) */
export function endSooner(slots: readonly Slot[], limits: Limits, concerned: Concerned): void {
  for (const slot of slots) {
    if (concerned(slot.cue.id) && slot.end - slot.start > limits.longest) slot.end = slot.start + limits.longest;
  }
}

/**
 * Cues too short for their text get time: they end later, start earlier into a silence, and the cue after starts later, in this order and never so that another
 * cue loses what it needs. Where that is not enough a cue still takes the silence after it, and its start stays.
 */
export function giveTime(slots: readonly Slot[], limits: Limits, concerned: Concerned): void {
  slots.forEach((slot, i) => {
    if (!concerned(slot.cue.id) || !isShortOf(slot.end - slot.start, slot.need)) return;
    const before = slots[i - 1];
    const next = slots[i + 1];
    const room = Math.max(slot.end, roomUntil(next, limits));
    const missing = slot.need - (room - slot.start);
    if (missing <= 0) {
      slot.end = slot.start + slot.need;
      return;
    }
    const back = roomBefore(slot, before, limits);
    const ahead = next ? roomAhead(next, slots[i + 2], limits) : 0;
    if (back + ahead < missing) {
      slot.end = room;
      return;
    }
    const earlier = Math.min(back, missing);
    slot.start -= earlier;
    if (before && before.end > slot.start - limits.gap) before.end = slot.start - limits.gap;
    if (next && missing > earlier) {
      next.start += missing - earlier;
      next.end = Math.max(next.end, next.start + Math.min(next.need, roomUntil(slots[i + 2], limits) - next.start));
    }
    slot.end = slot.start + slot.need;
  });
}

const roomUntil = (next: Slot | undefined, limits: Limits): number => Math.min(next ? next.start - limits.gap : limits.high, limits.high);

/** What a slot may not be made shorter than: its need, or what it has. */
const kept = (slot: Slot): number => Math.min(slot.need, slot.end - slot.start);

/** How much earlier a start may be. */
function roomBefore(slot: Slot, before: Slot | undefined, limits: Limits): number {
  const free = before ? before.start + kept(before) + limits.gap : limits.low;
  return Math.max(0, Math.min(EARLIER, slot.start - Math.max(free, limits.low)));
}

/** How much later the start of the slot after may be. */
function roomAhead(next: Slot, after: Slot | undefined, limits: Limits): number {
  const until = Math.max(next.end, Math.min(roomUntil(after, limits), next.start + limits.longest));
  return Math.max(0, Math.min(LATER, until - kept(next) - next.start));
}
