/**
 * Decodes a video once for every consumer.
 *
 * Backpressure: each consumer has a bounded queue. When one is full its pipes are no longer read, ffmpeg blocks on writing
 * to them, and so the other consumer waits too, for one process feeds both. No wait is for ever as long as each consumer
 * goes on taking (or leaves its loop): a queue is full only by whole items ready to be taken, the parts of a sample are read
 * until the slowest has come, and the pipes with the times are never held back. So a consumer must not wait for the
 * *other* one before it takes: let it keep what it needs.
 */
import { CancelledError, ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { add, flicks, FLICKS_PER_SECOND, frameDuration, fromSeconds, subtract, toSeconds, type Flicks } from '../../shared/time.ts';
import { DamageWatch, isComplaint } from './damage.ts';
import { startDecodeRun, type DecodeRun, type SampleForms } from './decodeRun.ts';
import { everyStep, needsToneMap } from './forms.ts';
import { FrameQueue } from './frameQueue.ts';
import type { TimeLine } from './pipeReaders.ts';
import type { DecodeEnd, DecodeOptions, SampleFrame, SmallFrame, VideoDecode } from './types.ts';

/** 2 MiB of 48x27 frames. */
const SMALL_LIMIT = 512;
/** About 10 MiB of sampled forms. */
const SAMPLE_LIMIT = 8;
const DEFAULT_SAMPLE_SECONDS = 0.3;
/** Decoded before `from` and thrown away: gives decoders that start between sync frames time to recover. */
const PREROLL_SECONDS = 1;

/**
 * Starts decoding the media's video. Failures reach the iterators and `end`: ExpectedError no_video, file_damaged (nothing
 * could be decoded), file_changed (the frame of `from` is not there), decoder_missing, ffmpeg_missing; CancelledError.
 */
export function decodeVideo(media: Media, options: DecodeOptions): VideoDecode {
  if (!options.small && !options.samples) throw new RangeError('decodeVideo: no consumer wanted');
  return new DecodeSession(media, options).start();
}

class DecodeSession {
  private readonly media: Media;
  private readonly options: DecodeOptions;
  private readonly sampleSeconds: number | null;
  private readonly small: FrameQueue<SmallFrame>;
  private readonly samples: FrameQueue<SampleFrame>;
  private run: DecodeRun | null = null;
  private damage: DamageWatch | null = null;

  // Of the present attempt.
  private times: { time: Flicks; index: number; wanted: boolean }[] = [];
  private smallData: Uint8Array[] = [];
  private pendingSamples: SampleForms[] = [];
  private sampleTimes: { time: Flicks; index: number }[] = [];
  private sought = false;
  private found = false;
  private missed = false;
  private index = 0;
  private frames = 0;
  private lastTime: Flicks | null = null;
  private lastDuration: Flicks = flicks(0);

  constructor(media: Media, options: DecodeOptions) {
    this.media = media;
    this.options = options;
    this.sampleSeconds = options.samples ? (options.sampleInterval === undefined ? DEFAULT_SAMPLE_SECONDS : toSeconds(options.sampleInterval)) : null;
    const limits = (what: 'small' | 'samples', limit: number) => ({
      limit,
      onFull: () => this.run?.pause(what),
      onRoom: () => this.run?.resume(what),
    });
    this.small = new FrameQueue(limits('small', SMALL_LIMIT));
    this.samples = new FrameQueue(limits('samples', SAMPLE_LIMIT));
    if (!options.small) this.small.end();
    if (!options.samples) this.samples.end();
  }

  start(): VideoDecode {
    const end = this.decode().catch((error: unknown) => {
      const now = error instanceof CancelledError;
      this.small.fail(error, now);
      this.samples.fail(error, now);
      throw error;
    });
    // The iterators tell it too; a caller may look at those alone.
    end.catch(() => undefined);
    return { small: this.small, samples: this.samples, damaged: () => this.damage?.soFar() ?? [...(this.options.damaged ?? [])], end };
  }

  private async decode(): Promise<DecodeEnd> {
    const { signal, from } = this.options;
    throwIfCancelled(signal);
    const { video } = this.media;
    if (!video) throw new ExpectedError('no_video', { name: this.media.name });
    const onAbort = (): void => {
      this.small.fail(new CancelledError(), true);
      this.samples.fail(new CancelledError(), true);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const toneMap = this.options.samples && (await needsToneMap(video));
      const seek = this.seekTarget();
      await this.attempt(video, seek, toneMap);
      // A seek that landed elsewhere: the frame is looked for from the beginning.
      if (from && !this.found && seek !== null) await this.attempt(video, null, toneMap);
      throwIfCancelled(signal);
      if (from && !this.found) throw new ExpectedError('file_changed', { name: this.media.name });
      if (this.frames === 0) throw new ExpectedError('file_damaged', { name: this.media.name });
      this.small.end();
      this.samples.end();
      await Promise.all([this.small.drained, this.samples.drained]);
      throwIfCancelled(signal);
      return this.finish(video);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private seekTarget(): Flicks | null {
    if (!this.options.from) return null;
    const preroll = fromSeconds(Math.max(PREROLL_SECONDS, 1.5 * (this.sampleSeconds ?? 0)));
    const target = subtract(this.options.from.time, preroll);
    return target > this.media.startTime ? target : null;
  }

  private async attempt(video: VideoStream, seek: Flicks | null, toneMap: boolean): Promise<void> {
    this.sought = seek !== null;
    this.found = this.options.from === undefined;
    this.missed = false;
    this.index = 0;
    [this.times, this.smallData, this.pendingSamples, this.sampleTimes] = [[], [], [], []];
    // A run from the beginning meets all of them again; one from the middle those that lie after its first frame.
    const first = this.options.from?.time;
    const known = seek === null || first === undefined ? [] : this.options.damaged?.filter(({ from }) => from === null || from < first);
    this.damage = new DamageWatch(video, known);
    const { small, signal } = this.options;
    this.run = await startDecodeRun(this.media, video, { small, sampling: this.sampleSeconds === null ? null : everyStep(this.sampleSeconds), seek, toneMap, signal }, {
      onTime: (line) => this.onTime(line),
      onSmall: (data) => {
        this.smallData.push(data);
        this.pair();
      },
      onSample: (forms) => {
        this.pendingSamples.push(forms);
        this.giveSamples(false);
      },
      onLog: (line) => this.onLog(line),
    });
    await this.run.done.catch((error: unknown) => {
      // What was decoded before the decoder gave up counts; the end then says what is missing.
      if (!(error instanceof ExpectedError && error.code === 'file_damaged' && this.frames > 0)) throw error;
      this.damage?.complaint();
    });
    if (!this.missed) this.giveSamples(true);
  }

  private onTime(line: TimeLine): void {
    if (this.missed) return;
    const time = line.time ?? add(this.lastTime ?? this.media.startTime, this.lastDuration);
    const { from } = this.options;
    if (!this.found && from && time >= from.time) {
      if (time > from.time) {
        this.missed = true;
        this.run?.stop();
        return;
      }
      this.found = true;
      this.index = from.index;
    }
    this.times.push({ time, index: this.index, wanted: this.found });
    if (this.found) this.advance(time, line.duration);
    this.pair();
    this.giveSamples(false);
  }

  private advance(time: Flicks, duration: Flicks): void {
    if (this.options.samples) this.sampleTimes.push({ time, index: this.index });
    this.damage?.frame(time);
    this.index += 1;
    this.frames += 1;
    this.lastTime = time;
    this.lastDuration = duration;
  }

  private onLog(line: string): void {
    // Before the first frame a seek, or a broadcast recorded from its middle, lacks what came before.
    const early = this.sought ? !this.found : this.frames === 0 && this.media.format === 'mpegts';
    if (!early && isComplaint(line)) this.damage?.complaint();
  }

  private pair(): void {
    if (!this.options.small) {
      this.times = [];
      return;
    }
    const count = Math.min(this.times.length, this.smallData.length);
    for (let i = 0; i < count; i += 1) {
      const [entry, data] = [this.times[i], this.smallData[i]];
      if (entry?.wanted && data) this.small.push({ index: entry.index, time: entry.time, data });
    }
    if (count === 0) return;
    this.times.splice(0, count);
    this.smallData.splice(0, count);
  }

  /** Gives out samples whose frame is known by its time. `last`: no more times will come. */
  private giveSamples(last: boolean): void {
    if (!this.found) {
      // Frames before `from`.
      this.pendingSamples = this.pendingSamples.filter((forms) => this.options.from !== undefined && forms.time >= this.options.from.time);
      return;
    }
    let used = 0;
    for (let sample = this.pendingSamples[0]; sample; sample = this.pendingSamples[0]) {
      while (this.sampleTimes[used] !== undefined && (this.sampleTimes[used]?.time ?? 0) < sample.time) used += 1;
      const entry = this.sampleTimes[used];
      const before = this.options.from !== undefined && sample.time < this.options.from.time;
      if (!entry && !before && !last) break;
      this.pendingSamples.shift();
      if (entry && !before) this.samples.push({ index: entry.index, ...sample });
    }
    if (used > 0) this.sampleTimes.splice(0, used);
  }

  private finish(video: VideoStream): DecodeEnd {
    const promised = video.duration ?? this.media.duration;
    const start = video.duration === null ? this.media.startTime : video.startTime;
    const promisedEnd = promised === null ? null : add(start, promised);
    const endTime = this.endOfLast(video, promisedEnd);
    // The container's length may be the audio's, so it says less than the stream's own.
    const tolerance = Math.max((video.duration === null ? 2 : 0.5) * FLICKS_PER_SECOND, 2 * frameDuration(video.frameRate));
    const endsEarly = promisedEnd !== null && endTime !== null && promisedEnd - endTime > tolerance;
    return {
      frames: this.options.small ? this.frames : 0,
      lastTime: this.lastTime,
      endTime,
      damaged: this.damage?.finish(endsEarly) ?? [],
      endsEarly,
    };
  }

  /** The last frame's own duration is guessed from the rate in variable-rate video: there the stream's end tells better. */
  private endOfLast(video: VideoStream, promisedEnd: Flicks | null): Flicks | null {
    if (this.lastTime === null) return null;
    const usual = frameDuration(video.frameRate);
    const own = add(this.lastTime, this.lastDuration > 0 ? this.lastDuration : usual);
    const close = promisedEnd !== null && promisedEnd > this.lastTime && promisedEnd - this.lastTime < 10 * Math.max(usual, FLICKS_PER_SECOND / 10);
    return video.variableRate && close && promisedEnd !== null ? promisedEnd : own;
  }
}
