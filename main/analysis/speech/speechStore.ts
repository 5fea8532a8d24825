/** A media's speech in the library: what it is keyed by, how far it is, and what to do when it can't be saved. */
import { z } from 'zod';
import type { Media } from '../../../shared/media.ts';
import type { StoredSpeech, TranscribeOptions } from '../../../shared/speech.ts';
import type { Inference } from '../../inference/types.ts';
import type { Library, StageKey } from '../../library/types.ts';
import { canonical } from '../stages.ts';
import { GUARD_RULES } from './guards.ts';
import { LANGUAGE_RULES } from './language.ts';
import { REPEAT_RULES } from './repeats.ts';
import { SNAP_RULES } from './snap.ts';
import { SPEAKER_RULES } from './speakers.ts';
import { STRETCH_RULES } from './stretches.ts';
import { VAD_MODEL } from './vad.ts';
import { VOICE_MODEL } from './voices.ts';
import { Saving } from '../saving.ts';

/** Name of the stage in the library. */
export const SPEECH_STAGE = 'speech';

const checkpointSchema = z.object({
  /** Sample (16 kHz, from the media's start) up to which everything is heard. */
  sample: z.number().int().nonnegative(),
  /** Samples of speech so far. */
  speech: z.number().nonnegative(),
  /** Words left out because nobody said them. */
  invented: z.number().int().nonnegative(),
  /** Length of the whole sound in samples; null until its end was reached. */
  end: z.number().int().nonnegative().nullable(),
});
export type SpeechCheckpoint = z.infer<typeof checkpointSchema>;

export interface StoredRun {
  complete: boolean;
  checkpoint: SpeechCheckpoint;
  events: StoredSpeech[];
}

const NOTHING: SpeechCheckpoint = { sample: 0, speech: 0, invented: 0, end: null };

/** Everything that the words depend on: the models, what was asked for, and the rules of hearing. Cue rules are no part: cues are made anew. */
export async function speechKey(media: Media, options: TranscribeOptions, inference: Inference): Promise<StageKey> {
  const models = ['whisper-base-encoder', 'whisper-base-decoder', VAD_MODEL, ...(options.speakers ? [VOICE_MODEL] : [])];
  const hashes = await Promise.all(models.map((model) => inference.hash(model)));
  const { language, task, prompt, speakers } = options;
  const rules = { stretches: STRETCH_RULES, guards: GUARD_RULES, repeats: REPEAT_RULES, languages: LANGUAGE_RULES, snap: SNAP_RULES, ...(speakers ? { speakers: SPEAKER_RULES } : {}) };
  return { media: media.id, stage: SPEECH_STAGE, modelHash: hashes.join('+'), params: canonical({ language, task, prompt: prompt.trim(), speakers, rules }) };
}

/** A library that fails never stops the work: it is told of once, then left alone. */
export class SpeechStore {
  readonly #library: Library;
  readonly #key: StageKey;
  readonly #saving: Saving;

  constructor(library: Library, key: StageKey, onFailure: () => void) {
    this.#library = library;
    this.#key = key;
    this.#saving = new Saving(onFailure);
  }

  /** What there is. Anything that makes no sense is begun anew. */
  load(): StoredRun {
    const stored = this.#saving.try(() => this.#library.getSpeech(this.#key));
    if (!stored) return { complete: false, checkpoint: NOTHING, events: [] };
    const checkpoint = checkpointSchema.safeParse(stored.checkpoint);
    if (checkpoint.success) return { ...stored, checkpoint: checkpoint.data };
    this.clear();
    return { complete: false, checkpoint: NOTHING, events: [] };
  }

  clear(): void {
    this.#saving.try(() => this.#library.clearStage(this.#key));
  }

  append(events: StoredSpeech[], checkpoint: SpeechCheckpoint): void {
    this.#saving.try(() => this.#library.append(this.#key, events, checkpoint));
  }

  complete(): void {
    this.#saving.try(() => this.#library.completeStage(this.#key));
  }
}
