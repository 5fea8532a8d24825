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
  if (/^\[Script Info\]/im.test(head) || (/^\[(V4\+? Styles|Events)\]/im.test(head) && /^Dialogue:/im.test(head))) return 'ass';
  if (/^<\?xml|^<(\w{1,20}:)?tt[\s>]/.test(head)) return 'ttml';
  if (/^[[{]\s*(["{[]|$)/.test(head) && !/^\[\d/.test(head)) return 'json';
  if (/^Dialogue:/im.test(head)) return 'ass';
  const named = formatOfName(name);
  const arrows = head.split('\n').some((line) => readTimeLine(line) !== null);
  if (arrows) return named === 'vtt' ? 'vtt' : 'srt';
  return named === null || named === 'txt' ? 'txt' : named;
}
