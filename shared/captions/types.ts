/**
 * Captions as data: words with times, cues made of them, tracks of cues with their rules and style. Times are the media's own.
 * Everything here is plain data: it lives in the project's edit, travels over the ports and is what formats read and write.
 */
import { z } from 'zod';
import { mediaIdSchema } from '../media.ts';
import { flicksSchema } from '../time.ts';

/** One spoken word (in Chinese and Japanese: one piece as the recogniser wrote it), punctuation attached. */
export const wordSchema = z.object({
  /** Without surrounding spaces. */
  text: z.string().min(1),
  start: flicksSchema,
  /** End exclusive; never before `start`. */
  end: flicksSchema,
  /** Probability that it was heard right, 0 to 1; 1 once a person has written it. */
  confidence: z.number().min(0).max(1),
  /** A space stands before it when written after another word of its line. */
  space: z.boolean(),
});
export type Word = z.infer<typeof wordSchema>;

/** Marks on a part of a cue's text: UTF-16 offsets, end exclusive. */
export const styleSpanSchema = z.object({
  from: z.number().int().nonnegative(),
  to: z.number().int().positive(),
  italic: z.boolean().optional(),
  bold: z.boolean().optional(),
  underline: z.boolean().optional(),
  /** #rrggbb. */
  colour: z.string().regex(/^#[0-9a-f]{6}$/).optional(),
});
export type StyleSpan = z.infer<typeof styleSpanSchema>;

/** Where a cue stands when not where its track's style says: as the numeric keypad (2: bottom centre, 8: top centre), or at a point in percent of the picture. */
export const cuePlaceSchema = z.object({
  align: z.number().int().min(1).max(9),
  x: z.number().optional(),
  y: z.number().optional(),
});
export type CuePlace = z.infer<typeof cuePlaceSchema>;

export const cueSchema = z.object({
  id: z.string().min(1).max(64),
  start: flicksSchema,
  /** End exclusive; after `start`. */
  end: flicksSchema,
  /** Plain text; lines are parted by \n. */
  text: z.string(),
  /** Words with times where they are known: those of the text in order, but an edit may leave some without. Empty for imported cues. */
  words: z.array(wordSchema),
  /** Id of one of the track's speakers. */
  speaker: z.string().nullable(),
  /** A person has changed it: recognition going on leaves it alone. */
  touched: z.boolean().default(false),
  spans: z.array(styleSpanSchema).default([]),
  place: cuePlaceSchema.nullable().default(null),
  /** What its format said and nothing else here can hold (WebVTT identifier and settings, ASS layer, style, effect), kept for writing that format again. Keys: `vtt.settings`, `ass.style`… */
  extras: z.record(z.string(), z.string()).default({}),
});
export type Cue = z.infer<typeof cueSchema>;

export const RULE_PROFILES = ['netflix-en', 'netflix-zh', 'bbc', 'short-form'] as const;
export const ruleProfileIdSchema = z.enum(RULE_PROFILES);
export type RuleProfileId = z.infer<typeof ruleProfileIdSchema>;

/** The rules a track's cues keep. `base` says which profile the numbers began as; a person may change each number. */
export const captionRulesSchema = z.object({
  base: ruleProfileIdSchema,
  /** Characters a line. Wide (Chinese, Japanese, Korean, full-width) characters count 1 in a Chinese profile and 2 in a Latin one. */
  lineLength: z.number().int().min(1).max(200),
  lines: z.number().int().min(1).max(4),
  /** Characters a second, line breaks not counted. */
  readingSpeed: z.number().positive(),
  /** Seconds. */
  shortest: z.number().positive(),
  /** Seconds. */
  longest: z.number().positive(),
  /** Least distance of two cues, in frames of the media. */
  gapFrames: z.number().int().nonnegative(),
  /** Words a cue at most; null for no such limit (short-form has one). */
  words: z.number().int().positive().nullable(),
  /** Cues nearer to a shot cut than this many seconds begin or end on it; 0 leaves them. */
  snapSeconds: z.number().nonnegative(),
});
export type CaptionRules = z.infer<typeof captionRulesSchema>;

const colourSchema = z.string().regex(/^#[0-9a-f]{6}$/);
/** How a track looks on the picture and when burned in. Sizes in percent of the picture's height, so that they hold at any resolution. */
export const captionStyleSchema = z.object({
  font: z.string().min(1).max(100),
  /** Height of a line's em box. */
  size: z.number().min(1).max(30),
  bold: z.boolean(),
  italic: z.boolean(),
  colour: colourSchema,
  outlineColour: colourSchema,
  outline: z.number().min(0).max(5),
  /** A box behind the lines in place of the outline. */
  box: z.boolean(),
  boxColour: colourSchema,
  boxOpacity: z.number().min(0).max(1),
  /** As the numeric keypad: 2 is bottom centre. */
  align: z.number().int().min(1).max(9),
  /** Distance from the edge it is aligned to, percent of the height. */
  marginVertical: z.number().min(0).max(50),
  /** Percent of the width. */
  marginSide: z.number().min(0).max(45),
  /** `word`: the word being said in `highlightColour`; `fill`: words said so far. */
  highlight: z.enum(['none', 'word', 'fill']),
  highlightColour: colourSchema,
});
export type CaptionStyle = z.infer<typeof captionStyleSchema>;

/** The bundled face that covers Latin, Greek, Cyrillic and Chinese. */
export const CAPTION_FONT = 'Noto Sans SC';

export const DEFAULT_CAPTION_STYLE: CaptionStyle = {
  font: CAPTION_FONT,
  size: 5,
  bold: false,
  italic: false,
  colour: '#ffffff',
  outlineColour: '#000000',
  outline: 0.3,
  box: false,
  boxColour: '#000000',
  boxOpacity: 0.75,
  align: 2,
  marginVertical: 6,
  marginSide: 10,
  highlight: 'none',
  highlightColour: '#e8a33d',
};

export const speakerSchema = z.object({ id: z.string().min(1).max(16), name: z.string().max(100) });
export type Speaker = z.infer<typeof speakerSchema>;

export const captionTrackSchema = z.object({
  id: z.string().min(1).max(64),
  media: mediaIdSchema,
  /** BCP 47 (`en`, `zh-Hans`); `und` when nobody knows. */
  language: z.string().min(2).max(35),
  name: z.string().max(200),
  /** `speech`: as recognised, with words; `translation`: recognised in another language; `import`: read from a file. */
  kind: z.enum(['speech', 'translation', 'import']),
  /** In order of start, then end. */
  cues: z.array(cueSchema),
  speakers: z.array(speakerSchema),
  /** Speakers that a person found to be another one: what recognition still calls the first is said by the second, who is none of the first. */
  sameSpeakers: z.record(z.string(), z.string()).optional(),
  rules: captionRulesSchema,
  style: captionStyleSchema,
  /** Shown by players without being asked for. */
  isDefault: z.boolean(),
  /** Recognised cues that begin before this time are taken already: what a person removed does not come back on going on. */
  streamedUntil: flicksSchema,
  /** File-wide parts of its format for writing it again (WebVTT STYLE blocks, ASS script info and styles). Keys as in `Cue.extras`. */
  extras: z.record(z.string(), z.string()).default({}),
});
export type CaptionTrack = z.infer<typeof captionTrackSchema>;
