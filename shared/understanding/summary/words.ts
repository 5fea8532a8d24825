/** Words of a text. */
import { primaryLanguage } from '../../captions/languageCodes.ts';

const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenters = new Map<string, Intl.Segmenter>();

function segmenterOf(language: string): Intl.Segmenter {
  const primary = primaryLanguage(language);
  const known = segmenters.get(primary);
  if (known) return known;
  const made = new Intl.Segmenter(primary === 'und' ? undefined : primary, { granularity: 'word' });
  segmenters.set(primary, made);
  return made;
}

/** True for text whose words no spaces part. */
export function hasNoSpaces(text: string): boolean {
  return WITHOUT_SPACES.test(text);
}

/** Words as written, in order; "don't" is one. Text without spaces is parted by the runtime's dictionary (ICU). */
export function wordsOf(text: string, language: string): string[] {
  if (!hasNoSpaces(text)) return text.match(/[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu) ?? [];
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenterOf(language).segment(text)) if (isWordLike) words.push(segment);
  return words;
}

/** How long a text is to a reader: words, but characters where no spaces part words. */
export function readingLength(text: string): number {
  let length = 0;
  for (const part of text.match(/[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu) ?? []) length += hasNoSpaces(part) ? [...part].length : 1;
  return length;
}
