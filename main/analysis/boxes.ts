/** Boxes as detectors give them, and as the app keeps them: x, y, width, height of the frame as shown, 0 to 1. */
import type { Box } from '../../shared/events.ts';

export interface ScoredBox {
  box: Box;
  score: number;
}

/** Corners in 0..1 to a box inside the frame; null when nothing of it is. */
export function fromCorners(x1: number, y1: number, x2: number, y2: number): Box | null {
  const left = Math.max(0, Math.min(x1, x2));
  const top = Math.max(0, Math.min(y1, y2));
  const width = Math.min(1, Math.max(x1, x2)) - left;
  const height = Math.min(1, Math.max(y1, y2)) - top;
  return width > 0 && height > 0 ? [left, top, width, height] : null;
}

/** Intersection over union, 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a[2] * a[3] + b[2] * b[3] - shared);
}

/** Greedy non-maximum suppression: of boxes that overlap more than `limit`, the best stays. Best first. */
export function suppress<T extends ScoredBox>(boxes: readonly T[], limit: number): T[] {
  const kept: T[] = [];
  for (const each of [...boxes].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(each.box, other.box) <= limit)) kept.push(each);
  }
  return kept;
}
