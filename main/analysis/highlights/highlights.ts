/** What speaks for each moment of a media, as a stream: first by what is known already, then with its sound and its picture measured. */
import { ExpectedError, throwIfCancelled } from '../../../shared/errors.ts';
import type { ShotEvent, TagEvent } from '../../../shared/events.ts';
import type { Media } from '../../../shared/media.ts';
import type { TimeRange } from '../../../shared/ranges.ts';
import { add, flicks, fromSeconds, maxTime, type Flicks } from '../../../shared/time.ts';
import { centralityOf } from '../../../shared/understanding/highlights/centrality.ts';
import type { HighlightEvent, Sentence } from '../../../shared/understanding/types.ts';
import type { Library } from '../../library/types.ts';
import { streamOf, type EventQueue } from '../eventQueue.ts';
import { SPEECH_STAGE } from '../speech/speechStore.ts';
import { CELL, measurePicture, measureSound } from './measure.ts';
import { momentsOf, type Known } from './signals.ts';

/** Vectors of sentences, in their order; null where the language isn't known to any encoder. */
export type EmbedSentences = (texts: readonly string[], language: string, signal: AbortSignal) => Promise<readonly Float32Array[] | null>;

export interface HighlightsWith {
  /** May be none: then the moments are shots and their parts. */
  sentences: readonly Sentence[];
  /** BCP 47, or `auto`. */
  language: string;
  /** Null: what is central is told by words alone. */
  embed: EmbedSentences | null;
  library: Library;
  signal?: AbortSignal;
}

/**
 * Streams `moments`, each in place of the one before, and the progress of measuring in seconds of media. Leaving the loop early or aborting
 * `signal` stops everything within a second; what was measured is kept. Throws ExpectedError no_such_stream (neither sound nor
 * picture), and what decoding and the encoder throw; CancelledError.
 */
export async function* highlights(media: Media, options: HighlightsWith): AsyncGenerator<HighlightEvent> {
  throwIfCancelled(options.signal);
  if (!media.video && !media.audio) throw new ExpectedError('no_such_stream', { name: media.name });
  yield* streamOf<HighlightEvent>(options.signal, (queue, signal) => perform(media, options, queue, signal));
}

async function perform(media: Media, options: HighlightsWith, queue: EventQueue<HighlightEvent>, signal: AbortSignal): Promise<void> {
  const started = performance.now();
  const { library, sentences } = options;
  const known: Known = { media, range: rangeOf(media, []), sentences, centrality: null, words: wordsOf(library, media), ...storedShots(library, media), sound: null, picture: null };
  let moments = 0;
  const tell = (): void => {
    const found = momentsOf(known);
    moments = found.moments.length;
    queue.push({ type: 'moments', ...found });
  };
  let warned = false;
  const onNotSaved = (): void => {
    if (!warned) queue.push({ type: 'warning', code: 'not_saved', params: { name: media.name } });
    warned = true;
  };
  if (sentences.length > 0) known.centrality = centralityOf(sentences.map(({ text }) => text), null);
  // A media that does not tell its length has no range before it was read.
  if (known.range.end > known.range.start) tell();
  if (sentences.length > 0 && options.embed) {
    const texts = sentences.map(({ text }) => text);
    const vectors = await options.embed(texts, options.language, signal);
    if (vectors) known.centrality = centralityOf(texts, vectors);
    else queue.push({ type: 'warning', code: 'language_unknown', params: { language: options.language } });
  }
  const measuring = { library, signal, tell: (event: Extract<HighlightEvent, { type: 'progress' }>) => queue.push(event), onNotSaved };
  if (media.audio) {
    known.sound = await measureSound(media, measuring);
    known.range = rangeOf(media, [known.sound.length]);
    tell();
  }
  if (media.video) {
    known.picture = await measurePicture(media, measuring);
    known.range = rangeOf(media, [known.sound?.length ?? 0, known.picture.length]);
    // An analysis may have ended meanwhile.
    Object.assign(known, storedShots(library, media));
  }
  tell();
  queue.push({ type: 'done', moments, seconds: (performance.now() - started) / 1000 });
}

/** The part with a picture, or of sound alone. `cells` measured tell the length where the file does not. */
export function rangeOf(media: Media, cells: readonly number[]): TimeRange {
  const start = media.video?.startTime ?? media.audio?.startTime ?? media.startTime;
  const told = media.video?.duration ?? media.audio?.duration ?? media.duration;
  const measured = add(media.startTime, fromSeconds(CELL * Math.max(0, ...cells)));
  const end = told === null ? measured : add(start, told);
  return { start, end: maxTime(start, end) };
}

function storedShots(library: Library, media: Media): { shots: ShotEvent[]; tags: TagEvent[] } {
  const shots = library.latestEvents(media.id, 'shots').filter((event) => event.type === 'shot');
  const tags = library.latestEvents(media.id, 'tags').filter((event) => event.type === 'tag');
  return { shots, tags };
}

/** When words were recognised; null when the media was not transcribed here. */
function wordsOf(library: Library, media: Media): TimeRange[] | null {
  const pieces = library.latestSpeech(media.id, SPEECH_STAGE).filter((event) => event.type === 'words');
  const words = pieces.flatMap((piece) => piece.words.map(({ start, end }): TimeRange => ({ start: flicks(start), end: flicks(end) as Flicks })));
  return pieces.length > 0 ? words : null;
}
