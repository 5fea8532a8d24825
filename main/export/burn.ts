/** Captions drawn into the picture: the script file and the filter that draws it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import { DEFAULT_CAPTION_STYLE, type CaptionTrack } from '../../shared/captions/types.ts';
import { cuesOfSequence } from '../../shared/captions/sequence.ts';
import { hasFilters } from '../media/ffmpeg.ts';
import { assScript } from './assScript.ts';
import { findFontsDir } from './fonts.ts';
import type { ExportSegment } from './plan.ts';

/** A script whose times begin with the segment, and the size of the picture it was written for. */
export interface BurnedScript {
  path: string;
  width: number;
  height: number;
}

/**
 * A value inside a filter graph, safe whatever is in it: quoted for the filter's own option list, then for the graph (ffmpeg's
 * manual, "Notes on filtergraph escaping").
 */
export function filterValue(text: string): string {
  const inOptions = text.replace(/[\\':]/g, '\\$&');
  return inOptions.replace(/[\\'[\],;]/g, '\\$&');
}

/** Draws the script into frames whose times begin at zero. The picture may have other pixels than square ones. */
export function burnFilter({ path, width, height }: BurnedScript, hasAlpha: boolean): string {
  const fonts = findFontsDir();
  const options = [`filename=${filterValue(path)}`, `original_size=${width}x${height}`, ...(fonts ? [`fontsdir=${filterValue(fonts)}`] : []), ...(hasAlpha ? ['alpha=1'] : [])];
  return `ass=${options.join(':')}`;
}

/** Throws ExpectedError('captions_cannot_burn') when this ffmpeg was built without libass. */
export async function requireBurning(): Promise<void> {
  if (!(await hasFilters('ass'))) throw new ExpectedError('captions_cannot_burn');
}

/** Writes the script of a segment into `folder`. Null when no cue falls into it. */
export async function writeScript(
  tracks: readonly CaptionTrack[],
  segment: Pick<ExportSegment, 'media' | 'from' | 'to'>,
  picture: { width: number; height: number },
  folder: string,
  name: string,
): Promise<BurnedScript | null> {
  const track = tracks.find(({ media }) => media === segment.media);
  const cues = track ? cuesOfSequence([track], [{ media: segment.media, start: segment.from, end: segment.to }]) : [];
  if (cues.length === 0) return null;
  const { width, height } = picture;
  const path = join(folder, `${name}.ass`);
  await writeFile(path, assScript(cues, track?.style ?? DEFAULT_CAPTION_STYLE, { width, height }));
  return { path, width, height };
}
