import { describe, expect, it } from 'vitest';
import type { KeyframeEvent } from '../../shared/events.ts';
import { fromSeconds } from '../../shared/time.ts';
import { someMedia, someShot, someTag } from '../testing/facts.ts';
import { Analysis } from './analysis.svelte.ts';

const keyframe = (shot: number, rank = 0): KeyframeEvent => ({ type: 'keyframe', shot, rank, time: fromSeconds(shot + 0.5), frame: shot * 25 + 12, picture: `k${shot}-${rank}` });

describe('Analysis', () => {
  it('joins shots with what was found in them, in whatever order it comes', () => {
    const analysis = new Analysis(someMedia());
    analysis.apply([someTag(0, 'dog', 0.5), keyframe(0, 1), someShot(0), keyframe(0), someTag(0, 'cat', 0.9)]);
    expect(analysis.shots).toHaveLength(1);
    expect(analysis.shots[0]?.keyframes.map((each) => each.picture)).toEqual(['k0-0', 'k0-1']);
    expect(analysis.shots[0]?.tags.map((tag) => tag.label)).toEqual(['cat', 'dog']);
    expect(analysis.poster).toBe('k0-0');
    expect(new Analysis(someMedia()).poster).toBeNull();
  });

  it('stands for a file by its longest shot once it is read, by the first picture until then', () => {
    const analysis = new Analysis(someMedia());
    analysis.status = 'running';
    analysis.apply([someShot(0), keyframe(0), { ...someShot(1), end: fromSeconds(60) }, keyframe(1), someShot(2), keyframe(2)]);
    expect(analysis.poster).toBe('k0-0');
    analysis.status = 'done';
    expect(analysis.poster).toBe('k1-0');
  });

  it('takes the same events twice, as after a restart of the engine', () => {
    const analysis = new Analysis(someMedia());
    const events = [someShot(0), keyframe(0), someTag(0, 'dog', 0.5), someShot(1), someTag(1, 'dog', 0.7)];
    analysis.apply(events);
    const once = JSON.stringify(analysis.shots);
    analysis.apply(events);
    expect(JSON.stringify(analysis.shots)).toBe(once);
    expect(analysis.tagCounts).toEqual([{ label: 'dog', count: 2 }]);
  });

  it('gives readers a new list for each change and leaves the old one as it was', () => {
    const analysis = new Analysis(someMedia());
    analysis.apply([someShot(0)]);
    const before = analysis.shots;
    analysis.apply([someShot(1), someTag(0, 'dog', 0.5)]);
    expect(before).toHaveLength(1);
    expect(before[0]?.tags).toEqual([]);
    expect(analysis.shots).not.toBe(before);
  });

  it('finds the shot at a time', () => {
    const analysis = new Analysis(someMedia());
    analysis.apply(Array.from({ length: 100 }, (_, index) => someShot(index)));
    expect(analysis.shotAt(fromSeconds(0))).toBe(0);
    expect(analysis.shotAt(fromSeconds(41.9))).toBe(41);
    expect(analysis.shotAt(fromSeconds(42))).toBe(42);
    expect(analysis.shotAt(fromSeconds(5000))).toBe(99);
    expect(new Analysis(someMedia()).shotAt(fromSeconds(1))).toBe(-1);
  });

  it('keeps previews in order of time and warnings once', () => {
    const analysis = new Analysis(someMedia());
    const preview = (seconds: number) => ({ type: 'preview', time: fromSeconds(seconds), picture: `p${seconds}` }) as const;
    const warning = { type: 'warning', code: 'ends_early', params: {} } as const;
    analysis.apply([preview(30), preview(10), warning]);
    analysis.apply([preview(20), preview(10), warning]);
    expect(analysis.previews.map((each) => each.picture)).toEqual(['p10', 'p20', 'p30']);
    expect(analysis.warnings).toHaveLength(1);
  });

  it('takes a hundred thousand shots in batches in a moment', () => {
    const analysis = new Analysis(someMedia(100_000));
    for (let from = 0; from < 100_000; from += 10_000) {
      analysis.apply(Array.from({ length: 10_000 }, (_, offset) => [someShot(from + offset), someTag(from + offset, 'dog', 0.5)]).flat());
    }
    expect(analysis.shots).toHaveLength(100_000);
    expect(analysis.tagCounts).toEqual([{ label: 'dog', count: 100_000 }]);
  });
});
