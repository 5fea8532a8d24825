/** Times as subtitle files write them. */
import { flicks, FLICKS_PER_SECOND, fromSeconds, type Flicks } from '../../time.ts';

/** Times further from zero than this (115 days) are taken for nonsense: beyond it a count of flicks is no longer exact. */
const FURTHEST_SECONDS = 10_000_000;
export const FLICKS_PER_MILLISECOND = FLICKS_PER_SECOND / 1000;
/** Taken where a file counts frames (00:00:01:12) without saying how many make a second. */
const GUESSED_FRAME_RATE = 25;

export interface ClockReading {
  time: Flicks;
  /** What follows the time. */
  rest: string;
  /** Understood, but not written as it should be: minutes above 59, a counted frame. */
  odd: boolean;
}

// Every repetition is bounded, so that no text makes it slow.
const CLOCK = /^\s{0,20}([-−])?\s{0,4}(?:(\d{1,5})\s{0,2}[:：]\s{0,2})?(\d{1,5})\s{0,2}[:：]\s{0,2}(\d{1,5})(?:\s{0,2}([.,:;。，．])\s{0,2}(\d{1,12}))?/;

/** Reads [-][H:]M:S[,mmm] at the start of a text, with point or comma; null when there is none or it is out of all bounds. */
export function readClock(text: string): ClockReading | null {
  const found = CLOCK.exec(text);
  if (!found) return null;
  const [whole, sign, hours, minutes = '0', seconds = '0', mark, digits] = found;
  const fraction = readFraction(mark, digits);
  const total = Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds) + fraction;
  const time = secondsToFlicks(sign === undefined ? total : -total);
  if (time === null) return null;
  const framed = mark === ':' && digits !== undefined && digits.length < 3;
  const odd = framed || Number(seconds) > 59 || (hours !== undefined && Number(minutes) > 59);
  return { time, rest: text.slice(whole.length), odd };
}

function readFraction(mark: string | undefined, digits: string | undefined): number {
  if (digits === undefined) return 0;
  // 00:00:01:12 counts frames; 00:00:01:120 is a mistyped comma.
  if (mark === ':' && digits.length < 3) return Number(digits) / GUESSED_FRAME_RATE;
  return Number(digits) / 10 ** digits.length;
}

/** Nearest flick, or null for what is no time: not finite, or out of all bounds. */
export function secondsToFlicks(seconds: number): Flicks | null {
  return Number.isFinite(seconds) && Math.abs(seconds) <= FURTHEST_SECONDS ? fromSeconds(seconds) : null;
}

/** Rounds to a whole number of units of `step` flicks. */
export function roundTo(time: Flicks, step: number): Flicks {
  return flicks(Math.round(time / step) * step);
}

const pad = (count: number, digits: number): string => String(count).padStart(digits, '0');

/** HH:MM:SS and a fraction of `digits` digits after `mark`; times before zero are written as zero. */
export function writeClock(time: Flicks, mark: string, digits: 2 | 3, hourDigits = 2): string {
  const scale = 10 ** digits;
  const total = Math.max(0, Math.round((time / FLICKS_PER_SECOND) * scale));
  const seconds = Math.floor(total / scale);
  const clock = `${pad(Math.floor(seconds / 3600), hourDigits)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  return `${clock}${mark}${pad(total % scale, digits)}`;
}
