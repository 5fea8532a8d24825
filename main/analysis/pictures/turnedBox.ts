/** The smallest rectangle around points, at whatever angle. */
import type { TurnedBox } from './types.ts';

type Point = readonly [x: number, y: number];

/** Convex hull by Andrew's monotone chain (1979), counter-clockwise, without the points on its edges. */
function hullOf(points: readonly Point[]): Point[] {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (all: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of all) {
      while (chain.length >= 2 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return sorted.length < 3 ? sorted : [...half(sorted), ...half([...sorted].reverse())];
}

function turn(a: Point | undefined, b: Point | undefined, c: Point): number {
  if (!a || !b) return 0;
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/**
 * The rectangle of the smallest area: one of its sides lies on an edge of the hull (Freeman and Shapira, 1975). `across` is the
 * side that is nearer to level, so that text of little slant lies along it.
 */
export function smallestBox(points: readonly Point[]): TurnedBox {
  const hull = hullOf(points);
  let best: TurnedBox | null = null;
  for (const [index, [x, y]] of hull.entries()) {
    const [nextX, nextY] = hull[(index + 1) % hull.length] ?? [x + 1, y];
    const length = Math.hypot(nextX - x, nextY - y);
    const box = boxAlong(hull, length > 0 ? levelled([(nextX - x) / length, (nextY - y) / length]) : [1, 0]);
    if (best === null || box.width * box.height < best.width * best.height) best = box;
  }
  return best ?? boxAlong([[0, 0]], [1, 0]);
}

/** The same direction or the one at a right angle, whichever is within 45 degrees of level, pointing right. */
function levelled([x, y]: Point): Point {
  const [u, v] = Math.abs(x) >= Math.abs(y) ? [x, y] : [y, -x];
  return u < 0 ? [-u, -v] : [u, v];
}

function boxAlong(points: readonly Point[], [ux, uy]: Point): TurnedBox {
  const along = points.map(([x, y]) => x * ux + y * uy);
  const aside = points.map(([x, y]) => y * ux - x * uy);
  const [left, right, top, bottom] = [Math.min(...along), Math.max(...along), Math.min(...aside), Math.max(...aside)];
  const [u, v] = [(left + right) / 2, (top + bottom) / 2];
  // A pixel is one wide: its middle is what was given.
  return { centre: [u * ux - v * uy + 0.5, u * uy + v * ux + 0.5], across: [ux, uy], width: right - left + 1, height: bottom - top + 1 };
}
