import { describe, expect, it } from 'vitest';
import { frameDuration, fromSeconds } from '../../../shared/time.ts';
import { parseShift } from './shift.ts';

const rate = { num: 25, den: 1 };
describe('parseShift', () => {
  it.each([
    ['0.5', 0.5],
    ['+1.25', 1.25],
    ['-1:02.5', -62.5],
    ['− 2', -2],
    ['0,4', 0.4],
  ])('%s', (text, seconds) => expect(parseShift(text, rate)).toBe(fromSeconds(seconds)));
  it('counts frames', () => expect(parseShift('-00:00:01:03', rate)).toBe(-fromSeconds(1) - 3 * frameDuration(rate)));
  it.each(['', '+', 'a', '--1', '1:75'])('no time: %s', (text) => expect(parseShift(text, rate)).toBeNull());
});
