import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cue } from '../../../shared/captions/types.ts';
import { fromSeconds } from '../../../shared/time.ts';
import { alignCues } from './align.ts';

const cue = (start: number, end: number): Cue => ({
  id: `${start}`, start: fromSeconds(start), end: fromSeconds(end), text: '', words: [], speaker: null, touched: false, spans: [], place: null, extras: {},
});

describe('alignCues', () => {
  it('pairs what is said at one time', () => {
    expect(alignCues([cue(0, 2), cue(2, 4)], [cue(0.1, 2.2), cue(2.3, 4)])).toEqual([{ left: 0, right: 0 }, { left: 1, right: 1 }]);
  });
  it('leaves a place empty where one track says nothing', () => {
    expect(alignCues([cue(0, 2), cue(5, 7)], [cue(0, 2), cue(3, 4), cue(5, 7)])).toEqual([
      { left: 0, right: 0 },
      { left: null, right: 1 },
      { left: 1, right: 2 },
    ]);
  });
  it('puts a long cue beside the part that lies under most of it', () => {
    expect(alignCues([cue(0, 1), cue(1, 5)], [cue(0, 5)])).toEqual([{ left: 0, right: null }, { left: 1, right: 0 }]);
  });
  it('keeps every cue of both, once and in order', () => {
    const track = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 6 })), { maxLength: 30 }).map((pairs) =>
      pairs.map(([start, length]) => cue(start, start + length)).sort((a, b) => a.start - b.start),
    );
    fc.assert(
      fc.property(track, track, (left, right) => {
        const rows = alignCues(left, right);
        expect(rows.flatMap((row) => row.left ?? [])).toEqual(left.map((_, index) => index));
        expect(rows.flatMap((row) => row.right ?? [])).toEqual(right.map((_, index) => index));
      }),
    );
  });
});
