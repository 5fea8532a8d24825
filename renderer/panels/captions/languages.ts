/** Languages to choose from: what the recogniser knows, named in the window's language. */
import { getLocale } from '../../../shared/i18n/index.ts';

/** Whisper's languages (its tokenizer's list) as ISO 639. */
const SPOKEN =
  'af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh'.split(' ');
/** Written forms that matter to readers and players, besides the spoken languages. */
const WRITTEN = ['zh-Hans', 'zh-Hant', 'pt-BR', 'es-419', 'en-GB'];
/** Whisper's own code for Javanese is not ISO's. */
const ISO: Record<string, string> = { jw: 'jv' };

/** "English", "Chinese (Simplified)", in the window's language; the code itself where nobody knows it. */
export function languageName(code: string): string {
  if (code === 'und') return '–';
  try {
    return new Intl.DisplayNames([getLocale()], { type: 'language' }).of(ISO[code] ?? code) ?? code;
  } catch {
    return code;
  }
}

const named = (codes: readonly string[]): { value: string; text: string }[] =>
  codes.map((code) => ({ value: code, text: languageName(code) })).sort((a, b) => a.text.localeCompare(b.text, getLocale()));

/** What may be spoken, by name. */
export function spokenLanguages(): { value: string; text: string }[] {
  return named(SPOKEN);
}

/** What a track may be written in, by name; `present` is among them whatever it is. */
export function writtenLanguages(present: string): { value: string; text: string }[] {
  return named([...new Set([...SPOKEN, ...WRITTEN, present])]);
}
