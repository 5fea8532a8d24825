/** What two lists have in common, in order. */

export interface DiffPart {
  kind: 'same' | 'changed';
  oldFrom: number;
  oldTo: number;
  newFrom: number;
  newTo: number;
}

/** Longest middle, in pairs, that is compared pair by pair: a cue is far shorter. Beyond it the whole middle counts as changed. */
const MOST_PAIRS = 4_000_000;

/**
 * Runs that are the same and runs that were changed, in order, covering both lists. By the longest common subsequence (Wagner and Fischer 1974) after the common
 * beginning and end.
 */
export function commonParts(before: readonly string[], after: readonly string[]): DiffPart[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const pairs: [number, number][] = [];
  for (let i = 0; i < head; i += 1) pairs.push([i, i]);
  for (const [i, j] of middlePairs(before.slice(head, before.length - tail), after.slice(head, after.length - tail))) pairs.push([i + head, j + head]);
  for (let i = tail; i > 0; i -= 1) pairs.push([before.length - i, after.length - i]);
  return partsOf(pairs, before.length, after.length);
}

/** Pairs of equal items, ascending in both, as many as can be. */
function middlePairs(before: readonly string[], after: readonly string[]): [number, number][] {
  if (before.length * after.length > MOST_PAIRS) return [];
  const width = after.length + 1;
  const lengths = new Int32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    if (before[i] === after[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

function partsOf(pairs: readonly [number, number][], oldLength: number, newLength: number): DiffPart[] {
  const parts: DiffPart[] = [];
  let [oldAt, newAt] = [0, 0];
  const change = (oldTo: number, newTo: number): void => {
    if (oldTo > oldAt || newTo > newAt) parts.push({ kind: 'changed', oldFrom: oldAt, oldTo, newFrom: newAt, newTo });
  };
  for (const [i, j] of pairs) {
    change(i, j);
    const last = parts.at(-1);
    if (last?.kind === 'same' && last.oldTo === i && last.newTo === j) {
      last.oldTo += 1;
      last.newTo += 1;
    } else {
      parts.push({ kind: 'same', oldFrom: i, oldTo: i + 1, newFrom: j, newTo: j + 1 });
    }
    [oldAt, newAt] = [i + 1, j + 1];
  }
  change(oldLength, newLength);
  return parts;
}
