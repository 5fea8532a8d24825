/**
 * JSON. Ours is a line an object, as `transcribe --format json` streams it: {"type":"cue","start","end","text","words","speaker"?} with times in seconds,
 * after one line {"type":"track",…} for what concerns all. Read are these, an array or object of such cues, and what Whisper tools write.
 */
import { cuePlaceSchema, styleSpanSchema, type Cue, type Speaker, type StyleSpan, type Word } from '../types.ts';
import { toSeconds, type Flicks } from '../../time.ts';
import { readClock, secondsToFlicks } from './clock.ts';
import { withoutControls } from './entities.ts';
import { parseJsonParts } from './jsonParts.ts';
import { rawCue, type RawCaptions, type RawCue } from './raw.ts';
import type { Warnings } from './warnings.ts';
import { spaceBefore } from './words.ts';

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Where the tools put their list of cues. */
const LISTS = ['cues', 'segments', 'transcription', 'results', 'captions', 'subtitles', 'chunks'];

export function readJson(text: string, warnings: Warnings): RawCaptions {
  const captions: RawCaptions = { format: 'json', cues: [], speakers: [], language: null, extras: {} };
  for (const { value, line } of parseJsonParts(text, warnings)) take(value, line, captions, warnings, 0);
  return captions;
}

function take(value: unknown, line: number, captions: RawCaptions, warnings: Warnings, depth: number): void {
  if (depth > 4) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) take(item, line + index, captions, warnings, depth + 1);
    return;
  }
  if (!isFields(value)) return;
  takeTrack(value, captions);
  const list = LISTS.map((name) => value[name]).find((found) => Array.isArray(found));
  if (list !== undefined) return take(list, line, captions, warnings, depth + 1);
  if (value.type !== undefined && value.type !== 'cue' && typeof value.text !== 'string') return;
  const cue = readCue(value, line, warnings);
  if (cue) captions.cues.push(cue);
}

function takeTrack(value: Fields, captions: RawCaptions): void {
  if (typeof value.language === 'string' && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/.test(value.language)) captions.language ??= value.language;
  if (value.type === 'cue') return;
  if (Array.isArray(value.speakers)) {
    for (const speaker of value.speakers.slice(0, 10_000)) {
      if (isFields(speaker) && typeof speaker.id === 'string' && typeof speaker.name === 'string' && !captions.speakers.some((known) => known.id === speaker.id)) {
        captions.speakers.push({ id: speaker.id, name: speaker.name });
      }
    }
  }
  if (value.type === 'track') Object.assign(captions.extras, stringsOf(value.extras));
}

function stringsOf(value: unknown): Record<string, string> {
  if (!isFields(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Null for an object that is no cue. */
function readCue(value: Fields, line: number, warnings: Warnings): RawCue | null {
  const text = [value.text, value.content, value.sentence].find((found) => typeof found === 'string');
  if (text === undefined) {
    if (value.type === 'cue' || value.start !== undefined) warnings.add('line_skipped', line);
    return null;
  }
  const { start, end } = timesOf(value);
  const trimmed = withoutControls(text).replaceAll(/\r\n?/g, '\n').trim();
  // Offsets count in the text as it was.
  const isAsWas = trimmed === text;
  const place = cuePlaceSchema.safeParse(value.place);
  return rawCue(line, {
    start,
    end,
    text: trimmed,
    spans: isAsWas ? spansOf(value.spans, trimmed.length) : [],
    words: wordsOf(value.words, trimmed),
    speaker: typeof value.speaker === 'string' && value.speaker !== '' ? value.speaker : null,
    place: place.success ? place.data : null,
    extras: stringsOf(value.extras),
  });
}

function timesOf(value: Fields): { start: Flicks | null; end: Flicks | null } {
  if (isFields(value.offsets)) return { start: milliseconds(value.offsets.from), end: milliseconds(value.offsets.to) };
  const pair: unknown[] = Array.isArray(value.timestamp) ? value.timestamp : isFields(value.timestamps) ? [value.timestamps.from, value.timestamps.to] : [];
  const start = readTime(value.start ?? value.start_time ?? value.startTime ?? value.from ?? pair[0]);
  const end = readTime(value.end ?? value.end_time ?? value.endTime ?? value.to ?? pair[1]);
  const length = readTime(value.duration ?? value.dur);
  return { start, end: end ?? (start !== null && length !== null ? secondsToFlicks(toSeconds(start) + toSeconds(length)) : null) };
}

const milliseconds = (value: unknown): Flicks | null => (typeof value === 'number' ? secondsToFlicks(value / 1000) : null);

/** Seconds as a number or its text, or a clock time. */
function readTime(value: unknown): Flicks | null {
  if (typeof value === 'number') return secondsToFlicks(value);
  if (typeof value !== 'string' || value.length > 40) return null;
  const clock = readClock(value);
  if (clock) return clock.rest.trim() === '' ? clock.time : null;
  return /^\s*-?\d{1,9}(\.\d{1,12})?\s*s?\s*$/.test(value) ? secondsToFlicks(parseFloat(value)) : null;
}

/** Spans that are within the text. */
function spansOf(value: unknown, length: number): StyleSpan[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const span = styleSpanSchema.safeParse(item);
    return span.success && span.data.from < span.data.to && span.data.to <= length ? [span.data] : [];
  });
}

/** A word is looked for this far on in the text at most. */
const WORD_WINDOW = 400;

function wordsOf(value: unknown, text: string): Word[] {
  if (!Array.isArray(value)) return [];
  const words: Word[] = [];
  let at = 0;
  for (const item of value as unknown[]) {
    if (!isFields(item)) continue;
    const said = [item.text, item.word].find((found) => typeof found === 'string');
    const { start, end } = timesOf(item);
    const trimmed = withoutControls(said ?? '').trim();
    if (said === undefined || trimmed === '' || start === null || end === null || end < start) continue;
    const found = text.slice(at, at + trimmed.length + WORD_WINDOW).indexOf(trimmed);
    const from = found < 0 ? -1 : at + found;
    const gap = from < 0 ? (/^\s/.test(said) ? ' ' : '') : text.slice(at, from);
    const space = typeof item.space === 'boolean' ? item.space : spaceBefore(from === 0 ? null : gap, trimmed);
    words.push({ text: trimmed, start, end, confidence: confidenceOf(item), space });
    if (from >= 0) at = from + trimmed.length;
  }
  return words;
}

function confidenceOf(item: Fields): number {
  const value = [item.confidence, item.probability, item.score].find((found) => typeof found === 'number');
  return value === undefined || Number.isNaN(value) ? 1 : Math.max(0, Math.min(1, value));
}

export interface JsonTrack {
  cues: readonly Cue[];
  speakers: readonly Speaker[];
  language: string;
  name: string;
  extras: Readonly<Record<string, string>>;
}

/** Everything but the look of the whole track, which is a project's. */
export function writeJson(track: JsonTrack): string {
  const { language, name, speakers, extras } = track;
  const head = {
    type: 'track',
    language,
    ...(name === '' ? {} : { name }),
    ...(speakers.length === 0 ? {} : { speakers }),
    ...(Object.keys(extras).length === 0 ? {} : { extras }),
  };
  return [head, ...track.cues.map(cueToJson)].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A cue as a line of JSON: the fields that `transcribe` streams, and those of an edited or imported cue where there are some. */
function cueToJson(cue: Cue): Record<string, unknown> {
  return {
    type: 'cue',
    start: toSeconds(cue.start),
    end: toSeconds(cue.end),
    text: cue.text,
    words: cue.words.map((word) => ({ text: word.text, start: toSeconds(word.start), end: toSeconds(word.end), confidence: word.confidence })),
    ...(cue.speaker === null ? {} : { speaker: cue.speaker }),
    ...(cue.spans.length === 0 ? {} : { spans: cue.spans }),
    ...(cue.place === null ? {} : { place: cue.place }),
    ...(Object.keys(cue.extras).length === 0 ? {} : { extras: cue.extras }),
  };
}
