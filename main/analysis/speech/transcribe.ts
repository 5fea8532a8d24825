/**
 * The speech of one media as a stream: cues in time order while it is heard, with words, speakers and the language. Finished pieces
 * go to the library, so that a second run replays them and an interrupted one goes on from the last.
 */
import { ExpectedError, throwIfCancelled } from '../../../shared/errors.ts';
import type { Media } from '../../../shared/media.ts';
import type { SpeechEvent } from '../../../shared/speech.ts';
import { streamOf } from '../eventQueue.ts';
import { Transcription, type TranscribeWith } from './transcription.ts';

export type { TranscribeWith } from './transcription.ts';

/**
 * Recognises a media's speech. Leaving the loop early or aborting `signal` stops everything within a second. Throws ExpectedError
 * no_such_stream (no audio), and what decoding and models throw; CancelledError.
 */
export async function* transcribe(media: Media, options: TranscribeWith): AsyncGenerator<SpeechEvent> {
  throwIfCancelled(options.signal);
  if (!media.audio) throw new ExpectedError('no_such_stream', { name: media.name });
  yield* streamOf<SpeechEvent>(options.signal, (queue, signal) => new Transcription(media, options, (event) => queue.push(event), signal).run());
}
