/** Hearing a media's speech from where an earlier run left off: chunks in, finished pieces out, in order. */
import { throwIfCancelled } from '../../../shared/errors.ts';
import type { Media } from '../../../shared/media.ts';
import type { LanguageEvent, TranscribeOptions, WordsEvent } from '../../../shared/speech.ts';
import type { Flicks } from '../../../shared/time.ts';
import { samplesOfSpeech } from './chunks.ts';
import { finishWords } from './finish.ts';
import { chunkOf, itemOf, speechOf, type Item } from './item.ts';
import { levelsOf } from './levels.ts';
import { LanguageTracker } from './language.ts';
import type { Prefetch } from './prefetch.ts';
import { withoutLoops } from './repeats.ts';
import { judge, type HeardPiece } from './requeue.ts';
import { snapWords } from './snap.ts';
import { timeOf, type SpeechAudio, type SpeechSource } from './source.ts';
import type { SpeechCheckpoint } from './speechStore.ts';
import type { Stretch } from './stretches.ts';
import type { RecognisedChunk, Recogniser } from './types.ts';

export interface FinishedPiece {
  words: WordsEvent;
  /** The sound the words are of. */
  audio: SpeechAudio;
  /** Set where another language begins. */
  language: LanguageEvent | null;
  checkpoint: SpeechCheckpoint;
}

export interface SpeechRunOptions {
  media: Media;
  options: TranscribeOptions;
  recogniser: Recogniser;
  source: SpeechSource;
  /** The source's chunks, read ahead; left to be stopped by whoever made it. */
  ahead: Prefetch<SpeechAudio>;
  checkpoint: SpeechCheckpoint;
  language: string | null;
  /** End of the last word of the earlier run. */
  after: Flicks;
  signal: AbortSignal;
  /** A piece is finished; pieces come in order. */
  onPiece(piece: FinishedPiece): Promise<void>;
  /** Samples of the sound that are done with. */
  onProgress(sample: number): void;
}

export class SpeechRun {
  readonly #options: SpeechRunOptions;
  readonly #tracker: LanguageTracker;
  #pending: Item[] = [];
  /** Heard and not yet told: something earlier still has to be heard. */
  #heard: HeardPiece[] = [];
  /** With the recogniser now. */
  #asked: readonly Item[] = [];
  #telling: Promise<void> = Promise.resolve();
  #first = true;
  /** Words of loops that were left out since the last piece was told. */
  #looped = 0;
  #checkpoint: SpeechCheckpoint;
  #after: Flicks;

  constructor(options: SpeechRunOptions) {
    this.#options = options;
    this.#tracker = new LanguageTracker(options.options.language, options.language);
    this.#checkpoint = options.checkpoint;
    this.#after = options.after;
  }

  get language(): LanguageTracker {
    return this.#tracker;
  }

  /**
   * Hears everything. Pieces are told (and voices listened to) while the next batch is heard. Throws as decoding and the models do;
   * CancelledError. Gives where the sound ends.
   */
  async run(): Promise<SpeechCheckpoint> {
    const { signal, source } = this.#options;
    try {
      // The clock of progress runs from here, so that the first chunk's end is told.
      this.#tellProgress();
      for (;;) {
        throwIfCancelled(signal);
        await this.#fill();
        if (this.#pending.length === 0) break;
        this.#asked = this.#pending.splice(0, this.#first ? 1 : this.#options.recogniser.batch);
        await this.#hear(this.#asked);
        this.#asked = [];
        this.#first = false;
        this.#telling = this.#tellFinished();
        this.#telling.catch(() => undefined);
      }
      await this.#telling;
      throwIfCancelled(signal);
      this.#checkpoint = { ...this.#checkpoint, sample: source.state.end ?? this.#checkpoint.sample, end: source.state.end };
      return this.#checkpoint;
    } finally {
      await Promise.allSettled([this.#telling]);
    }
  }

  /** The first chunk goes alone, so that its cues come soon. While nothing is spoken, progress is the detector's. */
  async #fill(): Promise<void> {
    const batch = this.#first ? 1 : this.#options.recogniser.batch;
    if (this.#pending.length >= batch) return;
    const timer = setInterval(() => this.#tellProgress(), 250);
    try {
      const taken = await this.#options.ahead.take(batch - this.#pending.length);
      this.#pending.push(...taken.map(itemOf));
    } finally {
      clearInterval(timer);
    }
  }

  async #hear(items: readonly Item[]): Promise<void> {
    const { recogniser, options, signal } = this.#options;
    const chunks = items.map((item) => chunkOf(item, this.#tracker.ask, options));
    const answers = await recogniser.recognise(chunks, signal);
    await this.#telling;
    for (const [index, item] of items.entries()) {
      const heard = answers[index];
      if (!heard) throw new Error('the recogniser gave fewer answers than it was asked for');
      const said = withoutLoops(heard);
      this.#looped += said.dropped;
      const words = snapWords(said.heard.words, levelsOf(item.audio.pcm));
      const { pieces, again } = judge(item, { ...said.heard, words }, this.#tracker);
      this.#heard.push(...pieces);
      this.#pending.push(...again);
    }
    this.#pending.sort((a, b) => a.audio.start - b.audio.start);
    this.#heard.sort((a, b) => a.item.audio.start - b.item.audio.start);
  }

  /** Tells what nothing that is still to be heard comes before. */
  async #tellFinished(): Promise<void> {
    const limit = this.#pending[0]?.audio.start ?? Infinity;
    const count = this.#heard.findIndex(({ item }) => item.audio.start >= limit);
    for (const { item, heard } of this.#heard.splice(0, count < 0 ? this.#heard.length : count)) await this.#tell(item, heard, limit);
    this.#tellProgress();
  }

  async #tell(item: Item, heard: RecognisedChunk, limit: number): Promise<void> {
    const { media, options } = this.#options;
    const { audio } = item;
    const { words, invented } = finishWords(item, heard, { startTime: media.startTime, after: this.#after, translated: options.task === 'translate' });
    const changed = words.length > 0 && this.#tracker.accept(heard, speechOf(audio));
    this.#after = words.at(-1)?.end ?? this.#after;
    // A piece whose rest is still to be heard ends where that begins.
    const to = Math.min(audio.end, limit);
    const before = this.#checkpoint;
    this.#checkpoint = {
      ...before,
      sample: Math.max(before.sample, to),
      speech: before.speech + samplesOfSpeech(within(audio.stretches, before.sample, to)),
      invented: before.invented + invented + this.#looped,
    };
    this.#looped = 0;
    const from = timeOf(media, audio.start);
    await this.#options.onPiece({
      words: { type: 'words', from, to: timeOf(media, to), language: heard.language, words, speakers: words.map(() => null) },
      audio,
      language: changed ? { type: 'language', language: heard.language, probability: heard.languageProbability, from } : null,
      checkpoint: this.#checkpoint,
    });
  }

  #tellProgress(): void {
    const { settled } = this.#options.source.state;
    const waiting = ([...this.#asked, ...this.#pending][0]?.audio ?? this.#options.ahead.next)?.start ?? settled;
    this.#options.onProgress(Math.max(this.#checkpoint.sample, Math.min(waiting, settled)));
  }
}

/** The parts of stretches from `from` to `to`. */
function within(stretches: readonly Stretch[], from: number, to: number): Stretch[] {
  return stretches
    .filter((stretch) => stretch.end > from && stretch.start < to)
    .map((stretch) => ({ ...stretch, start: Math.max(stretch.start, from), end: Math.min(stretch.end, to) }));
}
