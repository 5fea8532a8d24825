/** Lines of text in reading order, joined into blocks: a paragraph, a list, a scoreboard. */
import type { TextBlock, TextLine, TurnedBox } from './types.ts';

export const LAYOUT_RULES = {
  /** Boxes whose heights share this part are on one row … */
  sharedRow: 0.5,
  /** … and belong together when the gap between them is at most this many heights. */
  rowGap: 2.5,
  /** Rows belong together when the space between them is at most this many heights … */
  lineGap: 1.1,
  /** … they overlap across by this part of the narrower one … */
  sharedColumn: 0.3,
  /** … and their text is of like size. */
  likeSize: 1.6,
} as const;

interface Placed {
  line: TextLine;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Blocks from the top left to the bottom right; lines that are scores without text are left out before. */
export function blocksOf(lines: readonly TextLine[]): TextBlock[] {
  const placed = lines.map(place);
  const groups = joined(placed).map((group) => rowsOf(group));
  groups.sort(([a], [b]) => topOf(a) - topOf(b) || leftOf(a) - leftOf(b));
  return groups.map((rows) => {
    const all = rows.flat().map(({ line }) => line);
    const letters = all.reduce((sum, { text }) => sum + text.length, 0);
    const text = joinRows(rows.map((row) => row.map(({ line }) => line.text).join(' ')));
    return { text, score: all.reduce((sum, line) => sum + line.score * line.text.length, 0) / Math.max(1, letters) };
  });
}

function place(line: TextLine): Placed {
  const { left, right, top, bottom } = bounds(line.box);
  return { line, left, right, top, bottom };
}

/** The upright rectangle around a box. */
export function bounds({ centre: [x, y], across: [ux, uy], width, height }: TurnedBox): { left: number; right: number; top: number; bottom: number } {
  const reachX = (Math.abs(ux) * width + Math.abs(uy) * height) / 2;
  const reachY = (Math.abs(uy) * width + Math.abs(ux) * height) / 2;
  return { left: x - reachX, right: x + reachX, top: y - reachY, bottom: y + reachY };
}

const shared = (a0: number, a1: number, b0: number, b1: number): number => Math.max(0, Math.min(a1, b1) - Math.max(a0, b0));
const heightOf = ({ top, bottom }: Placed): number => bottom - top;

function onOneRow(a: Placed, b: Placed): boolean {
  return shared(a.top, a.bottom, b.top, b.bottom) >= LAYOUT_RULES.sharedRow * Math.min(heightOf(a), heightOf(b));
}

function belong(a: Placed, b: Placed): boolean {
  const size = Math.min(heightOf(a), heightOf(b));
  if (Math.max(heightOf(a), heightOf(b)) > LAYOUT_RULES.likeSize * size) return false;
  const across = shared(a.left, a.right, b.left, b.right);
  if (onOneRow(a, b)) return Math.max(a.left, b.left) - Math.min(a.right, b.right) <= LAYOUT_RULES.rowGap * size;
  const gap = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
  return gap <= LAYOUT_RULES.lineGap * size && across >= LAYOUT_RULES.sharedColumn * Math.min(a.right - a.left, b.right - b.left);
}

/** Groups of those that belong together, directly or through others. */
function joined(all: readonly Placed[]): Placed[][] {
  const left = new Set(all);
  const groups: Placed[][] = [];
  for (const first of all) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (const each of group) {
      for (const other of left) {
        if (!belong(each, other)) continue;
        left.delete(other);
        group.push(other);
      }
    }
    groups.push(group);
  }
  return groups;
}

/** From top to bottom, each from left to right. */
function rowsOf(group: readonly Placed[]): Placed[][] {
  const rows: Placed[][] = [];
  for (const each of [...group].sort((a, b) => a.top + a.bottom - b.top - b.bottom)) {
    const row = rows.at(-1);
    if (row?.[0] && onOneRow(row[0], each)) row.push(each);
    else rows.push([each]);
  }
  for (const row of rows) row.sort((a, b) => a.left - b.left);
  return rows;
}

const topOf = (row: readonly Placed[] | undefined): number => Math.min(...(row ?? []).map(({ top }) => top));
const leftOf = (row: readonly Placed[] | undefined): number => row?.[0]?.left ?? 0;

const HAN_END = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。、：；！？）]$/u;
const HAN_START = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}（]/u;

/** Chinese and Japanese go on without a space where a row ends. */
function joinRows(rows: readonly string[]): string {
  return rows.reduce((text, row) => (HAN_END.test(text) && HAN_START.test(row) ? text + row : `${text} ${row}`));
}
