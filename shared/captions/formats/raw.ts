/** A cue as a reader finds it, before its times are mended and its speaker has an id. */
import type { CaptionStyle, CuePlace, StyleSpan, Word } from '../types.ts';
import type { Flicks } from '../../time.ts';
import type { CaptionFormat } from './types.ts';

export interface RawCue {
  /** Null: the file has none, or none that can be read. */
  start: Flicks | null;
  end: Flicks | null;
  text: string;
  spans: StyleSpan[];
  words: Word[];
  /** Name of the speaker, or the id where the file has a table of them. */
  speaker: string | null;
  place: CuePlace | null;
  extras: Record<string, string>;
  /** Where it stands in the file: a line counted from 1. */
  line: number;
}

export interface RawCaptions {
  format: CaptionFormat;
  cues: RawCue[];
  /** Speakers that the file lists itself, by the keys its cues use. */
  speakers: { id: string; name: string }[];
  language: string | null;
  extras: Record<string, string>;
  /** The look that the file gives its text, in formats that say one. */
  style?: CaptionStyle | null;
}

export function rawCue(line: number, fields: Partial<RawCue> = {}): RawCue {
  return { start: null, end: null, text: '', spans: [], words: [], speaker: null, place: null, extras: {}, line, ...fields };
}
