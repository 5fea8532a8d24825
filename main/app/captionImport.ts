/** Subtitle files that the person chose, as tracks of a media. */
import { basename } from 'node:path';
import { warningSentence } from '../../shared/captions/formats/sentences.ts';
import { formatOfName } from '../../shared/captions/formats/detect.ts';
import { toWireError } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import type { ImportedCaptions } from '../../shared/ipc/app.ts';
import type { MediaId } from '../../shared/media.ts';
import type { EngineHost } from './engineHost.ts';

/** For the dialog's filter and for what is dropped. */
export const CAPTION_EXTENSIONS = ['srt', 'vtt', 'ass', 'ssa', 'ttml', 'dfxp', 'itt', 'xml', 'txt', 'lrc', 'json', 'jsonl'];

/** True for a name that says it holds subtitles, or text that can be nothing else here. */
export function isCaptionName(name: string): boolean {
  return formatOfName(name) !== null;
}

/** Reads each in order; one that can't be read doesn't stop the others. */
export async function importCaptions(paths: readonly string[], media: MediaId, engine: EngineHost): Promise<ImportedCaptions> {
  const result: ImportedCaptions = { tracks: [], warnings: [], failed: [] };
  for (const path of new Set(paths)) {
    const name = basename(path);
    try {
      const { track, warnings } = await engine.readCaptions(path, media);
      result.tracks.push(track);
      for (const warning of warnings) result.warnings.push(m.captions_format_of({ name, sentence: warningSentence(warning) }));
    } catch (error) {
      result.failed.push({ name, error: toWireError(error) });
    }
  }
  return result;
}
