/** How much of two lists is the same and in the same order: 2 * longest common subsequence / both lengths, 0 to 1. */
export function similarity(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 1;
  if ((2 * Math.min(a.length, b.length)) / (a.length + b.length) < 0.5) return 0;
  let row = new Uint16Array(b.length + 1);
  for (const piece of a) {
    const next = new Uint16Array(b.length + 1);
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = piece === b[j - 1] ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0);
    }
    row = next;
  }
  return (2 * (row[b.length] ?? 0)) / (a.length + b.length);
}
