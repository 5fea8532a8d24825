/** Languages that a track may be written in, to choose from. */
import { getLocale } from '../../../shared/i18n/index.ts';
import { languageName as nameIn, spokenLanguages } from '../transcript/languages.ts';

/** Written forms that matter to readers and players, besides the spoken languages. */
const WRITTEN = ['zh-Hans', 'zh-Hant', 'pt-BR', 'es-419', 'en-GB'];

/** "English", "Chinese (Simplified)", in the window's language; a dash where nobody knows it. */
export function languageName(tag: string): string {
  return tag === 'und' ? '–' : nameIn(tag, getLocale());
}

/** By name; `present` is among them whatever it is. */
export function writtenLanguages(present: string): { value: string; text: string }[] {
  const tags = new Set([...spokenLanguages(getLocale()).map(({ code }) => code), ...WRITTEN, present]);
  return [...tags].map((tag) => ({ value: tag, text: languageName(tag) })).sort((a, b) => a.text.localeCompare(b.text, getLocale()));
}
