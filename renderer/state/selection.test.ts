import { describe, expect, it } from 'vitest';
import { ShotSelection } from './selection.svelte.ts';

describe('ShotSelection', () => {
  it('extends from where it began, both ways', () => {
    const selection = new ShotSelection();
    selection.select(5, 'replace');
    selection.select(8, 'extend');
    expect(selection.sorted).toEqual([5, 6, 7, 8]);
    selection.select(3, 'extend');
    expect(selection.sorted).toEqual([3, 4, 5]);
    expect(selection.lead).toBe(3);
  });
  it('toggles single shots and starts a new range from them', () => {
    const selection = new ShotSelection();
    selection.select(2, 'replace');
    selection.select(9, 'toggle');
    expect(selection.sorted).toEqual([2, 9]);
    selection.select(2, 'toggle');
    expect(selection.sorted).toEqual([9]);
    selection.select(4, 'extend');
    expect(selection.sorted).toEqual([2, 3, 4]);
  });
});
