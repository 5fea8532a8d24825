/** From the detector's map of probabilities to boxes of text (DBNet's post-processing: Liao et al., 2020). */
import { smallestBox } from './turnedBox.ts';
import type { TurnedBox } from './types.ts';

export const BOX_RULES = {
  /** A pixel counts as text from here on. */
  pixel: 0.3,
  /** Mean over a box, below which it is none. */
  box: 0.6,
  /** The map shows the text's core; boxes grow by area times this over perimeter. */
  growth: 1.6,
  /** Pixels of the short side before and after growing. */
  leastBefore: 3,
  leastAfter: 5,
  /** Boxes of one picture, largest first: a screen full of small print has about 200. */
  most: 300,
} as const;

/** `map`: probabilities of `width * height` pixels, in rows. */
export function textBoxes(map: Float32Array, width: number, height: number): TurnedBox[] {
  const seen = new Uint8Array(map.length);
  const boxes: TurnedBox[] = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] === 1 || (map[start] ?? 0) <= BOX_RULES.pixel) continue;
    const box = smallestBox(outline(map, width, height, start, seen));
    if (Math.min(box.width, box.height) < BOX_RULES.leastBefore || meanInside(map, width, height, box) < BOX_RULES.box) continue;
    const grown = grow(box);
    if (Math.min(grown.width, grown.height) >= BOX_RULES.leastAfter) boxes.push(grown);
  }
  return boxes.sort((a, b) => b.width * b.height - a.width * a.height).slice(0, BOX_RULES.most);
}

/** Leftmost and rightmost pixel of each row of the area that is connected (8 neighbours) with `start`: its hull is theirs. */
function outline(map: Float32Array, width: number, height: number, start: number, seen: Uint8Array): [number, number][] {
  const rows = new Map<number, [left: number, right: number]>();
  const stack = [start];
  seen[start] = 1;
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const row = rows.get(y);
    rows.set(y, row ? [Math.min(row[0], x), Math.max(row[1], x)] : [x, x]);
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const next = ny * width + nx;
        if (seen[next] === 1 || (map[next] ?? 0) <= BOX_RULES.pixel) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
  }
  return [...rows].flatMap(([y, [left, right]]): [number, number][] => [[left, y], [right, y]]);
}

function meanInside(map: Float32Array, width: number, height: number, box: TurnedBox): number {
  const [ux, uy] = box.across;
  const [cx, cy] = box.centre;
  const reachX = (Math.abs(ux) * box.width + Math.abs(uy) * box.height) / 2;
  const reachY = (Math.abs(uy) * box.width + Math.abs(ux) * box.height) / 2;
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, Math.floor(cy - reachY)); y < Math.min(height, cy + reachY); y++) {
    for (let x = Math.max(0, Math.floor(cx - reachX)); x < Math.min(width, cx + reachX); x++) {
      const [dx, dy] = [x + 0.5 - cx, y + 0.5 - cy];
      if (Math.abs(dx * ux + dy * uy) > box.width / 2 || Math.abs(dy * ux - dx * uy) > box.height / 2) continue;
      sum += map[y * width + x] ?? 0;
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}

function grow(box: TurnedBox): TurnedBox {
  const by = (box.width * box.height * BOX_RULES.growth) / (2 * (box.width + box.height));
  return { ...box, width: box.width + 2 * by, height: box.height + 2 * by };
}
