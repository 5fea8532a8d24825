/** Where the rows of a list lie whose heights differ: prefix sums, so that a place among 100,000 rows is found in a few steps. */

/** Tops of `count` rows in pixels, and the end of the last one behind them. */
export function rowTops(count: number, height: (index: number) => number): Float64Array {
  const tops = new Float64Array(count + 1);
  for (let index = 0; index < count; index += 1) tops[index + 1] = (tops[index] ?? 0) + height(index);
  return tops;
}

/** Rows of which one may be open: taller by `extra` pixels than `tops` says. */
export interface Rows {
  readonly tops: Float64Array;
  /** -1 when none is open. */
  readonly open: number;
  readonly extra: number;
}

export function rowTop(rows: Rows, index: number): number {
  return (rows.tops[index] ?? 0) + (rows.open >= 0 && index > rows.open ? rows.extra : 0);
}

/** Height of all rows together. */
export function rowsHeight(rows: Rows): number {
  return rowTop(rows, rows.tops.length - 1);
}

/** The row at `y`: the last whose top is at or above it; 0 above all rows. */
export function rowAt(rows: Rows, y: number): number {
  let low = 0;
  let high = Math.max(0, rows.tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rowTop(rows, middle) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Least change of the scroll position that brings row `index` into a window of `height` pixels; its top wins where it does not fit. */
export function scrollToRow(rows: Rows, index: number, scrollTop: number, height: number): number {
  const top = rowTop(rows, index);
  const bottom = rowTop(rows, index + 1);
  if (top < scrollTop || bottom - top > height) return top;
  return bottom > scrollTop + height ? bottom - height : scrollTop;
}
