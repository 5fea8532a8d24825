/** Chapters as texts that other programs read. */
import { FLICKS_PER_SECOND, flicks, formatClock, toSeconds, type Flicks } from '../../time.ts';
import type { Chapter } from '../types.ts';

/** YouTube shows no chapter shorter than this. Seconds. */
const YOUTUBE_SHORTEST = 10;
/** YouTube shows none where there are fewer. */
const YOUTUBE_FEWEST = 3;

/**
 * `youtube`: a line each, the first at 0:00, chapters under 10 s joined to the one before; `vtt`: WebVTT cues, titles as text; `json`: the Podcast Namespace's JSON
 * chapters 1.2.0. `end` is where the media ends; null: unknown. A chapter without a time is left out.
 */
export function writeChapters(chapters: readonly Chapter[], format: 'youtube' | 'vtt' | 'json', { end }: { end: Flicks | null }): string {
  const timed = chapters.flatMap(({ title, start }) => (start === null ? [] : [{ title: oneLine(title), start }]));
  switch (format) {
    case 'youtube':
      return youtubeChapters(timed, end).map(({ title, start }) => `${youtubeTime(start)} ${title}\n`).join('');
    case 'vtt':
      return `WEBVTT\n${timed.map((chapter, i) => `\n${vttCue(chapter, timed[i + 1]?.start ?? end)}`).join('')}`;
    case 'json':
      return `${JSON.stringify({ version: '1.2.0', chapters: timed.map(({ title, start }) => ({ startTime: Math.round(toSeconds(start) * 1000) / 1000, title })) }, null, 2)}\n`;
  }
}

interface Timed {
  title: string;
  start: Flicks;
}

/** Those that YouTube accepts: the first at 0, each at least 10 s long; short ones go into the one before. */
export function youtubeChapters(chapters: readonly Timed[], end: Flicks | null): Timed[] {
  const kept: Timed[] = [];
  for (const chapter of chapters) {
    const before = kept.at(-1);
    const start = before ? chapter.start : flicks(0);
    const room = end === null ? Infinity : toSeconds(end) - toSeconds(start);
    if (!before || (toSeconds(start) - toSeconds(before.start) >= YOUTUBE_SHORTEST && room >= YOUTUBE_SHORTEST)) kept.push({ ...chapter, start });
  }
  return kept;
}

/** What becomes of the chapters on YouTube: those that are left out, for they are too short and belong to the one before there; and whether YouTube shows any. */
export function youtubeFindings(chapters: readonly Chapter[], { end }: { end: Flicks | null }): { merged: string[]; shown: boolean } {
  const timed = chapters.flatMap(({ title, start }) => (start === null ? [] : [{ title: oneLine(title), start }]));
  const kept = youtubeChapters(timed, end);
  const left = timed.filter(({ start }, i) => i > 0 && !kept.some((each) => each.start === start));
  return { merged: left.map(({ title }) => title), shown: kept.length >= YOUTUBE_FEWEST };
}

function youtubeTime(time: Flicks): string {
  const seconds = Math.floor(toSeconds(time));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function vttCue({ title, start }: Timed, end: Flicks | null): string {
  const until = end !== null && end > start ? end : flicks(start + FLICKS_PER_SECOND);
  const text = title.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;');
  return `${vttTime(start)} --> ${vttTime(until)}\n${text}\n`;
}

function vttTime(time: Flicks): string {
  const clock = formatClock(time);
  // WebVTT's hours have two digits or more.
  return clock.split(':').length === 2 ? `00:${clock}` : clock.padStart(12, '0');
}

function oneLine(title: string): string {
  return title.replace(/\s+/gu, ' ').trim();
}
