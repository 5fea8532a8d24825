/**
 * The plain TransNetV2 pipeline that ours is measured against (Souček & Lokoč 2020, reference inference): decode everything, then
 * windows of 100, stride 50, one after another on the float model, the middle 50 kept; and its rules of comparison.
 */
import { SMALL_BYTES } from '../analysis/smallFrames.ts';
import { SHOT_RULES } from '../analysis/shots.ts';
import { REFERENCE_MARGIN, WINDOW } from '../analysis/windows.ts';
import type { ModelSession } from '../inference/types.ts';
import type { ShotEvent } from '../../shared/events.ts';

/** Frames `first` to `last`, both inclusive, as the reference's scene files have them. */
export interface Scene {
  first: number;
  last: number;
}

/** Scores of frames laid end to end, SMALL_BYTES each. */
export async function plainScores(frames: Uint8Array, session: ModelSession): Promise<Float32Array> {
  const count = Math.floor(frames.length / SMALL_BYTES);
  const scores = new Float32Array(count);
  const stride = WINDOW - 2 * REFERENCE_MARGIN;
  for (let from = 0; from < count; from += stride) {
    const window = new Uint8Array(WINDOW * SMALL_BYTES);
    for (let i = 0; i < WINDOW; i++) {
      const frame = Math.max(0, Math.min(count - 1, from - REFERENCE_MARGIN + i));
      window.set(frames.subarray(frame * SMALL_BYTES, (frame + 1) * SMALL_BYTES), i * SMALL_BYTES);
    }
    const { single } = await session.run({ frames: { type: 'uint8', dims: [1, WINDOW, 27, 48, 3], data: window } });
    if (!(single?.data instanceof Float32Array)) throw new Error('the model gave no scores');
    scores.set(single.data.subarray(REFERENCE_MARGIN, REFERENCE_MARGIN + Math.min(stride, count - from)), from);
  }
  return scores;
}

/** Scenes between frames whose score is above the threshold; the first flagged frame still belongs to the outgoing scene. */
export function scenesOf(scores: ArrayLike<number>, threshold: number = SHOT_RULES.threshold): Scene[] {
  const scenes: Scene[] = [];
  let first = 0;
  let before = false;
  for (let i = 0; i < scores.length; i++) {
    const flagged = (scores[i] ?? 0) > threshold;
    if (before && !flagged) first = i;
    if (!before && flagged && i > 0) scenes.push({ first, last: i });
    before = flagged;
  }
  if (!before) scenes.push({ first, last: scores.length - 1 });
  return scenes.length > 0 ? scenes : [{ first: 0, last: scores.length - 1 }];
}

export function scenesOfShots(shots: readonly ShotEvent[]): Scene[] {
  return shots.map((shot) => ({ first: shot.startFrame, last: shot.endFrame - 1 }));
}

export interface Agreement {
  hits: number;
  /** Transitions of the reference that were not found, and found ones that it doesn't have: last frame before, first after. */
  missed: [number, number][];
  extra: [number, number][];
}

/**
 * Compares transitions as TransNetV2's evaluation does: each is the span from the last frame before it to the first
 * after it; two match when the spans, or cuts, are no more than `tolerance` frames apart. Each matches once.
 */
export function compareScenes(expected: readonly Scene[], found: readonly Scene[], tolerance = 2): Agreement {
  const [want, have] = [spans(expected), spans(found)];
  const result: Agreement = { hits: 0, missed: [], extra: [] };
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [want[i], have[j]];
    if (!a && !b) return result;
    if (a && (!b || a[1] + tolerance - 1 < b[0])) {
      result.missed.push(a);
      i++;
    } else if (b && (!a || b[1] + tolerance - 1 < a[0])) {
      result.extra.push(b);
      j++;
    } else {
      result.hits++;
      i++;
      j++;
    }
  }
}

function spans(scenes: readonly Scene[]): [number, number][] {
  return scenes.slice(1).map((scene, i) => [scenes[i]?.last ?? 0, scene.first]);
}

export function f1({ hits, missed, extra }: Agreement): number {
  return hits + missed.length + extra.length === 0 ? 1 : (2 * hits) / (2 * hits + missed.length + extra.length);
}
