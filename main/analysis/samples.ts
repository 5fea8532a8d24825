/** Samples on their way into shots: examined once, kept evenly spread, in bounded memory however long a shot is. */
import type { Flicks } from '../../shared/time.ts';
import type { ScoredBox } from './boxes.ts';
import type { PictureMeasures } from './pictureMeasures.ts';

export interface LabelledBox extends ScoredBox {
  label: string;
}

/** What the object and the face detector found on one sample. */
export interface Detections {
  objects: LabelledBox[];
  faces: ScoredBox[];
}

/** A sample after EfficientNet saw it. Pixels stay for the detectors, which see a few samples of each shot only. */
export interface Examined extends PictureMeasures {
  index: number;
  time: Flicks;
  /** 1000 ImageNet probabilities. */
  probabilities: Float32Array;
  /** 1280 features, scaled to length 1: the dot product of two is their cosine. */
  features: Float32Array;
  detect: Uint8Array;
  face: Uint8Array;
  jpeg: Uint8Array;
  /** Set once the detectors were asked. */
  detections?: Detections;
}

/** Most samples of one shot kept as candidates for its keyframes: at 1.2 MB each, 39 MB. */
export const MOST_CANDIDATES = 32;

/** Everything known of one shot's samples. */
export class ShotSamples {
  /** Evenly spread over the shot. */
  candidates: Examined[] = [];
  /** Mean ImageNet probabilities over all samples, kept or not; empty without samples. */
  #sum: Float64Array | null = null;
  #count = 0;
  #step = 1;
  /** The shot's last sample: decoding can begin again there. */
  last: { index: number; time: Flicks } | null = null;

  /** Every `step`-th sample is kept; the step doubles when there are too many, so what is kept depends on the shot alone. */
  add(sample: Examined): void {
    this.#sum ??= new Float64Array(sample.probabilities.length);
    for (let i = 0; i < this.#sum.length; i++) this.#sum[i] = (this.#sum[i] ?? 0) + (sample.probabilities[i] ?? 0);
    if (this.#count % this.#step === 0) this.candidates.push(sample);
    this.#count++;
    this.last = { index: sample.index, time: sample.time };
    if (this.candidates.length > MOST_CANDIDATES) {
      this.#step *= 2;
      this.candidates = this.candidates.filter((_, i) => i % 2 === 0);
    }
  }

  meanProbabilities(): Float64Array {
    return (this.#sum ?? new Float64Array(0)).map((sum) => sum / this.#count);
  }
}

/** Deals examined samples out to shots. Samples arrive in order, shots too; either may be ahead. */
export class SampleSorter {
  #waiting: Examined[] = [];
  #current = new ShotSamples();
  #from: number;

  /** `from`: first frame of the first shot wanted; samples before it belong to none. */
  constructor(from: number) {
    this.#from = from;
  }

  push(sample: Examined): void {
    if (sample.index >= this.#from) this.#waiting.push(sample);
  }

  /** Frames before `before` are certain to belong to the shot in progress: their samples can be thinned. */
  settle(before: number): void {
    while (this.#waiting[0] && this.#waiting[0].index < before) {
      const sample = this.#waiting.shift();
      if (sample) this.#current.add(sample);
    }
  }

  /** The shot ended before frame `end`; `next` is where the following one starts. Transition frames are dropped. */
  close(end: number, next: number): ShotSamples {
    this.settle(end);
    const shot = this.#current;
    this.#current = new ShotSamples();
    this.#from = next;
    this.#waiting = this.#waiting.filter((sample) => sample.index >= next);
    return shot;
  }
}
