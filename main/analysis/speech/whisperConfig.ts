/** Whisper's numbers (models/whisper-base-config.json). */
import { z } from 'zod';

export const whisperConfigSchema = z.object({
  layers: z.number().int().positive(),
  heads: z.number().int().positive(),
  head_dim: z.number().int().positive(),
  /** [layer, head] of those whose attention follows the sound. */
  alignment_heads: z.array(z.tuple([z.number().int(), z.number().int()])),
  /** Never written: symbols that stand for noises, and special tokens. */
  suppress_ids: z.array(z.number().int()),
  /** Not as the first one: a lone space, the end. */
  suppress_ids_begin: z.array(z.number().int()),
  /** Start of transcript, end of text. */
  sot: z.number().int(),
  eot: z.number().int(),
  translate: z.number().int(),
  transcribe: z.number().int(),
  sot_prev: z.number().int(),
  no_speech: z.number().int(),
  no_timestamps: z.number().int(),
  /** The token of 0.00 s; each following one is 0.02 s later. */
  timestamp_begin: z.number().int(),
  first_language: z.number().int(),
  languages: z.number().int(),
});
export type WhisperConfig = z.infer<typeof whisperConfigSchema>;

/** Of the weights: the decoder's positions and the size of its vocabulary. */
export const CONTEXT = 448;
export const VOCABULARY = 51_865;

/** Sound: samples a frame of the encoder's output, its longest input, and frames a second. */
export const FRAME_SAMPLES = 320;
export const MOST_SAMPLES = 480_000;
export const FRAMES_PER_SECOND = 50;
