/** The message catalogues: `m.key({params})`, compiled and typed from `messages/*.json`. */
export * as m from './generated/messages.js';
export { baseLocale, locales, type Locale } from './generated/runtime.js';
import { baseLocale, getLocale, isLocale, overwriteGetLocale, type Locale } from './generated/runtime.js';
import * as messages from './generated/messages.js';
import type { WireError } from '../errors.ts';

export { getLocale };

/** Picks the catalogue for a BCP 47 tag or POSIX locale ("zh_CN.UTF-8"): Simplified Chinese for any zh, else English. */
export function pickLocale(tag: string | undefined): Locale {
  const normal = (tag ?? '').replace('_', '-').split('.')[0] ?? '';
  if (isLocale(normal)) return normal;
  return /^zh\b/i.test(normal) ? 'zh-CN' : baseLocale;
}

/** Sets the language of every `m.*()` call of this process from now on. */
export function useLocale(locale: Locale): void {
  overwriteGetLocale(() => locale);
}

/** As `useLocale`, but asked at each call: the window gives a reactive value, so that every text changes with it. */
export function useLocaleFrom(read: () => Locale): void {
  overwriteGetLocale(read);
}

type MessageFunction = (params: Record<string, string | number>, options?: { locale?: Locale }) => string;

/** A message by a computed key ("error_" + code). Throws when there is none: a test calls it for every code. `locale`: other than the process's own. */
export function messageFor(key: string, params: Record<string, string | number> = {}, locale?: Locale): string {
  const message = (messages as unknown as Record<string, MessageFunction | undefined>)[key];
  if (!message) throw new Error(`no message ${key}`);
  return locale ? message(params, { locale }) : message(params);
}

/** The sentence a person reads for a failure. Cancelled is silent: an empty string. */
export function sentenceFor(error: WireError): string {
  switch (error.kind) {
    case 'cancelled':
      return '';
    case 'expected':
      return messageFor(`error_${error.code}`, error.params);
    case 'bug':
      return messages.error_bug();
  }
}
