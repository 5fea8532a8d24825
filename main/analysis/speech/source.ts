/** Chunks of speech out of a media's sound: decoded, listened through by the speech detector, packed. Constant memory. */
import type { Media } from '../../../shared/media.ts';
import { add, flicks, toSeconds, type Flicks } from '../../../shared/time.ts';
import { decodePcm, FLICKS_PER_SAMPLE } from '../../media/pcm.ts';
import { ChunkPacker, type ChunkRange } from './chunks.ts';
import { levelOf } from './levels.ts';
import { SampleBuffer } from './sampleBuffer.ts';
import { StretchFinder, type Stretch } from './stretches.ts';
import { VAD_FRAME, type VoiceDetector } from './vad.ts';

/** Seconds. A shorter file's first chunk ends at a pause: cutting within speech costs context, and it is all done soon. */
const SHORT_FILE = 120;

/** Positions are samples (16 kHz) from the media's start. */
export interface SpeechAudio extends ChunkRange {
  pcm: Float32Array<ArrayBuffer>;
  /** Probability of speech for each 512 samples from `start`. */
  voice: Float32Array<ArrayBuffer>;
}

export interface SourceOptions {
  media: Media;
  detector: VoiceDetector;
  /** Sample to begin at. */
  from: number;
  signal: AbortSignal;
  onDamage(): void;
}

/** What the source knows beside the chunks it gives. */
export interface SourceState {
  /** Sample before which everything spoken has been given. */
  settled: number;
  /** Samples of the whole sound; null until it has ended. */
  end: number | null;
}

export class SpeechSource {
  readonly state: SourceState;
  readonly #options: SourceOptions;
  readonly #buffer: SampleBuffer;
  readonly #voice: SampleBuffer;
  readonly #finder: StretchFinder;
  readonly #packer: ChunkPacker;
  readonly #first: number;

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#first = options.from;
    this.#buffer = new SampleBuffer(options.from);
    this.#voice = new SampleBuffer(0);
    // What an earlier run heard is told at once: a run that goes on is in no hurry. Nor is a short file, as far as speech would have to be cut
    // where there is no pause.
    const early = options.from === 0;
    const { duration } = options.media;
    this.#finder = new StretchFinder(options.from, early && (duration === null || toSeconds(duration) > SHORT_FILE));
    this.#packer = new ChunkPacker(early);
    this.state = { settled: options.from, end: null };
  }

  /** Throws as `decodePcm` and the detector's model. */
  async *chunks(): AsyncGenerator<SpeechAudio> {
    const { media, detector, signal, onDamage } = this.#options;
    for await (const { pcm } of decodePcm(media, { from: timeOf(media, this.#first), signal, onDamage })) {
      this.#buffer.push(pcm);
      const voice = await detector.detect(pcm);
      this.#voice.push(voice);
      yield* this.#read(pcm, voice);
    }
    const { end } = this.#buffer;
    const last = this.#finder.finish(end);
    if (last) yield* this.#give(this.#packer.push(last));
    yield* this.#give(this.#packer.finish());
    this.state.end = end;
    this.state.settled = end;
  }

  *#read(pcm: Float32Array, voice: Float32Array): Generator<SpeechAudio> {
    for (const [frame, probability] of voice.entries()) {
      const stretch: Stretch | null = this.#finder.push(probability, levelOf(pcm, frame * VAD_FRAME, (frame + 1) * VAD_FRAME));
      if (stretch) yield* this.#give(this.#packer.push(stretch));
    }
    yield* this.#give(this.#packer.advance(this.#finder.settled));
    this.state.settled = Math.min(this.#finder.settled, this.#packer.openFrom ?? Infinity);
    this.#buffer.forget(this.state.settled);
    this.#voice.forget(Math.floor((this.state.settled - this.#first) / VAD_FRAME));
  }

  *#give(range: ChunkRange | null): Generator<SpeechAudio> {
    if (!range) return;
    const frame = Math.floor((range.start - this.#first) / VAD_FRAME);
    const frames = Math.ceil((range.end - range.start) / VAD_FRAME);
    yield { ...range, pcm: this.#buffer.slice(range.start, range.end), voice: this.#voice.slice(frame, frame + frames) };
  }
}

/** Time of a sample counted from the media's start. */
export function timeOf(media: Pick<Media, 'startTime'>, sample: number): Flicks {
  return add(media.startTime, flicks(Math.round(sample * FLICKS_PER_SAMPLE)));
}
