/** The frames that a render is made of, with the beginnings of shots; after an interruption with those that lead in. */
import type { AnalysisEvent } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import { STYLES } from '../../shared/style/catalogue.ts';
import type { RenderRequest } from '../../shared/style/types.ts';
import type { Flicks } from '../../shared/time.ts';
import { rgbFrames } from '../media/rgbFrames.ts';
import { CutFinder } from './cuts.ts';
import type { StyledFrame, TimedFrame } from './types.ts';

/** Where an earlier run left off. */
export interface Left {
  /** Time of the last frame that is there. */
  last: Flicks;
  /** Times of the last frames that are there, up to `last`. */
  recent: readonly Flicks[];
  /** When the last one's shot began. */
  shot: Flicks;
}

/** A shot's look is settled by its first frames, which holds for all of it: they are painted again after an interruption within it. */
const SHOT_LEAD = 16;
/** And the frames just before, from which the next ones are carried. */
const NEAR_LEAD = 8;

export class RenderSource {
  readonly #media: Media;
  readonly #request: RenderRequest;
  readonly #left: Left | null;
  readonly #shots: readonly AnalysisEvent[];
  readonly #signal: AbortSignal;
  /** Of the frames that were read and not come back. */
  readonly #alphas = new Map<Flicks, { alpha: Uint8Array; width: number }>();
  /** Beginnings of the shots met; those before the last painted frame's are dropped. */
  #begins: Flicks[] = [];

  constructor(media: Media, request: RenderRequest, left: Left | null, shots: readonly AnalysisEvent[], signal: AbortSignal) {
    [this.#media, this.#request, this.#left, this.#shots, this.#signal] = [media, request, left, shots, signal];
  }

  async *frames(): AsyncGenerator<TimedFrame> {
    const { start, end, effect } = this.#request;
    const left = this.#left;
    if (!left) return yield* this.#read(start, end);
    this.#begins = [left.shot];
    const { style, quality, area, background } = effect;
    const facts = style.id === 'none' ? null : STYLES[style.id];
    const carried = facts?.carried === true && quality !== 'best';
    // Faces are followed and people told apart from frame to frame; all else is painted frame by frame.
    const followed = carried || facts?.faces === true || area !== 'everything' || background !== null;
    if (!followed) return yield* this.#read(left.last, end, { after: left.last });
    const near = left.recent.at(-NEAR_LEAD) ?? left.last;
    const inShot = left.recent.filter((time) => time >= left.shot);
    if (near <= left.shot || (inShot[0] === left.shot && inShot.length <= SHOT_LEAD + NEAR_LEAD)) return yield* this.#read(left.shot, end);
    if (carried) {
      let count = 0;
      for await (const frame of this.#read(left.shot, near)) {
        yield { ...frame, cut: count === 0 };
        count += 1;
        if (count >= SHOT_LEAD) break;
      }
    }
    // What lies between was painted before; it is the same shot.
    yield* this.#read(near, end, { continues: true });
  }

  /** `after`: frames up to then are only looked at. `continues`: the first frame is not the first of a shot. */
  async *#read(from: Flicks, to: Flicks, { after = null, continues = false }: { after?: Flicks | null; continues?: boolean } = {}): AsyncGenerator<TimedFrame> {
    const cuts = new CutFinder(this.#shots);
    let first = true;
    for await (const { alpha, ...frame } of rgbFrames(this.#media, { from, to, size: null, signal: this.#signal })) {
      const cut = cuts.isCut(frame) && !(continues && first);
      first = false;
      if (after !== null && frame.time <= after) continue;
      if (alpha) this.#alphas.set(frame.time, { alpha, width: frame.width });
      if (cut && frame.time > (this.#begins.at(-1) ?? Number.NEGATIVE_INFINITY)) this.#begins.push(frame.time);
      yield { ...frame, cut };
    }
  }

  /** When the shot of a painted frame began. Frames are asked for in order of time. */
  shotOf(time: Flicks): Flicks {
    const index = this.#begins.findLastIndex((begin) => begin <= time);
    this.#begins = this.#begins.slice(Math.max(0, index));
    return this.#begins[0] ?? time;
  }

  /** What of a painted frame can be seen: where neither the source nor the background that was removed is transparent. Null: all. */
  takeAlpha({ time, width, height, alpha }: StyledFrame): Uint8Array | null {
    const source = this.#alphas.get(time);
    for (const before of this.#alphas.keys()) if (before <= time) this.#alphas.delete(before);
    if (!source) return alpha;
    const scale = width / source.width;
    const seen = new Uint8Array(width * height);
    for (let y = 0, i = 0; y < height; y += 1) {
      const row = Math.floor(y / scale) * source.width;
      for (let x = 0; x < width; x += 1, i += 1) {
        const own = source.alpha[row + Math.floor(x / scale)] ?? 255;
        seen[i] = alpha ? Math.round((own * (alpha[i] ?? 255)) / 255) : own;
      }
    }
    return seen;
  }
}
