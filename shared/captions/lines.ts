/** Line breaks inside a cue. */
import { BREAK, Breaks } from './breaks.ts';
import { breakCosts, piecesOfText } from './pieces.ts';
import { joinerOf, linesOf, moveSpans, visibleLength } from './text.ts';
import type { CaptionRules, Cue } from './types.ts';

export interface Layout {
  rules: CaptionRules;
  /** BCP 47 or ISO 639. */
  language: string;
}

/** Pieces measured: what choosing lines needs, so that each range of pieces is measured by a subtraction. */
export interface Measured {
  /** Length of the pieces before the i-th, spaces counted; one longer than the pieces. */
  upTo: Float64Array | number[];
  /** Length of the space before the i-th piece: 0 or a space's. */
  spaceBefore: Float64Array | number[];
  /** Cost of a break before the i-th piece. */
  breakBefore: Float64Array | number[];
}

export interface ChosenLines {
  cost: number;
  /** Indexes of the pieces that begin a line after the first. */
  starts: number[];
}

/** Length of pieces [from, to) on one line. */
export function lengthOf(measured: Measured, from: number, to: number): number {
  return (measured.upTo[to] ?? 0) - (measured.upTo[from] ?? 0) - (measured.spaceBefore[from] ?? 0);
}

/**
 * Weights of the lines' cost.
 * - `second`: each line after the first (Netflix, General Requirements 5: one line unless it exceeds the limit).
 * - `uneven`: how far lines are from their mean, as shares of the line length (BBC 3.4 and common practice: lines of about one length are read best).
 * - `topHeavy`: the upper line is the longer one (the lower one should be, to cover less of the picture).
 */
const WEIGHTS = { second: 0.5, uneven: 4, topHeavy: 1 } as const;

/**
 * The lines that pieces [from, to) are best broken into: as few as fit, then least cost of `breakBefore` plus unevenness. Null when they don't fit
 * in `rules.lines` lines.
 */
export function chooseLines(measured: Measured, from: number, to: number, rules: Pick<CaptionRules, 'lineLength' | 'lines'>): ChosenLines | null {
  const { lineLength, lines } = rules;
  const length = lengthOf(measured, from, to);
  if (length <= lineLength) return { cost: 0, starts: [] };
  if (lines < 2 || length > lineLength * lines + lines) return null;
  const two = twoLines(measured, from, to, lineLength);
  if (two) return two;
  for (let count = 3; count <= lines; count += 1) {
    const more = manyLines(measured, from, to, lineLength, count);
    if (more) return more;
  }
  return null;
}

function twoLines(measured: Measured, from: number, to: number, lineLength: number): ChosenLines | null {
  let best = Infinity;
  let at = -1;
  for (let start = from + 1; start < to; start += 1) {
    const upper = lengthOf(measured, from, start);
    if (upper > lineLength) break;
    const lower = lengthOf(measured, start, to);
    if (lower > lineLength) continue;
    const cost = (measured.breakBefore[start] ?? 0) + WEIGHTS.second + (WEIGHTS.uneven * Math.abs(upper - lower)) / lineLength + (upper > lower ? WEIGHTS.topHeavy : 0);
    if (cost < best) {
      best = cost;
      at = start;
    }
  }
  return at < 0 ? null : { cost: best, starts: [at] };
}

/** Exactly `count` lines, by dynamic programming over the lines' ends. */
function manyLines(measured: Measured, from: number, to: number, lineLength: number, count: number): ChosenLines | null {
  const mean = lengthOf(measured, from, to) / count;
  let row = new Map<number, ChosenLines>([[from, { cost: WEIGHTS.second * (count - 1), starts: [] }]]);
  for (let line = 1; line <= count; line += 1) {
    const next = new Map<number, ChosenLines>();
    for (const [start, sofar] of row) {
      for (let end = start + 1; end <= to; end += 1) {
        const length = lengthOf(measured, start, end);
        if (length > lineLength) break;
        if ((line === count) !== (end === to)) continue;
        const cost = sofar.cost + (2 * WEIGHTS.uneven * Math.abs(length - mean)) / lineLength + (end < to ? (measured.breakBefore[end] ?? 0) : 0);
        if (cost < (next.get(end)?.cost ?? Infinity)) next.set(end, { cost, starts: end < to ? [...sofar.starts, end] : sofar.starts });
      }
    }
    row = next;
  }
  return row.get(to) ?? null;
}

/** Break costs of a kind that is a fault outweigh every other consideration inside a cue. */
const faultWeight = (cost: number): number => (cost >= BREAK.bad ? cost * 2 : cost);

function measure(pieces: readonly { text: string; space: boolean }[], { rules, language }: Layout): Measured {
  const space = visibleLength(' ', rules);
  const spaceBefore = pieces.map((piece, i) => (i > 0 && piece.space ? space : 0));
  const upTo = [0];
  pieces.forEach((piece, i) => upTo.push((upTo[i] ?? 0) + (spaceBefore[i] ?? 0) + visibleLength(piece.text, rules)));
  return { upTo, spaceBefore, breakBefore: breakCosts(pieces, new Breaks(language)).map(faultWeight) };
}

/** A line that begins with a hyphen, when it is not the first, is another speaker's turn (Netflix: dual speakers). */
const TURN = /^\s*[-‐–—]\s?(?=[^\s\-‐–—])/u;
/** A turn that begins inside a line: a sentence ends, and a hyphen stands before a word. */
const TURN_INSIDE = /(?<=[.?!…。？！]["”’]?)\s+(?=[-‐–—]\s?[\p{L}\p{N}“"¿¡])/u;

/** How many speakers' turns are on one line. */
export function speakersOnLine(line: string): number {
  return line.split(TURN_INSIDE).length;
}

/** What must stand on lines of its own: each speaker's turn, or the whole text; each on one line. */
export function turnsOf(text: string): string[] {
  const turns: string[] = [];
  for (const line of linesOf(text).flatMap((each) => each.split(TURN_INSIDE))) {
    const part = line.trim();
    const last = turns.at(-1);
    if (part === '') continue;
    if (last === undefined || TURN.test(part)) turns.push(part);
    else turns[turns.length - 1] = last + joinerOf(last, part) + part;
  }
  return turns;
}

/** The text broken into lines as well as its rules allow; on one line where it fits in no way. Speakers' turns keep their lines. */
export function breakText(text: string, layout: Layout): string {
  const turns = turnsOf(text);
  const share = Math.max(1, Math.floor(layout.rules.lines / turns.length));
  return turns.map((turn) => breakTurn(turn, { ...layout, rules: { ...layout.rules, lines: share } })).join('\n');
}

function breakTurn(text: string, layout: Layout): string {
  if (visibleLength(text, layout.rules) <= layout.rules.lineLength) return text;
  const pieces = piecesOfText(text, layout.language);
  const chosen = chooseLines(measure(pieces, layout), 0, pieces.length, layout.rules);
  if (!chosen) return text;
  const edges = [0, ...chosen.starts.map((start) => pieces[start]?.from ?? 0), text.length];
  return edges
    .slice(0, -1)
    .map((from, i) => text.slice(from, edges[i + 1]).trim())
    .join('\n');
}

/** The cue with its text broken into lines as well as its rules allow; marks follow. */
export function layOut(cue: Cue, layout: Layout): Cue {
  const text = breakText(cue.text, layout);
  return text === cue.text ? cue : { ...cue, text, spans: moveSpans(cue.text, text, cue.spans) };
}

/** Greatest cost of the text's own line breaks, speakers' turns left out; 0 for one line. */
export function worstBreak(text: string, language: string): number {
  const lines = linesOf(text);
  if (lines.length < 2) return 0;
  const breaks = new Breaks(language);
  let worst = 0;
  for (const [i, line] of lines.entries()) {
    const above = lines[i - 1];
    if (above === undefined || TURN.test(line)) continue;
    const before = piecesOfText(above, language).at(-1)?.text;
    const after = piecesOfText(line, language)[0]?.text;
    if (before !== undefined && after !== undefined) worst = Math.max(worst, breaks.cost(before, after, joinerOf(before, after) === ' '));
  }
  return worst;
}
