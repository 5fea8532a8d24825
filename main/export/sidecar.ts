/** Caption files: beside an export with matching names, and on their own. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readCaptions, writeCaptions } from '../../shared/captions/formats/index.ts';
import type { CaptionFormat, WriteOptions } from '../../shared/captions/formats/types.ts';
import type { CaptionTrack, Cue } from '../../shared/captions/types.ts';
import { ExpectedError } from '../../shared/errors.ts';
import { toSeconds } from '../../shared/time.ts';
import { openSafeFile, writeFailure, type SafeFile } from '../media/safeFile.ts';
import { groupTracks } from './captionStreams.ts';
import { stemOf } from './names.ts';

/**
 * Names of the caption files beside the export at `path`: its stem, the language, the format, as players look for them. A second one of a
 * language is numbered. One for each group of `tracks`, in their order.
 */
export function sidecarPaths(path: string, tracks: readonly CaptionTrack[], format: CaptionFormat): string[] {
  const taken = new Set<string>();
  return groupTracks(tracks).map(([lead]) => {
    const tag = !lead || lead.language === 'und' ? '' : `.${lead.language.replace(/[^\w-]/g, '')}`;
    for (let number = 1; ; number += 1) {
      const name = `${stemOf(path)}${tag}${number === 1 ? '' : `.${number}`}.${format}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return join(dirname(path), name);
    }
  });
}

/**
 * Writes a track to a temporary file, reads it back and counts its cues. The caller commits or discards. Throws ExpectedError as
 * `openSafeFile`, and captions_none for a track without a cue, verify_failed.
 */
export async function openCaptionFile(
  target: { path: string; overwrite: boolean; inputs: readonly string[] },
  track: CaptionTrack,
  format: CaptionFormat,
  options: WriteOptions,
): Promise<SafeFile> {
  const name = basename(target.path);
  if (track.cues.length === 0) throw new ExpectedError('captions_none', { name });
  const output = await openSafeFile(target);
  try {
    await writeFile(output.path, writeCaptions(track, format, options).text);
    const read = readCaptions(await readFile(output.path), { name, format }).cues.length;
    const expected = track.cues.filter((cue) => isWritten(cue, format)).length;
    if (format !== 'txt' && read !== expected) throw new ExpectedError('verify_failed', { name, what: `cues ${read} ${expected}` });
    return output;
  } catch (error) {
    await output.discard();
    throw writeFailure(error, target.path);
  }
}

/** Formats for players show nothing before zero, and none shows a cue without text. */
function isWritten({ text, end }: Cue, format: CaptionFormat): boolean {
  return text.trim() !== '' && (format === 'json' || toSeconds(end) >= 0.001);
}
