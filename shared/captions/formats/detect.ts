/** Which format a text is in: by what it says, then by its name. */
import { readTimeLine } from './timeLines.ts';
import type { CaptionFormat } from './types.ts';

const BY_ENDING: Record<string, CaptionFormat> = {
  srt: 'srt',
  vtt: 'vtt',
  ass: 'ass',
  ssa: 'ass',
  ttml: 'ttml',
  dfxp: 'ttml',
  xml: 'ttml',
  itt: 'ttml',
  txt: 'txt',
  lrc: 'txt',
  json: 'json',
  jsonl: 'json',
};

/** An event of ASS or SSA, not a cue that says "Dialogue:". */
const DIALOGUE = /^Dialogue:\s{0,4}(?:Marked=)?\d{1,6},\s{0,4}\d{1,4}:\d{1,2}:/im;

/** Only this much is looked at. */
const LOOKED_AT = 64 * 1024;

export function formatOfName(name: string): CaptionFormat | null {
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase();
  return ending === undefined ? null : (BY_ENDING[ending] ?? null);
}

/** Null when it is no text that anything could be read from. */
export function detectFormat(text: string, name: string): CaptionFormat | null {
  const head = text.slice(0, LOOKED_AT).trimStart();
  if (/^WEBVTT(\s|$)/.test(head)) return 'vtt';
  if (/^(?:[;!][^\n]*\n|\s)*\[Script Info\]/i.test(head) || (/^\[(Script Info|V4\+? Styles|Events)\]/im.test(head) && DIALOGUE.test(head))) return 'ass';
  if (/^<\?xml|^<(\w{1,20}:)?tt[\s>]/.test(head)) return 'ttml';
  if (/^[[{]\s*(["{[]|$)/.test(head) && !/^\[\d/.test(head)) return 'json';
  const named = formatOfName(name);
  const arrows = head.split('\n').some((line) => readTimeLine(line) !== null);
  if (arrows) return named === 'vtt' ? 'vtt' : 'srt';
  if (DIALOGUE.test(head)) return 'ass';
  return named === null || named === 'txt' ? 'txt' : named;
}
