import { describe, expect, it } from 'vitest';
import { rowAt, rowsHeight, rowTop, rowTops, scrollToRow, type Rows } from './rows.ts';

const heights = [20, 36, 20, 52];
const closed: Rows = { tops: rowTops(heights.length, (index) => heights[index] ?? 0), open: -1, extra: 0 };
const open: Rows = { ...closed, open: 1, extra: 100 };

describe('rows of different heights', () => {
  it('lie one below another, those below the open one further down', () => {
    expect([0, 1, 2, 3].map((index) => rowTop(closed, index))).toEqual([0, 20, 56, 76]);
    expect([0, 1, 2, 3].map((index) => rowTop(open, index))).toEqual([0, 20, 156, 176]);
    expect([rowsHeight(closed), rowsHeight(open)]).toEqual([128, 228]);
  });
  it('are found by their place', () => {
    for (const rows of [closed, open]) {
      for (let y = -5; y < rowsHeight(rows) + 30; y += 1) {
        const expected = [3, 2, 1, 0].find((index) => rowTop(rows, index) <= y) ?? 0;
        expect(rowAt(rows, y), String(y)).toBe(expected);
      }
    }
  });
  it('of an empty list have no height', () => {
    const none: Rows = { tops: rowTops(0, () => 20), open: -1, extra: 0 };
    expect([rowsHeight(none), rowAt(none, 10)]).toEqual([0, 0]);
  });
  it('scroll into view by no more than is needed', () => {
    expect(scrollToRow(closed, 0, 30, 60)).toBe(0);
    expect(scrollToRow(closed, 1, 10, 60)).toBe(10);
    expect(scrollToRow(closed, 3, 10, 60)).toBe(68);
    expect(scrollToRow(open, 1, 0, 60)).toBe(20);
  });
});
