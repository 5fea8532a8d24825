/** Captions drawn into the picture: the script file and the filter that draws it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import { DEFAULT_CAPTION_STYLE, type CaptionTrack, type Cue } from '../../shared/captions/types.ts';
import { cuesOfSequence } from '../../shared/captions/sequence.ts';
import { flicks, FLICKS_PER_SECOND, type Flicks } from '../../shared/time.ts';
import { findTools, hasFilters } from '../media/ffmpeg.ts';
import { filterValue } from '../media/filterText.ts';
import { findFontsDir } from '../media/fonts.ts';
import { assScript } from './assScript.ts';
import { drawnColour, type DrawnOn } from './captionColour.ts';
import type { ExportSegment } from './plan.ts';

/** A script whose times begin with the segment, and the size of the picture it was written for. */
export interface BurnedScript {
  path: string;
  width: number;
  height: number;
}

/** Draws the script into frames whose times begin at zero. The picture may have other pixels than square ones. */
export function burnFilter({ path, width, height }: BurnedScript, hasAlpha: boolean): string {
  const fonts = findFontsDir();
  const options = [`filename=${filterValue(path)}`, `original_size=${width}x${height}`, ...(fonts ? [`fontsdir=${filterValue(fonts)}`] : []), ...(hasAlpha ? ['alpha=1'] : [])];
  return `ass=${options.join(':')}`;
}

/** What a script is drawn on. */
export interface BurnedPicture {
  /** As shown, in pixels. */
  width: number;
  height: number;
  like: DrawnOn;
}

/** Before version 7 ffmpeg's `ass` filter does not look at the picture's colour matrix. */
async function drawsAsBt601(): Promise<boolean> {
  const { major } = (await findTools()).ffmpeg;
  return major !== null && major < 7;
}

/** A frame's time may be rounded down to the millisecond before; it must find its cue all the same. */
function earlier(cue: Cue): Cue {
  const move = (time: Flicks): Flicks => flicks(Math.max(0, time - FLICKS_PER_SECOND / 1000));
  return { ...cue, start: move(cue.start), end: move(cue.end), words: cue.words.map((word) => ({ ...word, start: move(word.start), end: move(word.end) })) };
}

/** Throws ExpectedError('captions_cannot_burn') when this ffmpeg was built without libass. */
export async function requireBurning(): Promise<void> {
  if (!(await hasFilters('ass'))) throw new ExpectedError('captions_cannot_burn');
}

/** Writes the script of a segment into `folder`. Null when no cue falls into it. */
export async function writeScript(
  tracks: readonly CaptionTrack[],
  segment: Pick<ExportSegment, 'media' | 'from' | 'to'>,
  picture: BurnedPicture,
  folder: string,
  name: string,
): Promise<BurnedScript | null> {
  const track = tracks.find(({ media }) => media === segment.media);
  const cues = track ? cuesOfSequence([track], [{ media: segment.media, start: segment.from, end: segment.to }]) : [];
  if (cues.length === 0) return null;
  const { width, height } = picture;
  const asBt601 = await drawsAsBt601();
  const path = join(folder, `${name}.ass`);
  await writeFile(path, assScript(cues.map(earlier), track?.style ?? DEFAULT_CAPTION_STYLE, { width, height, colour: (colour) => drawnColour(colour, picture.like, asBt601) }));
  return { path, width, height };
}
