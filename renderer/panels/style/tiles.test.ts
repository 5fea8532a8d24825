import { describe, expect, it } from 'vitest';
import { STYLE_IDS } from '../../../shared/style/types.ts';
import { networkOf } from './networks.ts';
import { STYLES } from '../../../shared/style/catalogue.ts';
import { arrowTarget, tilesOf } from './tiles.ts';

describe('arrow keys among tiles', () => {
  // Six, two and five tiles in rows of four: 0123 / 45 / 67 / 89ab / c.
  const sizes = [6, 2, 5];
  it.each([
    [0, 'ArrowRight', 1],
    [3, 'ArrowRight', 4],
    [0, 'ArrowLeft', 0],
    [12, 'ArrowRight', 12],
    [1, 'ArrowDown', 5],
    [3, 'ArrowDown', 5],
    [5, 'ArrowDown', 7],
    [7, 'ArrowUp', 5],
    [11, 'ArrowDown', 12],
    [12, 'ArrowDown', 12],
    [2, 'ArrowUp', 2],
    [-1, 'ArrowDown', 0],
  ] as const)('from %i by %s to %i', (from, key, to) => expect(arrowTarget(sizes, 4, from, key)).toBe(to));
  it('lead nowhere where there is nothing', () => expect(arrowTarget([], 4, 0, 'ArrowDown')).toBe(-1));
});

describe('the tiles', () => {
  it('are no style, the GANs, a person’s pictures, and 26 paintings, each with a key of its own', () => {
    const tiles = tilesOf([{ id: 'b'.repeat(32), name: 'x', vector: [], thumbnail: '' }]);
    expect(tiles.slice(0, 7).map(({ key }) => key)).toEqual(['none', 'vintage', 'face-sketch', 'face-ink', 'face-oil', 'enhance', `picture-${'b'.repeat(32)}`]);
    expect(tiles.filter(({ group }) => group === 'paintings')).toHaveLength(26);
    expect(new Set(tiles.map(({ key }) => key)).size).toBe(tiles.length);
  });
});

describe('the cards', () => {
  it.each(STYLE_IDS)('%s: each of its networks is in the pack, with its licence', (id) => {
    for (const model of STYLES[id].models) expect(networkOf(model)).toMatchObject({ licence: expect.stringMatching(/\S/), bytes: expect.any(Number) });
  });
});
