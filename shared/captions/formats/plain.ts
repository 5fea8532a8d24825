/**
 * Plain text. Without times each paragraph is a cue where blank lines part them, else each line; the cues follow one another at reading speed. Lists with times are
 * read too: "00:01 text", "[00:01.5] text" (LRC), "00:01 - 00:03 text".
 */
import type { Cue, Speaker } from '../types.ts';
import { add, type Flicks } from '../../time.ts';
import { readClock, writeClock } from './clock.ts';
import { readingTime } from './mend.ts';
import { rawCue, type RawCaptions, type RawCue } from './raw.ts';
import type { WriteOptions } from './types.ts';

export function readPlain(lines: readonly string[]): RawCaptions {
  const cues = readTimed(lines) ?? readUntimed(lines);
  return { format: 'txt', cues, speakers: [], language: null, extras: {} };
}

/** A line without an end stays until the next time, the last one as long as it takes to read. */
function endOf(text: string, start: Flicks, cues: readonly RawCue[], index: number): Flicks {
  const next = cues[index + 1]?.start ?? null;
  return next !== null && next > start ? next : add(start, readingTime(text));
}

/** Null when fewer than a third of the lines begin with a time. */
function readTimed(lines: readonly string[]): RawCue[] | null {
  const cues: RawCue[] = [];
  let filled = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    filled += 1;
    const timed = readTimedLine(line, index + 1);
    const last = cues.at(-1);
    if (timed.length > 0) cues.push(...timed);
    else if (last && !/^\[[a-z]{1,8}:/i.test(line)) last.text = `${last.text}\n${line.trim()}`.trim();
  }
  const starts = new Set(cues.map((cue) => cue.line)).size;
  if (starts === 0 || starts * 3 < filled) return null;
  cues.sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  for (const [index, cue] of cues.entries()) if (cue.end === null && cue.start !== null) cue.end = endOf(cue.text, cue.start, cues, index);
  return cues;
}

/** One cue for each time at the start of the line: LRC repeats a line with several. */
function readTimedLine(line: string, number: number): RawCue[] {
  const starts: { start: RawCue['start']; end: RawCue['end'] }[] = [];
  let rest = line;
  while (starts.length < 20) {
    const open = /^\s{0,8}[[(<]?/.exec(rest)?.[0] ?? '';
    const first = readClock(rest.slice(open.length));
    if (!first) break;
    const range = /^\s{0,4}(?:-{1,3}>?|–|—|→|to|,)\s{0,4}/.exec(first.rest);
    const second = range ? readClock(first.rest.slice(range[0].length)) : null;
    starts.push({ start: first.time, end: second?.time ?? null });
    rest = (second ?? first).rest;
    const close = /^\s{0,4}[\])>]/.exec(rest)?.[0];
    if (close === undefined) break;
    rest = rest.slice(close.length);
  }
  const text = rest.replace(/^\s{0,8}[-–—:|]?\s{0,8}/, '').trim();
  return starts.map(({ start, end }) => rawCue(number, { start, end, text }));
}

function readUntimed(lines: readonly string[]): RawCue[] {
  const paragraphs: RawCue[] = [];
  let current: RawCue | null = null;
  let blanks = 0;
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text === '') {
      blanks += current ? 1 : 0;
      current = null;
    } else if (current) current.text += `\n${text}`;
    else paragraphs.push((current = rawCue(index + 1, { text })));
  }
  // One block: lines are what parts it.
  if (blanks > 0 && paragraphs.length > 1) return paragraphs;
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [rawCue(index + 1, { text: line.trim() })]));
}

/** A paragraph a cue where any has several lines, else a line a cue. `times` puts the cue's times before it, `speakerNames` its speaker's name. */
export function writePlain(cues: readonly Cue[], speakers: readonly Speaker[], options: WriteOptions): string {
  const filled = cues.filter((cue) => cue.text.trim() !== '');
  const names = new Map(speakers.map((speaker) => [speaker.id, speaker.name.trim() || speaker.id]));
  const texts = filled.map((cue) => {
    const name = options.speakerNames === true && cue.speaker !== null ? `${names.get(cue.speaker) ?? cue.speaker}: ` : '';
    const times = options.times === true ? `${writeClock(cue.start, '.', 3)} - ${writeClock(cue.end, '.', 3)}  ` : '';
    return `${times}${name}${cue.text}`;
  });
  const apart = filled.some((cue) => cue.text.includes('\n'));
  return texts.length === 0 ? '' : `${texts.join(apart ? '\n\n' : '\n')}\n`;
}
