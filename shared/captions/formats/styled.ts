/** Text with marks, as runs of one style: what markup is read into and written from. */
import type { Cue, StyleSpan } from '../types.ts';

export interface RunStyle {
  italic: boolean;
  bold: boolean;
  underline: boolean;
  /** #rrggbb, or null for the track's. */
  colour: string | null;
}
export const PLAIN: RunStyle = { italic: false, bold: false, underline: false, colour: null };

export interface Run {
  from: number;
  to: number;
  style: RunStyle;
}

export const sameStyle = (a: RunStyle, b: RunStyle): boolean =>
  a.italic === b.italic && a.bold === b.bold && a.underline === b.underline && a.colour === b.colour;

const isPlain = (style: RunStyle): boolean => sameStyle(style, PLAIN);

function spanOf(from: number, to: number, style: RunStyle): StyleSpan {
  return {
    from,
    to,
    ...(style.italic ? { italic: true } : {}),
    ...(style.bold ? { bold: true } : {}),
    ...(style.underline ? { underline: true } : {}),
    ...(style.colour === null ? {} : { colour: style.colour }),
  };
}

/** Gathers text piece by piece under a changing style; `finish` gives it trimmed, with its spans in order and apart. */
export class StyledText {
  #text = '';
  readonly #runs: Run[] = [];
  style: RunStyle = PLAIN;

  get length(): number {
    return this.#text.length;
  }

  push(text: string): void {
    if (text === '') return;
    const from = this.#text.length;
    this.#text += text;
    const last = this.#runs.at(-1);
    if (last && sameStyle(last.style, this.style)) last.to = this.#text.length;
    else this.#runs.push({ from, to: this.#text.length, style: this.style });
  }

  /** `cut` is how many characters were trimmed from the start: other offsets move by it. */
  finish(): { text: string; spans: StyleSpan[]; cut: number } {
    const text = this.#text.trim();
    const cut = text === '' ? 0 : this.#text.length - this.#text.trimStart().length;
    const spans: StyleSpan[] = [];
    for (const run of this.#runs) {
      const from = Math.max(0, run.from - cut);
      const to = Math.min(text.length, run.to - cut);
      if (to > from && !isPlain(run.style)) spans.push(spanOf(from, to, run.style));
    }
    return { text, spans, cut };
  }
}

/** The whole text as runs of one style each, in order. Spans may overlap: a later one's colour wins. `breaks` are further offsets to part at. */
export function runsOf(cue: Pick<Cue, 'text' | 'spans'>, breaks: readonly number[] = []): Run[] {
  const length = cue.text.length;
  if (length === 0) return [];
  if (cue.spans.length === 0 && breaks.length === 0) return [{ from: 0, to: length, style: PLAIN }];
  const spans = cue.spans.map((span) => wholeCharacters(cue.text, span));
  const edges = [0, length, ...breaks, ...spans.flatMap((span) => [span.from, span.to])].filter((at) => at >= 0 && at <= length);
  const sorted = [...new Set(edges)].sort((a, b) => a - b);
  const runs: Run[] = [];
  for (const [index, from] of sorted.entries()) {
    const to = sorted[index + 1];
    if (to === undefined) break;
    const style = styleAt(spans, from);
    const last = runs.at(-1);
    if (last && sameStyle(last.style, style) && !breaks.includes(from)) last.to = to;
    else runs.push({ from, to, style });
  }
  return runs;
}

function isWithinCharacter(text: string, at: number): boolean {
  return /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1));
}

/** A span that parts the halves of a surrogate pair takes the whole character. */
function wholeCharacters(text: string, span: StyleSpan): StyleSpan {
  const from = isWithinCharacter(text, span.from) ? span.from - 1 : span.from;
  const to = isWithinCharacter(text, span.to) ? span.to + 1 : span.to;
  return from === span.from && to === span.to ? span : { ...span, from, to };
}

function styleAt(spans: readonly StyleSpan[], at: number): RunStyle {
  const style = { ...PLAIN };
  for (const span of spans) {
    if (span.from > at || span.to <= at) continue;
    style.italic ||= span.italic === true;
    style.bold ||= span.bold === true;
    style.underline ||= span.underline === true;
    style.colour = span.colour ?? style.colour;
  }
  return style;
}

/** Spans in order, apart, and as few as can be: two cues look alike exactly when these are equal. */
export function tidySpans(cue: Pick<Cue, 'text' | 'spans'>): StyleSpan[] {
  if (cue.spans.length === 0) return [];
  return runsOf(cue)
    .filter((run) => !isPlain(run.style))
    .map((run) => spanOf(run.from, run.to, run.style));
}
