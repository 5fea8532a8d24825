import { describe, expect, it } from 'vitest';
import { dropAt } from './drop.ts';
import type { Stage } from './stage.ts';

/** Three clips of 10, 20 and 10, a pixel each. */
const stage = { lane: { origin: 0, scale: 1, width: 100 }, offsets: Float64Array.of(0, 10, 30, 40) } as unknown as Stage;

describe('where dropped ranges go', () => {
  it.each([
    [-5, 0, 0],
    [4, 0, 0],
    [6, 1, 10],
    [19, 1, 10],
    [21, 2, 30],
    [36, 3, 40],
    [99, 3, 40],
  ])('at %d: before clip %d', (x, at, line) => {
    expect(dropAt(stage, x)).toEqual({ at, x: line });
  });

  it('is the beginning of an empty lane', () => {
    expect(dropAt({ ...stage, offsets: new Float64Array(1) }, 50)).toEqual({ at: 0, x: 0 });
  });
});
