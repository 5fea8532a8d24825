import { describe, expect, it } from 'vitest';
import type { ShotEvent, TagEvent } from '../../shared/events.ts';
import type { VideoStream } from '../../shared/media.ts';
import { flicks, FLICKS_PER_SECOND } from '../../shared/time.ts';
import { overlap, suppress } from './boxes.ts';
import { facesOf, objectsOf } from './examine.ts';
import { ShotSamples, type Detections, type Examined } from './samples.ts';
import { samplesToDetect, tagsOf } from './tags.ts';

const NAMES = ['dog', 'crane', 'cat', 'crane'];
const name = (index: number): string => NAMES[index] ?? '?';
const empty = new Uint8Array(0);
function sample(index: number, probabilities: number[], detections?: Detections): Examined {
  return { index, time: flicks(index * 1000), sharpness: 1, exposure: 1, probabilities: new Float32Array(probabilities), features: new Float32Array(1), detect: empty, face: empty, jpeg: empty, detections };
}
const shot = (seconds: number): ShotEvent => ({ type: 'shot', index: 4, start: flicks(0), end: flicks(seconds * FLICKS_PER_SECOND), startFrame: 0, endFrame: 1000, transitionIn: 'cut', confidence: 1 });
function samplesOf(...list: Examined[]): ShotSamples {
  const samples = new ShotSamples();
  for (const each of list) samples.add(each);
  return samples;
}
const brief = (tags: TagEvent[]): [string, string, number][] => tags.map((tag) => [tag.source, tag.label, Number(tag.score.toFixed(3))]);

describe('tagsOf', () => {
  it('pools classes by their mean over the shot, and adds up classes of one name', () => {
    const samples = samplesOf(sample(0, [0.9, 0.2, 0, 0.1]), sample(1, [0.1, 0.2, 0.3, 0.2]), sample(2, [0.2, 0.2, 0.66, 0.1]));
    expect(brief(tagsOf(shot(3), samples, [], name))).toEqual([['imagenet', 'dog', 0.4], ['imagenet', 'crane', 0.333], ['imagenet', 'cat', 0.32]]);
    expect(brief(tagsOf(shot(3), samplesOf(sample(0, [0.9, 0, 0, 0]), ...[1, 2, 3].map((i) => sample(i, [0, 0, 0, 0]))), [], name))).toEqual([]);
  });

  it('takes the best box for the tag and keeps all that count, with their frames', () => {
    const looked = [
      sample(3, [0], { objects: [{ label: 'dog', box: [0, 0, 0.5, 0.5], score: 0.44 }, { label: 'car', box: [0, 0, 1, 1], score: 0.36 }], faces: [] }),
      sample(9, [0], { objects: [{ label: 'dog', box: [0.5, 0.5, 0.5, 0.5], score: 0.61 }], faces: [{ box: [0.1, 0.1, 0.2, 0.2], score: 0.93 }] }),
    ];
    const tags = tagsOf(shot(3), samplesOf(), looked, name);
    expect(brief(tags)).toEqual([['face', 'face', 0.93], ['coco', 'dog', 0.61]]);
    expect(tags[1]).toMatchObject({ shot: 4, box: [0.5, 0.5, 0.5, 0.5], detections: [{ frame: 3, score: 0.44 }, { frame: 9, score: 0.61 }] });
  });
});

describe('samplesToDetect', () => {
  const many = samplesOf(...Array.from({ length: 30 }, (_, i) => sample(i * 10, [0])));
  const picked = (seconds: number, keyframes: Examined[] = []): number[] => samplesToDetect(shot(seconds), many, keyframes).map((each) => each.index);
  it('always has the keyframes, and more of a longer shot, spread over it, in order', () => {
    expect(picked(2)).toEqual([50, 150, 250]);
    expect(picked(2, [many.candidates[7] as Examined])).toContain(70);
    expect(picked(20)).toHaveLength(5);
    expect(picked(3600)).toHaveLength(12);
    expect(samplesToDetect(shot(9), samplesOf(sample(7, [0])), [])).toHaveLength(1);
  });
});

describe('boxes', () => {
  it('overlap by their shared part of all they cover', () => {
    expect(overlap([0, 0, 0.4, 0.4], [0.2, 0, 0.4, 0.4])).toBeCloseTo(1 / 3, 9);
    expect(overlap([0, 0, 0.4, 0.4], [0.4, 0, 0.4, 0.4])).toBe(0);
  });

  it('of one thing are one, the best', () => {
    const boxes = [{ box: [0, 0, 0.5, 0.5] as const, score: 0.5 }, { box: [0.02, 0, 0.5, 0.5] as const, score: 0.7 }, { box: [0.6, 0.6, 0.3, 0.3] as const, score: 0.4 }];
    expect(suppress(boxes.map((each) => ({ ...each, box: [...each.box] as [number, number, number, number] })), 0.4).map((each) => each.score)).toEqual([0.7, 0.4]);
  });

  it('of objects are those of the frame, weak ones left out, classes kept apart', () => {
    const rows = new Float32Array([0.1, 0.2, 0.5, 0.8, 0.6, 0, 0.1, 0.2, 0.5, 0.8, 0.5, 2, 0.12, 0.2, 0.5, 0.8, 0.4, 0, 0.1, 0.1, 0.2, 0.2, 0.2, 0, -0.1, 0.5, 1.2, 1, 0.7, 2]);
    const found = objectsOf(rows, name);
    expect(found.map(({ label, score }) => [label, Number(score.toFixed(2))])).toEqual([['dog', 0.6], ['cat', 0.7], ['cat', 0.5]]);
    expect(found[0]?.box.map((each) => Number(each.toFixed(4)))).toEqual([0.1, 0.2, 0.4, 0.6]);
    expect(found[1]?.box.map((each) => Number(each.toFixed(4)))).toEqual([0, 0.5, 1, 0.5]);
  });

  it('of faces are mapped back from the letterbox of wide and of tall frames', () => {
    const face = (displayWidth: number, displayHeight: number): number[] =>
      facesOf(new Float32Array([0.4, 0.4, 0.6, 0.6, 0.9, 0.1, 0.1, 0.2, 0.2, 0.6]), { displayWidth, displayHeight } as VideoStream).flatMap(({ box }) => box.map((each) => Number(each.toFixed(3))));
    expect(face(1280, 640)).toEqual([0.4, 0.3, 0.2, 0.4]);
    expect(face(500, 1000)).toEqual([0.3, 0.4, 0.4, 0.2]);
  });
});
