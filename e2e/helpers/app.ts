/** Starts the built app with a folder of its own for everything it keeps, and stands in for the person at dialogs. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, test, type ElectronApplication, type Page } from '@playwright/test';

export const root = resolve(import.meta.dirname, '..', '..');
/** Where package.json and dist/ of the app to test are: this checkout, unless another build is to be tried. */
const appFolder = process.env['RUSHES_E2E_APP'] ?? root;
export const mediaFolder = join(root, 'e2e', 'media');
export const media = (name: string): string => join(mediaFolder, name);
/** Screenshots are looked at by people: one folder for all of them. */
const screenshots = join(root, 'test-results', 'screenshots');

export interface LaunchOptions {
  /** Files given on the command line. */
  files?: string[];
  locale?: 'en' | 'zh-CN';
  theme?: 'dark' | 'light';
  /** Folder from an earlier launch, to start again with what that one kept. */
  home?: string;
  environment?: Record<string, string>;
  size?: { width: number; height: number };
  /** What turns and breathes while something is awaited does so, as for a person who has not asked for less motion. Without a graphics card each of its pictures costs processor time. */
  motion?: boolean;
}

export interface LaunchedApp {
  app: ElectronApplication;
  page: Page;
  /** Temporary home; `home/data` is the app's data, `home/Videos/Rushes` its export folder. */
  home: string;
  exports: string;
  /** What the page wrote to its console as errors or warnings. */
  complaints: string[];
  /** The app's log file so far. */
  log: () => string;
  screenshot: (name: string) => Promise<void>;
  /** Ends the app, and removes its home unless told to keep it. */
  close: (keepHome?: boolean) => Promise<void>;
}

const LANGUAGES = { en: 'en_GB.UTF-8', 'zh-CN': 'zh_CN.UTF-8' };

/** A home folder with nothing of the person's. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'rushes-e2e-'));
  mkdirSync(join(home, 'Videos'));
  mkdirSync(join(home, 'data'));
  return home;
}

/** Copies a sample clip into a fresh place, so that a test may damage or remove it. */
export function copyMedia(home: string, name: string, as = name): string {
  const path = join(home, as);
  cpSync(media(name), path);
  return path;
}

/** A clip repeated, without re-encoding: long enough to interrupt. */
export function longMedia(home: string, name: string, times: number): string {
  const path = join(home, `long-${name}`);
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-stream_loop', String(times - 1), '-i', media(name), '-c', 'copy', path]);
  return path;
}

export function environmentFor(home: string, options: LaunchOptions = {}): Record<string, string> {
  const language = LANGUAGES[options.locale ?? 'en'];
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(inherited.filter(([name]) => !/^(XDG_|RUSHES_|ELECTRON_RUN_AS_NODE$)/.test(name))),
    HOME: home,
    RUSHES_DATA: join(home, 'data'),
    LANG: language,
    LANGUAGE: (options.locale ?? 'en').replace('-', '_'),
    LC_ALL: language,
    ...options.environment,
  };
}

export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const home = options.home ?? makeHome();
  const app = await _electron.launch({
    args: [appFolder, ...(options.files ?? [])],
    cwd: home,
    env: environmentFor(home, options),
  });
  const page = await app.firstWindow();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  const { width, height } = options.size ?? { width: 1280, height: 800 };
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height), { width, height });
  if (!options.motion) await page.emulateMedia({ reducedMotion: 'reduce' });
  if (options.theme) await app.evaluate(({ nativeTheme }, theme) => (nativeTheme.themeSource = theme), options.theme);
  await page.waitForFunction(() => typeof window === 'object' && 'rushes' in window);
  return {
    app,
    page,
    home,
    exports: join(home, 'Videos', 'Rushes'),
    complaints,
    log: () => readFileSync(join(home, 'data', 'app', 'logs', 'app.log'), 'utf8'),
    async screenshot(name) {
      mkdirSync(screenshots, { recursive: true });
      const path = join(screenshots, `${name}.png`);
      await page.screenshot({ path });
      await test.info().attach(name, { path, contentType: 'image/png' });
    },
    async close(keepHome = false) {
      await app.close();
      if (!keepHome) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What the person does at the native dialogs from now on. Null: closes them. */
export async function answerDialogs(app: ElectronApplication, answer: { open?: string[] | null; save?: string | null }): Promise<void> {
  await app.evaluate(({ dialog }, { open, save }) => {
    if (open !== undefined) dialog.showOpenDialog = () => Promise.resolve({ canceled: open === null, filePaths: open ?? [] });
    if (save !== undefined) dialog.showSaveDialog = () => Promise.resolve({ canceled: save === null, filePath: save ?? '' });
  }, answer);
}

/** Process id of the running engine; null while there is none. */
export function enginePid(app: ElectronApplication): Promise<number | null> {
  return app.evaluate(({ app: electron }) => electron.getAppMetrics().find((metric) => metric.serviceName?.includes('engine') || metric.name?.includes('engine'))?.pid ?? null);
}
