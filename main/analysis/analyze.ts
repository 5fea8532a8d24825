/**
 * The analysis of one media as a stream: previews at once, then each shot with its keyframes and tags while decoding goes
 * on. Finished pieces go to the library, so that a second run replays them and an interrupted one goes on from the last.
 */
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import { STAGES, type AnalysisEvent, type Stage, type WarningEvent } from '../../shared/events.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { fromSeconds, type Flicks } from '../../shared/time.ts';
import type { Inference } from '../inference/types.ts';
import type { Library } from '../library/types.ts';
import { AnalysisRun } from './analysisRun.ts';
import { streamOf, type EventQueue } from './eventQueue.ts';
import { FirstPass } from './firstPass.ts';
import { replay, stageKeys, StageStore, type StageStates } from './stages.ts';

/** Two samples a second: most shots last longer than one. */
export const DEFAULT_SAMPLE_INTERVAL: Flicks = fromSeconds(0.5);

export interface AnalyzeOptions {
  /** What to tell of. What these rest on is worked out and stored too. */
  stages: readonly Stage[];
  /** Forget what the library has of these stages. */
  fresh?: boolean;
  inference: Inference;
  library: Library;
  signal?: AbortSignal;
  /** Least distance of the samples that keyframes and tags are taken from. */
  sampleInterval?: Flicks;
}

/**
 * Analyses a media's video. Leaving the loop early or aborting `signal` stops everything within a second. Throws
 * ExpectedError no_video, and what decoding and models throw; CancelledError.
 */
export async function* analyze(media: Media, options: AnalyzeOptions): AsyncGenerator<AnalysisEvent> {
  throwIfCancelled(options.signal);
  const { video } = media;
  if (!video) throw new ExpectedError('no_video', { name: media.name });
  yield* streamOf<AnalysisEvent>(options.signal, (queue, signal) => perform(media, video, options, queue, signal));
}

async function perform(media: Media, video: VideoStream, options: AnalyzeOptions, queue: EventQueue, signal: AbortSignal): Promise<void> {
  const started = performance.now();
  const counter = new EventCounter((event) => queue.push(event));
  const warn = (code: WarningEvent['code'], params: WarningEvent['params']): void => counter.push({ type: 'warning', code, params });
  const interval = options.sampleInterval ?? DEFAULT_SAMPLE_INTERVAL;
  const pictures = new FirstPass(options.library, media);
  const known = pictures.known();
  const tell = (event: AnalysisEvent): void => counter.push(event);
  // Keys wait for a measurement of this machine at its very first analysis; a person's first pictures don't.
  const keys = await both(stageKeys(media, options.inference, interval, signal), known.length === 0 ? pictures.run(tell, signal) : null);
  throwIfCancelled(signal);
  const store = new StageStore(options.library, media, keys, () => warn('not_saved', { name: media.name }));
  const wanted = new Set(options.stages);
  if (options.fresh) for (const stage of STAGES) if (stage === 'shots' || wanted.has(stage)) store.clear(stage);
  const states = store.load();
  for (const event of replay(states, wanted, media.name)) counter.push(event);
  const cached = isDone(states, wanted);
  let frames = lastFrame(states);
  if (!cached) {
    if (media.duration === null) warn('unknown_duration', { name: media.name });
    if (!(states.shots.complete && (states.keyframes.complete || !wanted.has('keyframes')))) known.forEach(tell);
    const run = new AnalysisRun({ media, video, wanted, interval, states, store, inference: options.inference, signal, emit: tell, warn });
    frames = await run.run();
  }
  const seconds = cached ? 0 : (performance.now() - started) / 1000;
  counter.push({ type: 'done', ...counter.counts, frames, seconds, cached });
}

/** What the first gives, once both have ended: neither is left running when the other fails. */
async function both<T>(work: Promise<T>, beside: Promise<void> | null): Promise<T> {
  const [first, second] = await Promise.allSettled([work, beside]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return first.value;
}

function isDone(states: StageStates, wanted: ReadonlySet<Stage>): boolean {
  return states.shots.complete && [...wanted].every((stage) => states[stage].complete);
}

function lastFrame(states: StageStates): number {
  const last = states.shots.events.at(-1);
  return last?.type === 'shot' ? last.endFrame : 0;
}

/** Counts what was told of, for the `done` event. */
class EventCounter {
  readonly counts = { shots: 0, keyframes: 0, tags: 0 };
  readonly #tell: (event: AnalysisEvent) => void;

  constructor(tell: (event: AnalysisEvent) => void) {
    this.#tell = tell;
  }

  push(event: AnalysisEvent): void {
    if (event.type === 'shot') this.counts.shots++;
    if (event.type === 'keyframe') this.counts.keyframes++;
    if (event.type === 'tag') this.counts.tags++;
    this.#tell(event);
  }
}
