/** The app's entry: a command without a window, or the window with its engine. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, nativeTheme, session } from 'electron';
import type { Logger } from 'pino';
import { ENGINE_ENVIRONMENT } from '../engine/environment.ts';
import { m } from '../../shared/i18n/index.ts';
import { EngineHost } from './engineHost.ts';
import { Grants } from './grants.ts';
import { registerIpc } from './ipc.ts';
import { lockSession, silenceChromium } from './lockdown.ts';
import { openLog } from './log.ts';
import { MediaFiles } from './mediaFiles.ts';
import { setMenu } from './menu.ts';
import { modeOf } from './mode.ts';
import { Opener } from './opener.ts';
import { handleSchemes, registerSchemes } from './protocol.ts';
import { RecentFiles } from './recent.ts';
import { SettingsKeeper } from './settings.ts';
import { useSystemSpelling } from './spelling.ts';
import { MainWindow } from './window.ts';

const here = dirname(fileURLToPath(import.meta.url));
const developer = !app.isPackaged;

/** Tests and people who want a portable app give one folder for everything that Rushes keeps. */
if (process.env.RUSHES_DATA) app.setPath('userData', join(process.env.RUSHES_DATA, 'app'));
useOwnResources();
silenceChromium();

const mode = modeOf(process.argv, app.isPackaged, process.cwd());
switch (mode.kind) {
  case 'command':
    await runCommand(mode.args);
    break;
  case 'window':
    startWindow(mode.files);
    break;
}

/** An installed app has its models, and perhaps an ffmpeg, beside its archive; what the person set goes first. */
function useOwnResources(): void {
  if (developer) return;
  process.env.RUSHES_MODELS ??= join(process.resourcesPath, 'models');
  process.env.RUSHES_BIN_DIR ??= join(process.resourcesPath, 'bin');
}

/** The command line in this binary: nothing of Electron's is used but its Node. */
async function runCommand(args: string[]): Promise<void> {
  const { runCli } = await import('../cli/run.ts');
  app.exit(await runCli(args));
}

function startWindow(files: string[]): void {
  if (!app.requestSingleInstanceLock({ files })) {
    app.quit();
    return;
  }
  registerSchemes();
  const log = openLog(join(app.getPath('userData'), 'logs'));
  reportBugs(log);
  let startFiles = files;
  const early = (event: Electron.Event, path: string): void => {
    event.preventDefault();
    startFiles.push(path);
  };
  app.on('open-file', early);
  const takeStartFiles = (): string[] => {
    const taken = startFiles;
    startFiles = [];
    return taken;
  };
  void app.whenReady().then(() => {
    const open = buildApp(log, takeStartFiles);
    app.off('open-file', early);
    app.on('open-file', (event, path) => {
      event.preventDefault();
      open([path]);
    });
    app.on('second-instance', (_event, _argv, _cwd, data) => open((data as { files?: string[] } | null)?.files ?? []));
  });
}

/** Puts the parts together; returns what opens files that arrive while the app runs. */
function buildApp(log: Logger, takeStartFiles: () => string[]): (paths: string[]) => void {
  const dataFolder = app.getPath('userData');
  const settings = new SettingsKeeper(dataFolder);
  const files = new MediaFiles();
  const grants = new Grants();
  const window = new MainWindow({ preload: join(here, '../preload/preload.cjs'), dataFolder, developer, log, engine: () => engine });
  const engine = new EngineHost({
    entry: join(here, 'engine.js'),
    environment: { ...ENGINE_ENVIRONMENT, ...process.env },
    files,
    grants,
    settings: () => settings.get(),
    log,
    onState: (state) => window.send({ type: 'engine', state }),
    onConnectable: () => window.connectEngine(),
    onProxy: (media) => window.send({ type: 'proxy', media }),
  });
  const recent = new RecentFiles(dataFolder, () => refreshMenu());
  const opener = new Opener(engine, recent);
  const open = (paths: string[]): void => {
    window.open();
    if (paths.length > 0) void opener.open(paths).then((result) => window.send({ type: 'opened', result }));
  };
  const refreshMenu = (): void => {
    const openRecent = (id: string): void => open([recent.path(id)].filter((path) => path !== undefined));
    setMenu({ command: (command) => window.send({ type: 'command', command }), openRecent }, recent.list());
  };

  handleSchemes(session.defaultSession, join(here, '../renderer'), files);
  lockSession(session.defaultSession, log, developer);
  useSystemSpelling(session.defaultSession, log);
  registerIpc({ window, engine, opener, recent, settings, grants, log, takeStartFiles });
  settings.onChange(() => {
    refreshMenu();
    engine.tellSettings();
  });
  nativeTheme.on('updated', () => window.send({ type: 'theme', dark: nativeTheme.shouldUseDarkColors }));
  refreshMenu();
  engine.start();
  window.open();
  endWith(engine);
  app.on('activate', () => window.open());
  return open;
}

/** The engine ends before the app does; on a Mac the app stays when its window is closed. */
function endWith(engine: EngineHost): void {
  let ended = false;
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    void engine.stop().finally(() => {
      ended = true;
      app.quit();
    });
  });
}

/** A bug is written to the log with its stack and shown once; the app goes on. */
function reportBugs(log: Logger): void {
  let shown = false;
  const report = (error: unknown): void => {
    log.error({ err: error }, 'bug');
    if (shown) return;
    shown = true;
    dialog.showErrorBox(m.app_crash_title(), m.error_bug());
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}
