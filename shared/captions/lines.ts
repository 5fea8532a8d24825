/** Line breaks inside a cue. */
import { moveSpans, oneLine, visibleLength } from './text.ts';
import type { CaptionRules, Cue } from './types.ts';

export interface Layout {
  rules: CaptionRules;
  language: string;
}

/** The cue with its text broken into lines. */
export function layOut(cue: Cue, layout: Layout): Cue {
  const text = breakText(cue.text, layout);
  return { ...cue, text, spans: moveSpans(cue.text, text, cue.spans) };
}

/** The text broken into lines. */
export function breakText(text: string, { rules }: Layout): string {
  const whole = oneLine(text);
  if (visibleLength(whole, rules) <= rules.lineLength) return whole;
  const middle = whole.length / 2;
  const spaces = [...whole.matchAll(/ /g)].map((match) => match.index);
  const best = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return best === undefined ? whole : `${whole.slice(0, best)}\n${whole.slice(best + 1)}`;
}
