/** The transcript as text: words in the order in which the edit plays them, what is cut standing where it was cut, in paragraphs. */
import type { Cue } from '../../shared/captions/types.ts';
import { mergeRanges, type TimeRange } from '../../shared/ranges.ts';
import { fromSeconds, type Flicks } from '../../shared/time.ts';
import { wordsOfCue, type SpokenWord } from './transcript-words.ts';

export interface DocumentWord extends SpokenWord {
  /** No clip plays it. */
  readonly cut: boolean;
  /** Its place among all words in order of time. */
  readonly order: number;
}

export interface Paragraph {
  /** Stays the same while its first word does. */
  readonly key: string;
  readonly speaker: string | null;
  /** Words of the document: first, and behind the last. */
  readonly from: number;
  readonly to: number;
  /** It stands elsewhere than in the media: it is not in the longest part of the text that is in order. */
  readonly moved: boolean;
}

export interface TranscriptDocument {
  readonly words: readonly DocumentWord[];
  readonly paragraphs: readonly Paragraph[];
  /** Indices of words in order of their start, for finding the one at a time. */
  readonly byTime: readonly number[];
}

/** A pause this long begins a new paragraph. */
const PAUSE = fromSeconds(2);
/** From so many words on a paragraph ends with the next sentence; from so many, anywhere. Short blocks keep scrolling exact. */
const FULL_PARAGRAPH = 50;
const LONGEST_PARAGRAPH = 110;
const SENTENCE_END = /[.!?。！？…]["'”’」』)]*$/u;

interface Section extends TimeRange {
  readonly cut: boolean;
}

/** `clips` are the media's own, in the order of the lane; none: nothing is cut. */
export function makeDocument(cues: readonly Cue[], clips: readonly TimeRange[]): TranscriptDocument {
  const spoken = cues.flatMap((cue) => wordsOfCue(cue));
  const words = clips.length === 0 ? spoken.map((word, order) => ({ ...word, cut: false, order })) : inOrderOfLane(spoken, sectionsOf(clips));
  const byTime = words.map((_, index) => index).sort((a, b) => (words[a]?.start ?? 0) - (words[b]?.start ?? 0) || a - b);
  return { words, paragraphs: paragraphsOf(words), byTime };
}

/** The clips, and behind each what was cut out where it ends. Times before the first and after the last go to infinity. */
function sectionsOf(clips: readonly TimeRange[]): Section[] {
  const kept = mergeRanges(clips);
  const gaps = [...kept, null].map((range, index): Section => {
    const start = kept[index - 1]?.end ?? (-Infinity as Flicks);
    return { start, end: range?.start ?? (Infinity as Flicks), cut: true };
  });
  // Each is taken once: a moment that two clips end with was cut once.
  const left = new Map<number, Section>(gaps.map((gap) => [gap.start, gap]));
  const take = (start: number, mustEnd?: Flicks): Section[] => {
    const gap = left.get(start);
    if (!gap || (mustEnd !== undefined && gap.end !== mustEnd)) return [];
    left.delete(start);
    return [gap];
  };
  return clips.flatMap((clip) => [...take(-Infinity, clip.start), { start: clip.start, end: clip.end, cut: false }, ...take(clip.end)]);
}

function inOrderOfLane(spoken: readonly SpokenWord[], sections: readonly Section[]): DocumentWord[] {
  const edges = [...new Set(sections.flatMap((section) => [section.start, section.end]))].sort((a, b) => a - b);
  const placeOf = new Map(edges.map((edge, index) => [edge, index]));
  const spans = edges.map((): number[] => []);
  sections.forEach((section, index) => {
    for (let edge = placeOf.get(section.start) ?? 0; edge < edges.length && (edges[edge] ?? Infinity) < section.end; edge += 1) spans[edge]?.push(index);
  });
  const held = sections.map((): DocumentWord[] => []);
  spoken.forEach((word, order) => {
    const middle = (word.start + word.end) / 2;
    for (const index of spans[lastAtOrBefore(edges, middle)] ?? []) held[index]?.push({ ...word, cut: sections[index]?.cut ?? false, order });
  });
  return held.flat();
}

function lastAtOrBefore(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function paragraphsOf(words: readonly DocumentWord[]): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  const keys = new Set<string>();
  let from = 0;
  for (let index = 1; index <= words.length; index += 1) {
    const [word, before] = [words[index], words[index - 1]];
    if (word && before && !breaksBetween(before, word, index - from)) continue;
    const first = words[from];
    if (!first) break;
    const base = `${first.cue}:${first.from}`;
    let key = base;
    for (let copy = 2; keys.has(key); copy += 1) key = `${base}:${copy}`;
    keys.add(key);
    paragraphs.push({ key, speaker: first.speaker, from, to: index, moved: false });
    from = index;
  }
  return markMoved(paragraphs, words);
}

/** Marks those that are out of order: all but a rising run of the paragraphs' first words that holds the most words. */
function markMoved(paragraphs: readonly Paragraph[], words: readonly DocumentWord[]): Paragraph[] {
  const order = paragraphs.map((paragraph) => words[paragraph.from]?.order ?? 0);
  if (order.every((first, index) => index === 0 || first > (order[index - 1] ?? 0))) return [...paragraphs];
  const held: number[] = [];
  const before: number[] = [];
  paragraphs.forEach(({ from, to }, index) => {
    let best = -1;
    for (let other = 0; other < index; other += 1) {
      if ((order[other] ?? 0) < (order[index] ?? 0) && (held[other] ?? 0) > (held[best] ?? 0)) best = other;
    }
    before[index] = best;
    held[index] = to - from + (held[best] ?? 0);
  });
  const inPlace = new Set<number>();
  for (let at = held.indexOf(Math.max(...held)); at >= 0; at = before[at] ?? -1) inPlace.add(at);
  return paragraphs.map((paragraph, index) => ({ ...paragraph, moved: !inPlace.has(index) }));
}

function breaksBetween(before: DocumentWord, word: DocumentWord, length: number): boolean {
  if (word.order !== before.order + 1 || word.speaker !== before.speaker) return true;
  if (word.start - before.end >= PAUSE || length >= LONGEST_PARAGRAPH) return true;
  return length >= FULL_PARAGRAPH && SENTENCE_END.test(before.text);
}

/** Index of the word that is said at `time`, or was said last within a second; -1 when there is none. */
export function wordAt(document: TranscriptDocument, time: Flicks): number {
  const { words, byTime } = document;
  let low = 0;
  let high = byTime.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[byTime[middle] ?? -1]?.start ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  const index = byTime[low - 1] ?? -1;
  const word = words[index];
  return word && time < word.end + fromSeconds(1) ? index : -1;
}

/** First and behind the last word of the sentence that holds a word, within its paragraph. */
export function sentenceAt(document: TranscriptDocument, index: number): { from: number; to: number } {
  const { words, paragraphs } = document;
  const paragraph = paragraphs.find((each) => index >= each.from && index < each.to);
  if (!paragraph) return { from: index, to: index + 1 };
  let { from } = paragraph;
  for (let at = paragraph.from; at < index; at += 1) if (SENTENCE_END.test(words[at]?.text ?? '')) from = at + 1;
  let to = index;
  while (to < paragraph.to - 1 && !SENTENCE_END.test(words[to]?.text ?? '')) to += 1;
  return { from, to: to + 1 };
}

/** Words as running text, a blank line between paragraphs. */
export function textOf(document: TranscriptDocument, from: number, to: number, keepCut: boolean): string {
  const parts: string[] = [];
  for (const paragraph of document.paragraphs) {
    let text = '';
    for (let index = Math.max(from, paragraph.from); index < Math.min(to, paragraph.to); index += 1) {
      const word = document.words[index];
      if (word && (keepCut || !word.cut)) text += text !== '' && word.space ? ` ${word.text}` : word.text;
    }
    if (text !== '') parts.push(text);
  }
  return parts.join('\n\n');
}
