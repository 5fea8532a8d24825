/**
 * A new answer to the same question, under a pointer: the rows of `held` (everything down to the one pointed at) keep their places, and what else was found comes
 * below them in its own order. With nothing held, the answer as it is.
 */
export function keepAbove<Item>(held: readonly Item[], found: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  if (held.length === 0) return found;
  const newest = new Map(found.map((item) => [keyOf(item), item]));
  const kept = held.map((item) => newest.get(keyOf(item)) ?? item);
  const above = new Set(kept.map(keyOf));
  return [...kept, ...found.filter((item) => !above.has(keyOf(item)))];
}
