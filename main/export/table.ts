/** Shots and tags as a table: CSV for spreadsheets, JSON for programs. */
import { stat } from 'node:fs/promises';
import { ExpectedError } from '../../shared/errors.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { shotTable, shotTableSchema, type Findings, type ShotTable } from '../../shared/table.ts';
import { formatTimecode, fromSeconds, toSeconds, type Rational } from '../../shared/time.ts';
import { toCsv } from './csv.ts';
import { generatingModels } from './generated.ts';
import type { ExportRange } from './plan.ts';
import { writeSafely } from '../media/safeFile.ts';

/** Columns, named for programs in every language. */
const COLUMNS = [
  'shot', 'start', 'end', 'duration', 'start_timecode', 'end_timecode', 'start_frame', 'end_frame',
  'transition_in', 'confidence', 'keyframe', 'keyframe_frame', 'tags',
] as const;

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** The table as CSV; `labelOf` gives the name of a tag that the person reads. Seconds to the microsecond. */
export function tableToCsv(table: ShotTable, rate: Rational, labelOf: (label: string) => string): string {
  const rows = table.shots.map((shot) => {
    const [keyframe] = shot.keyframes;
    return [
      shot.index + 1,
      rounded(shot.start, 6),
      rounded(shot.end, 6),
      rounded(shot.end - shot.start, 6),
      formatTimecode(fromSeconds(shot.start), rate),
      formatTimecode(fromSeconds(shot.end), rate),
      shot.startFrame,
      shot.endFrame,
      shot.transitionIn,
      rounded(shot.confidence, 3),
      keyframe ? rounded(keyframe.time, 6) : null,
      keyframe?.frame ?? null,
      shot.tags.map(({ label, score }) => `${labelOf(label)} ${score.toFixed(2)}`).join('; '),
    ];
  });
  return toCsv(COLUMNS, rows);
}

export interface TableOptions {
  format: 'csv' | 'json';
  path: string;
  overwrite: boolean;
  labelOf?: (label: string) => string;
  /** Clips on the lane; the JSON lists the media's own. */
  clips?: readonly ExportRange[];
}

function clipsOf(media: Media, clips: readonly ExportRange[]): Pick<ShotTable, 'clips'> {
  const own = clips.filter((clip) => clip.media === media.id);
  if (own.length === 0) return {};
  return {
    clips: own.map(({ name, start, end, effect }) => {
      const models = (effect ? generatingModels(effect) : []).map(({ id }) => id);
      const style = effect && effect.style.id !== 'none' ? effect.style.id : null;
      return { name, start: toSeconds(start), end: toSeconds(end), style, generated: models.length > 0, models };
    }),
  };
}

/** Writes the table of a media. Throws ExpectedError nothing_selected when there are no shots, and as `writeSafely`. */
export async function* exportTable(media: Media, findings: Findings, options: TableOptions): AsyncGenerator<ExportEvent> {
  if (findings.shots.length === 0) throw new ExpectedError('nothing_selected');
  const table = { ...shotTable(media, findings), ...clipsOf(media, options.clips ?? []) };
  const text =
    options.format === 'json'
      ? `${JSON.stringify(shotTableSchema.parse(table), null, 2)}\n`
      : tableToCsv(table, media.video?.frameRate ?? { num: 25, den: 1 }, options.labelOf ?? ((label) => label));
  const data = Buffer.from(text, 'utf8');
  const bytes = await writeSafely({ path: options.path, overwrite: options.overwrite, inputs: [media.path] }, data, async (path) => {
    if ((await stat(path)).size !== data.length) throw new ExpectedError('verify_failed', { name: options.path, what: 'size' });
  });
  yield { type: 'file', path: options.path, bytes, index: 0 };
}
