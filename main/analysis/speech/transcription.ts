/** One run of `transcribe`: what the library has, then what is still to be heard, then what is known only at the end. */
import { rulesFor } from '../../../shared/captions/rules.ts';
import type { Media } from '../../../shared/media.ts';
import type { LanguageEvent, SpeechEvent, StoredSpeech, TranscribeOptions, Turn, WordsEvent } from '../../../shared/speech.ts';
import { add, maxTime, toSeconds, type Flicks } from '../../../shared/time.ts';
import type { Inference } from '../../inference/types.ts';
import type { Library } from '../../library/types.ts';
import { PCM_RATE } from '../../media/pcm.ts';
import { ProgressMeter } from '../progress.ts';
import { CueStream } from './cueStream.ts';
import { LANGUAGE_RULES } from './language.ts';
import { Prefetch } from './prefetch.ts';
import { openRecogniser } from './recogniser.ts';
import { SpeechRun, type FinishedPiece } from './speechRun.ts';
import { runsOf, speakerAt, SpeakerBook, type Voice } from './speakers.ts';
import { speechKey, SpeechStore, type SpeechCheckpoint, type StoredRun } from './speechStore.ts';
import { SpeechSource, timeOf, type SpeechAudio } from './source.ts';
import type { Recogniser } from './types.ts';
import { VoiceDetector } from './vad.ts';
import { meanOf, packVector, unpackVector, VoiceEncoder, type VoiceWindow } from './voices.ts';

type Warning = Extract<SpeechEvent, { type: 'warning' }>;

/** A file that ends more than this before the length it promised ended early; seconds. */
const ENDS_EARLY = 1;

export interface TranscribeWith extends TranscribeOptions {
  inference: Inference;
  library: Library;
  signal?: AbortSignal;
  /** Times of the shot cuts known now, ascending; asked at the beginning and at the end. Default: those of the library's latest shots. */
  cuts?: () => Flicks[];
}

/** Chunks that the detector may be ahead of the recogniser: two batches. */
const CHUNKS_AHEAD = 8;

/** Being opened side by side: the detector is done first and begins to listen while the others load. */
interface Models {
  recogniser: Promise<Recogniser>;
  detector: Promise<VoiceDetector>;
  encoder: Promise<VoiceEncoder | null>;
}

export class Transcription {
  readonly #media: Media;
  readonly #options: TranscribeWith;
  readonly #emit: (event: SpeechEvent) => void;
  readonly #signal: AbortSignal;
  readonly #book = new SpeakerBook();
  readonly #warned = new Set<Warning['code']>();
  #cues: CueStream | null = null;
  #language: string | null = null;
  /** Warnings that go to the library with the next piece. */
  readonly #unsaved: Warning[] = [];
  #speakers = 0;
  #after: Flicks;

  constructor(media: Media, options: TranscribeWith, emit: (event: SpeechEvent) => void, signal: AbortSignal) {
    this.#media = media;
    this.#options = options;
    this.#emit = emit;
    this.#signal = signal;
    this.#after = media.startTime;
  }

  async run(): Promise<void> {
    const began = performance.now();
    const { library, inference, fresh } = this.#options;
    const key = await speechKey(this.#media, this.#options, inference);
    const store = new SpeechStore(library, key, () => void this.#warn('not_saved'));
    if (fresh) store.clear();
    const stored = store.load();
    this.#replay(stored);
    const checkpoint = stored.complete ? stored.checkpoint : await this.#hear(store, stored.checkpoint);
    this.#tellEnd(checkpoint);
    this.#emit({
      type: 'done',
      language: this.#language ?? (this.#options.language === 'auto' ? 'und' : this.#options.language),
      cues: this.#cues?.cues ?? 0,
      words: this.#cues?.words ?? 0,
      audio: (checkpoint.end ?? 0) / PCM_RATE,
      speech: checkpoint.speech / PCM_RATE,
      seconds: stored.complete ? 0 : (performance.now() - began) / 1000,
      cached: stored.complete,
    });
  }

  /** Tells what is stored. Once the speakers were settled, the words have those from the beginning. */
  #replay({ complete, events }: StoredRun): void {
    const turns = events.findLast((event) => event.type === 'turns')?.turns ?? null;
    for (const event of events) this.#replayEvent(event, turns);
    if (!complete) return;
    this.#cues?.finish(this.#after);
  }

  #replayEvent(event: StoredSpeech, turns: readonly Turn[] | null): void {
    switch (event.type) {
      case 'language':
        this.#tellLanguage(event);
        break;
      case 'words':
        this.#push(turns === null ? event : withTurns(event, turns));
        break;
      case 'voices':
        for (const { start, end, vector } of event.voices) this.#book.add({ start, end, vector: unpackVector(vector) });
        break;
      case 'speakers':
        this.#emit(event);
        break;
      case 'warning':
        this.#warn(event.code, event.params);
        break;
      case 'turns':
        break;
    }
  }

  async #hear(store: SpeechStore, from: SpeechCheckpoint): Promise<SpeechCheckpoint> {
    const models = this.#open();
    const stop = new AbortController();
    let ahead: Prefetch<SpeechAudio> | null = null;
    try {
      const detector = await models.detector;
      const source = new SpeechSource({ media: this.#media, detector, from: from.sample, signal: AbortSignal.any([this.#signal, stop.signal]), onDamage: () => this.#unsaved.push(...this.#warn('damaged_sound')) });
      ahead = new Prefetch(source.chunks(), CHUNKS_AHEAD);
      const [recogniser, encoder] = await Promise.all([models.recogniser, models.encoder]);
      const run = new SpeechRun({
        media: this.#media,
        options: this.#options,
        recogniser,
        source,
        ahead,
        checkpoint: from,
        language: this.#language,
        after: this.#after,
        signal: this.#signal,
        onPiece: (piece) => this.#onPiece(piece, encoder, store),
        onProgress: this.#meter(),
      });
      const checkpoint = await run.run();
      if (run.language.certainty < LANGUAGE_RULES.unsure) this.#warn('language_unsure', { language: this.#language ?? '' });
      this.#settle(store, checkpoint);
      return checkpoint;
    } finally {
      stop.abort();
      await ahead?.stop();
      await closeAll(models);
    }
  }

  #open(): Models {
    const { inference, speakers } = this.#options;
    const onFallback = (provider: string, reason: string): void => void this.#warn('provider_fell_back', { from: provider, reason });
    const common = { signal: this.#signal, onFallback };
    const models = {
      detector: VoiceDetector.open(inference, common),
      recogniser: openRecogniser(inference, common),
      encoder: speakers ? VoiceEncoder.open(inference, common) : Promise.resolve(null),
    };
    // Who waits for one hears of its failure; the others' are the same or don't matter then.
    for (const model of Object.values(models)) model.catch(() => undefined);
    return models;
  }

  async #onPiece(piece: FinishedPiece, encoder: VoiceEncoder | null, store: SpeechStore): Promise<void> {
    const stored: StoredSpeech[] = [];
    if (piece.language) {
      this.#tellLanguage(piece.language);
      stored.push(piece.language);
    }
    const { words } = piece;
    if (encoder && words.words.length > 0) {
      const voices = voicesOf(words, await encoder.windows(piece.audio), (sample) => timeOf(this.#media, sample));
      for (const { voice, from, to } of voices) words.speakers.fill(this.#book.add(voice), from, to);
      stored.push({ type: 'voices', voices: voices.map(({ voice }) => ({ ...voice, vector: packVector(voice.vector) })) });
    }
    store.append([...stored, words, ...this.#unsaved.splice(0)], piece.checkpoint);
    this.#tellSpeakers();
    this.#push(words);
  }

  #push(event: WordsEvent): void {
    this.#after = maxTime(this.#after, event.words.at(-1)?.end ?? event.to);
    if (event.words.length === 0) return;
    this.#cues ??= this.#newCues(this.#options.task === 'translate' ? 'en' : event.language);
    this.#cues.push(event.words, event.speakers, event.to);
  }

  #newCues(language: string): CueStream {
    const { video, duration, startTime } = this.#media;
    return new CueStream({
      rules: this.#options.rules ?? rulesFor(language),
      context: {
        frameRate: video?.frameRate ?? { num: 25, den: 1 },
        cuts: this.#cuts(),
        language,
        range: duration === null ? null : { start: startTime, end: add(startTime, duration) },
      },
      emit: (event) => this.#emit(event),
    });
  }

  #cuts(): Flicks[] {
    if (this.#options.cuts) return this.#options.cuts();
    const shots = this.#options.library.latestEvents(this.#media.id, 'shots').filter((event) => event.type === 'shot');
    return shots.slice(1).map(({ start }) => start);
  }

  /** What is known only once all was heard: who the speakers are, and the cuts found meanwhile. */
  #settle(store: SpeechStore, checkpoint: SpeechCheckpoint): void {
    const end = timeOf(this.#media, checkpoint.end ?? checkpoint.sample);
    this.#cues?.finish(end);
    const stored: StoredSpeech[] = [];
    let turns: Turn[] | null = null;
    if (this.#options.speakers) {
      const settled = this.#book.settle();
      turns = settled.turns;
      const event = { type: 'speakers' as const, speakers: settled.speakers };
      if (turns.length > 0) this.#emit(event);
      stored.push({ type: 'turns', turns }, ...(turns.length > 0 ? [event] : []));
    }
    this.#cues?.settle(turns, this.#cuts(), end);
    store.append([...stored, ...this.#unsaved.splice(0)], checkpoint);
    store.complete();
  }

  #tellLanguage(event: LanguageEvent): void {
    this.#language = event.language;
    this.#emit(event);
  }

  #tellSpeakers(): void {
    const { speakers } = this.#book;
    if (speakers.length === this.#speakers) return;
    this.#speakers = speakers.length;
    this.#emit({ type: 'speakers', speakers });
  }

  #tellEnd({ end, invented, speech }: SpeechCheckpoint): void {
    const promised = this.#media.audio?.duration ?? null;
    const heard = (end ?? 0) / PCM_RATE;
    const late = this.#media.audio ? toSeconds(this.#media.audio.startTime) - toSeconds(this.#media.startTime) : 0;
    if (promised !== null && heard < late + toSeconds(promised) - ENDS_EARLY) this.#warn('ends_early', { time: heard });
    if (invented > 0) this.#warn('dropped_invented', { words: invented });
    if (speech === 0 || (this.#cues?.words ?? 0) === 0) this.#warn('no_speech');
  }

  /** Each kind once. Gives the warning when it was told. */
  #warn(code: Warning['code'], params: Warning['params'] = {}): Warning[] {
    if (this.#warned.has(code)) return [];
    this.#warned.add(code);
    const warning: Warning = { type: 'warning', code, params: { ...params, name: this.#media.name } };
    this.#emit(warning);
    return [warning];
  }

  #meter(): (sample: number) => void {
    const { audio, duration } = this.#media;
    const total = audio?.duration ?? duration;
    const meter = new ProgressMeter(total === null ? null : toSeconds(total), (event) => this.#emit(event), { stage: 'transcribe', unit: 'seconds' });
    return (sample) => meter.update(sample / PCM_RATE);
  }
}

function withTurns(event: WordsEvent, turns: readonly Turn[]): WordsEvent {
  return { ...event, speakers: event.words.map(({ start, end }) => speakerAt(turns, Math.round((start + end) / 2) as Flicks)) };
}

/** Half a window of the voice encoder, in flicks: whose middle is so near to a run of words tells of its voice. */
const NEAR = 0.4;

function voicesOf(event: WordsEvent, windows: readonly VoiceWindow[], at: (sample: number) => Flicks): { voice: Voice; from: number; to: number }[] {
  const timed = windows.map(({ centre, vector }) => ({ time: toSeconds(at(centre)), vector }));
  return runsOf(event.words).flatMap(([from, to]) => {
    const [first, last] = [event.words[from], event.words[to - 1]];
    if (!first || !last || timed.length === 0) return [];
    const [start, end] = [toSeconds(first.start), toSeconds(last.end)];
    const inside = timed.filter(({ time }) => time >= start + NEAR && time <= end - NEAR);
    const middle = (start + end) / 2;
    const nearest = timed.reduce((best, each) => (Math.abs(each.time - middle) < Math.abs(best.time - middle) ? each : best));
    const used = inside.length > 0 ? inside : [nearest];
    return [{ voice: { start: first.start, end: last.end, vector: meanOf(used.map(({ vector }) => vector)) }, from, to }];
  });
}

/** Closes what could be opened, also what is still being opened. */
async function closeAll(models: Models): Promise<void> {
  const opened = await Promise.allSettled([models.recogniser, models.detector, models.encoder]);
  await Promise.all(opened.map((each) => (each.status === 'fulfilled' ? each.value?.close() : undefined)));
}
