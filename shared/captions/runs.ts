/** A cue's text as runs of equal marks, for showing and for writing. */
import type { Cue, StyleSpan } from './types.ts';

export interface TextRun {
  text: string;
  /** UTF-16 offset of the run in the cue's text. */
  from: number;
  italic: boolean;
  bold: boolean;
  underline: boolean;
  /** #rrggbb; null: the track's. */
  colour: string | null;
}

/** The runs of each line. An empty line has none. Marks that overlap add up; of two colours the later span's counts. */
export function lineRuns(cue: Pick<Cue, 'text' | 'spans'>): TextRun[][] {
  const lines: TextRun[][] = [];
  let offset = 0;
  for (const line of cue.text.split('\n')) {
    lines.push(runsOf(line, offset, cue.spans));
    offset += line.length + 1;
  }
  return lines;
}

function runsOf(line: string, offset: number, spans: readonly StyleSpan[]): TextRun[] {
  const end = offset + line.length;
  const edges = new Set([offset, end]);
  for (const span of spans) for (const edge of [span.from, span.to]) if (edge > offset && edge < end) edges.add(edge);
  const places = [...edges].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, i) => {
    const to = places[i + 1] ?? end;
    const own = spans.filter((span) => span.from <= from && span.to >= to);
    return {
      text: line.slice(from - offset, to - offset),
      from,
      italic: own.some((span) => span.italic),
      bold: own.some((span) => span.bold),
      underline: own.some((span) => span.underline),
      colour: own.findLast((span) => span.colour !== undefined)?.colour ?? null,
    };
  });
}
