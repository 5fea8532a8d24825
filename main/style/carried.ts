/**
 * The fast way: the generator on a few key frames of a shot, which the frames between take their look from along the motion. Nothing goes from one shot to
 * the next, and at most sixteen frames are held, whatever the length.
 */
import type { StyleQuality } from '../../shared/style/types.ts';
import { CLOSE, firstKey, lastKey, planFor, type KeyPlan } from './keyPlan.ts';
import { pictureOf, type Work } from './plain.ts';
import { NO_MEMORY, type Generator, type KeyFrame, type Memory } from './questions.ts';
import { treatmentAt } from './treatment.ts';
import type { RgbFrame, StyledFrame, TimedFrame } from './types.ts';

/** Whether frames are rendered this way. */
export function isCarried(generator: Generator, quality: StyleQuality): boolean {
  return quality !== 'best' && (generator.id === 'vintage' || generator.id === 'painter' || generator.id === 'picture');
}

/** A frame of the shot that is not given yet. */
interface Held {
  frame: TimedFrame;
  /** Its guide; null where a key has it. */
  low: RgbFrame | null;
}

/** Whatever has a guide, which is lent to the worker. */
interface Guided {
  low: RgbFrame | null;
}

/** A key, the time of its frame and the share of its texture that frames keep at it. */
interface Placed {
  key: KeyFrame;
  time: number;
  kept: number;
}

export async function* carriedFrames(work: Work, frames: AsyncIterable<TimedFrame>): AsyncGenerator<StyledFrame> {
  const source = new ShotSource(work, frames[Symbol.asyncIterator]());
  while (await source.beginShot()) yield* new ShotPainter(work, source).paint();
}

/** The frames of one shot after the other, each with its guide. */
class ShotSource {
  readonly #work: Work;
  readonly #frames: AsyncIterator<TimedFrame>;
  /** The first frame of the next shot, once it was met. */
  #next: TimedFrame | null = null;
  #ended = false;
  /** Frames of this shot that were read and not taken. */
  readonly held: Held[] = [];

  constructor(work: Work, frames: AsyncIterator<TimedFrame>) {
    this.#work = work;
    this.#frames = frames;
  }

  /** False when there are no more. */
  async beginShot(): Promise<boolean> {
    if (!this.#next && !this.#ended) await this.#read();
    const first = this.#next;
    this.#next = null;
    if (!first) return false;
    this.held.push(await this.#guided(first));
    return true;
  }

  /** Reads until `count` frames are held or the shot ends. */
  async hold(count: number): Promise<void> {
    while (this.held.length < count && !this.#next && !this.#ended) {
      await this.#read();
      const frame = this.#next as TimedFrame | null;
      if (!frame || frame.cut) continue;
      this.#next = null;
      this.held.push(await this.#guided(frame));
    }
  }

  async #read(): Promise<void> {
    const next = await this.#frames.next();
    if (next.done) this.#ended = true;
    else this.#next = next.value;
  }

  async #guided(frame: TimedFrame): Promise<Held> {
    const { program, generator, signal } = this.#work;
    const answer = await program.ask('guide', { frame: pictureOf(frame), generator }, signal);
    return { frame: { ...frame, data: answer.frame.data }, low: answer.low };
  }
}

/** Paints one shot. */
class ShotPainter {
  readonly #work: Work;
  readonly #source: ShotSource;
  readonly #plan: KeyPlan;
  #memory: Memory = NO_MEMORY;
  /** Of the shot's first key (vintage). */
  #statistics: Float32Array | null = null;
  /** The worst motion that was met in finding the first key, levels. */
  #shotMotion = 0;
  /** Frames from key to key, as last chosen. */
  #spacing = Infinity;

  constructor(work: Work, source: ShotSource) {
    this.#work = work;
    this.#source = source;
    this.#plan = planFor(work.generator, source.held[0]?.frame.data.byteLength ?? 1);
  }

  async *paint(): AsyncGenerator<StyledFrame> {
    const first = await this.#firstKey();
    let before = await this.#key(first, null);
    for (let i = 0; i < first; i++) yield await this.#give(before, null);
    yield await this.#give(before, null);
    for (;;) {
      const next = await this.#nextKey(before);
      if (next === null) break;
      const after = await this.#key(next, before);
      for (let i = 0; i < next; i++) yield await this.#give(before, after);
      yield await this.#give(after, null);
      before = after;
    }
    while (this.#source.held.length > 0) yield await this.#give(before, null);
  }

  /** Index of the first key among the frames that are held. */
  async #firstKey(): Promise<number> {
    const { held } = this.#source;
    for (const [spacing, limit] of this.#plan) {
      await this.#source.hold(spacing);
      const frames = Math.min(spacing, held.length);
      const [begin, end] = [held[0], held[frames - 1]];
      const motion = frames > 2 && begin && end ? await this.#motion(begin, end) : 0;
      this.#shotMotion = Math.max(this.#shotMotion, motion);
      if (motion > limit) continue;
      this.#spacing = spacing;
      return firstKey(frames);
    }
    return 0;
  }

  /** Index of the next key among the frames that are held; null when those left follow the last one alone. */
  async #nextKey(before: Placed): Promise<number | null> {
    const { held } = this.#source;
    for (const [spacing, limit] of this.#plan) {
      await this.#source.hold(spacing);
      if (held.length === 0) return null;
      const key = held.length >= spacing ? spacing : lastKey(held.length, spacing);
      const reached = held[(key ?? held.length) - 1];
      if (!reached || (await this.#motion(reached, before.key)) > limit) continue;
      this.#spacing = spacing;
      return key === null ? null : key - 1;
    }
    return 0;
  }

  /** How badly motion explains one frame by the other. */
  async #motion(from: Guided, to: Guided): Promise<number> {
    const { program, signal } = this.#work;
    if (!from.low || !to.low) throw new Error('motion is between two guides');
    const answer = await program.ask('motion', { from: from.low, to: to.low }, signal);
    [from.low, to.low] = [answer.from, answer.to];
    return answer.error;
  }

  /** Styles a frame that is held and makes a key of it. The frame stays. */
  async #key(index: number, before: Placed | null): Promise<Placed> {
    const { program, generator, look, signal, warn } = this.#work;
    const held = this.#source.held[index];
    if (!held?.low) throw new Error('a key frame is not held');
    const { frame, low } = held;
    const statistics = this.#spacing < CLOSE ? (this.#statistics?.slice() ?? null) : null;
    const motion = look.quality === 'faithful' ? this.#shotMotion : null;
    const question = { frame: pictureOf(frame), low, generator, statistics, previous: motion !== null && before ? before.key : null, motion };
    const answer = await program.ask('key', question, signal);
    if (before && answer.previous) before.key = answer.previous;
    this.#source.held[index] = { frame: { ...frame, data: answer.frame.data }, low: null };
    this.#statistics ??= answer.statistics;
    if (answer.reduced) warn.say('size_reduced');
    return { key: answer.key, time: frame.time, kept: answer.kept };
  }

  /** The next frame, in the look of the keys around it. A key's own frame comes with that key alone. */
  async #give(before: Placed, after: Placed | null): Promise<StyledFrame> {
    const { program, look, signal, warn } = this.#work;
    const held = this.#source.held.shift();
    if (!held) throw new Error('no frame is held');
    const { time, duration, ...frame } = held.frame;
    const near = after ? (after.time - time) / (after.time - before.time) : 1;
    // What keys keep may differ from one to the next: it doesn't jump.
    const texture = after ? before.kept * near + after.kept * (1 - near) : before.kept;
    const treatment = await treatmentAt(look, time, frame);
    const question = { frame: pictureOf(frame), low: held.low, before: before.key, after: after?.key ?? null, near, texture, treatment, memory: this.#memory };
    const answer = await program.ask('carry', question, signal);
    before.key = answer.before;
    if (after && answer.after) after.key = answer.after;
    this.#memory = answer.painted.memory;
    warn.of(answer.painted);
    return { ...answer.painted.picture, time, duration, alpha: answer.painted.alpha };
  }
}
