/** What the stored tags say of moments: faces by time, other tags by shot. */
import type { Detection, TagEvent } from '../../../shared/events.ts';
import type { TimeRange } from '../../../shared/ranges.ts';

/** A shot's face that was seen at other moments of it counts this much. */
const ELSEWHERE = 0.5;

/**
 * How much face a moment shows: at its best time the sum over faces of the box's side (root of its share of the picture), weighted by the score; two
 * faces count more than one, a near one more than a far one.
 */
export function facesIn(tags: readonly TagEvent[]): (moment: TimeRange & { readonly shot: number | null }) => number {
  const byShot = new Map<number, { time: number; amount: number }[]>();
  for (const tag of tags) if (tag.source === 'face') byShot.set(tag.shot, amounts(tag.detections));
  return ({ start, end, shot }) => {
    const seen = shot === null ? [] : (byShot.get(shot) ?? []);
    const most = (list: readonly { amount: number }[]): number => Math.max(0, ...list.map(({ amount }) => amount));
    return Math.max(most(seen.filter(({ time }) => time >= start && time < end)), ELSEWHERE * most(seen));
  };
}

function amounts(detections: readonly Detection[]): { time: number; amount: number }[] {
  const byTime = new Map<number, number>();
  for (const { time, box, score } of detections) byTime.set(time, (byTime.get(time) ?? 0) + score * Math.sqrt(box[2] * box[3]));
  return [...byTime].map(([time, amount]) => ({ time, amount }));
}

/** How much each shot's tags say: the scores, each by how rare its label is in this media (inverse document frequency). Faces have their own signal. */
export function tagValues(tags: readonly TagEvent[], shots: number): Map<number, number> {
  const labels = tags.filter(({ source }) => source !== 'face');
  const frequency = new Map<string, number>();
  for (const { label } of labels) frequency.set(label, (frequency.get(label) ?? 0) + 1);
  const values = new Map<number, number>();
  for (const { shot, label, score } of labels) {
    values.set(shot, (values.get(shot) ?? 0) + score * Math.log((shots + 1) / (frequency.get(label) ?? 1)));
  }
  return values;
}
