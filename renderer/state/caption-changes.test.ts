import { describe, expect, it } from 'vitest';
import type { Cue } from '../../shared/captions/types.ts';
import { fromSeconds } from '../../shared/time.ts';
import { changeBetween, roomForCue, splitOffset } from './caption-changes.ts';

const seconds = fromSeconds;
const cue = (id: string, start: number, end: number, text = id): Cue => ({
  id, start: seconds(start), end: seconds(end), text, words: [], speaker: null, touched: false, spans: [], place: null, extras: {},
});

describe('changeBetween', () => {
  it('names only what differs', () => {
    const before = [cue('a', 0, 1), cue('b', 1, 2), cue('c', 2, 3)];
    const moved = { ...cue('b', 1, 2), end: seconds(1.8) };
    const added = cue('d', 3, 4);
    expect(changeBetween(before, [before[0] as Cue, { ...cue('c', 2, 3) }, moved, added])).toEqual({ remove: ['b'], insert: [moved, added] });
    expect(changeBetween(before, before.slice(1))).toEqual({ remove: ['a'], insert: [] });
    expect(changeBetween(before, structuredClone(before))).toEqual({ remove: [], insert: [] });
  });
});

describe('roomForCue', () => {
  const cues = [cue('a', 1, 3), cue('b', 4, 5)];
  it('ends a cue before the next one', () => {
    expect(roomForCue(cues, seconds(3.5), seconds(5.5))).toEqual({ start: seconds(3.5), end: seconds(4) });
    expect(roomForCue(cues, seconds(3), seconds(5))).toEqual({ start: seconds(3), end: seconds(4) });
    expect(roomForCue(cues, seconds(6), seconds(8))).toEqual({ start: seconds(6), end: seconds(8) });
  });
  it('finds none where a cue is shown', () => {
    expect(roomForCue(cues, seconds(1), seconds(3))).toBeNull();
    expect(roomForCue(cues, seconds(4.5), seconds(6))).toBeNull();
  });
});

describe('splitOffset', () => {
  const words = ['ask', 'not', 'what'].map((text, index) => ({ text, start: seconds(index), end: seconds(index + 0.5), confidence: 1, space: true }));
  const spoken: Cue = { ...cue('s', 0, 3, 'ask not\nwhat'), words };
  it('goes before the word that comes next', () => {
    expect(spoken.text.slice(splitOffset(spoken, seconds(0.7)))).toBe('not\nwhat');
    expect(spoken.text.slice(splitOffset(spoken, seconds(1.6)))).toBe('what');
  });
  it('goes by the share of the time where no words are known, to the middle from outside', () => {
    const plain = cue('p', 0, 10, 'one two three four');
    expect(plain.text.slice(splitOffset(plain, seconds(2.5)))).toBe('two three four');
    expect(plain.text.slice(splitOffset(plain, seconds(50)))).toBe('three four');
    expect(splitOffset(cue('z', 0, 10, '一二三四五六七八'), seconds(5))).toBe(4);
  });
});
