/**
 * Operations on cues. Each is pure and answers with what `cues.replace` takes: ids that go and cues that come (an id in both is replaced). Every cue a
 * person changes is `touched`. Times stay at or above zero and every end lies after its start.
 */
import { ExpectedError } from '../errors.ts';
import { flicks, maxTime, type Flicks, ZERO } from '../time.ts';
import { replaceWith, type CueChange } from './cueChange.ts';
import { cutText } from './cutText.ts';
import { layOut, type Layout } from './lines.ts';
import { joinerOf, linesOf, moveSpans, oneLine } from './text.ts';
import { cutWords, timeAt } from './wordPlaces.ts';
import type { Cue, StyleSpan, Word } from './types.ts';

export { replaceWith, type CueChange } from './cueChange.ts';
export { setText } from './setText.ts';
export { findInCues, PatternError, replaceMatches, type FindQuery, type Match, type PatternProblem } from './find.ts';

const NONE: CueChange = { remove: [], insert: [] };

/**
 * One cue becomes two at a place in its text (UTF-16 offset). Where the words beside it have times the first ends with the word before and the second
 * begins with the word after; elsewhere the time is shared by length. No change when nothing would be left on one side, or the cue is too short to part.
 */
export function splitCue(cue: Cue, offset: number, newId: string): CueChange {
  const left = cutText(cue, 0, offset);
  const right = cutText(cue, offset, cue.text.length);
  if (left.text === '' || right.text === '' || cue.end - cue.start < 2) return NONE;
  const { before, after } = cutWords(cue, offset);
  const inside = (time: number): Flicks => flicks(Math.min(Math.max(Math.round(time), cue.start + 1), cue.end - 1));
  const shared = timeAt(cue, offset);
  const leftEnd = inside(before.at(-1)?.end ?? after[0]?.start ?? shared);
  const rightStart = maxTime(leftEnd, inside(after[0]?.start ?? leftEnd));
  return {
    remove: [cue.id],
    insert: [
      { ...cue, ...left, end: leftEnd, words: before, touched: true },
      { ...cue, ...right, id: newId, start: rightStart, words: after, touched: true, extras: { ...cue.extras } },
    ],
  };
}

/**
 * Several cues become the first of them, from its start to the last one's end. Texts of one speaker run on; those of several stand on a line each
 * behind a hyphen (Netflix: dual speakers). With a layout the lines are broken by its rules, else two single lines stay two lines.
 */
export function mergeCues(cues: readonly Cue[], layout?: Layout): CueChange {
  const sorted = [...cues].sort((a, b) => a.start - b.start || a.end - b.end);
  const [first] = sorted;
  if (!first || sorted.length < 2) return NONE;
  const voices = new Set(sorted.map((cue) => cue.speaker).filter((speaker) => speaker !== null));
  const dialogue = voices.size > 1;
  const singles = sorted.length === 2 && sorted.every((cue) => linesOf(cue.text).length === 1);
  let text = '';
  const spans: StyleSpan[] = [];
  for (const cue of sorted) {
    const line = oneLine(cue.text);
    if (line === '') continue;
    const dash = dialogue && !/^[-‐–—]/.test(line) ? '- ' : '';
    if (text !== '') text += dialogue || (singles && !layout) ? '\n' : joinerOf(text, line);
    const offset = text.length + dash.length;
    text += dash + line;
    spans.push(...moveSpans(cue.text, line, cue.spans).map((span) => ({ ...span, from: span.from + offset, to: span.to + offset })));
  }
  const merged: Cue = {
    ...first,
    end: sorted.reduce((end, cue) => maxTime(end, cue.end), first.end),
    text,
    spans,
    words: sorted.flatMap((cue, i) => cue.words.map((word, j) => (i > 0 && j === 0 ? { ...word, space: joinerOf(oneLine(sorted[i - 1]?.text ?? ''), word.text) === ' ' } : word))),
    speaker: dialogue ? first.speaker : (sorted.find((cue) => cue.speaker !== null)?.speaker ?? null),
    touched: true,
  };
  return { remove: sorted.map((cue) => cue.id), insert: [layout && !dialogue ? layOut(merged, layout) : merged] };
}

const moveWord = (word: Word, move: (time: number) => number): Word => {
  const start = flicks(Math.max(0, Math.round(move(word.start))));
  return { ...word, start, end: flicks(Math.max(start, Math.round(move(word.end)))) };
};

/** Cue and words with their times moved; a cue keeps at least one flick. */
function moveCue(cue: Cue, move: (time: number) => number): Cue {
  const start = flicks(Math.max(0, Math.round(move(cue.start))));
  const end = flicks(Math.max(start + 1, Math.round(move(cue.end))));
  return { ...cue, start, end, words: cue.words.map((word) => moveWord(word, move)) };
}

/** All moved by the same time; as far as zero when it would be further. */
export function shiftCues(cues: readonly Cue[], by: Flicks): CueChange {
  const earliest = cues.reduce((least, cue) => Math.min(least, cue.start), Infinity);
  const distance = Math.max(by, -Math.max(0, earliest));
  return replaceWith(cues.map((cue) => moveCue(cue, (time) => time + distance)));
}

/**
 * Times mapped so that `fromStart` becomes `toStart` and `fromEnd` becomes `toEnd`, linearly in between and beyond (a file timed for another frame
 * rate, or drifting). Throws ExpectedError `range_invalid` when either range is empty or turned round.
 */
export function stretchCues(cues: readonly Cue[], fromStart: Flicks, fromEnd: Flicks, toStart: Flicks, toEnd: Flicks): CueChange {
  if (fromEnd <= fromStart || toEnd <= toStart) throw new ExpectedError('range_invalid', { start: toStart, end: toEnd });
  const rate = (toEnd - toStart) / (fromEnd - fromStart);
  return replaceWith(cues.map((cue) => moveCue(cue, (time) => toStart + (time - fromStart) * rate)));
}

/** New in and out times. Words keep theirs, which are the sound's, unless the whole cue is moved without a change of length: then they go along. */
export function retimeCue(cue: Cue, start: Flicks, end: Flicks): CueChange {
  const from = maxTime(ZERO, start);
  const to = maxTime(flicks(from + 1), end);
  if (to - from === cue.end - cue.start) return replaceWith([moveCue(cue, (time) => time + (from - cue.start))]);
  return replaceWith([{ ...cue, start: from, end: to }]);
}

/** A new cue. */
export function insertCue(cue: Pick<Cue, 'id' | 'start' | 'end' | 'text'> & Partial<Cue>): CueChange {
  const start = maxTime(ZERO, cue.start);
  const whole: Cue = { words: [], speaker: null, spans: [], place: null, extras: {}, ...cue, start, end: maxTime(flicks(start + 1), cue.end), touched: true };
  return { remove: [], insert: [whole] };
}

export function deleteCues(cues: readonly Pick<Cue, 'id'>[]): CueChange {
  return { remove: cues.map((cue) => cue.id), insert: [] };
}
