/** Changes of a list of chapters by hand. Each gives a new list, in order of time; null where it can't be done. */
import { flicks, type Flicks } from '../../shared/time.ts';
import type { Chapter, Sentence } from '../../shared/understanding/types.ts';

/** Index of the chapter that `time` is in; -1 before the first. Chapters without times are at no time. */
export function chapterAt(chapters: readonly Chapter[], time: Flicks): number {
  return chapters.findLastIndex((chapter) => chapter.start !== null && chapter.start <= time);
}

/** Chapter `index` ends where the next begins, else at `end`. Null for a text without times. */
export function chapterRange(chapters: readonly Chapter[], index: number, end: Flicks): { start: Flicks; end: Flicks } | null {
  const start = chapters[index]?.start ?? null;
  if (start === null) return null;
  return { start, end: flicks(Math.max(start, chapters[index + 1]?.start ?? end)) };
}

/** First sentence that is said at `time` or after it; the last one when all are before. */
export function sentenceFrom(sentences: readonly Sentence[], time: Flicks): number {
  const index = sentences.findIndex((sentence) => sentence.end !== null && sentence.end > time);
  return index < 0 ? Math.max(0, sentences.length - 1) : index;
}

export function renameChapter(chapters: readonly Chapter[], id: string, title: string): Chapter[] | null {
  const trimmed = title.trim().replace(/\s+/g, ' ').slice(0, 200);
  const chapter = chapters.find((each) => each.id === id);
  if (!chapter || trimmed === '' || trimmed === chapter.title) return null;
  return chapters.map((each) => (each.id === id ? { ...each, title: trimmed, touched: true } : each));
}

/** A new chapter begins at `time`, with this title. Not where one begins already. */
export function splitChapter(chapters: readonly Chapter[], sentences: readonly Sentence[], time: Flicks, fresh: { id: string; title: string }): Chapter[] | null {
  if (chapters.some((chapter) => chapter.start === time)) return null;
  const added: Chapter = { ...fresh, start: time, firstSentence: sentenceFrom(sentences, time), touched: true };
  return [...chapters, added].sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
}

/** The chapter becomes a part of the one before it. The first has none. */
export function mergeChapter(chapters: readonly Chapter[], id: string): Chapter[] | null {
  const index = chapters.findIndex((each) => each.id === id);
  if (index < 1) return null;
  return chapters.filter((_, at) => at !== index).map((each, at) => (at === index - 1 ? { ...each, touched: true } : each));
}

/** The chapter begins at `time`, which must be between its neighbours' beginnings. */
export function moveChapter(chapters: readonly Chapter[], sentences: readonly Sentence[], id: string, time: Flicks): Chapter[] | null {
  const index = chapters.findIndex((each) => each.id === id);
  const chapter = chapters[index];
  if (!chapter || chapter.start === time || time <= (chapters[index - 1]?.start ?? -Infinity) || time >= (chapters[index + 1]?.start ?? Infinity)) return null;
  return chapters.map((each) => (each === chapter ? { ...each, start: time, firstSentence: sentenceFrom(sentences, time), touched: true } : each));
}
