/**
 * Silences by the rules of auto-editor (https://auto-editor.com/docs/options): what stays under a threshold, after short sounds are
 * dropped, is silence; short silences stay; a margin is kept beside every sound.
 */
import { add, flicks, FLICKS_PER_SECOND, fromSeconds, type Flicks } from '../time.ts';
import { removal, type Removal } from './types.ts';

export interface SilenceOptions {
  /** Part of full scale, 0 to 1: a peak below it is silence. auto-editor's default is 4 %. */
  readonly threshold: number;
  /** Seconds that a silence lasts at least, its margins counted. */
  readonly minimum: number;
  /** Seconds of a silence that stay beside a sound, at either side. auto-editor's default is 0.2 s. */
  readonly margin: number;
  /** Seconds: a shorter sound between silences counts as silence. auto-editor's default is 3 frames of 1/30 s. */
  readonly shortestSound?: number;
  /** The media's last moment, when it goes on after its sound: that is silence too. */
  readonly end?: Flicks;
}

export const DEFAULT_SILENCE: Required<Omit<SilenceOptions, 'end'>> = { threshold: 0.04, minimum: 0.5, margin: 0.2, shortestSound: 0.1 };

/** min, max, rms. */
const VALUES = 3;

/** Runs of buckets, end exclusive. */
interface Run {
  loud: boolean;
  from: number;
  to: number;
}

/**
 * Silences to take out, in order. `peaks` holds min, max and rms of each bucket, -1 to 1; `start` is the time of the first. At the
 * media's own ends, where no sound follows or goes before, no margin is kept.
 */
export function findSilences(peaks: Float32Array, bucketsPerSecond: number, start: Flicks, options: SilenceOptions = DEFAULT_SILENCE): Removal[] {
  const count = Math.floor(peaks.length / VALUES);
  const total = options.end === undefined ? count : Math.max(count, Math.round(((options.end - start) / FLICKS_PER_SECOND) * bucketsPerSecond));
  const seconds = (buckets: number): number => buckets / bucketsPerSecond;
  const shortest = options.shortestSound ?? DEFAULT_SILENCE.shortestSound;
  const runs = withoutShort(runsOf(peaks, count, total, Math.fround(options.threshold)), (run) => seconds(run.to - run.from) < shortest);
  const margin = fromSeconds(options.margin);
  const timeOf = (bucket: number): Flicks => add(start, fromSeconds(seconds(bucket)));
  return runs.flatMap((run) => {
    if (run.loud || seconds(run.to - run.from) < options.minimum) return [];
    const from = run.from === 0 ? timeOf(0) : add(timeOf(run.from), margin);
    const last = run.to === total ? (options.end ?? timeOf(total)) : timeOf(run.to);
    const to = run.to === total ? last : flicks(last - margin);
    return from < to ? [removal('silence', 'silence', from, to, '')] : [];
  });
}

function runsOf(peaks: Float32Array, count: number, total: number, threshold: number): Run[] {
  const runs: Run[] = [];
  for (let bucket = 0; bucket < count; bucket += 1) {
    const low = peaks[bucket * VALUES] ?? 0;
    const high = peaks[bucket * VALUES + 1] ?? 0;
    extend(runs, high >= threshold || -low >= threshold, bucket, bucket + 1);
  }
  if (total > count) extend(runs, false, count, total);
  return runs;
}

function extend(runs: Run[], loud: boolean, from: number, to: number): void {
  const last = runs.at(-1);
  if (last?.loud === loud) last.to = to;
  else runs.push({ loud, from, to });
}

/** Short sounds between silences become part of them. A sound at an end of the media has silence at one side only and stays. */
function withoutShort(runs: readonly Run[], isShort: (run: Run) => boolean): Run[] {
  const result: Run[] = [];
  runs.forEach((run, i) => {
    const between = i > 0 && i < runs.length - 1;
    extend(result, run.loud && !(between && isShort(run)), run.from, run.to);
  });
  return result;
}
