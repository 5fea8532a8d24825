/** Ranges as typed: "12.5-20", "0:10-1:02:08", "00:00:10:12-00:00:15:00". */
import { m } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import { parseTime, type Flicks } from '../../shared/time.ts';
import { UsageError } from './usage.ts';

/** As typed: a timecode needs the file's frame rate to be understood. */
export interface TypedRange {
  start: string;
  end: string;
}

/** Any rate will do to see whether a timecode has the shape of one. */
const SOME_RATE = { num: 240, den: 1 };

export function parseRange(text: string): TypedRange {
  const [start, end, ...more] = text.split('-');
  const isTime = (part: string | undefined): part is string => part !== undefined && parseTime(part, SOME_RATE) !== null;
  if (!isTime(start) || !isTime(end) || more.length > 0) {
    throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--range', wanted: m.cli_wanted_range() }));
  }
  return { start, end };
}

/** For an option that may be given several times. */
export function addRange(text: string, before: TypedRange[] | undefined): TypedRange[] {
  return [...(before ?? []), parseRange(text)];
}

/** A time of the file's own, as `analyze` prints them. */
export function timeIn(media: Media, text: string): Flicks {
  const time = parseTime(text, media.video?.frameRate);
  if (time === null) throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--range', wanted: m.cli_wanted_range() }));
  return time;
}
