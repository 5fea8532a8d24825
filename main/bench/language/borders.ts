/** How far found borders lie from the right ones. Borders are the indices of the sentences that begin a segment, without the first. */

export interface BorderErrors {
  pk: number;
  windowDiff: number;
}

/** Pk (Beeferman 1999) and WindowDiff (Pevzner 2002) with half the mean length of the right segments as the window; 0 is right. */
export function borderErrors(right: readonly number[], found: readonly number[], length: number): BorderErrors {
  const window = Math.max(1, Math.round(length / (right.length + 1) / 2));
  const windows = length - window;
  if (windows <= 0) return { pk: 0, windowDiff: 0 };
  const within = (borders: readonly number[], from: number): number => borders.filter((border) => border > from && border <= from + window).length;
  let [parted, different] = [0, 0];
  for (let from = 0; from < windows; from += 1) {
    const [wanted, got] = [within(right, from), within(found, from)];
    if (wanted > 0 !== got > 0) parted += 1;
    if (wanted !== got) different += 1;
  }
  return { pk: parted / windows, windowDiff: different / windows };
}

/** F1 of borders that lie within `tolerance` of a right one, each of those found once: nearest pairs first. */
export function borderF1(right: readonly number[], found: readonly number[], tolerance: number): number {
  if (right.length === 0 && found.length === 0) return 1;
  const pairs = right.flatMap((wanted, i) => found.map((got, j) => ({ i, j, distance: Math.abs(wanted - got) })));
  const near = pairs.filter(({ distance }) => distance <= tolerance).sort((a, b) => a.distance - b.distance);
  const [wantedTaken, gotTaken] = [new Set<number>(), new Set<number>()];
  for (const { i, j } of near) {
    if (wantedTaken.has(i) || gotTaken.has(j)) continue;
    wantedTaken.add(i);
    gotTaken.add(j);
  }
  return (2 * wantedTaken.size) / (right.length + found.length);
}
