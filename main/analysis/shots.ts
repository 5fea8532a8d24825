/**
 * Scores become shots. Streaming: a shot is given out as soon as the transition that ends it is certain.
 *
 * A transition is a run of frames whose `single` score is above 0.5, as in the reference's own conversion
 * (TransNetV2, Souček & Lokoč 2020, predictions_to_scenes). `many`, trained to mark every frame of a transition,
 * tells its extent: on films made with known dissolves of 6 to 40 frames, the run of `many` above 0.5 was the
 * blended frames to within two at either end, and on hard cuts one frame long.
 */
import type { ShotEvent, Transition } from '../../shared/events.ts';
import type { Flicks } from '../../shared/time.ts';
import { LOOK_BACK, type FrameLook } from './smallFrames.ts';

export interface ScoredFrame extends FrameLook {
  index: number;
  time: Flicks;
  /** Probability that this is the frame the transition is pinned to: for a cut, the last of the outgoing shot. */
  single: number;
  /** Probability that this frame belongs to a transition. */
  many: number;
}

/** The shot being watched: what must be remembered to go on after an interruption. */
export interface OpenShot {
  index: number;
  start: Flicks;
  startFrame: number;
  transitionIn: Transition;
  confidence: number;
}

export const SHOT_RULES = {
  /** On both heads: the reference's threshold. */
  threshold: 0.5,
  /** A run of `many` up to this long is a hard cut; blends of 4 frames and more are gradual. */
  longestCut: 3,
  /** Luma spread below this is a plain picture, as in the middle of a fade (a credit line on black has 5, natural pictures 15 and more). */
  plainSpread: 8,
  /** A transition reaches at most this many frames to either side of the frames it is pinned to. */
  reach: 100,
  /** A cut after which the picture comes back to what it was five frames or less before, to within this part of the change, is a flash. */
  flashReturn: 0.3,
} as const;

interface Extent {
  /** First and last frame of the transition; for a cut both are the last frame of the outgoing shot. */
  first: number;
  last: number;
  how: Exclude<Transition, 'start'>;
  confidence: number;
}

/** Streaming conversion. Push every frame in order, then finish. The result does not depend on how pushes are grouped. */
export class ShotBuilder {
  #open: OpenShot | null;
  /** The latest frames, in order, without gaps. */
  #frames: ScoredFrame[] = [];
  /** The pinned run waiting for its extent to be certain. `to` is null while the run goes on. */
  #run: { from: number; to: number | null } | null = null;

  /** `open`: the shot an earlier run was in the middle of; frames before it are then ignored. */
  constructor(open: OpenShot | null = null) {
    this.#open = open;
  }

  get open(): OpenShot | null {
    return this.#open;
  }

  /** Frames before this index belong to shots already given out or, for certain, to the open one. */
  get settledBefore(): number {
    const last = this.#frames.at(-1);
    if (!last) return this.#open?.startFrame ?? 0;
    return Math.max(0, (this.#run?.from ?? last.index + 1) - SHOT_RULES.reach);
  }

  /** Returns the shots that this frame made certain, oldest first. */
  push(frame: ScoredFrame): ShotEvent[] {
    this.#open ??= { index: 0, start: frame.time, startFrame: frame.index, transitionIn: 'start', confidence: 1 };
    if (frame.index < this.#open.startFrame) return [];
    this.#frames.push(frame);
    const done: ShotEvent[] = [];
    const above = frame.single > SHOT_RULES.threshold;
    if (this.#run && this.#run.to === null) {
      const tooLong = frame.index - this.#run.from >= SHOT_RULES.reach;
      if (!above || tooLong) this.#run.to = frame.index - 1;
    }
    if (this.#run && this.#run.to !== null) done.push(...this.#close(above ? frame.index : null));
    if (above && !this.#run) this.#run = { from: frame.index, to: null };
    this.#forget();
    return done;
  }

  /** The stream has ended; `endTime` is when its last frame stops being shown. */
  finish(endTime: Flicks): ShotEvent[] {
    const last = this.#frames.at(-1);
    if (!last || !this.#open) return [];
    const done: ShotEvent[] = [];
    if (this.#run) {
      // A transition pinned to the very last frame has no shot behind it: the file just ends there.
      this.#run.to = Math.min(this.#run.to ?? last.index, last.index);
      done.push(...this.#close(last.index + 1));
    }
    const open = this.#open;
    if (open.startFrame <= last.index) {
      const end = endTime > last.time ? endTime : ((last.time + 1) as Flicks);
      done.push(shotEvent(open, end, last.index + 1));
      this.#open = null;
    }
    return done;
  }

  /** Tries to end the pending transition. `limit`: index where the next one, or nothing, begins; null while unknown. */
  #close(limit: number | null): ShotEvent[] {
    const run = this.#run;
    if (!run || run.to === null) return [];
    const extent = this.#extent(run.from, run.to, limit);
    if (!extent) return [];
    this.#run = null;
    return extent.how === 'cut' && this.#isFlash(extent.first) ? [] : this.#split(extent);
  }

  /**
   * The model lights up at the end of flashes of two and three frames (0.57 to 0.67 on the sample clips). Not asked right
   * after another cut: a picture that was cut to, and away from, is a very short shot.
   */
  #isFlash(cut: number): boolean {
    const after = this.#at(cut + 1);
    const open = this.#open;
    if (!after || !open || (open.index > 0 && cut + 1 - open.startFrame <= LOOK_BACK)) return false;
    let most = 0;
    for (let i = cut + 1 - LOOK_BACK; i <= cut + 1; i++) most = Math.max(most, this.#at(i)?.change ?? 0);
    return after.returns < SHOT_RULES.flashReturn * most;
  }

  #split(extent: Extent): ShotEvent[] {
    const open = this.#open;
    if (!open) return [];
    const endFrame = extent.how === 'cut' ? extent.first + 1 : Math.max(extent.first, open.startFrame + 1);
    const startFrame = Math.max(extent.last + 1, endFrame);
    const end = this.#at(endFrame);
    const start = this.#at(startFrame);
    // Nothing follows the transition: its frames stay with the shot, which goes on to the end.
    if (!end || !start) return [];
    this.#open = {
      index: open.index + 1,
      start: start.time,
      startFrame,
      transitionIn: extent.how,
      confidence: Math.min(1, extent.confidence),
    };
    return [shotEvent(open, end.time, endFrame)];
  }

  /** Null while frames still to come could change it. */
  #extent(from: number, to: number, limit: number | null): Extent | null {
    const ahead = this.#reachAhead(to, limit);
    if (ahead === null) return null;
    const floor = Math.max(this.#open?.startFrame ?? 0, from - SHOT_RULES.reach);
    let confidence = 0;
    for (let i = from; i <= to; i++) confidence = Math.max(confidence, this.#at(i)?.single ?? 0);
    const near = { first: this.#walk(from, -1, floor).near, last: ahead.near };
    if (near.last - near.first + 1 <= SHOT_RULES.longestCut) {
      const cut = this.#sharpest(from, to);
      return { first: cut, last: cut, how: 'cut', confidence };
    }
    const far = { first: this.#walk(from, -1, floor).far, last: ahead.far };
    return this.#hasPlain(far.first - 1, far.last + 1)
      ? { ...far, how: 'fade', confidence }
      : { ...near, how: 'dissolve', confidence };
  }

  /**
   * Walks from the pinned frames over marked and plain ones. `near`: end of the unbroken marked run; `far`: the last
   * marked frame, across the plain picture between a fade out and the fade in; `open`: the frames ran out on the way.
   */
  #walk(start: number, step: 1 | -1, bound: number): { near: number; far: number; open: boolean } {
    let near = start;
    let far = start;
    for (let i = start + step; step > 0 ? i <= bound : i >= bound; i += step) {
      const frame = this.#at(i);
      if (!frame) return { near, far, open: true };
      const marked = frame.many > SHOT_RULES.threshold;
      if (!marked && frame.spread >= SHOT_RULES.plainSpread) return { near, far, open: false };
      if (marked && near === i - step) near = i;
      if (marked) far = i;
    }
    return { near, far, open: false };
  }

  /** Null: not certain yet. `limit`: where the next transition is pinned; two that touch share the frames between them. */
  #reachAhead(to: number, limit: number | null): { near: number; far: number } | null {
    if (limit === null) {
      const ahead = this.#walk(to, 1, to + SHOT_RULES.reach);
      return ahead.open || !this.#at(ahead.far + 1) ? null : ahead;
    }
    const last = this.#frames.at(-1)?.index ?? to;
    if (limit > last) return this.#walk(to, 1, last);
    const { near } = this.#walk(to, 1, Math.max(to, Math.floor((to + limit) / 2) - 1));
    return { near, far: near };
  }

  #hasPlain(first: number, last: number): boolean {
    for (let i = first; i <= last; i++) {
      const frame = this.#at(i);
      if (frame && frame.spread < SHOT_RULES.plainSpread) return true;
    }
    return false;
  }

  /** The frame of the run after which the picture changes most: `single` may light up on both sides of a cut. */
  #sharpest(from: number, to: number): number {
    let best = from;
    let most = -1;
    for (let i = from; i <= to; i++) {
      const change = this.#at(i + 1)?.change ?? 0;
      if (change > most) {
        most = change;
        best = i;
      }
    }
    return best;
  }

  #at(index: number): ScoredFrame | undefined {
    const first = this.#frames[0];
    return first ? this.#frames[index - first.index] : undefined;
  }

  #forget(): void {
    const keep = 3 * SHOT_RULES.reach;
    if (this.#frames.length > 2 * keep) this.#frames.splice(0, this.#frames.length - keep);
  }
}

function shotEvent(open: OpenShot, end: Flicks, endFrame: number): ShotEvent {
  const { index, start, startFrame, transitionIn, confidence } = open;
  return { type: 'shot', index, start, end, startFrame, endFrame, transitionIn, confidence };
}
