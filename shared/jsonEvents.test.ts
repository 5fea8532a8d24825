import { describe, expect, it } from 'vitest';
import { toJsonEvent, type AnalysisEvent } from './events.ts';
import { jsonEventSchema } from './jsonEvents.ts';
import { flicks, fromSeconds } from './time.ts';

const events: AnalysisEvent[] = [
  { type: 'shot', index: 1, start: fromSeconds(1.5), end: fromSeconds(2), startFrame: 36, endFrame: 48, transitionIn: 'dissolve', confidence: 0.8 },
  { type: 'keyframe', shot: 1, rank: 0, time: flicks(705_600_000), frame: 24, picture: 'p' },
  {
    type: 'tag',
    shot: 1,
    label: 'dog',
    score: 0.5,
    source: 'coco',
    box: [0, 0.1, 0.5, 1],
    detections: [{ time: flicks(0), frame: 0, box: [0, 0.1, 0.5, 1], score: 0.5 }],
  },
  { type: 'progress', stage: 'shots', done: 10, total: null, unit: 'frames', rate: 100, eta: null },
  { type: 'warning', code: 'damaged_part', params: { from: 1, to: 2 } },
  { type: 'done', shots: 2, keyframes: 2, tags: 1, frames: 48, seconds: 0.5, cached: false },
];

describe('--json lines', () => {
  it.each(events.map((event) => [event.type, event] as const))('%s is what the schema says, with and without a file', (_type, event) => {
    const json = toJsonEvent(event);
    expect(jsonEventSchema.parse(json)).toEqual(json);
    expect(jsonEventSchema.parse({ ...json, file: 'a.mp4' })).toEqual({ ...json, file: 'a.mp4' });
  });

  it('gives seconds and leaves internal fields out', () => {
    expect(events.map((event) => toJsonEvent(event)).slice(0, 3)).toEqual([
      { type: 'shot', index: 1, start: 1.5, end: 2, startFrame: 36, endFrame: 48, transitionIn: 'dissolve', confidence: 0.8 },
      { type: 'keyframe', shot: 1, time: 1, frame: 24 },
      { type: 'tag', shot: 1, label: 'dog', score: 0.5, source: 'coco', box: [0, 0.1, 0.5, 1] },
    ]);
    expect(toJsonEvent({ type: 'preview', time: flicks(0), picture: 'p' })).toBeNull();
  });

  it('refuses a line with fields that are not in the contract', () => {
    expect(jsonEventSchema.safeParse({ type: 'keyframe', shot: 0, time: 0, frame: 0, picture: 'p' }).success).toBe(false);
  });
});
