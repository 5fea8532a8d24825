/** Dragging moments of any list to the clip lane: what is carried, and reading it back. */
import { z } from 'zod';
import { rangeSchema } from '../../shared/ipc/engine.ts';
import type { NewClip } from './edit.svelte.ts';

/** A type of its own, so that no other drop takes it. Its data: a JSON list of {media, start, end, name}, times in flicks. */
const RANGES_TYPE = 'application/x-rushes-ranges';

const rangesSchema = z.array(rangeSchema).min(1).max(10_000);

/** What this window drags now: a drag's data can't be read before it is dropped, but its length is shown on the way. */
let carried: readonly NewClip[] = [];

/** Call it in `ondragstart`. */
export function carryRanges(event: DragEvent, ranges: readonly NewClip[]): void {
  const { dataTransfer } = event;
  if (!dataTransfer || ranges.length === 0) return;
  dataTransfer.setData(RANGES_TYPE, JSON.stringify(ranges));
  dataTransfer.effectAllowed = 'copy';
  carried = ranges;
  // An element that goes away while it is dragged hears of no end: the next drag sets it anew.
  event.target?.addEventListener('dragend', () => (carried = []), { once: true });
}

/** The ranges under way; none when the drag began elsewhere. */
export function carriedRanges(): readonly NewClip[] {
  return carried;
}

/** True while ranges are dragged over: what they are can only be read when they are dropped. */
export function carriesRanges(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(RANGES_TYPE) ?? false;
}

/** What was dropped; null when it is something else, or not what this window writes. */
export function droppedRanges(event: DragEvent): NewClip[] | null {
  try {
    const parsed = rangesSchema.safeParse(JSON.parse(event.dataTransfer?.getData(RANGES_TYPE) ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
