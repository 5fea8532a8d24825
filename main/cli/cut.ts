/** `rushes cut`: ranges of one file, as one file or several. */
import { throwIfCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import { parseTime, type Flicks } from '../../shared/time.ts';
import type { Media } from '../../shared/media.ts';
import type { CutOptions } from './program.ts';
import { UsageError } from './usage.ts';
import type { CommandContext } from './run.ts';
import { report } from './written.ts';

export async function cut(options: CutOptions, context: CommandContext): Promise<void> {
  const { signal } = context;
  const engine = await context.engine();
  const media = await engine.openMedia(options.file, signal);
  const ranges = options.ranges.map(({ start, end }) => ({
    media: media.id,
    start: timeIn(media, start),
    end: timeIn(media, end),
    name: `${start}-${end}`.replaceAll(':', '.'),
  }));
  const target = { path: options.out, overwrite: options.overwrite };
  await report(engine.jobs.exportClips({ ranges, join: options.join, mode: options.mode, captions: null, target }, signal), context, false);
  throwIfCancelled(signal);
}

/** A time of the file's own, as `analyze` prints them. */
function timeIn(media: Media, text: string): Flicks {
  const time = parseTime(text, media.video?.frameRate);
  if (time === null) throw new UsageError(m.cli_usage_bad_value({ value: text, name: '--range', wanted: m.cli_wanted_range() }));
  return time;
}
