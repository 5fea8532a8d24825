/** Small decisions of working on cues, as plain functions. */
import type { Cue } from '../../shared/captions/types.ts';
import { flicks, minTime, type Flicks } from '../../shared/time.ts';
import { countBegun } from './cue-times.ts';

/** What turns `before` into `after`, as one change: cues that are the same in both stay out of it. */
export function changeBetween(before: readonly Cue[], after: readonly Cue[]): { remove: string[]; insert: Cue[] } {
  const old = new Map(before.map((cue) => [cue.id, cue]));
  const insert = after.filter((cue) => {
    const known = old.get(cue.id);
    return known === undefined || (known !== cue && JSON.stringify(known) !== JSON.stringify(cue));
  });
  const kept = new Set(after.map((cue) => cue.id));
  const changed = insert.filter((cue) => old.has(cue.id)).map((cue) => cue.id);
  return { remove: [...before.filter((cue) => !kept.has(cue.id)).map((cue) => cue.id), ...changed], insert };
}

/** Where a cue from `time` to `end` at most may stand without covering another; null where one is shown already. `cues` in order of start. */
export function roomForCue(cues: readonly Cue[], time: Flicks, end: Flicks): { start: Flicks; end: Flicks } | null {
  const begun = countBegun(cues, time);
  const covered = cues.slice(Math.max(0, begun - 8), begun).some((cue) => cue.end > time);
  const last = minTime(end, cues[begun]?.start ?? end);
  return covered || last <= time ? null : { start: time, end: last };
}

/**
 * Where to split a cue's text for the playhead: before the first word that begins at or after it, where words have times; else by
 * the share of the time that is over, at the nearest gap between words. With the playhead outside: nearest to the middle.
 */
export function splitOffset(cue: Cue, time: Flicks): number {
  const inside = time > cue.start && time < cue.end;
  const moment = inside ? time : flicks(Math.round((cue.start + cue.end) / 2));
  let from = 0;
  for (const word of cue.words) {
    const at = cue.text.indexOf(word.text, from);
    if (at < 0) continue;
    if (at > 0 && word.start >= moment) return at;
    from = at + word.text.length;
  }
  return nearestGap(cue.text, (cue.text.length * (moment - cue.start)) / (cue.end - cue.start));
}

/** The break between words that is nearest to `offset`; the offset itself in text without spaces. */
function nearestGap(text: string, offset: number): number {
  const gaps = [...text.matchAll(/\s+/g)].map((gap) => gap.index + gap[0].length).filter((gap) => gap < text.length);
  if (gaps.length === 0) return Math.max(1, Math.min(text.length - 1, Math.round(offset)));
  return gaps.reduce((best, gap) => (Math.abs(gap - offset) < Math.abs(best - offset) ? gap : best));
}
