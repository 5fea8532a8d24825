/** Where shots begin, told frame by frame: by the shots that an analysis found, else by the pictures themselves. */
import type { AnalysisEvent } from '../../shared/events.ts';
import { flicks, type Flicks } from '../../shared/time.ts';
import type { RgbFrame } from './types.ts';

/** Colours are sampled on a grid of at most this many points across and down. */
const ACROSS = 48;
const DOWN = 27;
/** Colours are counted in this many steps a channel. */
const STEPS = 6;
/** Share of the points whose colour must be another, as counted over the whole picture, for a cut: within a shot motion and light move fewer. */
const HISTOGRAM_CHANGE = 0.35;
/** Mean change of a point, of 255, that a cut has at least, whatever its colours. */
const POINT_CHANGE = 18;
/** And this many times the usual change of the shot so far: hand-held pictures change much without a cut. */
const OVER_USUAL = 2.5;

export class CutFinder {
  readonly #starts: Flicks[];
  /** Until here the analysis has told the shots. */
  readonly #known: Flicks;
  #before: { time: Flicks; points: Uint8Array; histogram: Uint32Array } | null = null;
  #usual = 0;

  /** `events`: what the library has of the media's shots; after the last of them the pictures tell. */
  constructor(events: readonly AnalysisEvent[]) {
    const shots = events.filter((event) => event.type === 'shot');
    this.#starts = shots.map(({ start }) => start);
    this.#known = flicks(Math.max(Number.MIN_SAFE_INTEGER, ...shots.map(({ end }) => end)));
  }

  /** True for the first frame of all and for the first of each shot. Frames are given in order, all of them. */
  isCut(frame: RgbFrame & { time: Flicks }): boolean {
    const before = this.#before;
    const points = sample(frame);
    const histogram = count(points);
    this.#before = { time: frame.time, points, histogram };
    if (!before) return true;
    if (frame.time < this.#known) return this.#starts.some((start) => before.time < start && start <= frame.time);
    const change = meanChange(before.points, points);
    const cut = change > POINT_CHANGE && change > OVER_USUAL * this.#usual && moved(before.histogram, histogram, points.length / 3) > HISTOGRAM_CHANGE;
    this.#usual = cut ? 0 : this.#usual === 0 ? change : 0.8 * this.#usual + 0.2 * change;
    return cut;
  }
}

function sample({ width, height, data }: RgbFrame): Uint8Array {
  const [across, down] = [Math.min(ACROSS, width), Math.min(DOWN, height)];
  const points = new Uint8Array(across * down * 3);
  for (let y = 0, to = 0; y < down; y += 1) {
    const row = Math.floor(((y + 0.5) * height) / down) * width;
    for (let x = 0; x < across; x += 1, to += 3) {
      const from = (row + Math.floor(((x + 0.5) * width) / across)) * 3;
      for (let channel = 0; channel < 3; channel += 1) points[to + channel] = data[from + channel] ?? 0;
    }
  }
  return points;
}

function count(points: Uint8Array): Uint32Array {
  const histogram = new Uint32Array(STEPS ** 3);
  const step = (value: number | undefined): number => Math.floor(((value ?? 0) * STEPS) / 256);
  for (let i = 0; i < points.length; i += 3) {
    const bin = (step(points[i]) * STEPS + step(points[i + 1])) * STEPS + step(points[i + 2]);
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  return histogram;
}

function meanChange(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return 255;
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / a.length;
}

/** Share of the points that changed their colour's bin. */
function moved(a: Uint32Array, b: Uint32Array, points: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / (2 * points);
}
