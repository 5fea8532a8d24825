import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommand, EMPTY_EDIT, type Edit } from './edit.ts';
import { mergeRanges, subtractRanges, totalLength } from './ranges.ts';
import { restoreRanges } from './restore.ts';
import { keptRanges, moveRange, rippleDelete } from './ripple.ts';
import { fromSeconds } from './time.ts';

const MEDIA = 'a'.repeat(32);
const media = { id: MEDIA, range: { start: fromSeconds(0), end: fromSeconds(100) } };
const range = (start: number, end: number) => ({ start: fromSeconds(start), end: fromSeconds(end) });
let count = 0;
const newId = (): string => `clip-${(count += 1)}`;
const after = (edit: Edit, change: ReturnType<typeof rippleDelete>): Edit => (change ? applyCommand(edit, change) : edit);
const lane = (edit: Edit): string => edit.clips.map((clip) => `${clip.start / fromSeconds(1)}-${clip.end / fromSeconds(1)}`).join(' ');

describe('restoreRanges', () => {
  it('closes the gap again: one clip as before', () => {
    const cut = after(EMPTY_EDIT, rippleDelete(EMPTY_EDIT, media, [range(10, 20)], newId));
    expect(lane(cut)).toBe('0-10 20-100');
    expect(lane(after(cut, restoreRanges(cut, MEDIA, [range(10, 20)], newId)))).toBe('0-100');
  });

  it('brings back a part at the side where it was cut, or as a clip of its own', () => {
    const cut = after(EMPTY_EDIT, rippleDelete(EMPTY_EDIT, media, [range(10, 20)], newId));
    expect(lane(after(cut, restoreRanges(cut, MEDIA, [range(10, 12)], newId)))).toBe('0-12 20-100');
    expect(lane(after(cut, restoreRanges(cut, MEDIA, [range(18, 20)], newId)))).toBe('0-10 18-100');
    expect(lane(after(cut, restoreRanges(cut, MEDIA, [range(13, 15)], newId)))).toBe('0-10 13-15 20-100');
  });

  it('does nothing where nothing is cut', () => {
    const cut = after(EMPTY_EDIT, rippleDelete(EMPTY_EDIT, media, [range(10, 20)], newId));
    expect(restoreRanges(cut, MEDIA, [range(30, 40)], newId)).toBeNull();
    expect(restoreRanges(EMPTY_EDIT, MEDIA, [range(30, 40)], newId)).toBeNull();
  });

  it('gives back exactly what is asked for, in whatever order the lane is', () => {
    const seconds = fc.integer({ min: 0, max: 99 });
    const ranges = fc.array(fc.tuple(seconds, fc.integer({ min: 1, max: 20 })).map(([start, length]) => range(start, Math.min(100, start + length))), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(ranges, ranges, seconds, (removed, back, to) => {
        let edit = after(EMPTY_EDIT, rippleDelete(EMPTY_EDIT, media, removed, newId));
        if (edit.clips.length === 0) return;
        edit = after(edit, moveRange(edit, media, range(40, 60), fromSeconds(to), newId));
        const kept = keptRanges(edit, MEDIA) ?? [];
        const restored = after(edit, restoreRanges(edit, MEDIA, back, newId));
        const wanted = mergeRanges([...kept, ...back]);
        expect(keptRanges(restored, MEDIA)).toEqual(wanted);
        // Nothing is played twice.
        expect(totalLength(restored.clips)).toBe(totalLength(wanted));
        expect(wanted.flatMap((each) => subtractRanges(each, keptRanges(restored, MEDIA) ?? []))).toEqual([]);
      }),
    );
  });
});
