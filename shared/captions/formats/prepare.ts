/** What is done to a track before any format is written, and the warnings that are the same for several formats. */
import { DEFAULT_CAPTION_STYLE, type Cue } from '../types.ts';
import { flicks, maxTime } from '../../time.ts';
import { FLICKS_PER_MILLISECOND, roundTo } from './clock.ts';
import { tidySpans } from './styled.ts';
import type { CaptionFormat, WriteOptions, WrittenTrack } from './types.ts';
import type { Warnings } from './warnings.ts';

interface Holds {
  spans: boolean;
  places: boolean;
  speakers: boolean;
  words: boolean;
  confidence: boolean;
  language: boolean;
  trackStyle: boolean;
  times: boolean;
  /** Blank lines within a cue. */
  blankLines: boolean;
}

/** What each format can hold. */
const HOLDS: Record<CaptionFormat, Holds> = {
  srt: { spans: true, places: true, speakers: false, words: false, confidence: false, language: false, trackStyle: false, times: true, blankLines: false },
  vtt: { spans: true, places: true, speakers: true, words: true, confidence: false, language: true, trackStyle: false, times: true, blankLines: false },
  ass: { spans: true, places: true, speakers: true, words: true, confidence: false, language: true, trackStyle: true, times: true, blankLines: true },
  ttml: { spans: true, places: true, speakers: true, words: false, confidence: false, language: true, trackStyle: true, times: true, blankLines: true },
  txt: { spans: false, places: false, speakers: false, words: false, confidence: false, language: false, trackStyle: false, times: false, blankLines: false },
  json: { spans: true, places: true, speakers: true, words: true, confidence: true, language: true, trackStyle: false, times: true, blankLines: true },
};

/** Parts of a file of one format that another can't hold: style sheets and notes, embedded fonts, tags that were not understood. */
const FILE_PARTS = new Set(['vtt.head', 'vtt.notes', 'ass.sections']);
const CUE_PARTS = new Set(['srt.raw', 'vtt.raw', 'vtt.notes', 'ass.raw', 'ass.effect', 'ass.comments']);

/** Cues in order of time, none before zero, no blank lines where the format can't have them. */
export function prepareTrack(track: WrittenTrack, format: CaptionFormat, options: WriteOptions, warnings: Warnings): WrittenTrack {
  const holds = holdsOf(format, options);
  const sorted = [...track.cues].sort((a, b) => a.start - b.start || a.end - b.end);
  const names = new Map(track.speakers.map((speaker) => [speaker.id, speaker.name.trim() || speaker.id]));
  const shown = format === 'json' ? sorted : fromZero(sorted, warnings).map((cue) => (format === 'ass' ? cue : inMilliseconds(cue)));
  const cues = shown.map((cue, index) => {
    warnOfLosses(cue, index + 1, holds, warnings);
    if (format !== 'json' && Object.keys(cue.extras).some((key) => CUE_PARTS.has(key) && !key.startsWith(`${format}.`))) warnings.add('style_lost', index + 1);
    const whole = holds.blankLines ? cue : withoutBlankLines(cue, index + 1, warnings);
    return format === 'srt' && options.speakerNames === true ? withName(whole, names) : whole;
  });
  const other = Object.keys(track.extras).filter((key) => FILE_PARTS.has(key) && !key.startsWith(`${format}.`));
  if (other.length > 0 && format !== 'json') warnings.add('style_lost', 1, other.join(', '));
  if (!holds.language && track.language !== 'und') warnings.add('language_lost', 1, track.language);
  if (!holds.trackStyle && JSON.stringify(track.style) !== JSON.stringify(DEFAULT_CAPTION_STYLE)) warnings.add('style_lost', 1);
  if (!holds.times && cues.length > 0) warnings.add('no_times', 1);
  return { ...track, cues };
}

function holdsOf(format: CaptionFormat, options: WriteOptions): Holds {
  const named = (format === 'srt' || format === 'txt') && options.speakerNames === true;
  return { ...HOLDS[format], speakers: HOLDS[format].speakers || named, times: HOLDS[format].times || options.times === true };
}

/** The speaker's name before the text, as transcripts have it. */
function withName(cue: Cue, names: ReadonlyMap<string, string>): Cue {
  if (cue.speaker === null) return cue;
  const name = `${names.get(cue.speaker) ?? cue.speaker}: `;
  const spans = cue.spans.map((span) => ({ ...span, from: span.from + name.length, to: span.to + name.length }));
  return { ...cue, text: name + cue.text, spans };
}

/** No format shows anything before zero: such cues begin there, or are left out. */
function fromZero(cues: readonly Cue[], warnings: Warnings): Cue[] {
  return cues.flatMap((cue, index) => {
    if (cue.start >= 0) return [cue];
    warnings.add('negative_time', index + 1);
    return cue.end < FLICKS_PER_MILLISECOND ? [] : [{ ...cue, start: flicks(0) }];
  });
}

/** To the unit that the format counts by, which nobody sees, but never shown for no time at all. */
function inMilliseconds(cue: Cue): Cue {
  const start = roundTo(cue.start, FLICKS_PER_MILLISECOND);
  const end = maxTime(roundTo(cue.end, FLICKS_PER_MILLISECOND), flicks(start + FLICKS_PER_MILLISECOND));
  return { ...cue, start, end };
}

function warnOfLosses(cue: Cue, number: number, holds: Holds, warnings: Warnings): void {
  if (!holds.spans && tidySpans(cue).length > 0) warnings.add('style_lost', number);
  if (!holds.places && cue.place !== null) warnings.add('place_lost', number);
  if (!holds.speakers && cue.speaker !== null) warnings.add('speaker_lost', number);
  if (!holds.words && cue.words.length > 0) warnings.add('words_lost', number);
  if (holds.words && !holds.confidence && cue.words.some((word) => word.confidence < 1)) warnings.add('confidence_lost', number);
}

function withoutBlankLines(cue: Cue, number: number, warnings: Warnings): Cue {
  if (!/\n[^\S\n]*\n/.test(cue.text)) return cue;
  warnings.add('blank_line_lost', number);
  // Spans follow: each offset moves back by what was taken out before it.
  const kept: string[] = [];
  const moved: number[] = [];
  let length = 0;
  for (const line of cue.text.split('\n')) {
    const keep = line.trim() !== '';
    const separator = keep && kept.length > 0 ? 1 : 0;
    for (let at = 0; at <= line.length; at++) moved.push(keep ? length + separator + at : length);
    if (!keep) continue;
    length += separator + line.length;
    kept.push(line);
  }
  const spans = cue.spans.flatMap((span) => {
    const from = moved[span.from] ?? length;
    const to = moved[span.to] ?? length;
    return to > from ? [{ ...span, from, to }] : [];
  });
  return { ...cue, text: kept.join('\n'), spans };
}
