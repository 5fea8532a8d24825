import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommand, assertEdit, EditError, editCommandSchema, editSchema, EMPTY_EDIT, type Clip, type Edit, type EditCommand } from './edit.ts';
import { changesBetween } from './editDifference.ts';
import { advance, startHistory } from './editHistory.ts';
import { changesPictures, effectOf, isGenerated, painting, strengthAt } from './style/effect.ts';
import { PAINTINGS, STYLE_VECTOR_LENGTH, type ClipEffect, type StrengthKey, type StylePicture } from './style/types.ts';
import { flicks, ZERO } from './time.ts';

const MEDIA = 'a'.repeat(32);
const clip = (id: string, effect?: ClipEffect): Clip => ({ id, media: MEDIA, start: flicks(0), end: flicks(1000), name: id, ...(effect ? { effect } : {}) });
const picture = (digit: string, name = digit): StylePicture => ({ id: digit.repeat(32), name, vector: Array.from({ length: STYLE_VECTOR_LENGTH }, (_, i) => i / 7), thumbnail: 'AA==' });
const VINTAGE = effectOf({ id: 'vintage' }, ZERO);
const likePicture = (digit: string): ClipEffect => effectOf({ id: 'picture', picture: digit.repeat(32) }, ZERO);
const lane = (...clips: Clip[]): Edit => ({ ...EMPTY_EDIT, clips });
const withPictures = (edit: Edit, ...pictures: StylePicture[]): Edit => ({ ...edit, stylePictures: Object.fromEntries(pictures.map((each) => [each.id, each])) });

const problemOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof EditError) return error.problem;
    throw error;
  }
  return 'none';
};

const keysOf = (moments: readonly number[], values: readonly number[]): StrengthKey[] =>
  [...new Set(moments)].sort((a, b) => a - b).map((at, i) => ({ at: flicks(at), value: values[i % values.length] ?? 1 }));
const strengths = fc.tuple(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 12 }), fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 })).map(([moments, values]) => keysOf(moments, values));

describe('strength over time', () => {
  it('is a key’s own at its moment, the nearest one’s outside, and between two never beyond them', () => {
    fc.assert(
      fc.property(strengths, fc.integer({ min: -2_000_000, max: 2_000_000 }), (keys, time) => {
        for (const { at, value } of keys) expect(strengthAt(keys, at)).toBeCloseTo(value, 12);
        const value = strengthAt(keys, flicks(time));
        const before = keys.findLast(({ at }) => at <= time);
        const after = keys.find(({ at }) => at >= time);
        const around = [before ?? after, after ?? before].map((key) => key?.value ?? Number.NaN);
        expect(value).toBeGreaterThanOrEqual(Math.min(...around) - 1e-12);
        expect(value).toBeLessThanOrEqual(Math.max(...around) + 1e-12);
      }),
    );
  });

  it('changes evenly: half way in time is half way in strength', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), fc.float({ min: 0, max: 1, noNaN: true }), fc.float({ min: 0, max: 1, noNaN: true }), (from, half, a, b) => {
        const keys = [{ at: flicks(from), value: a }, { at: flicks(from + 2 * half), value: b }];
        expect(strengthAt(keys, flicks(from + half))).toBeCloseTo((a + b) / 2, 9);
      }),
    );
  });

  it('tells an effect that does nothing, and one that generates nothing, from others', () => {
    const off: ClipEffect = { ...VINTAGE, strength: [{ at: ZERO, value: 0 }, { at: flicks(9), value: 0 }] };
    expect([changesPictures(off), isGenerated(off)]).toEqual([false, false]);
    expect([changesPictures({ ...off, label: true }), isGenerated({ ...off, label: true })]).toEqual([true, false]);
    const risen: ClipEffect = { ...VINTAGE, strength: [{ at: ZERO, value: 0 }, { at: flicks(9), value: 0.1 }] };
    expect([changesPictures(risen), isGenerated(risen)]).toEqual([true, true]);
    const blurred: ClipEffect = { ...effectOf({ id: 'none' }, ZERO), background: { mode: 'blur', amount: 0.5 } };
    expect([changesPictures(blurred), isGenerated(blurred)]).toEqual([true, false]);
    expect(changesPictures(effectOf({ id: 'none' }, ZERO))).toBe(false);
  });
});

describe('effects of clips', () => {
  it('are set, changed, and taken away without a trace', () => {
    const set = applyCommand(lane(clip('a'), clip('b')), { type: 'clip.effect', id: 'b', effect: VINTAGE });
    expect(set.clips.map(({ effect }) => effect)).toEqual([undefined, VINTAGE]);
    const gone = applyCommand(set, { type: 'clip.effect', id: 'b', effect: null });
    expect(JSON.stringify(gone)).toBe(JSON.stringify(lane(clip('a'), clip('b'))));
  });

  it('stay with a clip that is moved, trimmed or renamed', () => {
    const edit = lane(clip('a', VINTAGE), clip('b'));
    const changed = [
      { type: 'clip.move', id: 'a', to: 1 },
      { type: 'clip.trim', id: 'a', start: flicks(10), end: flicks(20) },
      { type: 'clip.rename', id: 'a', name: 'Old film' },
    ] as const;
    expect(changed.reduce<Edit>(applyCommand, edit).clips[1]).toEqual({ ...clip('a', VINTAGE), start: 10, end: 20, name: 'Old film' });
  });

  it.each<[string, Partial<ClipEffect>, string]>([
    ['strength that goes back in time', { strength: [{ at: flicks(5), value: 1 }, { at: flicks(4), value: 1 }] }, 'strength_invalid'],
    ['two strengths at one moment', { strength: [{ at: flicks(5), value: 1 }, { at: flicks(5), value: 0 }] }, 'strength_invalid'],
    ['no strength', { strength: [] }, 'strength_invalid'],
    ['a picture that is not there', { style: { id: 'picture', picture: 'b'.repeat(32) } }, 'unknown_style_picture'],
    ['a painter of no painting', { style: { id: 'painter', weights: Array.from({ length: PAINTINGS }, () => 0) } }, 'style_empty'],
  ])('are refused with %s, by every way in', (_what, change, problem) => {
    const effect = { ...VINTAGE, ...change };
    expect(problemOf(() => applyCommand(lane(clip('a')), { type: 'clip.effect', id: 'a', effect }))).toBe(problem);
    expect(problemOf(() => applyCommand(EMPTY_EDIT, { type: 'clips.insert', at: 0, clips: [clip('a', effect)] }))).toBe(problem);
    expect(problemOf(() => assertEdit(lane(clip('a', effect))))).toBe(problem);
  });

  it('are refused for a clip that is not there', () => {
    expect(problemOf(() => applyCommand(lane(clip('a')), { type: 'clip.effect', id: 'zzz', effect: VINTAGE }))).toBe('unknown_clip');
  });
});

describe('pictures as styles', () => {
  it('are added, replaced, and removed when no clip has them', () => {
    const added = applyCommand(EMPTY_EDIT, { type: 'stylePictures.add', picture: picture('b') });
    const replaced = applyCommand(added, { type: 'stylePictures.add', picture: picture('b', 'starry.jpg') });
    expect(replaced.stylePictures['b'.repeat(32)]?.name).toBe('starry.jpg');
    const used = applyCommand({ ...replaced, clips: [clip('a')] }, { type: 'clip.effect', id: 'a', effect: likePicture('b') });
    expect(problemOf(() => applyCommand(used, { type: 'stylePictures.remove', id: 'b'.repeat(32) }))).toBe('style_picture_used');
    const unused = applyCommand(used, { type: 'clip.effect', id: 'a', effect: null });
    expect(applyCommand(unused, { type: 'stylePictures.remove', id: 'b'.repeat(32) }).stylePictures).toEqual({});
    expect(problemOf(() => applyCommand(EMPTY_EDIT, { type: 'stylePictures.remove', id: 'b'.repeat(32) }))).toBe('unknown_style_picture');
  });

  it('are refused with too few numbers, and under another’s name', () => {
    expect(problemOf(() => applyCommand(EMPTY_EDIT, { type: 'stylePictures.add', picture: { ...picture('b'), vector: [1, 2] } }))).toBe('unknown_style_picture');
    expect(problemOf(() => assertEdit({ ...EMPTY_EDIT, stylePictures: { ['c'.repeat(32)]: picture('b') } }))).toBe('unknown_style_picture');
  });
});

/** Commands that are possible in the state they meet. */
const steps = fc.array(fc.tuple(fc.nat(6), fc.nat(5), fc.constantFrom('b', 'c', 'd'), strengths), { maxLength: 25 });
type Step = [number, number, string, StrengthKey[]];

function commandFor(edit: Edit, serial: number, [kind, place, digit, strength]: Step): EditCommand {
  const target = edit.clips[place % Math.max(1, edit.clips.length)];
  const known = edit.stylePictures[digit.repeat(32)];
  if (!target || kind === 0) return { type: 'clips.insert', at: place, clips: [clip(`c${serial}`, place % 2 ? { ...VINTAGE, strength } : undefined)] };
  if (kind === 1) return { type: 'clip.effect', id: target.id, effect: null };
  if (kind === 2 && known) return { type: 'clip.effect', id: target.id, effect: { ...likePicture(digit), strength } };
  if (kind === 3) return { type: 'clips.remove', ids: [target.id] };
  const used = edit.clips.some(({ effect }) => effect?.style.id === 'picture' && effect.style.picture === known?.id);
  if (kind === 4 && known && !used) return { type: 'stylePictures.remove', id: known.id };
  if (kind === 5) return { type: 'stylePictures.add', picture: picture(digit, `picture ${serial}`) };
  return { type: 'clip.effect', id: target.id, effect: { ...effectOf(painting(place), ZERO), strength } };
}

describe('effects and pictures in the history', () => {
  it('undo takes each change back, redo brings it again, and what is written and read is the same', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let history = startHistory(EMPTY_EDIT);
        all.forEach((step, serial) => {
          const command = commandFor(history.edit, serial, step);
          const read = editCommandSchema.parse(JSON.parse(JSON.stringify(command)));
          const after = advance(history, read);
          const undone = advance(after, { type: 'undo' });
          expect(undone.edit).toEqual(history.edit);
          expect(advance(undone, { type: 'redo' }).edit).toEqual(after.edit);
          assertEdit(after.edit);
          expect(editSchema.parse(JSON.parse(JSON.stringify(after.edit)))).toEqual(after.edit);
          history = after;
        });
      }),
      { numRuns: 60 },
    );
  });

  it('the difference of any two edits leads from one to the other', () => {
    const built = (all: Step[]): Edit =>
      all.reduce((edit, step, serial) => {
        const command = commandFor(edit, serial, step);
        return advance(startHistory(edit), command).edit;
      }, EMPTY_EDIT);
    fc.assert(
      fc.property(steps, steps, (one, two) => {
        const [from, to] = [built(one), built(two)];
        expect(changesBetween(from, to).reduce<Edit>(applyCommand, from)).toEqual(to);
        expect(changesBetween(to, to)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('a picture comes before the clip that needs it, and goes after', () => {
    const without = lane(clip('a'));
    const having = withPictures(lane(clip('a', likePicture('b'))), picture('b'));
    expect(changesBetween(without, having).map(({ type }) => type)).toEqual(['stylePictures.add', 'clips.remove', 'clips.insert']);
    expect(changesBetween(having, without).map(({ type }) => type)).toEqual(['clips.remove', 'clips.insert', 'stylePictures.remove']);
  });
});
