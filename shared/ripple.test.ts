import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommand, assertEdit, EMPTY_EDIT, type Clip, type Edit, type EditChange } from './edit.ts';
import { advance, startHistory } from './editHistory.ts';
import { intersectRanges, mergeRanges, subtractRanges, totalLength, type TimeRange } from './ranges.ts';
import { fromSequence, keptRanges, moveRange, rippleDelete, sequenceLength, sequenceOf, toSequence, type RippleMedia } from './ripple.ts';
import { flicks } from './time.ts';
import type { Word } from './captions/types.ts';
import { rangeOfWords } from './wordCuts.ts';

const MEDIA = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const range = (start: number, end: number): TimeRange => ({ start: flicks(start), end: flicks(end) });
const media: RippleMedia = { id: MEDIA, range: range(0, 1000), name: 'talk' };
const clip = (id: string, start: number, end: number, of = MEDIA): Clip => ({ id, media: of, start: flicks(start), end: flicks(end), name: id });
const lane = (...clips: Clip[]): Edit => ({ ...EMPTY_EDIT, clips });
const counter = (): (() => string) => {
  let n = 0;
  return () => `new${(n += 1)}`;
};
const apply = (edit: Edit, change: EditChange | null): Edit => (change ? applyCommand(edit, change) : edit);
const spans = (edit: Edit): string[] => edit.clips.map(({ media: of, start, end }) => `${of === MEDIA ? '' : 'o'}${start}-${end}`);

/** Every flick that the lane plays, in order: the meaning of an edit. */
const played = (edit: Edit): string[] => edit.clips.flatMap(({ media: of, start, end }) => Array.from({ length: end - start }, (_, i) => `${of[0]}${start + i}`));

describe('rippleDelete', () => {
  it('makes the whole media a clip first, cut where asked', () => {
    const edit = lane(clip('o', 5, 10, OTHER));
    const after = apply(edit, rippleDelete(edit, media, [range(100, 200), range(150, 300), range(990, 2000)], counter()));
    expect(spans(after)).toEqual(['o5-10', '0-100', '300-990']);
    expect(after.clips[1]?.name).toBe('talk');
  });

  it('cuts every clip of the media, leaves others, and keeps a first piece’s id', () => {
    const edit = lane(clip('a', 0, 500), clip('o', 0, 500, OTHER), clip('b', 100, 300), clip('c', 200, 260));
    const after = apply(edit, rippleDelete(edit, media, [range(200, 260)], counter()));
    expect(after.clips.map((each) => each.id)).toEqual(['a', 'new1', 'o', 'b', 'new2']);
    expect(spans(after)).toEqual(['0-200', '260-500', 'o0-500', '100-200', '260-300']);
  });

  it('is one step of undo, and nothing when nothing is cut', () => {
    const history = startHistory(lane(clip('a', 0, 500)));
    const change = rippleDelete(history.edit, media, [range(10, 20), range(30, 40), range(50, 60)], counter());
    expect(change?.type).toBe('group');
    const after = change ? advance(history, change) : history;
    expect(after.edit.clips).toHaveLength(4);
    expect(advance(after, { type: 'undo' }).edit).toEqual(history.edit);
    expect(rippleDelete(history.edit, media, [range(600, 700), range(9, 9)], counter())).toBeNull();
    expect(rippleDelete(EMPTY_EDIT, media, [range(0, 1000)], counter())).toBeNull();
    expect(apply(history.edit, rippleDelete(history.edit, media, [range(0, 1000)], counter())).clips).toEqual([]);
  });

  it('cuts between frames counted from the media’s first, and leaves no clip shorter than one', () => {
    const framed: RippleMedia = { id: MEDIA, range: range(7, 1007), frame: flicks(40) };
    const edit = lane(clip('a', 7, 1007));
    const after = apply(edit, rippleDelete(edit, framed, [range(100, 200), range(215, 300)], counter()));
    // 100 is nearest to 7 + 2*40, 200 and 215 to 7 + 5*40, 300 to 7 + 7*40.
    expect(spans(after)).toEqual(['7-87', '287-1007']);
  });

  const ranges = fc.array(fc.tuple(fc.integer({ min: -50, max: 1050 }), fc.integer({ min: -20, max: 200 })).map(([start, length]) => range(start, start + length)), { maxLength: 12 });
  const clips = fc.array(fc.tuple(fc.boolean(), fc.nat(900), fc.integer({ min: 1, max: 100 })), { maxLength: 6 }).map((list) => list.map(([own, start, length], i) => clip(`c${i}`, start, start + length, own ? MEDIA : OTHER)));

  it('takes out exactly the union of the ranges and keeps the order of the rest', () => {
    fc.assert(
      fc.property(clips, ranges, (before, removed) => {
        const edit = lane(...before);
        const after = apply(edit, rippleDelete(edit, media, removed, counter()));
        assertEdit(after);
        const whole = before.some((each) => each.media === MEDIA) ? edit : lane(...before, clip('w', 0, 1000));
        const gone = new Set(mergeRanges(removed).flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => `a${start + i}`)));
        const left = played(whole).filter((moment) => !gone.has(moment));
        const nothing = left.length === played(whole).length || (whole !== edit && left.length === played(edit).length);
        expect(played(after)).toEqual(nothing ? played(edit) : left);
        const merged = mergeRanges(removed);
        const cut = whole.clips.filter((each) => each.media === MEDIA).reduce((sum, each) => sum + totalLength(intersectRanges(each, merged)), 0);
        if (!nothing) expect(totalLength(after.clips)).toBe(totalLength(whole.clips) - cut);
      }),
    );
  });

  it('moving keeps every moment, in the order asked', () => {
    const within = fc.tuple(fc.nat(999), fc.integer({ min: 1, max: 300 })).map(([start, length]) => range(start, Math.min(1000, start + length)));
    fc.assert(
      fc.property(clips, within, fc.nat(1000), (before, moved, to) => {
        const edit = lane(...before);
        const whole = before.some((each) => each.media === MEDIA) ? edit : lane(...before, clip('w', 0, 1000));
        const change = moveRange(edit, media, moved, flicks(to), counter());
        if (change === null) return;
        const after = apply(edit, change);
        assertEdit(after);
        expect(played(after).sort()).toEqual(played(whole).sort());
        const inRange = (moment: string): boolean => moment.startsWith('a') && Number(moment.slice(1)) >= moved.start && Number(moment.slice(1)) < moved.end;
        const order = played(after);
        const first = order.findIndex(inRange);
        const count = played(whole).filter(inRange).length;
        expect(order.slice(first, first + count)).toEqual(played(whole).filter(inRange));
        expect(order.filter((moment) => !inRange(moment))).toEqual(played(whole).filter((moment) => !inRange(moment)));
        const next = order[first + count];
        if (next === `a${to}`) return;
        // The target is not on the lane, or an earlier clip holds it too.
        expect(played(whole).filter((moment) => !inRange(moment)).includes(`a${to}`) && order.indexOf(`a${to}`) > first).toBe(false);
      }),
    );
  });
});

describe('moveRange', () => {
  it('puts a sentence before another and back, leaving no seams', () => {
    const moved = apply(EMPTY_EDIT, moveRange(EMPTY_EDIT, media, range(600, 700), flicks(100), counter()));
    expect(spans(moved)).toEqual(['0-100', '600-700', '100-600', '700-1000']);
    const back = apply(moved, moveRange(moved, media, range(600, 700), flicks(700), counter()));
    expect(spans(back)).toEqual(['0-1000']);
    expect(moveRange(moved, media, range(600, 700), flicks(650), counter())).toBeNull();
    expect(moveRange(moved, media, range(600, 700), flicks(100), counter())).toBeNull();
  });
});

describe('rangeOfWords', () => {
  const word = (start: number, end: number): Word => ({ text: 'w', start: flicks(start), end: flicks(end), confidence: 1, space: true });
  const words = [word(100, 150), word(170, 200), word(200, 240), word(640, 700)];

  it('cuts in the middle of the pauses, taking no more than the margin of a long one', () => {
    expect(rangeOfWords(words, 1, 1, media, flicks(100))).toEqual(range(160, 200));
    expect(rangeOfWords(words, 1, 2, media, flicks(100))).toEqual(range(160, 340));
    expect(rangeOfWords(words, 0, 3, media, flicks(50))).toEqual(range(50, 750));
  });

  it('cuts between frames inside the pause, never inside a word that stays while the pause holds such a moment', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 50 })), { minLength: 3, maxLength: 12 }), fc.nat(11), fc.nat(11), (steps, a, b) => {
        let at = 5;
        const made = steps.map(([pause, length]) => word((at += pause), (at += length)));
        const first = Math.min(a, b) % made.length;
        const last = Math.max(first, Math.max(a, b) % made.length);
        const cut = rangeOfWords(made, first, last, { range: range(5, at + 30), frame: flicks(20) }, flicks(40));
        expect(cut.start).toBeLessThanOrEqual(made[first]?.start ?? 0);
        expect(cut.end).toBeGreaterThanOrEqual(made[last]?.end ?? 0);
        expect(cut.start).toBeGreaterThanOrEqual(made[first - 1]?.end ?? 5);
        expect(cut.end).toBeLessThanOrEqual(made[last + 1]?.start ?? at + 30);
        const [low, high] = [made[last]?.end ?? 0, made[last + 1]?.start ?? at + 30];
        if (high - low >= 20 && last < made.length - 1) expect((cut.end - 5) % 20).toBe(0);
      }),
    );
  });
});

describe('the sequence', () => {
  it('maps both ways, over cuts and past the ends', () => {
    const edit = lane(clip('a', 100, 200), clip('o', 0, 50, OTHER), clip('b', 10, 20));
    const sequence = sequenceOf(edit);
    expect(sequence.map(({ at }) => at)).toEqual([0, 100, 150]);
    expect(sequenceLength(sequence)).toBe(160);
    for (let at = 0; at < 160; at += 1) {
      const found = fromSequence(sequence, flicks(at));
      expect(found && toSequence(sequence, found.clip.media, found.time)).toBe(at);
    }
    expect(fromSequence(sequence, flicks(-1))).toBeNull();
    expect(fromSequence(sequence, flicks(160))).toBeNull();
    expect(toSequence(sequence, MEDIA, flicks(200))).toBeNull();
  });

  it('says what is kept', () => {
    const edit = lane(clip('a', 100, 200), clip('b', 150, 250), clip('c', 10, 20));
    const kept = keptRanges(edit, MEDIA);
    expect(kept).toEqual([range(10, 20), range(100, 250)]);
    expect(keptRanges(edit, OTHER)).toBeNull();
    expect(subtractRanges(range(0, 300), kept ?? [])).toEqual([range(0, 10), range(20, 100), range(250, 300)]);
  });
});
