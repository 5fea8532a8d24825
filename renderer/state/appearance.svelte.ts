import { pickLocale, useLocaleFrom, type Locale } from '../../shared/i18n/index.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';

/** What the system says, for the choice `system`. */
export interface Environment {
  locale: string;
  dark: boolean;
  platform: string;
  version: string;
}

/** Settings, and the language and theme that follow from them. Every text and colour changes with these at once. */
export class Appearance {
  settings = $state.raw<Settings>(DEFAULT_SETTINGS);
  environment = $state.raw<Environment>({ locale: 'en', dark: true, platform: 'linux', version: '' });
  /** The person's settings are here: panes take their remembered sizes from them. */
  loaded = $state(false);
  readonly locale: Locale = $derived(
    this.settings.locale === 'system' ? pickLocale(this.environment.locale) : this.settings.locale,
  );
  readonly theme: 'dark' | 'light' = $derived(
    this.settings.theme === 'system' ? (this.environment.dark ? 'dark' : 'light') : this.settings.theme,
  );

  constructor() {
    useLocaleFrom(() => this.locale);
  }

  setSystemDark(dark: boolean): void {
    this.environment = { ...this.environment, dark };
  }
}
