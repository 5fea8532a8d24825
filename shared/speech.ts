/** What recognising a media's speech streams, in time order. `speechToJson` is the command line's form (times in seconds). */
import { z } from 'zod';
import { captionRulesSchema, cueSchema, speakerSchema, wordSchema } from './captions/types.ts';
import { progressEventSchema } from './events.ts';
import { flicksSchema, toSeconds } from './time.ts';

/** `auto`, or a language of Whisper's as ISO 639 (`en`, `zh`, `haw`). */
export const speechLanguageSchema = z.string().regex(/^(auto|[a-z]{2,3})$/);

export const transcribeOptionsSchema = z.object({
  language: speechLanguageSchema.default('auto'),
  /** `translate` gives English text whatever is spoken. */
  task: z.enum(['transcribe', 'translate']).default('transcribe'),
  /** Names and terms whose spelling the recogniser should prefer; comma or line separated. */
  prompt: z.string().max(2000).default(''),
  /** Tell speakers apart. */
  speakers: z.boolean().default(true),
  /** Null: the profile of the language found. */
  rules: captionRulesSchema.nullable().default(null),
  /** Forget what the library has. */
  fresh: z.boolean().default(false),
});
export type TranscribeOptions = z.infer<typeof transcribeOptionsSchema>;

/** Found at the start, and again where it changes. */
export const languageEventSchema = z.object({
  type: z.literal('language'),
  language: z.string(),
  probability: z.number(),
  from: flicksSchema,
});

/** A finished piece of speech: what the library keeps; cues are made of these. `to` is how far the audio is recognised. */
export const wordsEventSchema = z.object({
  type: z.literal('words'),
  from: flicksSchema,
  to: flicksSchema,
  language: z.string(),
  words: z.array(wordSchema),
  /** Speaker of each word; null where not known. Same length as `words`. */
  speakers: z.array(z.string().nullable()),
});

/** A cue. One with the id of an earlier one takes its place (its times moved to a cut, its speaker known better). */
export const cueEventSchema = z.object({ type: z.literal('cue'), cue: cueSchema, /** Recognition is done up to here. */ until: flicksSchema });

/** The speakers found so far, in order of first words. */
export const speakersEventSchema = z.object({ type: z.literal('speakers'), speakers: z.array(speakerSchema) });

export const speechWarningSchema = z.object({
  type: z.literal('warning'),
  code: z.enum(['no_speech', 'damaged_sound', 'ends_early', 'provider_fell_back', 'not_saved', 'dropped_invented', 'language_unsure']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const speechDoneSchema = z.object({
  type: z.literal('done'),
  language: z.string(),
  cues: z.number().int(),
  words: z.number().int(),
  /** Seconds of audio, and of them with speech. */
  audio: z.number(),
  speech: z.number(),
  /** Wall time in seconds, 0 when everything came from the library. */
  seconds: z.number(),
  cached: z.boolean(),
});

export const speechEventSchema = z.discriminatedUnion('type', [
  languageEventSchema,
  cueEventSchema,
  speakersEventSchema,
  progressEventSchema,
  speechWarningSchema,
  speechDoneSchema,
]);
export type SpeechEvent = z.infer<typeof speechEventSchema>;
export type WordsEvent = z.infer<typeof wordsEventSchema>;
export type CueEvent = z.infer<typeof cueEventSchema>;
export type LanguageEvent = z.infer<typeof languageEventSchema>;

/** Voices of a finished piece, for telling speakers apart over the whole: one for each run of words. `vector`: 256 signed bytes, base64. */
export const voicesEventSchema = z.object({
  type: z.literal('voices'),
  voices: z.array(z.object({ start: flicksSchema, end: flicksSchema, vector: z.string() })),
});

/** Who speaks when, once all was heard: stands above the speakers that the pieces were stored with. */
export const turnsEventSchema = z.object({
  type: z.literal('turns'),
  turns: z.array(z.object({ start: flicksSchema, end: flicksSchema, speaker: z.string() })),
});
export type Turn = z.infer<typeof turnsEventSchema>['turns'][number];

/** What the library stores of the speech stage. */
export const storedSpeechSchema = z.discriminatedUnion('type', [
  wordsEventSchema,
  languageEventSchema,
  speakersEventSchema,
  speechWarningSchema,
  voicesEventSchema,
  turnsEventSchema,
]);
export type StoredSpeech = z.infer<typeof storedSpeechSchema>;

/** The command line's `--json` lines: times in seconds. */
export function speechToJson(event: SpeechEvent): Record<string, unknown> {
  switch (event.type) {
    case 'cue': {
      const { start, end, text, words, speaker } = event.cue;
      return {
        type: 'cue',
        start: toSeconds(start),
        end: toSeconds(end),
        text,
        words: words.map((word) => ({ text: word.text, start: toSeconds(word.start), end: toSeconds(word.end), confidence: word.confidence })),
        ...(speaker === null ? {} : { speaker }),
      };
    }
    case 'language':
      return { ...event, from: toSeconds(event.from) };
    case 'speakers':
    case 'progress':
    case 'warning':
    case 'done':
      return { ...event };
  }
}
