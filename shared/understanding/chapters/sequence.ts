/** Chapters of clips put together: moved to where the cut plays them. */
import type { MediaId } from '../../media.ts';
import { flicks, type Flicks } from '../../time.ts';
import type { Chapter } from '../types.ts';

export type ChaptersByMedia = Readonly<Record<MediaId, readonly Chapter[]>>;

interface Clip {
  readonly media: MediaId;
  /** In the media's time; end exclusive. */
  readonly start: Flicks;
  readonly end: Flicks;
}

/**
 * The chapters of a sequence of clips, in its own time, which begins at 0. A chapter whose beginning was cut begins with its first kept moment; neighbours of the same
 * chapter are one. A clip of a media without chapters goes on with the chapter before it. Chapters without a time are left out.
 */
export function chaptersOfSequence(chapters: ChaptersByMedia, clips: readonly Clip[]): Chapter[] {
  const found: Chapter[] = [];
  let at = 0;
  let last = '';
  for (const { media, start, end } of clips) {
    for (const { chapter, from } of chaptersWithin(chapters[media] ?? [], start, end)) {
      const key = `${media} ${chapter.id}`;
      if (key !== last) found.push({ ...chapter, id: `chapter-${found.length + 1}`, start: flicks(at + from - start) });
      last = key;
    }
    at += end - start;
  }
  return found;
}

/** The chapter that is on at `start`, and those that begin before `end`; each with the moment from which it is on. */
function chaptersWithin(chapters: readonly Chapter[], start: Flicks, end: Flicks): { chapter: Chapter; from: Flicks }[] {
  const timed = chapters.flatMap((chapter) => (chapter.start === null || chapter.start >= end ? [] : [{ chapter, from: chapter.start }])).sort((a, b) => a.from - b.from);
  const first = timed.findLastIndex(({ from }) => from <= start);
  return timed.slice(Math.max(0, first)).map(({ chapter, from }) => ({ chapter, from: flicks(Math.max(from, start)) }));
}
