/**
 * What is understood of a transcript and its picture, as data: sentences, summary, chapters, highlights, answers. Times are the
 * media's own; a text without a video has none. Everything here travels over the ports.
 */
import { z } from 'zod';
import { progressEventSchema } from '../events.ts';
import { flicksSchema } from '../time.ts';

/** Sentences a request may carry: days of talk. */
export const MOST_SENTENCES = 200_000;

/** Made of cues (or lines of a text) by `sentences.ts`. */
export const sentenceSchema = z.object({
  /** As said, fillers and all. */
  text: z.string().max(200_000),
  /** Null in a text without times. */
  start: flicksSchema.nullable(),
  /** End exclusive. */
  end: flicksSchema.nullable(),
  speaker: z.string().max(200).nullable(),
  /** Index of the cue or line that it begins in. */
  line: z.number().int().nonnegative(),
});
export type Sentence = z.infer<typeof sentenceSchema>;

/** How long a summary is: sentences, words (Chinese: characters), or a share of the running time (0 to 1), or seconds of it. */
export const summaryLengthSchema = z.discriminatedUnion('unit', [
  z.object({ unit: z.literal('sentences'), value: z.number().int().min(1).max(10_000) }),
  z.object({ unit: z.literal('words'), value: z.number().int().min(1).max(1_000_000) }),
  z.object({ unit: z.literal('share'), value: z.number().positive().max(1) }),
  z.object({ unit: z.literal('seconds'), value: z.number().positive().max(1_000_000) }),
]);
export type SummaryLength = z.infer<typeof summaryLengthSchema>;

/** What the window offers by name. A page is about 400 words. */
export const SUMMARY_LENGTHS = {
  short: { unit: 'sentences', value: 3 },
  paragraph: { unit: 'words', value: 120 },
  page: { unit: 'words', value: 400 },
} as const satisfies Record<string, SummaryLength>;

export const summarySentenceSchema = z.object({
  /** Index into the request's sentences. */
  sentence: z.number().int().nonnegative(),
  /** Cleaned for reading; the sentence itself is what was said. */
  text: z.string(),
  start: flicksSchema.nullable(),
  end: flicksSchema.nullable(),
  speaker: z.string().nullable(),
  score: z.number(),
});
export type SummarySentence = z.infer<typeof summarySentenceSchema>;

/** A word or phrase that this text is about; `sentences` says where, in order. */
export const keyTermSchema = z.object({ term: z.string(), score: z.number(), sentences: z.array(z.number().int().nonnegative()) });
export type KeyTerm = z.infer<typeof keyTermSchema>;

export const summarySchema = z.object({
  sentences: z.array(summarySentenceSchema),
  terms: z.array(keyTermSchema),
  /** `meaning`: by the encoder; `words`: it does not know the language, so by words alone. */
  method: z.enum(['meaning', 'words']),
  /** True when all of the text fitted into the length asked for. */
  whole: z.boolean(),
});
export type Summary = z.infer<typeof summarySchema>;

/** A chapter begins at a sentence and goes to the next one's beginning. A person may give it another title or moment. */
export const chapterSchema = z.object({
  id: z.string().min(1).max(64),
  title: z.string().max(200),
  /** Null in a text without times. */
  start: flicksSchema.nullable(),
  firstSentence: z.number().int().nonnegative(),
  /** A person has written the title or moved the start. */
  touched: z.boolean().default(false),
});
export type Chapter = z.infer<typeof chapterSchema>;

/** `auto`: the number is found; `detail` moves the penalty of a border: 0 few chapters, 1 many, 0.5 as measured. */
export const chapterOptionsSchema = z.object({
  count: z.number().int().min(1).max(1000).nullable().default(null),
  detail: z.number().min(0).max(1).default(0.5),
  /** Times of shot cuts, where they are known. */
  cuts: z.array(flicksSchema).max(1_000_000).default([]),
});
export type ChapterOptions = z.infer<typeof chapterOptionsSchema>;

/** Everything `understand` is asked for at once; null: not this. */
export const understandRequestSchema = z.object({
  /** Null: a text without a media; it is not put into the index. */
  media: z.string().regex(/^[0-9a-f]{32}$/).nullable(),
  /** BCP 47, or `auto`. */
  language: z.string().max(35),
  sentences: z.array(sentenceSchema).max(MOST_SENTENCES),
  summary: summaryLengthSchema.nullable().default(null),
  chapters: chapterOptionsSchema.nullable().default(null),
  /** Puts the sentences into the library's index in place of the media's earlier ones, unless they are the same. */
  index: z.boolean().default(false),
});
export type UnderstandRequest = z.input<typeof understandRequestSchema>;

export const understandingWarningSchema = z.object({
  type: z.literal('warning'),
  /** language_unknown: `language` isn't one that the encoders know, so words alone count. */
  code: z.enum(['language_unknown', 'no_sentences', 'provider_fell_back', 'not_saved']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** Progress is in sentences (`items`, stage `embed` or `index`); chapters come before the summary, which covers them. */
export const understandEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  understandingWarningSchema,
  z.object({ type: z.literal('chapters'), chapters: z.array(chapterSchema) }),
  z.object({ type: z.literal('summary'), summary: summarySchema }),
  z.object({ type: z.literal('indexed'), sentences: z.number().int() }),
  z.object({ type: z.literal('done'), language: z.string(), sentences: z.number().int(), seconds: z.number(), /** Sentences whose embedding was not in the library yet. */ embedded: z.number().int() }),
]);
export type UnderstandEvent = z.infer<typeof understandEventSchema>;

/** What speaks for a moment. Each is 0 to 1 within this media: its rank among the moments (`reaction`: how likely it is), 0 where nothing is known. */
export const HIGHLIGHT_SIGNALS = ['summary', 'emotion', 'reaction', 'energy', 'faces', 'motion', 'tags', 'sharpness'] as const;
export type HighlightSignal = (typeof HIGHLIGHT_SIGNALS)[number];
export const highlightWeightsSchema = z.object(
  Object.fromEntries(HIGHLIGHT_SIGNALS.map((signal) => [signal, z.number().min(0).max(1)])) as Record<HighlightSignal, z.ZodNumber>,
);
export type HighlightWeights = z.infer<typeof highlightWeightsSchema>;
export const DEFAULT_HIGHLIGHT_WEIGHTS: HighlightWeights = { summary: 0.8, emotion: 0.4, reaction: 0.6, energy: 0.4, faces: 0.3, motion: 0.3, tags: 0.2, sharpness: 0.2 };

/** A moment that could be cut: a sentence, or a shot (or a part of a long one) where nobody speaks. In order of time. */
export const highlightMomentSchema = z.object({
  start: flicksSchema,
  end: flicksSchema,
  signals: highlightWeightsSchema,
  /** Index of its sentence; null where nobody speaks. */
  sentence: z.number().int().nonnegative().nullable(),
  /** Index of the shot it begins in; null before shots are known. */
  shot: z.number().int().nonnegative().nullable(),
  /** What is shown for it: the sentence, else ''. */
  text: z.string(),
});
export type HighlightMoment = z.infer<typeof highlightMomentSchema>;

/** `moments` replaces what came before: the first answer is by what is known already, the last one by everything. */
export const highlightEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  understandingWarningSchema,
  z.object({ type: z.literal('moments'), moments: z.array(highlightMomentSchema), /** Signals that are measured by now. */ known: z.array(z.enum(HIGHLIGHT_SIGNALS)) }),
  z.object({ type: z.literal('done'), moments: z.number().int(), seconds: z.number() }),
]);
export type HighlightEvent = z.infer<typeof highlightEventSchema>;

/** A sentence that answers a question. */
export const answerSchema = z.object({
  sentence: z.number().int().nonnegative(),
  text: z.string(),
  /** UTF-16 offsets in `text` of what answers; the whole sentence where nothing narrower does. */
  span: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
  start: flicksSchema.nullable(),
  end: flicksSchema.nullable(),
  speaker: z.string().nullable(),
  /** 0 to 1. */
  score: z.number(),
});
export type Answer = z.infer<typeof answerSchema>;
export const askResultSchema = z.object({
  /** False: no sentence reaches the calibrated score; `answers` are then the nearest ones. */
  found: z.boolean(),
  answers: z.array(answerSchema),
  method: z.enum(['meaning', 'words']),
});
export type AskResult = z.infer<typeof askResultSchema>;

/** Why a moment was found. `picture`: by a joint image-text model, where there is one. */
export const SEARCH_LISTS = ['words', 'meaning', 'tags', 'text', 'picture'] as const;
export const searchListSchema = z.enum(SEARCH_LISTS);
export type SearchList = z.infer<typeof searchListSchema>;
/** One result of the search: a sentence said, or a shot. */
export const foundMomentSchema = z.object({
  media: z.string().regex(/^[0-9a-f]{32}$/),
  mediaName: z.string(),
  start: flicksSchema,
  end: flicksSchema,
  /** Shot that it begins in; null when the media has none. */
  shot: z.number().int().nullable(),
  /** What was said, read in the picture, or the tag's label. */
  snippet: z.string(),
  /** UTF-16 ranges of `snippet` that match the query's words. */
  marks: z.array(z.tuple([z.number().int(), z.number().int()])),
  kind: z.enum(['speech', 'tag', 'text', 'picture']),
  /** Lists that hold it, best first. */
  lists: z.array(searchListSchema),
  /** Reciprocal rank fusion's sum. */
  score: z.number(),
  picture: z.string().nullable(),
});
export type FoundMoment = z.infer<typeof foundMomentSchema>;

const settingFields = {
  /** Caption track that it is made of; null: the media's first. */
  track: z.string().nullable(),
  summaryLength: summaryLengthSchema,
  summaryForm: z.enum(['text', 'bullets']),
  verbatim: z.boolean(),
  chapterDetail: z.number().min(0).max(1),
  weights: highlightWeightsSchema,
  /** Seconds. */
  reelLength: z.number().min(1).max(36_000),
};
/** How the understanding of one media is set; part of the project. */
export const understandingSettingsSchema = z.object({
  track: settingFields.track.default(null),
  summaryLength: settingFields.summaryLength.default(SUMMARY_LENGTHS.paragraph),
  summaryForm: settingFields.summaryForm.default('text'),
  verbatim: settingFields.verbatim.default(false),
  chapterDetail: settingFields.chapterDetail.default(0.5),
  weights: settingFields.weights.default(DEFAULT_HIGHLIGHT_WEIGHTS),
  reelLength: settingFields.reelLength.default(60),
});
/** Some of them. Of the fields without their defaults: zod fills those in for fields that are left out. */
export const understandingSettingsChangeSchema = z.object(settingFields).partial();
export type UnderstandingSettings = z.infer<typeof understandingSettingsSchema>;
export const DEFAULT_UNDERSTANDING: UnderstandingSettings = understandingSettingsSchema.parse({});

export const CHAPTER_FORMATS = ['youtube', 'vtt', 'json', 'media'] as const;
export type ChapterFormat = (typeof CHAPTER_FORMATS)[number];
