import { m } from '../../shared/i18n/index.ts';
import type { ExportRange } from './export.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';

/** "holiday shot 12": what a clip is called until it is renamed. Shots are counted from 1 for people. */
export function shotClipName(mediaName: string, index: number): string {
  return m.panels_clip_default_name({ media: mediaName.replace(/\.[^.]+$/, ''), n: index + 1 });
}

/** The shots with these indices as ranges; what is not there (yet) is left out. */
export function shotRanges(entry: MediaEntry, indices: readonly number[]): ExportRange[] {
  return indices.flatMap((index) => {
    const item = entry.analysis.shots[index];
    if (!item) return [];
    return [{ media: entry.media.id, start: item.shot.start, end: item.shot.end, name: shotClipName(entry.media.name, index) }];
  });
}
