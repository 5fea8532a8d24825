/** `rushes cut`: ranges of one file, as one file or several. */
import { basename } from 'node:path';
import { readCaptionTrack } from '../engine/captionImport.ts';
import { warningSentence } from '../../shared/captions/formats/sentences.ts';
import type { CaptionTrack } from '../../shared/captions/types.ts';
import { throwIfCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import type { ExportedCaptions } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import type { CutOptions } from './program.ts';
import { timeIn } from './rangeOption.ts';
import type { CommandContext } from './run.ts';
import { UsageError } from './usage.ts';
import { report } from './written.ts';

export async function cut(options: CutOptions, context: CommandContext): Promise<void> {
  const { signal } = context;
  checkCaptions(options);
  const engine = await context.engine();
  const media = await engine.openMedia(options.file, signal);
  const ranges = options.ranges.map(({ start, end }) => ({
    media: media.id,
    start: timeIn(media, start),
    end: timeIn(media, end),
    name: `${start}-${end}`.replaceAll(':', '.'),
  }));
  const target = { path: options.out, overwrite: options.overwrite };
  await report(engine.jobs.exportClips({ ranges, join: options.join, mode: options.mode, captions: await captionsFor(media, options, context), chapters: null, target }, signal), context, false);
  throwIfCancelled(signal);
}

function checkCaptions({ captions, burn, embed }: CutOptions): void {
  if (captions.length > 0 && !burn && !embed) throw new UsageError(m.cli_cut_captions_how());
  if (captions.length === 0 && (burn || embed)) throw new UsageError(m.cli_cut_captions_none());
  if (burn && captions.length > 1) throw new UsageError(m.cli_cut_burn_one());
}

/** The subtitle files as tracks of the media; the first of several embedded ones is shown by default. What could not be read is said. */
async function captionsFor(media: Media, { captions, burn, embed }: CutOptions, { output }: CommandContext): Promise<ExportedCaptions | null> {
  if (captions.length === 0) return null;
  const tracks: CaptionTrack[] = [];
  for (const [index, path] of captions.entries()) {
    const { track, warnings } = await readCaptionTrack(path, media.id, `captions-${index + 1}`);
    for (const warning of warnings) output.note(m.cli_warning({ sentence: `${basename(path)}: ${warningSentence(warning)}` }));
    tracks.push({ ...track, isDefault: index === 0 });
  }
  return { burn: burn ? tracks : [], embed: embed ? tracks : [], sidecar: [], sidecarFormat: 'srt' };
}
