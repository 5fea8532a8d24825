/** The lines "start --> end" of SubRip and WebVTT, as they are written and as they are mistyped. */
import type { Flicks } from '../../time.ts';
import { readClock } from './clock.ts';

export interface TimeLine {
  /** Null: not to be read. Never both. */
  start: Flicks | null;
  end: Flicks | null;
  /** What follows the end: cue settings. */
  settings: string;
  odd: boolean;
}

const ARROW = /-{1,3}\s?>|[–—]{1,2}\s?>|={1,2}>|[→＞]/;
/** SubViewer parts its times with a comma. */
const COMMA_PAIR = /^\s{0,8}\d{1,3}:\d{1,2}:\d{1,2}\.\d{1,3},\d{1,3}:\d{1,2}:\d{1,2}\.\d{1,3}\s{0,8}$/;
/** Longer lines are never times. */
const LONGEST = 500;

/** Null when the line is none. `broken` is a line that means to be one but holds no time at all. */
export function readTimeLine(line: string): TimeLine | 'broken' | null {
  // Most lines are text: the quickest test comes first.
  if (line.length > LONGEST || !/[:：]/.test(line)) return null;
  if (COMMA_PAIR.test(line)) {
    const [left = '', right = ''] = line.split(',');
    return pair(left, right);
  }
  const arrow = ARROW.exec(line);
  if (!arrow) return null;
  const left = line.slice(0, arrow.index);
  const right = line.slice(arrow.index + arrow[0].length);
  const read = pair(left, right);
  if (read && (read.start === null) !== (read.end === null)) return meansTime(left) && meansTime(right) ? read : null;
  if (read) return read;
  return meansTime(left) && meansTime(right) && /\d/.test(left + right) && /:/.test(left + right) ? 'broken' : null;
}

function pair(left: string, right: string): TimeLine | null {
  const first = readClock(left);
  const start = first && /^[\s>-]*$/.test(first.rest) ? first : null;
  const second = readClock(right);
  const end = second && /^(\s|$)/.test(second.rest) ? second : null;
  if (!start && !end) return null;
  // Words after the end that are no settings: this is a sentence with an arrow in it.
  if (end && !start && /^\s*\S/.test(end.rest)) return null;
  return { start: start?.time ?? null, end: end?.time ?? null, settings: (end?.rest ?? '').trim(), odd: !start || !end || start.odd || end.odd };
}

/** A side of the arrow with nothing but what times are made of, damaged or not. */
function meansTime(side: string): boolean {
  return /^[\s\d:.,;?*xXoOlI#-]{0,40}$/.test(side);
}
