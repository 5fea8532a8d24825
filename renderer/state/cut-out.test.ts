import { describe, expect, it } from 'vitest';
import { applyCommand, EMPTY_EDIT, type Clip } from '../../shared/edit.ts';
import { rippleDelete } from '../../shared/ripple.ts';
import { flicks } from '../../shared/time.ts';
import { cutOutOf } from './cut-out.ts';

const MEDIA = 'a'.repeat(32);
const range = { start: flicks(0), end: flicks(1000) };
const clip = (name: string, start: number, end: number): Clip => ({ id: name + String(start), media: MEDIA, name, start: flicks(start), end: flicks(end) });

describe('what is cut out', () => {
  it('is what ripple cuts took, and nothing when shots were picked', () => {
    const empty = EMPTY_EDIT;
    let n = 0;
    const change = rippleDelete(empty, { id: MEDIA, range, name: 'talk' }, [{ start: flicks(0), end: flicks(50) }, { start: flicks(300), end: flicks(400) }], () => String((n += 1)));
    const { clips } = change ? applyCommand(empty, change) : empty;
    expect(cutOutOf(clips, MEDIA, range, false)).toEqual([
      { start: 0, end: 50 },
      { start: 300, end: 400 },
    ]);
    const picked = [clip('shot 5', 300, 400), clip('shot 1', 0, 100)];
    expect(cutOutOf(picked, MEDIA, range, false)).toEqual([]);
    expect(cutOutOf(picked, MEDIA, range, true)).toEqual([
      { start: 100, end: 300 },
      { start: 400, end: 1000 },
    ]);
    // Heavily tightened: less than half is left, but the pieces of one clip tell.
    expect(cutOutOf([clip('talk', 0, 100), clip('talk', 500, 600)], MEDIA, range, false)).toEqual([
      { start: 100, end: 500 },
      { start: 600, end: 1000 },
    ]);
    expect(cutOutOf([], MEDIA, range, true)).toEqual([]);
    expect(cutOutOf([{ ...clip('other', 0, 900), media: 'b'.repeat(32) }], MEDIA, range, true)).toEqual([]);
  });
});
