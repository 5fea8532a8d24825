import { describe, expect, it } from 'vitest';
import { flicks, fromSeconds } from '../../../shared/time.ts';
import { snapTime, stripView } from './strip.ts';

const range = { start: fromSeconds(0), end: fromSeconds(100) };
const between = (start: number, end: number): { start: ReturnType<typeof flicks>; end: ReturnType<typeof flicks> } => ({ start: fromSeconds(start), end: fromSeconds(end) });

describe('stripView', () => {
  it('has the cue in its middle', () => {
    expect(stripView(between(50, 52), range.start, range)).toEqual(between(48, 54));
    expect(stripView(between(40, 50), range.start, range)).toEqual(between(35, 55));
  });
  it('stays within the sound where that is longer', () => {
    expect(stripView(between(0, 1), range.start, range)).toEqual(between(0, 6));
    expect(stripView(between(98, 100), range.start, range)).toEqual(between(94, 100));
    expect(stripView(between(1, 2), range.start, between(0, 3))).toEqual(between(0, 6));
  });
  it('follows the playhead where there is no cue', () => expect(stripView(null, fromSeconds(20), range)).toEqual(between(17, 23)));
});

describe('snapTime', () => {
  const targets = [1, 1.05, 3].map(fromSeconds);
  it('goes to the nearest in reach, else nowhere', () => {
    expect(snapTime(fromSeconds(1.04), targets, fromSeconds(0.1))).toBe(fromSeconds(1.05));
    expect(snapTime(fromSeconds(2), targets, fromSeconds(0.1))).toBe(fromSeconds(2));
    expect(snapTime(fromSeconds(2.9), targets, fromSeconds(0.1))).toBe(fromSeconds(3));
  });
});
