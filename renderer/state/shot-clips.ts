import { m } from '../../shared/i18n/index.ts';
import { formatClock, type Flicks } from '../../shared/time.ts';
import type { ExportRange } from './export.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';

/** "holiday shot 12": what a clip is called until it is renamed. Shots are counted from 1 for people. */
export function shotClipName(mediaName: string, index: number): string {
  return m.panels_clip_default_name({ media: mediaName.replace(/\.[^.]+$/, ''), n: index + 1 });
}

/** Characters of a sentence that name its clip: enough to know it again in a lane. */
const NAME_LENGTH = 60;

/** A moment's clip is called by its first words; where nothing is said, by its shot, else by its time. */
export function momentClipName(mediaName: string, moment: { readonly text: string; readonly start: Flicks; readonly shot: number | null } | null): string {
  const text = moment?.text.trim().replace(/\s+/g, ' ') ?? '';
  const file = mediaName.replace(/\.[^.]+$/, '');
  if (!moment) return file;
  if (text === '') return moment.shot === null ? `${file} ${formatClock(moment.start)}` : shotClipName(mediaName, moment.shot);
  const letters = Array.from(text);
  return letters.length <= NAME_LENGTH ? text : `${letters.slice(0, NAME_LENGTH - 1).join('').trimEnd()}…`;
}

/** The shots with these indices as ranges; what is not there (yet) is left out. */
export function shotRanges(entry: MediaEntry, indices: readonly number[]): ExportRange[] {
  return indices.flatMap((index) => {
    const item = entry.analysis.shots[index];
    if (!item) return [];
    return [{ media: entry.media.id, start: item.shot.start, end: item.shot.end, name: shotClipName(entry.media.name, index) }];
  });
}
