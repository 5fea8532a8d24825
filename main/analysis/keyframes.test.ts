import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ShotEvent } from '../../shared/events.ts';
import { flicks, FLICKS_PER_SECOND } from '../../shared/time.ts';
import { chooseKeyframes, clearRange } from './keyframes.ts';
import { measurePicture } from './pictureMeasures.ts';
import { MOST_CANDIDATES, SampleSorter, ShotSamples, type Examined } from './samples.ts';

const BIKES = join(import.meta.dirname, '..', '..', 'e2e', 'media', 'bikes.mp4');
const FRAME = FLICKS_PER_SECOND / 25;
const shot = (startFrame: number, endFrame: number, transitionIn: ShotEvent['transitionIn'] = 'cut'): ShotEvent => ({
  type: 'shot', index: 0, start: flicks(startFrame * FRAME), end: flicks(endFrame * FRAME), startFrame, endFrame, transitionIn, confidence: 1,
});

/** `angle`: direction of the features, degrees. */
function sample(index: number, angle = 0, more: Partial<Examined> = {}): Examined {
  const radians = (angle * Math.PI) / 180;
  const empty = new Uint8Array(0);
  return {
    index, time: flicks(index * FRAME), sharpness: 100, exposure: 1, probabilities: new Float32Array([index, 1]),
    features: new Float32Array([Math.cos(radians), Math.sin(radians)]), detect: empty, face: empty, jpeg: empty, ...more,
  };
}
const chosen = (...args: Parameters<typeof chooseKeyframes>): number[] => chooseKeyframes(...args).map((each) => each.index);

describe('chooseKeyframes', () => {
  it('prefers the sharp one of equals, then the well exposed', () => {
    expect(chosen(shot(0, 50), 'cut', [sample(10), sample(20, 0, { sharpness: 300 }), sample(30)])).toEqual([20]);
    expect(chosen(shot(0, 50), 'cut', [sample(10, 0, { exposure: 0.2 }), sample(20, 0, { exposure: 0.3 }), sample(30, 0, { exposure: 0.9 })])).toEqual([30]);
  });

  it('prefers the typical picture over the odd one', () => {
    expect(chosen(shot(0, 50), 'cut', [sample(5, 60, { sharpness: 120 }), sample(15, 2), sample(25, 0), sample(35, 1), sample(45, 3)])).not.toContain(5);
  });

  it('stays inside the shot and clear of its transitions, unless there is nothing else', () => {
    const all = [0, 3, 8, 12, 20, 27, 33].map((index) => sample(index, 0, { sharpness: index === 12 ? 100 : 900 }));
    expect(chosen(shot(5, 30, 'dissolve'), 'fade', all)).toEqual([20]);
    expect(chosen(shot(5, 30, 'dissolve'), 'fade', [sample(2), sample(6), sample(31)])).toEqual([6]);
    expect(chosen(shot(5, 30), null, [sample(2), sample(31)])).toEqual([]);
  });

  it('adds a second one when a long shot changes much', () => {
    const changing = [10, 30, 50, 70, 90, 110, 130].map((index) => sample(index, index > 90 ? 80 : 0));
    expect(chosen(shot(0, 140), 'cut', changing)).toHaveLength(2);
    expect(chosen(shot(0, 140), 'cut', changing)[1]).toBeGreaterThan(90);
    expect(chosen(shot(0, 90), 'cut', changing.map((each) => ({ ...each, index: each.index / 2 })))).toHaveLength(1);
    expect(chosen(shot(0, 140), 'cut', [10, 50, 90, 130].map((index) => sample(index, index / 10)))).toHaveLength(1);
  });

  it('knows where a shot is clear of its transitions', () => {
    expect(clearRange(shot(10, 30, 'cut'), 'dissolve')).toEqual({ first: 12, end: 24 });
    expect(clearRange(shot(0, 30, 'start'), null)).toEqual({ first: 0, end: 30 });
    expect(clearRange(shot(10, 20, 'fade'), 'fade')).toBeNull();
  });
});

describe('measurePicture', () => {
  it('finds a real frame sharper than the same frame blurred, and better exposed than darkened or burnt out', () => {
    const frame = (filter: string): Uint8Array =>
      execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-ss', '6', '-i', BIKES, '-frames:v', '1', '-vf', `${filter}scale=512:512:flags=bicubic`, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-']);
    const plain = measurePicture(frame(''), 512);
    expect(plain.sharpness).toBeGreaterThan(3 * measurePicture(frame('gblur=2,'), 512).sharpness);
    expect(plain.exposure).toBeGreaterThan(0.7);
    expect(measurePicture(frame('eq=brightness=-0.6,'), 512).exposure).toBeLessThan(0.2);
    expect(measurePicture(frame('eq=brightness=0.7,'), 512).exposure).toBeLessThan(0.2);
  });
});

describe('samples', () => {
  it('stay evenly spread and bounded, however long the shot, and all count for the mean', () => {
    const samples = new ShotSamples();
    for (let i = 0; i < 1000; i++) samples.add(sample(i));
    const kept = samples.candidates.map((each) => each.index);
    expect(kept.length).toBeLessThanOrEqual(MOST_CANDIDATES);
    expect(kept.length).toBeGreaterThan(MOST_CANDIDATES / 2 - 1);
    expect(new Set(kept.slice(1).map((each, i) => each - (kept[i] ?? 0)))).toEqual(new Set([32]));
    expect(samples.meanProbabilities()[0]).toBeCloseTo(499.5, 3);
    expect(samples.last).toMatchObject({ index: 999 });
  });

  it('go to the shot they lie in; those in a transition to none', () => {
    const deal = (settleAt: number): number[][] => {
      const sorter = new SampleSorter(0);
      for (let i = 0; i < 100; i += 5) {
        sorter.push(sample(i));
        if (i === settleAt) sorter.settle(20);
      }
      return [sorter.close(42, 51), sorter.close(80, 80), sorter.close(100, 100)].map((each) => each.candidates.map(({ index }) => index));
    };
    const expected = [[0, 5, 10, 15, 20, 25, 30, 35, 40], [55, 60, 65, 70, 75], [80, 85, 90, 95]];
    expect(deal(-1)).toEqual(expected);
    // Thinning early, while the shot is still open, changes nothing.
    expect(deal(60)).toEqual(expected);
  });
});
