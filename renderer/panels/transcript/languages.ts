/** Languages that the recogniser knows, for choosing the one that is spoken. ISO 639 codes of Whisper's vocabulary. */
const CODES =
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su';
/** Spoken most by those who use the window: they come first. */
const FIRST = ['en', 'zh'];
/** Whisper's code for Javanese is an older one. */
const MODERN: Record<string, string> = { jw: 'jv' };

export interface SpokenLanguage {
  readonly code: string;
  readonly name: string;
}

/** A language's name in the window's language; its code when nobody knows a name. */
export function languageName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: 'language' }).of(MODERN[code] ?? code) ?? code;
  } catch {
    return code;
  }
}

/** All of them with their names in the window's language: English and Chinese, then in order of name. */
export function spokenLanguages(locale: string): SpokenLanguage[] {
  const all = CODES.split(' ').map((code) => ({ code, name: languageName(code, locale) }));
  const first = FIRST.flatMap((code) => all.filter((language) => language.code === code));
  const rest = all.filter(({ code }) => !FIRST.includes(code)).sort((a, b) => a.name.localeCompare(b.name, locale));
  return [...first, ...rest];
}
