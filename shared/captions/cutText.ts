/** A part of a cue's text with its marks. */
import type { Cue, StyleSpan } from './types.ts';

/** The text between two offsets without white space at its ends, and the marks on it. */
export function cutText(cue: Pick<Cue, 'text' | 'spans'>, from: number, to: number): { text: string; spans: StyleSpan[] } {
  const part = cue.text.slice(from, to);
  const text = part.trim();
  const start = from + (part.length - part.trimStart().length);
  const end = start + text.length;
  const spans = cue.spans.flatMap((span) => {
    const first = Math.max(span.from, start);
    const last = Math.min(span.to, end);
    return first < last ? [{ ...span, from: first - start, to: last - start }] : [];
  });
  return { text, spans };
}
