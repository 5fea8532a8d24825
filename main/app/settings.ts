/** The person's settings: kept in settings.json, applied to Electron, copied to the engine by the caller. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, nativeTheme } from 'electron';
import { pickLocale, useLocale } from '../../shared/i18n/index.ts';
import { settingsSchema, type Settings } from '../../shared/settings.ts';
import { openStore, type Store } from './store.ts';

export class SettingsKeeper {
  readonly #store: Store<Settings>;
  readonly #listeners = new Set<(settings: Settings) => void>();

  constructor(folder: string) {
    this.#store = openStore(folder, 'settings', settingsSchema);
    this.#apply();
  }

  get(): Settings {
    return this.#store.get();
  }

  set(part: Partial<Settings>): Settings {
    this.#store.set({ ...this.get(), ...part });
    this.#apply();
    for (const listener of this.#listeners) listener(this.get());
    return this.get();
  }

  onChange(listener: (settings: Settings) => void): void {
    this.#listeners.add(listener);
  }

  /** Where exports go unless asked: the chosen folder, else Rushes in the person's Videos. Made when missing. */
  exportFolder(): string {
    const folder = this.get().exportFolder ?? join(app.getPath('videos'), 'Rushes');
    try {
      mkdirSync(folder, { recursive: true });
    } catch {
      // Not writable, or a drive that is gone: the export itself says so, with what to do.
    }
    return folder;
  }

  #apply(): void {
    const { theme, locale } = this.get();
    nativeTheme.themeSource = theme;
    useLocale(locale === 'system' ? pickLocale(systemLocale()) : locale);
  }
}

/** The first language that the person set in the system, as a BCP 47 tag; English for the "C" locale, which names none. */
export function systemLocale(): string {
  const [first] = app.getPreferredSystemLanguages();
  return first !== undefined && /^[a-z]{2,3}\b/i.test(first) ? first : 'en';
}

