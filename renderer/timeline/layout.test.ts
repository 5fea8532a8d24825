import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clip } from '../../shared/edit.ts';
import { flicks, fromSeconds, FLICKS_PER_SECOND } from '../../shared/time.ts';
import { elide, elideMiddle, layoutChips } from './chips.ts';
import { clipAtTime, clipOffsets, draggedEdge, laneBounds, reorderTarget, startAfterMove } from './clips.ts';
import { synthesize } from './harness/synthetic.ts';
import { layoutRows, ROW_NAMES, rowAt } from './rows.ts';
import { snapTime } from './snapping.ts';

const measure = (text: string): number => [...text].length * 6;

describe('chips', () => {
  const labels = fc.array(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }), { maxLength: 8 });
  it('stay inside their room, in order, without touching', () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 400 }), (names, x0, width) => {
        const { chips, more } = layoutChips(names, x0, x0 + width, measure);
        let reached = x0;
        chips.forEach((chip, i) => {
          expect(chip.tag).toBe(i);
          expect(chip.x).toBeGreaterThanOrEqual(reached);
          expect(measure(chip.text) + 12).toBeLessThanOrEqual(chip.width + 1e-9);
          reached = chip.x + chip.width;
        });
        expect(reached).toBeLessThanOrEqual(x0 + width);
        if (more) expect(more.count + chips.length).toBe(names.length);
      }),
    );
  });
  it('go when it is too narrow, and the first is cut short before that', () => {
    expect(layoutChips(['mountain bike'], 0, 30, measure).chips).toEqual([]);
    expect(layoutChips(['mountain bike'], 0, 60, measure).chips[0]?.text).toBe('mountai…');
    expect(layoutChips(['dog', 'person', 'bench'], 0, 110, measure).more).toEqual({ count: 1, x: 30 + 4 + 48 + 4 });
  });
  it('cut whole letters, also outside the basic plane', () => {
    expect(elide('👍👍👍👍👍', 24, measure)).toBe('👍👍👍…');
    expect(elide('abc', 6, measure)).toBeNull();
  });

  it('leaves out the middle of a name, and keeps its end and what fits of its beginning', () => {
    const wide = measure('holiday shot 12');
    expect(elideMiddle('holiday shot 12', wide, measure)).toBe('holiday shot 12');
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 60 }), fc.double({ min: 0, max: 400, noNaN: true }), (name, width) => {
        const shown = elideMiddle(name, width, measure);
        if (shown === null || shown === name) return;
        expect(measure(shown)).toBeLessThanOrEqual(width);
        const [head = '', tail = ''] = shown.split('…').length === 2 ? shown.split('…') : [];
        expect(name.startsWith(head)).toBe(true);
        expect(name.endsWith(tail)).toBe(true);
      }),
    );
    expect(elideMiddle('holiday shot 12', measure('ho…hot 12'), measure)).toBe('ho…hot 12');
  });
});

const clipsOf = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 }).map((lengths) => lengths.map((length, i): Clip => ({ id: `c${i}`, media: '0'.repeat(32), start: flicks(5), end: flicks(5 + length), name: `c${i}` })));

describe('clip lane', () => {
  it('finds the clip at each moment of the sequence', () => {
    fc.assert(
      fc.property(clipsOf, fc.double({ min: 0, max: 0.9999, noNaN: true }), (clips, share) => {
        const offsets = clipOffsets(clips);
        const time = share * (offsets.at(-1) ?? 0);
        const index = clipAtTime(offsets, time);
        expect(time >= (offsets[index] ?? NaN) && time < (offsets[index + 1] ?? NaN)).toBe(true);
        expect(clipAtTime(offsets, -1)).toBe(-1);
        expect(clipAtTime(offsets, offsets.at(-1) ?? 0)).toBe(-1);
      }),
    );
  });
  it('leaves a clip where it is when it is not moved, and reaches both ends', () => {
    fc.assert(
      fc.property(clipsOf, fc.nat(), (clips, n) => {
        const dragged = n % clips.length;
        const offsets = clipOffsets(clips);
        expect(reorderTarget(clips, dragged, ((offsets[dragged] ?? 0) + (offsets[dragged + 1] ?? 0)) / 2)).toBe(dragged);
        expect(reorderTarget(clips, dragged, -1e9)).toBe(0);
        expect(reorderTarget(clips, dragged, 1e9)).toBe(clips.length - 1);
        for (const [i, clip] of clips.entries()) {
          const middle = ((offsets[i] ?? 0) + (offsets[i + 1] ?? 0)) / 2;
          if (i < dragged) expect(reorderTarget(clips, dragged, middle - 0.25)).toBeLessThanOrEqual(i);
          if (i > dragged) expect(reorderTarget(clips, dragged, middle + 0.25), clip.id).toBeGreaterThanOrEqual(i);
        }
        expect(startAfterMove(clips, dragged, dragged)).toBe(offsets[dragged]);
      }),
    );
  });
  it('drags an edge by whole frames', () => {
    const frame = FLICKS_PER_SECOND / 25;
    const clip = { start: fromSeconds(2), end: fromSeconds(4) };
    expect(draggedEdge(clip, 'end', 1.4 * frame, frame)).toBe(clip.end + frame);
    expect(draggedEdge(clip, 'start', -2.6 * frame, frame)).toBe(clip.start - 3 * frame);
  });
  it('does not blow up a lone short clip to the whole width', () => {
    const bounds = laneBounds(new Float64Array([0, FLICKS_PER_SECOND]), 1000, 1200);
    expect(bounds.end).toBeGreaterThan(10 * FLICKS_PER_SECOND);
    expect(laneBounds(new Float64Array([0, 100 * FLICKS_PER_SECOND]), 1000, 1200).end).toBe(100 * FLICKS_PER_SECOND);
  });
});

describe('snapping', () => {
  const { shots } = synthesize(60);
  const borders = shots.flatMap((shot) => [shot.start as number, shot.end as number]);
  it('takes the nearest border within reach and nothing beyond', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: FLICKS_PER_SECOND }), (share, tolerance) => {
        const time = share * (shots.at(-1)?.end ?? 0);
        const nearest = Math.min(...borders.map((border) => Math.abs(border - time)));
        const snapped = snapTime(time, shots, [], tolerance);
        if (nearest > tolerance) expect(snapped).toBeNull();
        else expect(Math.abs((snapped ?? NaN) - time)).toBe(nearest);
      }),
    );
  });
  it('prefers the playhead at the same distance', () => expect(snapTime(10, [], [null, 12, 8], 5)).toBe(12));
});

describe('rows', () => {
  const sizes = fc.record({ height: fc.integer({ min: 150, max: 900 }), video: fc.boolean(), audio: fc.boolean(), captions: fc.nat(6) });
  it('follow one another, the picture and the clips always among them', () => {
    fc.assert(
      fc.property(sizes, ({ height, video, audio, captions }) => {
        const rows = layoutRows(height, { video, audio, captions, chapters: false });
        let reached = 0;
        for (const name of ROW_NAMES) {
          if (rows[name].height === 0) continue;
          expect(rows[name].top).toBeGreaterThanOrEqual(reached);
          reached = rows[name].top + rows[name].height;
          expect(rowAt(rows, rows[name].top)).toBe(name);
        }
        expect(reached).toBeLessThanOrEqual(height);
        expect(rows.clips.height).toBeGreaterThanOrEqual(40);
        expect(rows.film.height > 0).toBe(video);
        expect(rowAt(rows, height + 1)).toBeNull();
      }),
    );
  });
  it('drop the tags first, then the sound', () => {
    const at = (height: number, captions = 0): string => ROW_NAMES.filter((name) => layoutRows(height, { video: true, audio: true, captions, chapters: false })[name].height > 0).join(' ');
    expect(at(300)).toBe('ruler shots film tags wave clips');
    expect(at(160)).toBe('ruler shots film wave clips');
    expect(at(140)).toBe('ruler shots film clips');
    expect(at(300, 1)).toBe('ruler shots film tags wave captions clips');
    expect(at(190, 1)).toBe('ruler shots film wave captions clips');
    expect(at(160, 1)).toBe('ruler shots film captions clips');
    expect(at(150, 3)).toBe('ruler shots film clips');
  });
});
