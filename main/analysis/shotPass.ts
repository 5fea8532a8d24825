/** From small frames to shots: scores them, builds shots, and knows from where an interrupted run can go on. */
import type { ShotEvent } from '../../shared/events.ts';
import { flicks, type Flicks } from '../../shared/time.ts';
import type { SmallFrame } from '../media/types.ts';
import type { Checkpoint, Position } from './stages.ts';
import { ShotBuilder, type OpenShot } from './shots.ts';
import { Scorer, SCORER_RULES, type ScorerCounts, type ScorerSessions } from './transnet.ts';
import { contextStart } from './windows.ts';

/** Times of so many latest frames are remembered: more than lie between the newest frame and a finished shot's context. */
const TIMES_KEPT = 4096;

export interface ShotPassHandlers {
  onShot(shot: ShotEvent, checkpoint: Checkpoint): void;
  /** Called for each frame that came from the decoder. */
  onFrame(index: number): void;
}

export class ShotPass {
  readonly #scorer: Scorer;
  readonly #builder: ShotBuilder;
  readonly #handlers: ShotPassHandlers;
  #times: Position[] = [];

  /** `open`: the shot an interrupted run was in. */
  constructor(sessions: ScorerSessions, open: OpenShot | null, handlers: ShotPassHandlers, signal?: AbortSignal) {
    this.#scorer = new Scorer(sessions, signal);
    this.#builder = new ShotBuilder(open);
    this.#handlers = handlers;
  }

  get counts(): ScorerCounts {
    return this.#scorer.counts;
  }

  get open(): OpenShot | null {
    return this.#builder.open;
  }

  /** Frames before this are certain to be in shots given out or in the open one. */
  get settledBefore(): number {
    return this.#builder.settledBefore;
  }

  /** Time of one of the latest frames; null when it isn't remembered. */
  timeOf(index: number): Flicks | null {
    const first = this.#times[0];
    return first ? (this.#times[index - first.index]?.time ?? null) : null;
  }

  /** Reads all frames. `endTime`: asked for after the last one; null where the file doesn't tell. */
  async run(frames: AsyncIterable<SmallFrame>, endTime: () => Promise<Flicks | null>): Promise<void> {
    for await (const piece of this.#scorer.run(this.#watch(frames))) {
      for (const frame of piece) this.#give(this.#builder.push(frame));
    }
    const last = this.#times.at(-1);
    const end = (await endTime()) ?? flicks((last?.time ?? 0) + 1);
    this.#give(this.#builder.finish(end));
  }

  async *#watch(frames: AsyncIterable<SmallFrame>): AsyncGenerator<SmallFrame> {
    for await (const frame of frames) {
      this.#times.push({ index: frame.index, time: frame.time });
      if (this.#times.length > 2 * TIMES_KEPT) this.#times.splice(0, TIMES_KEPT);
      this.#handlers.onFrame(frame.index);
      yield frame;
    }
  }

  #give(shots: ShotEvent[]): void {
    for (const shot of shots) this.#handlers.onShot(shot, this.#checkpoint(shot.index + 1));
  }

  #checkpoint(shots: number): Checkpoint {
    const open = this.#builder.open;
    if (!open) return { shots, from: null, open: null };
    const index = contextStart(open.startFrame, SCORER_RULES.margin);
    const time = this.timeOf(index);
    return { shots, from: time === null ? null : { index, time }, open: { ...open } };
  }
}
