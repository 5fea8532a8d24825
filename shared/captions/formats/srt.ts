/**
 * SubRip. There is no standard; what is read is what players accept and what damage leaves: missing or wrong numbers, point or comma, missing
 * hours, no blank line between cues, blank lines within one.
 */
import type { Cue } from '../types.ts';
import type { Flicks } from '../../time.ts';
import { writeClock } from './clock.ts';
import { rawCue, type RawCaptions, type RawCue } from './raw.ts';
import { readSrtText, writeSrtText } from './srtText.ts';
import { readTimeLine, type TimeLine } from './timeLines.ts';
import type { Warnings } from './warnings.ts';
import { withoutBlankLines } from './blankLines.ts';

interface Block {
  time: TimeLine;
  line: number;
  number: number | null;
  text: string[];
}

export function readSrt(lines: readonly string[], warnings: Warnings): RawCaptions {
  const cues = blocksOf(lines, warnings).map((block) => cueOf(block, warnings));
  return { format: 'srt', cues, speakers: [], language: null, extras: {} };
}

/** Groups lines under their time line. What stands before the first one is skipped. */
function blocksOf(lines: readonly string[], warnings: Warnings): Block[] {
  const blocks: Block[] = [];
  let pending: string[] = [];
  let current: Block | null = null;
  let skipping = false;
  for (const [index, line] of lines.entries()) {
    const time = readTimeLine(line);
    if (time === null) {
      if (current) current.text.push(line);
      else if (!skipping) pending.push(line);
      else if (line.trim() !== '') warnings.add('line_skipped', index + 1);
      continue;
    }
    const before: string[] = current?.text ?? pending;
    const number = takeNumber(before, current?.number ?? null);
    if (!current && !skipping) for (const [at, skipped] of before.entries()) if (skipped.trim() !== '') warnings.add('line_skipped', at + 1);
    pending = [];
    skipping = time === 'broken';
    current = time === 'broken' ? null : { time, line: index + 1, number, text: [] };
    if (current) blocks.push(current);
    else warnings.add('line_skipped', index + 1);
  }
  if (!current && !skipping) for (const [at, skipped] of pending.entries()) if (skipped.trim() !== '') warnings.add('line_skipped', at + 1);
  return blocks;
}

/** Takes the number of the cue that follows off the end of the lines before its times. */
function takeNumber(before: string[], last: number | null): number | null {
  let at = before.length - 1;
  // "12", blank, times: the number stands apart.
  if (before.length > 1 && before[at]?.trim() === '' && isNumber(before[at - 1]) && (before[at - 2] ?? '').trim() === '') at -= 1;
  const text = before[at];
  if (!isNumber(text)) return null;
  const number = Number(text?.replace(/\D/g, ''));
  const apart = at === 0 || before[at - 1]?.trim() === '';
  if (!apart && number !== (last ?? number - 1) + 1) return null;
  before.length = at;
  return number;
}

const isNumber = (text: string | undefined): boolean => text !== undefined && /^\s{0,20}#?\d{1,9}\.?\s{0,20}$/.test(text);

function cueOf(block: Block, warnings: Warnings): RawCue {
  if (block.time.odd) warnings.add('time_invalid', block.line);
  const raw = withoutBlankLines(block.text, block.line, warnings);
  const { text, spans, place, lost } = readSrtText(raw);
  if (lost) warnings.add('style_lost', block.line);
  const extras: Record<string, string> = {};
  if (block.time.settings !== '') extras['srt.coordinates'] = block.time.settings;
  if (lost) extras['srt.raw'] = raw;
  return rawCue(block.line, { start: block.time.start, end: block.time.end, text, spans, place, extras });
}

/** @param cues cleaned for writing: in order, none before zero */
export function writeSrt(cues: readonly Cue[], warnings: Warnings): string {
  return cues
    .map((cue, index) => {
      if (cue.place && cue.place.x !== undefined) warnings.add('place_lost', index + 1);
      const coordinates = cue.extras['srt.coordinates'];
      const times = `${clock(cue.start)} --> ${clock(cue.end)}${coordinates === undefined ? '' : ` ${coordinates}`}`;
      return `${index + 1}\n${times}\n${rawOf(cue) ?? writeSrtText(cue)}\n`;
    })
    .join('\n');
}

const clock = (time: Flicks): string => writeClock(time, ',', 3);

/** The text as it was in the file, as long as the cue still says that. */
function rawOf(cue: Cue): string | null {
  const raw = cue.extras['srt.raw'];
  if (raw === undefined) return null;
  const read = readSrtText(raw);
  const same = read.text === cue.text && JSON.stringify(read.spans) === JSON.stringify(cue.spans) && JSON.stringify(read.place) === JSON.stringify(cue.place);
  return same ? raw : null;
}
