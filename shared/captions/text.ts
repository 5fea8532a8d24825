/** Caption text: how wide it is, how words join, and how marks follow when the text is laid out anew. */
import type { CaptionRules, StyleSpan, Word } from './types.ts';

/** Combining marks, skin tones, format characters (joiners, direction marks, variation selectors) and controls: no width of their own. */
const NO_WIDTH = /[\p{M}\p{Cf}\p{Cc}\p{Emoji_Modifier}]/u;
/** East Asian Wide and Fullwidth by Unicode block (UAX 11), and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
/** Written as wide as a Chinese character in Chinese text, though Unicode calls their width ambiguous. */
const WIDE_IN_CHINESE = /[“”‘’…—·]/u;

/** Chinese, Japanese, Korean and full-width characters. */
export function isWide(character: string): boolean {
  return WIDE.test(character);
}

/** Whether characters are counted as in a Chinese profile: a wide one is 1 and a narrow one a half. */
function countsWide(rules: Pick<CaptionRules, 'base'>): boolean {
  return rules.base === 'netflix-zh';
}

/** Width of one character (code point) in the unit of `rules.lineLength`. */
function characterLength(character: string, chinese: boolean): number {
  const code = character.charCodeAt(0);
  if (code >= 0x20 && code < 0x7f) return chinese ? 0.5 : 1;
  if (NO_WIDTH.test(character)) return 0;
  if (WIDE.test(character)) return chinese ? 1 : 2;
  if (chinese) return WIDE_IN_CHINESE.test(character) ? 1 : 0.5;
  return 1;
}

/**
 * Length of a text in the unit of `rules.lineLength`: in a Chinese profile a full-width character is 1 and a half-width one 0.5
 * (Netflix's Chinese guides count full-width characters), elsewhere 2 and 1. Line breaks and combining marks count nothing.
 */
export function visibleLength(text: string, rules: Pick<CaptionRules, 'base'>): number {
  const chinese = countsWide(rules);
  let length = 0;
  for (const character of text) length += characterLength(character, chinese);
  return length;
}

/** The words as running text, with a space before each that has one, none at the start. */
export function joinWords(words: readonly Pick<Word, 'text' | 'space'>[]): string {
  let text = '';
  for (const word of words) text += text !== '' && word.space ? ` ${word.text}` : word.text;
  return text;
}

/** Lines of a text; an empty text has none. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/\r\n|\r|\n/);
}

const lastCharacter = (text: string): string => [...text.slice(-2)].at(-1) ?? '';
const firstCharacter = (text: string): string => [...text.slice(0, 2)].at(0) ?? '';

/** What stands between two pieces when they are on one line and came from two: nothing between wide characters, else a space. */
export function joinerOf(before: string, after: string): '' | ' ' {
  if (before === '' || after === '') return '';
  const last = lastCharacter(before);
  const first = firstCharacter(after);
  const tight = isWide(last) || isWide(first) || (/[“‘—…]/u.test(last) && isWide(first));
  return tight && !isHangul(last) && !isHangul(first) ? '' : ' ';
}

/** Korean is wide but written with spaces. */
function isHangul(character: string): boolean {
  return /[\u1100-\u115f\uac00-\ud7a3]/u.test(character);
}

/** The text on one line. */
export function oneLine(text: string): string {
  return linesOf(text)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .reduce((joined, line) => joined + joinerOf(joined, line) + line, '');
}

/**
 * Marks of `before` moved to `after`, where both hold the same characters apart from white space (a new layout of the lines). Marks on white space
 * alone vanish.
 */
export function moveSpans(before: string, after: string, spans: readonly StyleSpan[]): StyleSpan[] {
  if (spans.length === 0 || before === after) return [...spans];
  const places = solidOffsets(after);
  const counts = solidCounts(before);
  return spans.flatMap((span) => {
    const first = counts[Math.min(span.from, before.length)] ?? 0;
    const last = (counts[Math.min(span.to, before.length)] ?? 0) - 1;
    const from = places[first];
    const to = places[last];
    return from === undefined || to === undefined || last < first ? [] : [{ ...span, from, to: to + 1 }];
  });
}

/** Offsets of the UTF-16 units that are not white space. */
function solidOffsets(text: string): number[] {
  const offsets: number[] = [];
  for (let i = 0; i < text.length; i++) if (!/\s/.test(text.charAt(i))) offsets.push(i);
  return offsets;
}

/** For each offset, how many units before it are not white space. */
export function solidCounts(text: string): number[] {
  const counts = [0];
  for (let i = 0; i < text.length; i++) counts.push((counts[i] ?? 0) + (/\s/.test(text.charAt(i)) ? 0 : 1));
  return counts;
}
