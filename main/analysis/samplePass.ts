/** From samples to keyframes and tags: each shot's, soon after the shot itself. */
import type { KeyframeEvent, ShotEvent, TagEvent, Transition } from '../../shared/events.ts';
import { flicks, type Flicks } from '../../shared/time.ts';
import type { VideoStream } from '../../shared/media.ts';
import type { SampleFrame } from '../media/types.ts';
import type { Examiner } from './examine.ts';
import { chooseKeyframes, clearOf, clearRange } from './keyframes.ts';
import { SampleSorter, type Examined, type ShotSamples } from './samples.ts';
import type { Position } from './stages.ts';
import { samplesToDetect, tagsOf, type ImagenetName } from './tags.ts';

/** How the shot ends: where the next one starts and how; null at the end of the film. */
export interface NextShot {
  startFrame: number;
  transitionIn: Transition;
}

export interface SamplePassOptions {
  video: VideoStream;
  examiner: Examiner;
  imagenetName: ImagenetName;
  /** First shot wanted; its number and first frame. */
  first: { shot: number; frame: number };
  withTags: boolean;
  /** The frame shown at a time, for a shot that no sample fell into. */
  sampleAt(time: Flicks): Promise<Omit<SampleFrame, 'index'> | null>;
  /** Time of a frame met lately; null when it isn't remembered. */
  timeOf(index: number): Flicks | null;
  /** Shot number `index` with what follows it; null while it isn't known. */
  shotAt(index: number): { shot: ShotEvent; next: NextShot | null } | null;
  /** Frames before this are certain to be in the shot in progress or earlier. */
  settledBefore(): number;
  onPicture(picture: string, jpeg: Uint8Array): void;
  onFinished(shot: ShotEvent, keyframes: KeyframeEvent[], tags: TagEvent[], from: Position): void;
  onSample(index: number): void;
}

export class SamplePass {
  readonly #options: SamplePassOptions;
  readonly #sorter: SampleSorter;
  #next: number;

  constructor(options: SamplePassOptions) {
    this.#options = options;
    this.#sorter = new SampleSorter(options.first.frame);
    this.#next = options.first.shot;
  }

  /** Reads all samples and finishes the shots they complete. */
  async run(samples: AsyncIterable<SampleFrame>): Promise<void> {
    for await (const sample of samples) {
      this.#sorter.push(await this.#options.examiner.examine(sample));
      this.#options.onSample(sample.index);
      await this.finish(sample.index);
      const current = this.#options.shotAt(this.#next);
      this.#sorter.settle(current?.shot.endFrame ?? this.#options.settledBefore());
    }
  }

  /** Finishes the known shots that end before frame `seen`; all of them when the samples have ended (Infinity). */
  async finish(seen: number): Promise<void> {
    for (;;) {
      const known = this.#options.shotAt(this.#next);
      if (!known || known.shot.endFrame > seen) return;
      await this.#finishShot(known.shot, known.next);
      this.#next++;
    }
  }

  async #finishShot(shot: ShotEvent, next: NextShot | null): Promise<void> {
    const samples = this.#sorter.close(shot.endFrame, next?.startFrame ?? shot.endFrame);
    const from = samples.last ?? { index: shot.startFrame, time: shot.start };
    await this.#fillClear(shot, next?.transitionIn ?? null, samples);
    const keyframes = chooseKeyframes(shot, next?.transitionIn ?? null, samples.candidates);
    const tags = this.#options.withTags ? await this.#tags(shot, samples, keyframes) : [];
    const events = keyframes.map((each, rank): KeyframeEvent => {
      const picture = `key-${each.index}`;
      this.#options.onPicture(picture, each.jpeg);
      return { type: 'keyframe', shot: shot.index, rank, time: each.time, frame: each.index, picture };
    });
    this.#options.onFinished(shot, events, tags, from);
  }

  async #tags(shot: ShotEvent, samples: ShotSamples, keyframes: Examined[]): Promise<TagEvent[]> {
    const looked = samplesToDetect(shot, samples, keyframes);
    for (const sample of looked) await this.#options.examiner.detect(sample, this.#options.video);
    return tagsOf(shot, samples, looked, this.#options.imagenetName);
  }

  /** A short shot may have no sample, or only one beside a transition: its middle is then decoded on its own. */
  async #fillClear(shot: ShotEvent, next: Transition | null, samples: ShotSamples): Promise<void> {
    const clear = clearRange(shot, next);
    const enough = clear ? clearOf(shot, next, samples.candidates).length > 0 : samples.candidates.length > 0;
    if (enough) return;
    const { first, end } = clear ?? { first: shot.startFrame, end: shot.endFrame };
    const middle = Math.floor((first + end) / 2);
    const step = (shot.end - shot.start) / (shot.endFrame - shot.startFrame);
    const time = this.#options.timeOf(middle) ?? flicks(Math.round(shot.start + (middle - shot.startFrame) * step));
    const sample = (await this.#inside(shot, time)) ?? (samples.candidates.length > 0 ? null : await this.#inside(shot, shot.start));
    if (!sample) return;
    const index = Math.min(shot.endFrame - 1, shot.startFrame + Math.floor((sample.time - shot.start) / step + 0.001));
    samples.add(await this.#options.examiner.examine({ ...sample, index: sample.time === time ? middle : index }));
  }

  /** The frame shown at a time; null when it is not of the shot, as a damaged file may show another there than the first reading met. */
  async #inside(shot: ShotEvent, time: Flicks): Promise<Omit<SampleFrame, 'index'> | null> {
    const sample = await this.#options.sampleAt(time);
    return sample && sample.time >= shot.start && sample.time < shot.end ? sample : null;
  }
}
