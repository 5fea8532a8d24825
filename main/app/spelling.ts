/**
 * The system's spelling checker, without the network. On a Mac and on Windows it is the system's own, with its dictionaries. On Linux Chromium
 * reads dictionaries of its own format (.bdic), which desktop packages bring for programs built on it: those are taken from where they
 * lie. Chromium would otherwise fetch them: the address it would ask is one that can't exist, and no name is resolved anyway.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { app, Menu, type MenuItemConstructorOptions, type Session, type WebContents } from 'electron';
import type { Logger } from 'pino';
import { m } from '../../shared/i18n/index.ts';

/** Where Linux packages put .bdic files (Debian and Fedora: Qt WebEngine's and hunspell's). */
const DICTIONARY_FOLDERS = ['/usr/share/hunspell-bdic', '/usr/share/qt6/qtwebengine_dictionaries', '/usr/share/qt5/qtwebengine_dictionaries'];
/** A dictionary's file name ends with its version, another for some languages (Chromium, spellcheck_common.cc); the file itself is the same. */
const VERSIONS = ['-3-0', '-10-1', '-1-0', '-3-3', '-4-0', '-5-0', '-5-5', '-9-0'];
/** Suggestions shown for one word. */
const MOST_SUGGESTIONS = 6;

/** Turns the checker on for what the system has dictionaries of, and off where it has none. */
export function useSystemSpelling(session: Session, log: Logger): void {
  session.setSpellCheckerDictionaryDownloadURL('https://dictionaries.invalid/');
  if (process.platform === 'darwin' || process.platform === 'win32') {
    session.setSpellCheckerEnabled(true);
    if (process.platform === 'win32') session.setSpellCheckerLanguages(knownLanguages(session, app.getPreferredSystemLanguages()));
    return;
  }
  const found = knownLanguages(session, takeDictionaries(join(app.getPath('userData'), 'Dictionaries'), log));
  session.setSpellCheckerEnabled(found.length > 0);
  if (found.length > 0) session.setSpellCheckerLanguages(found);
  log.info({ found }, 'spelling');
}

/** Of the languages asked for, those Chromium knows, whole or by their first part. */
function knownLanguages(session: Session, languages: readonly string[]): string[] {
  const known = session.availableSpellCheckerLanguages;
  return [...new Set(languages.flatMap((language) => known.find((each) => each === language || each === language.split('-')[0]) ?? []))];
}

/** Links the system's dictionaries to where Chromium looks, under the versioned names it looks for. Their languages as BCP 47. */
function takeDictionaries(folder: string, log: Logger): string[] {
  const languages: string[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    for (const source of DICTIONARY_FOLDERS.filter((each) => existsSync(each))) {
      for (const file of readdirSync(source).filter((name) => name.endsWith('.bdic'))) {
        const language = file.replace(/(-\d+-\d+)?\.bdic$/, '').replace('_', '-');
        for (const version of VERSIONS) {
          const link = join(folder, `${language}${version}.bdic`);
          if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(join(source, file), link);
        }
        languages.push(language);
      }
    }
  } catch (error) {
    log.warn({ err: error }, 'dictionaries not taken');
  }
  return languages;
}

/** The menu of a text field: suggestions for a misspelt word, learning it, and the clipboard. Elsewhere there is none. */
export function offerSpelling(contents: WebContents): void {
  contents.on('context-menu', (_event, { isEditable, misspelledWord, dictionarySuggestions, editFlags }) => {
    if (!isEditable) return;
    const suggestions = dictionarySuggestions.slice(0, MOST_SUGGESTIONS).map((word): MenuItemConstructorOptions => ({ label: word, click: () => contents.replaceMisspelling(word) }));
    const spelling: MenuItemConstructorOptions[] =
      misspelledWord === ''
        ? []
        : [
            ...(suggestions.length > 0 ? suggestions : [{ label: m.app_spelling_none(), enabled: false }]),
            { label: m.app_spelling_learn(), click: () => contents.session.addWordToSpellCheckerDictionary(misspelledWord) },
            { type: 'separator' },
          ];
    const clipboard: MenuItemConstructorOptions[] = [
      { label: m.app_menu_cut(), enabled: editFlags.canCut, click: () => contents.cut() },
      { label: m.app_menu_copy(), enabled: editFlags.canCopy, click: () => contents.copy() },
      { label: m.app_menu_paste(), enabled: editFlags.canPaste, click: () => contents.paste() },
    ];
    Menu.buildFromTemplate([...spelling, ...clipboard]).popup();
  });
}
