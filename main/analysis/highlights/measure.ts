/** Measures a media's sound and picture in cells of half a second, counted from the media's start; what the library has is not done again. */
import { throwIfCancelled } from '../../../shared/errors.ts';
import type { ProgressEvent } from '../../../shared/events.ts';
import type { Media } from '../../../shared/media.ts';
import { flicks, fromSeconds, toSeconds, type Flicks } from '../../../shared/time.ts';
import type { Library } from '../../library/types.ts';
import { greyFrames, greySize } from '../../media/greyFrames.ts';
import { decodePcm } from '../../media/pcm.ts';
import { ProgressMeter } from '../progress.ts';
import { MeasureStore } from './measureStore.ts';
import { motionOf, PICTURE_RULES, sharpnessOf } from './pictureMeasures.ts';
import { CELL, CELL_SAMPLES, SOUND_RULES, SoundMeter, type SoundCell } from './soundMeasures.ts';

export { CELL };
const SOUND_STAGE = 'highlight-sound';
const PICTURE_STAGE = 'highlight-picture';

export interface PictureCell {
  /** Mean difference to the sample before, pans damped, in levels. */
  motion: number;
  /** log10 of the Laplacian's variance. */
  sharpness: number;
}

export interface MeasureOptions {
  library: Library;
  signal: AbortSignal;
  tell(event: ProgressEvent): void;
  onNotSaved(): void;
}

/** Start of a cell on the media's clock. */
function cellStart(media: Media, cell: number): Flicks {
  return flicks(media.startTime + cell * fromSeconds(CELL));
}

/** Number of the cell that holds a time, as a fraction. */
export function cellOf(media: Media, time: Flicks): number {
  return toSeconds(flicks(time - media.startTime)) / CELL;
}

function lengthOf(media: Media): number | null {
  return media.duration === null ? null : toSeconds(media.duration);
}

/** Seconds of media measured are the unit of its progress. Throws as `decodePcm`. */
export async function measureSound(media: Media, options: MeasureOptions): Promise<SoundCell[]> {
  const store = new MeasureStore(options.library, media, SOUND_STAGE, SOUND_RULES, 4, options.onNotSaved);
  if (!store.complete) await readSound(media, store, options);
  return store.rows.map(([level = -90, noise = 0, sway = 0, pulse = 0]) => ({ level, noise, sway, pulse }));
}

async function readSound(media: Media, store: MeasureStore, { signal, tell }: MeasureOptions): Promise<void> {
  const meter = new SoundMeter();
  const progress = new ProgressMeter(lengthOf(media), tell, { stage: 'sound', unit: 'seconds' });
  // One cell again: the pulse looks at the one before.
  let skip = store.rows.length > 0 ? 1 : 0;
  const from = cellStart(media, store.rows.length - skip);
  const cell = new Float32Array(CELL_SAMPLES);
  let filled = 0;
  const give = (samples: Float32Array): void => {
    const { level, noise, sway, pulse } = meter.measure(samples);
    if (skip > 0) skip--;
    else store.push([level, noise, sway, pulse]);
  };
  progress.update(store.rows.length * CELL);
  for await (const { pcm } of decodePcm(media, { from, signal })) {
    throwIfCancelled(signal);
    for (let position = 0; position < pcm.length; ) {
      const count = Math.min(cell.length - filled, pcm.length - position);
      cell.set(pcm.subarray(position, position + count), filled);
      filled += count;
      position += count;
      if (filled < cell.length) continue;
      give(cell);
      filled = 0;
    }
    progress.update(store.rows.length * CELL);
  }
  // A rest shorter than a spectrum says nothing.
  if (filled >= SOUND_RULES.spectrum) give(cell.slice(0, filled));
  store.finish();
}

/** Likewise for the picture. Throws as `greyFrames`. */
export async function measurePicture(media: Media, options: MeasureOptions): Promise<PictureCell[]> {
  const store = new MeasureStore(options.library, media, PICTURE_STAGE, PICTURE_RULES, 2, options.onNotSaved);
  if (!store.complete) await readPicture(media, store, options);
  return store.rows.map(([motion = 0, sharpness = 0]) => ({ motion, sharpness }));
}

async function readPicture(media: Media, store: MeasureStore, { signal, tell }: MeasureOptions): Promise<void> {
  const { video } = media;
  if (!video) return;
  const { side, step } = PICTURE_RULES;
  const size = greySize(video, side);
  const cells = new PictureCells(store);
  const progress = new ProgressMeter(lengthOf(media), tell, { stage: 'picture', unit: 'seconds' });
  const first = store.rows.length;
  progress.update(first * CELL);
  let before: Uint8Array | null = null;
  // A cell earlier: the motion of its first sample is seen against the one before it.
  const from = first > 0 ? cellStart(media, first - 1) : undefined;
  for await (const { time, data } of greyFrames(media, { side, step, from, signal })) {
    throwIfCancelled(signal);
    const cell = Math.max(0, Math.floor(cellOf(media, time) + 1e-6));
    const motion = before ? motionOf(before, data, size) : 0;
    before = data;
    if (cell >= first) cells.add(cell, motion, sharpnessOf(data, size));
    progress.update(store.rows.length * CELL);
  }
  cells.finish();
  store.finish();
}

/** Samples put into cells. A cell without a sample (a still in a variable-rate video) has no motion and the picture before it. */
class PictureCells {
  readonly #store: MeasureStore;
  #motions: number[] = [];
  #sharpness: number[] = [];
  #last = 0;

  constructor(store: MeasureStore) {
    this.#store = store;
    this.#last = store.rows.at(-1)?.[1] ?? 0;
  }

  add(cell: number, motion: number, sharpness: number): void {
    while (this.#store.rows.length < cell) this.#close();
    this.#motions.push(motion);
    this.#sharpness.push(sharpness);
  }

  finish(): void {
    if (this.#motions.length > 0) this.#close();
  }

  #close(): void {
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const known = this.#motions.length > 0;
    if (known) this.#last = mean(this.#sharpness);
    this.#store.push([known ? mean(this.#motions) : 0, this.#last]);
    this.#motions = [];
    this.#sharpness = [];
  }
}
