/** Which word of those on the screen a point or a key means. Words are elements with `data-word`. */

export interface WordBox {
  readonly index: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Boxes of the words drawn now, in order of the text. A word broken over two lines has two. */
export function wordBoxes(root: Element): WordBox[] {
  return [...root.querySelectorAll<HTMLElement>('[data-word]')].flatMap((element) =>
    [...element.getClientRects()].map(({ left, right, top, bottom }) => ({ index: Number(element.dataset['word']), left, right, top, bottom })),
  );
}

/** The word under or nearest to a point: first the line that is nearest, then the word in it. -1 when none is drawn. */
export function wordNear(boxes: readonly WordBox[], x: number, y: number): number {
  const away = (low: number, high: number, at: number): number => Math.max(low - at, at - high, 0);
  let best = -1;
  let bestY = Infinity;
  let bestX = Infinity;
  for (const box of boxes) {
    const dy = away(box.top, box.bottom, y);
    const dx = away(box.left, box.right, x);
    if (dy < bestY || (dy === bestY && dx < bestX)) [best, bestY, bestX] = [box.index, dy, dx];
  }
  return best;
}

/** The place between words that a point means: in front of the word with this index. */
export function gapNear(boxes: readonly WordBox[], x: number, y: number): number {
  const index = wordNear(boxes, x, y);
  const box = boxes.find((each) => each.index === index && y <= each.bottom) ?? boxes.find((each) => each.index === index);
  return !box || x < (box.left + box.right) / 2 ? index : index + 1;
}

/** The word a line up (-1) or down (1) from a word, nearest to `x`; -1 when no line is drawn there. */
export function wordOnLine(boxes: readonly WordBox[], from: number, direction: 1 | -1, x: number): number {
  const start = boxes.find((box) => box.index === from);
  if (!start) return -1;
  const beyond = boxes.filter((box) => (direction > 0 ? box.top >= start.bottom - 1 : box.bottom <= start.top + 1));
  const line = direction > 0 ? Math.min(...beyond.map((box) => box.top)) : Math.max(...beyond.map((box) => box.top));
  return wordNear(
    beyond.filter((box) => Math.abs(box.top - line) < 2),
    x,
    line + 1,
  );
}

/** First or last word of the line that a word is in. */
export function lineEnd(boxes: readonly WordBox[], from: number, end: 'first' | 'last'): number {
  const start = boxes.find((box) => box.index === from);
  const line = boxes.filter((box) => start && Math.abs(box.top - start.top) < 2);
  return (end === 'first' ? line[0] : line.at(-1))?.index ?? from;
}
