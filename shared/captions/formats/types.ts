/** What reading and writing subtitle files give. */
import { z } from 'zod';
import type { CaptionStyle, CaptionTrack, Cue, Speaker } from '../types.ts';
import type { Rational } from '../../time.ts';

export const CAPTION_FORMATS = ['srt', 'vtt', 'ass', 'ttml', 'txt', 'json'] as const;
export type CaptionFormat = (typeof CAPTION_FORMATS)[number];

export const FORMAT_WARNING_CODES = [
  'line_skipped',
  'time_invalid',
  'end_before_start',
  'negative_time',
  'overlap',
  'empty_cue',
  'encoding_guessed',
  'encoding_damaged',
  'cut_short',
  'no_times',
  'style_lost',
  'place_lost',
  'speaker_lost',
  'words_lost',
  'confidence_lost',
  'language_lost',
  'time_rounded',
  'blank_line_lost',
] as const;

/** Something that was not whole in a file, or that a format can't hold. A sentence for each code: `captions_format_<code>`. */
export const formatWarningSchema = z.object({
  code: z.enum(FORMAT_WARNING_CODES),
  /** How many cues or lines it concerns, and the first of them (a line counted from 1 when read, a cue when written). */
  count: z.number().int(),
  first: z.number().int(),
  detail: z.string().optional(),
});
export type FormatWarning = z.infer<typeof formatWarningSchema>;

export interface ReadCaptions {
  format: CaptionFormat;
  encoding: string;
  /** In order of time. */
  cues: Cue[];
  speakers: Speaker[];
  /** As the file says it, BCP 47; null when it does not. */
  language: string | null;
  extras: Record<string, string>;
  /** The look that the file gives its text (ASS, TTML); null when it says none. */
  style: CaptionStyle | null;
  warnings: FormatWarning[];
}

export interface WriteOptions {
  /** Frame rate of the picture, for formats that count frames. */
  frameRate?: Rational;
  /** Size of the picture in pixels as shown, for formats that place in pixels. */
  width?: number;
  height?: number;
  /** SubRip and plain text: write "Name: " before what a speaker says. Reading never takes such a name for a speaker. */
  speakerNames?: boolean;
  /** Plain text: write each cue's times before it. */
  times?: boolean;
}

export interface WrittenCaptions {
  text: string;
  warnings: FormatWarning[];
}

export type WrittenTrack = Pick<CaptionTrack, 'cues' | 'speakers' | 'language' | 'name' | 'style' | 'extras'>;
