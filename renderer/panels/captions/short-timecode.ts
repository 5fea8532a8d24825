import { FLICKS_PER_SECOND, formatTimecode, type Flicks, type Rational } from '../../../shared/time.ts';

/** Timecode without its hours where the media, `length` long, has none: rows are narrow. */
export function shortTimecode(time: Flicks, rate: Rational, length: Flicks): string {
  const whole = formatTimecode(time, rate);
  return length < 3600 * FLICKS_PER_SECOND && whole.startsWith('00:') ? whole.slice(3) : whole;
}
