/** Where an export goes: the remembered folder with a free name, or a place that the person picks in a dialog. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dialog, type BrowserWindow } from 'electron';
import { m } from '../../shared/i18n/index.ts';
import type { AppArgs } from '../../shared/ipc/app.ts';
import { freePath, isFolderKind, safeName, type Grant, type Grants, type TargetKind } from './grants.ts';
import { PROJECT_EXTENSION } from './opener.ts';
import type { SettingsKeeper } from './settings.ts';

/** Null when the person closed the dialog. Every chosen folder is remembered, except a project's. */
export async function chooseTarget(args: AppArgs<'target'>, window: BrowserWindow, settings: SettingsKeeper, grants: Grants): Promise<Grant | null> {
  const extension = args.kind === 'project' ? PROJECT_EXTENSION : args.extension;
  const folder = settings.exportFolder();
  if (!args.ask) return grants.make(freePath(folder, args.name, isFolderKind(args.kind) ? '' : extension), false);
  if (isFolderKind(args.kind)) {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: m.app_dialog_choose_folder(),
      defaultPath: folder,
      properties: ['openDirectory', 'createDirectory'],
    });
    const [chosen] = filePaths;
    if (canceled || chosen === undefined) return null;
    settings.set({ exportFolder: chosen });
    return grants.make(freePath(chosen, args.name, ''), false);
  }
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: saveTitle(args.kind),
    defaultPath: join(folder, `${safeName(args.name)}.${extension}`),
    filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  if (canceled || filePath === '') return null;
  if (args.kind !== 'project') settings.set({ exportFolder: dirname(filePath) });
  // The dialog asked before it returned the name of a file that exists.
  return grants.make(filePath, existsSync(filePath));
}

function saveTitle(kind: TargetKind): string {
  switch (kind) {
    case 'project':
      return m.app_dialog_save_project();
    case 'sheet':
      return m.app_dialog_save_sheet();
    case 'csv':
    case 'json':
      return m.app_dialog_save_table();
    case 'captions':
      return m.app_dialog_save_captions();
    case 'text':
      return m.app_dialog_save_text();
    case 'chapters':
      return m.app_dialog_save_chapters();
    case 'clip':
    case 'clips':
    case 'keyframes':
      return m.app_dialog_save_clip();
  }
}
