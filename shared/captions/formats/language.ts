/** The language of subtitles that do not say it: from the file's name, or from their letters. */
import type { Cue } from '../types.ts';

const NAMES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
/** Endings that say what a file is for, not what language it is in: film.en.sdh.srt. */
const PURPOSES = new Set(['sdh', 'cc', 'forced', 'hi', 'default', 'full']);

/** BCP 47 tag of a name such as `film.zh-Hans.srt` or `film.en.sdh.srt`; null when there is none. */
export function languageOfName(name: string): string | null {
  const parts = name.split('.').slice(1, -1).reverse();
  for (const part of parts.slice(0, 3)) {
    const tag = part.replaceAll('_', '-');
    // "hi" is Hindi as well as "hearing impaired": the last one counts as the purpose only before another language.
    if (PURPOSES.has(tag.toLowerCase()) && parts.length > 1) continue;
    if (/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(tag) && isLanguage(tag)) return tag;
    return null;
  }
  return null;
}

function isLanguage(tag: string): boolean {
  try {
    return NAMES.of(tag) !== undefined;
  } catch {
    return false;
  }
}

/** Scripts that one language is written in; null where letters do not tell. */
export function languageOfText(cues: readonly Pick<Cue, 'text'>[]): string | null {
  const text = cues.slice(0, 500).map((cue) => cue.text).join('').slice(0, 50_000);
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const letters = count(/\p{L}/gu);
  if (letters === 0) return null;
  const share = (pattern: RegExp): number => count(pattern) / letters;
  // Japanese is told by its kana: a tenth is less than any running text has.
  if (share(/[\u3040-\u30ff]/g) > 0.1) return 'ja';
  if (share(/[\uac00-\ud7a3]/g) > 0.3) return 'ko';
  return share(/\p{Script=Han}/gu) > 0.3 ? 'zh' : null;
}
