/**
 * TransNetV2 over a stream of 48x27 frames: two scores a frame, in order, in bounded memory. Windows run on
 * one-thread sessions side by side while the next are being decoded. The int8 form answers where it is sure; where it is
 * not, the float model is asked with the reference's own window, so that close calls are the reference's.
 */
import { availableParallelism } from 'node:os';
import type { Flicks } from '../../shared/time.ts';
import { throwIfCancelled } from '../../shared/errors.ts';
import type { Inference, ModelSession } from '../inference/types.ts';
import type { SmallFrame } from '../media/types.ts';
import type { SessionPool } from './models.ts';
import { QuietWatch } from './quiet.ts';
import { SHOT_RULES, type ScoredFrame } from './shots.ts';
import { LOOK_BACK, lookOf, SMALL_HEIGHT, SMALL_WIDTH, type FrameLook } from './smallFrames.ts';
import { FrameStrip, REACH, REFERENCE_MARGIN, referenceSegment, segmentAt, WINDOW, type Segment } from './windows.ts';

export const SCORER_RULES = {
  /** Frames of context kept out at both ends of a window (the reference: 25). */
  margin: 5,
  /**
   * Within 25 frames of a window's end scores stray by up to 0.6 from the reference's, which has 25 frames of context;
   * a `single` score between these there is asked again in the reference's window.
   */
  unsure: [0.15, 0.85],
  /** So is a run of `many` above this that no `single` explains. */
  suggested: 0.5,
  /** int8 strays from float by 0.03 (90 of 100 unsure frames): this near the threshold, float decides. */
  close: 0.03,
} as const;

export interface ScorerSessions {
  /** Same model, one thread each. */
  fast: ModelSession[];
  /** The float model; the first of `fast` where that is float already. */
  exact: ModelSession;
}

/**
 * Opens the sessions: int8 where it was measured faster and right, float elsewhere. `cores`: how many the windows may have
 * side by side, 4 at most; each session takes 190 MB.
 */
export async function openScorer(pool: SessionPool, cores = availableParallelism()): Promise<ScorerSessions> {
  const int8 = await pool.prefersInt8('transnetv2');
  const first = await pool.open(int8 ? 'transnetv2.int8' : 'transnetv2');
  // A GPU runs one window at a time anyway; on CPUs windows side by side beat threads inside one window.
  const count = first.provider === 'cpu' ? Math.max(1, Math.min(4, cores)) : 1;
  const others = Array.from({ length: count - 1 }, () => pool.open(first.model));
  const [exact, ...rest] = await Promise.all([int8 ? pool.open('transnetv2') : first, ...others]);
  return { fast: [first, ...rest], exact };
}

/** What identifies the scores in the library: both forms where int8 is used. */
export async function scorerHash(inference: Inference, signal?: AbortSignal): Promise<string> {
  const float = await inference.hash('transnetv2');
  if (!(await inference.prefersInt8('transnetv2', signal))) return float;
  return `${await inference.hash('transnetv2.int8')}+${float}`;
}

interface Scores {
  single: Float32Array;
  many: Float32Array;
}

interface Seen {
  time: Flicks;
  look: FrameLook;
}

/** What was done, for the benchmark. */
export interface ScorerCounts {
  /** Windows scored, and segments skipped because nothing changes in them. */
  windows: number;
  skipped: number;
  /** The reference's windows asked again, of the same form and of the float model. */
  again: number;
  exact: number;
}

export class Scorer {
  readonly counts: ScorerCounts = { windows: 0, skipped: 0, again: 0, exact: 0 };
  readonly #sessions: ScorerSessions;
  readonly #signal: AbortSignal | undefined;
  readonly #running: number[];
  /** Answers on the reference's windows, by form and window: neighbouring segments share them. */
  readonly #answers = { fast: new Map<number, Promise<Scores>>(), exact: new Map<number, Promise<Scores>>() };
  readonly #quiet = new QuietWatch();
  #strip: FrameStrip | null = null;
  #seen: Seen[] = [];

  constructor(sessions: ScorerSessions, signal?: AbortSignal) {
    this.#sessions = sessions;
    this.#signal = signal;
    this.#running = sessions.fast.map(() => 0);
  }

  /**
   * Scores in pieces, in order. Frames must come without gaps; when they begin after frame 0 the first frames are
   * context only, and scores begin with the first segment that has all of its context (`contextStart`).
   */
  async *run(frames: AsyncIterable<SmallFrame>): AsyncGenerator<ScoredFrame[]> {
    const waiting: Promise<ScoredFrame[]>[] = [];
    const depth = this.#sessions.fast.length + 1;
    let next = 0;
    for await (const frame of frames) {
      throwIfCancelled(this.#signal);
      if (!this.#strip) next = firstSegment(frame.index);
      this.#take(frame);
      const segment = segmentAt(next, SCORER_RULES.margin);
      if (frame.index + 1 < segment.to + REACH) continue;
      waiting.push(this.#start(segment));
      next++;
      if (waiting.length >= depth) yield* this.#oldest(waiting);
    }
    const end = this.#strip?.end ?? 0;
    for (; segmentAt(next, SCORER_RULES.margin).from < end; next++) {
      const segment = segmentAt(next, SCORER_RULES.margin);
      waiting.push(this.#start({ ...segment, to: Math.min(end, segment.to) }));
    }
    while (waiting.length > 0) yield* this.#oldest(waiting);
  }

  async *#oldest(waiting: Promise<ScoredFrame[]>[]): AsyncGenerator<ScoredFrame[]> {
    const oldest = waiting.shift();
    if (oldest) yield await oldest;
  }

  #take(frame: SmallFrame): void {
    this.#strip ??= new FrameStrip(frame.index);
    const { first } = this.#strip;
    const before = [];
    for (let i = frame.index - 1; i >= Math.max(first, frame.index - LOOK_BACK); i--) before.push(this.#strip.at(i) ?? frame.data);
    this.#seen.push({ time: frame.time, look: lookOf(frame.data, before) });
    this.#quiet.push(frame.index, frame.data);
    this.#strip.push(frame.data);
  }

  /** Begins a segment's work at once; its buffers are cut now, so older frames can go. */
  #start(segment: Segment): Promise<ScoredFrame[]> {
    const strip = this.#strip;
    if (!strip) return Promise.resolve([]);
    const first = strip.first;
    const seen = this.#seen.slice(segment.from - first, segment.to - first);
    const quiet = this.#quiet.isQuiet(segment.from, segment.to);
    const work = quiet ? this.#skip(segment, seen) : this.#score(segment, seen, strip);
    work.catch(() => undefined);
    return work;
  }

  #skip(segment: Segment, seen: Seen[]): Promise<ScoredFrame[]> {
    this.counts.skipped++;
    this.#dropBefore(segment.to - REACH);
    return Promise.resolve(seen.map(({ time, look }, i) => ({ index: segment.from + i, time, ...look, single: 0, many: 0 })));
  }

  async #score(segment: Segment, seen: Seen[], strip: FrameStrip): Promise<ScoredFrame[]> {
    const window = strip.cut(segment.window);
    const references = this.#referenceWindows(segment, strip);
    this.#dropBefore(segment.to - REACH);
    this.counts.windows++;
    const scores = await this.#ask(this.#leastBusy(), window);
    const offset = segment.from - segment.window;
    const scored = seen.map(({ time, look }, i) => ({
      index: segment.from + i,
      time,
      ...look,
      single: scores.single[offset + i] ?? 0,
      many: scores.many[offset + i] ?? 0,
    }));
    const nearEnds = scored.filter((_, i) => Math.min(offset + i, WINDOW - 1 - offset - i) < REFERENCE_MARGIN);
    await this.#askAgain('fast', unsureFrames(nearEnds), scored, references);
    if (!this.#sessions.fast.includes(this.#sessions.exact)) {
      await this.#askAgain('exact', closeFrames(scored), scored, references);
    }
    return scored;
  }

  /** The reference's windows of a segment's frames, held back until one is needed. */
  #referenceWindows(segment: Segment, strip: FrameStrip): Map<number, () => Uint8Array> {
    const frames = new Map<number, Uint8Array | undefined>();
    const windows = new Map<number, () => Uint8Array>();
    for (let f = segment.from; f < segment.to; f = referenceSegment(f).to) {
      const { window } = referenceSegment(f);
      for (let i = window; i < window + WINDOW; i++) frames.set(i, strip.at(i));
      windows.set(window, () => {
        const own = new FrameStrip(window);
        for (let i = window; i < window + WINDOW; i++) own.push(frames.get(i) ?? new Uint8Array(0));
        return own.cut(window);
      });
    }
    return windows;
  }

  /** Replaces the scores around some frames by an answer on the reference's window. */
  async #askAgain(form: 'fast' | 'exact', about: ScoredFrame[], scored: ScoredFrame[], windows: Map<number, () => Uint8Array>): Promise<void> {
    for (const window of new Set(about.map((frame) => referenceSegment(frame.index).window))) {
      const scores = await this.#reference(form, window, windows.get(window));
      if (!scores) continue;
      for (const frame of scored) {
        if (referenceSegment(frame.index).window !== window) continue;
        frame.single = scores.single[frame.index - window] ?? 0;
        frame.many = scores.many[frame.index - window] ?? 0;
      }
    }
  }

  #reference(form: 'fast' | 'exact', window: number, cut: (() => Uint8Array) | undefined): Promise<Scores> | null {
    const answers = this.#answers[form];
    const known = answers.get(window);
    if (known || !cut) return known ?? null;
    this.counts[form === 'fast' ? 'again' : 'exact']++;
    const answer = form === 'fast' ? this.#ask(this.#leastBusy(), cut()) : this.#sessionRun(this.#sessions.exact, cut());
    answer.catch(() => undefined);
    answers.set(window, answer);
    for (const old of answers.keys()) if (old < window - 4 * WINDOW) answers.delete(old);
    return answer;
  }

  #leastBusy(): number {
    return this.#running.indexOf(Math.min(...this.#running));
  }

  async #ask(which: number, window: Uint8Array): Promise<Scores> {
    const session = this.#sessions.fast[which];
    if (!session) throw new Error('no session to score with');
    this.#running[which] = (this.#running[which] ?? 0) + 1;
    try {
      return await this.#sessionRun(session, window);
    } finally {
      this.#running[which] = (this.#running[which] ?? 1) - 1;
    }
  }

  async #sessionRun(session: ModelSession, window: Uint8Array): Promise<Scores> {
    const dims = [1, WINDOW, SMALL_HEIGHT, SMALL_WIDTH, 3];
    const { single, many } = await session.run({ frames: { type: 'uint8', dims, data: window } });
    if (!(single?.data instanceof Float32Array) || !(many?.data instanceof Float32Array)) {
      throw new Error(`${session.model} gave no scores`);
    }
    return { single: single.data, many: many.data };
  }

  #dropBefore(index: number): void {
    const strip = this.#strip;
    if (!strip) return;
    const before = strip.first;
    strip.dropBefore(index);
    this.#seen.splice(0, strip.first - before);
  }
}

/** First segment whose scores are those of an uninterrupted run when decoding begins at `index`. */
function firstSegment(index: number): number {
  let n = 0;
  while (Math.max(0, segmentAt(n, SCORER_RULES.margin).from - REACH) < index) n++;
  return n;
}

/** Frames whose score could be on the other side of the threshold with more context. */
export function unsureFrames(scored: readonly ScoredFrame[]): ScoredFrame[] {
  const [low, high] = SCORER_RULES.unsure;
  return [...scored.filter((frame) => frame.single > low && frame.single < high), ...suggestedFrames(scored)];
}

/**
 * Frames whose score could be on the other side of the threshold by int8's rounding; but for those beside a frame that is
 * clearly above it, where only the length of the run would change.
 */
export function closeFrames(scored: readonly ScoredFrame[]): ScoredFrame[] {
  const { close } = SCORER_RULES;
  const clearlyAbove = (frame: ScoredFrame | undefined): boolean => (frame?.single ?? 0) >= SHOT_RULES.threshold + close;
  return scored.filter((frame, i) => {
    if (Math.abs(frame.single - SHOT_RULES.threshold) >= close) return false;
    return ![-2, -1, 1, 2].some((step) => clearlyAbove(scored[i + step]));
  });
}

/** The strongest frame of each run of `many` that no `single` score explains: a transition that may have been missed. */
function suggestedFrames(scored: readonly ScoredFrame[]): ScoredFrame[] {
  const found: ScoredFrame[] = [];
  let best: ScoredFrame | null = null;
  let explained = false;
  for (const frame of [...scored, null]) {
    if (frame && frame.many > SCORER_RULES.suggested) {
      if (!best || frame.single > best.single) best = frame;
      if (frame.single > SCORER_RULES.unsure[0]) explained = true;
      continue;
    }
    if (best && !explained) found.push(best);
    best = null;
    explained = false;
  }
  return found;
}
