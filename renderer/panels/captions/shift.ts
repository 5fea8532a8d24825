import { flicks, parseTime, type Flicks, type Rational } from '../../../shared/time.ts';

/** Reads a time with a sign: "+0.5", "-1:02.5", "−00:00:02:12" (frames), "3". Null when it is none. */
export function parseShift(text: string, rate: Rational): Flicks | null {
  const sign = /^\s*([+\-−–]?)\s*(.*)$/.exec(text);
  const time = sign?.[2] === undefined ? null : parseTime(sign[2].replace(',', '.'), rate);
  return time === null ? null : flicks(sign?.[1] === '' || sign?.[1] === '+' ? time : -time);
}
