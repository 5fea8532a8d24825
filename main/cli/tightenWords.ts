/** What `rushes tighten` found, as lines for a person and for another program. */
import { m, messageFor } from '../../shared/i18n/index.ts';
import type { Removal } from '../../shared/tighten/index.ts';
import { flicks, formatClock, toSeconds, type Flicks } from '../../shared/time.ts';
import { columns } from './words.ts';

export interface TightenSummary {
  removals: number;
  saved: Flicks;
  /** Of the media. */
  length: Flicks;
  /** Number of ranges that stay. */
  kept: number;
}

export function removalTable(removals: readonly Removal[]): string[] {
  if (removals.length === 0) return [];
  const head = [m.cli_column_start(), m.cli_column_end(), m.cli_column_length(), m.cli_column_reason(), m.cli_column_words()];
  const rows = removals.map(({ start, end, reason, text }) => [
    formatClock(start, 2),
    formatClock(end, 2),
    formatClock(flicks(end - start), 2),
    messageFor(`transcript_reason_${reason}`),
    text,
  ]);
  return columns([head, ...rows], [0, 1, 2]);
}

export function summaryLine({ removals, saved, length }: TightenSummary, name: string): string {
  if (removals === 0) return m.cli_tighten_nothing({ name });
  const percent = length > 0 ? Math.round((100 * saved) / length) : 0;
  return m.cli_tighten_summary({ n: removals, saved: formatClock(saved, 1), length: formatClock(length, 1), left: formatClock(flicks(length - saved), 1), percent });
}

/** Times in seconds. */
export function removalToJson({ kind, reason, start, end, text }: Removal): Record<string, unknown> {
  return { type: 'removal', kind, reason, start: toSeconds(start), end: toSeconds(end), text };
}

export function summaryToJson({ removals, saved, length, kept }: TightenSummary): Record<string, unknown> {
  return { type: 'summary', removals, ranges: kept, length: toSeconds(length), saved: toSeconds(saved), left: toSeconds(flicks(length - saved)) };
}
