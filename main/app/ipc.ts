/** The app's side of the window's bridge: who is asking is checked, what is asked is parsed, then it is done. */
import { statSync } from 'node:fs';
import { app, dialog, ipcMain, nativeTheme, shell, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import type { Logger } from 'pino';
import { ExpectedError, toWireError } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import { APP_CHANNELS, DROP_CHANNEL, dropSchema, STYLE_DROP_CHANNEL, styleDropSchema, type AppChannel, type AppResult, type OpenResult } from '../../shared/ipc/app.ts';
import { CAPTION_EXTENSIONS, importCaptions } from './captionImport.ts';
import type { EngineHost } from './engineHost.ts';
import { toTarget, type Grants } from './grants.ts';
import { MEDIA_EXTENSIONS, PICTURE_EXTENSIONS, PROJECT_EXTENSION, type Opener } from './opener.ts';
import { APP_ORIGIN } from './protocol.ts';
import type { RecentFiles } from './recent.ts';
import { systemLocale, type SettingsKeeper } from './settings.ts';
import { chooseTarget } from './targets.ts';
import type { MainWindow } from './window.ts';

export interface IpcParts {
  window: MainWindow;
  engine: EngineHost;
  opener: Opener;
  recent: RecentFiles;
  settings: SettingsKeeper;
  grants: Grants;
  log: Logger;
  /** Files named at the start; given out once. */
  takeStartFiles: () => string[];
}

/** Prefix of the invoke channels, so that nothing else of Electron's is named like ours. */
export const CHANNEL_PREFIX = 'rushes:';
export const CONNECT_CHANNEL = `${CHANNEL_PREFIX}connect-engine`;

type Sender = Pick<IpcMainEvent | IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

/** True only for our own window's top frame showing our own page. */
function isOurs({ sender, senderFrame }: Sender, window: MainWindow): boolean {
  const contents = window.contents();
  if (!contents || sender !== contents || !senderFrame) return false;
  return senderFrame.parent === null && senderFrame.routingId === contents.mainFrame.routingId && senderFrame.origin === APP_ORIGIN;
}

export function registerIpc(parts: IpcParts): void {
  const { window, log } = parts;
  const handlers = handlersOf(parts);
  const refuse = (channel: string, why: string): never => {
    log.warn({ channel, why }, 'message refused');
    throw new ExpectedError('bad_request', { what: channel });
  };
  const handle = <C extends AppChannel>(channel: C): void => {
    const { args: schema, result: resultSchema } = APP_CHANNELS[channel];
    ipcMain.handle(CHANNEL_PREFIX + channel, async (event, ...given: unknown[]) => {
      if (!isOurs(event, window)) return refuse(channel, 'foreign sender');
      const parsed = schema.safeParse(given[0]);
      if (!parsed.success || given.length !== 1) return refuse(channel, parsed.error?.message ?? 'more than one argument');
      return resultSchema.parse(await handlers[channel](parsed.data as never));
    });
  };
  for (const channel of Object.keys(APP_CHANNELS) as AppChannel[]) handle(channel);

  ipcMain.handle(CHANNEL_PREFIX + DROP_CHANNEL, async (event, ...given: unknown[]): Promise<OpenResult> => {
    if (!isOurs(event, window)) return refuse(DROP_CHANNEL, 'foreign sender');
    const parsed = dropSchema.safeParse(given[0]);
    if (!parsed.success) return refuse(DROP_CHANNEL, parsed.error.message);
    return parts.opener.open(parsed.data.paths, parsed.data.media);
  });
  ipcMain.handle(CHANNEL_PREFIX + STYLE_DROP_CHANNEL, async (event, ...given: unknown[]): Promise<AppResult<'chooseStylePicture'>> => {
    if (!isOurs(event, window)) return refuse(STYLE_DROP_CHANNEL, 'foreign sender');
    const parsed = styleDropSchema.safeParse(given[0]);
    if (!parsed.success) return refuse(STYLE_DROP_CHANNEL, parsed.error.message);
    return stylePicture(parsed.data.path, parts.engine);
  });
  ipcMain.on(CONNECT_CHANNEL, (event) => {
    if (isOurs(event, window)) window.wantEngine();
  });
}

/** The picture as a style, or what is wrong with it. */
function stylePicture(path: string, engine: EngineHost): Promise<AppResult<'chooseStylePicture'>> {
  return engine.readStylePicture(path).then(
    (picture) => ({ picture, error: null }),
    (error: unknown) => ({ picture: null, error: toWireError(error) }),
  );
}

type Handlers = { [C in AppChannel]: (args: (typeof APP_CHANNELS)[C]['args']['_output']) => Promise<AppResult<C>> | AppResult<C> };

function handlersOf({ window, opener, recent, settings, grants, engine, takeStartFiles }: IpcParts): Handlers {
  return {
    async pickMedia() {
      const { canceled, filePaths } = await dialog.showOpenDialog(window.browserWindow(), {
        title: m.app_dialog_open_media(),
        properties: ['openFile', 'multiSelections'],
        filters: [
          { name: m.app_filter_media(), extensions: [...MEDIA_EXTENSIONS, ...PICTURE_EXTENSIONS] },
          { name: m.app_filter_all(), extensions: ['*'] },
        ],
      });
      return canceled ? { opened: [], failed: [], project: null, captions: null } : opener.open(filePaths);
    },
    async openRecent({ id }) {
      const path = recent.path(id);
      if (path === undefined) throw new ExpectedError('bad_request', { what: 'openRecent' });
      return opener.open([path]);
    },
    recent: () => recent.list(),
    forgetRecent({ id }) {
      recent.forget(id);
      return {};
    },
    async target(args) {
      const grant = await chooseTarget(args, window.browserWindow(), settings, grants);
      if (!grant) return null;
      await engine.tellGrant(grant);
      return toTarget(grant);
    },
    reveal({ grant: token }) {
      const grant = grants.get(token);
      if (!grant) throw new ExpectedError('not_granted');
      if (statSync(grant.path, { throwIfNoEntry: false })) shell.showItemInFolder(grant.path);
      return {};
    },
    settings: () => settings.get(),
    setSettings: (part) => settings.set(part),
    async chooseImageTextModel() {
      const { canceled, filePaths } = await dialog.showOpenDialog(window.browserWindow(), { title: m.app_dialog_image_text_model(), properties: ['openDirectory'] });
      const [folder] = filePaths;
      if (canceled || folder === undefined) return { folder: null, error: null };
      return engine.checkImageTextModel(folder).then(
        () => ({ folder, error: null }),
        (error: unknown) => ({ folder: null, error: toWireError(error) }),
      );
    },
    async openProject() {
      const { canceled, filePaths } = await dialog.showOpenDialog(window.browserWindow(), {
        title: m.app_dialog_open_project(),
        properties: ['openFile'],
        filters: [{ name: m.app_filter_project(), extensions: [PROJECT_EXTENSION] }],
      });
      const [path] = filePaths;
      if (canceled || path === undefined) return { name: null, error: null };
      return opener.openProject(path);
    },
    async importCaptions({ media }) {
      const { canceled, filePaths } = await dialog.showOpenDialog(window.browserWindow(), {
        title: m.app_dialog_import_captions(),
        properties: ['openFile', 'multiSelections'],
        filters: [
          { name: m.app_filter_captions(), extensions: CAPTION_EXTENSIONS },
          { name: m.app_filter_all(), extensions: ['*'] },
        ],
      });
      return canceled ? { tracks: [], warnings: [], failed: [] } : importCaptions(filePaths, media, engine);
    },
    async chooseStylePicture() {
      const { canceled, filePaths } = await dialog.showOpenDialog(window.browserWindow(), {
        title: m.app_dialog_style_picture(),
        properties: ['openFile'],
        filters: [
          { name: m.app_filter_pictures(), extensions: PICTURE_EXTENSIONS },
          { name: m.app_filter_all(), extensions: ['*'] },
        ],
      });
      const [path] = filePaths;
      return canceled || path === undefined ? { picture: null, error: null } : stylePicture(path, engine);
    },
    environment: () => ({
      locale: systemLocale(),
      dark: nativeTheme.shouldUseDarkColors,
      platform: process.platform,
      version: app.getVersion(),
    }),
    startFiles: () => opener.open(takeStartFiles()),
  };
}
