import { EMPTY_EDIT } from '../../shared/edit.ts';
import { m } from '../../shared/i18n/index.ts';
import type { AppState } from '../state/app.svelte.ts';
import type { Actions } from './registry.ts';

type FileCommand =
  | 'media.open'
  | 'media.close'
  | 'media.analyse'
  | 'media.analyse_fresh'
  | 'media.cancel_analysis'
  | 'project.new'
  | 'project.open'
  | 'project.save'
  | 'export.open';

export function fileActions(app: AppState): Actions<FileCommand> {
  const current = () => app.media.current;
  const mayAnalyse = (): boolean => {
    const entry = current();
    return entry?.media.video != null && entry.analysis.status !== 'running';
  };
  return {
    'media.open': { run: () => app.media.pick() },
    'media.close': {
      enabled: () => current() !== null,
      run: () => {
        const entry = current();
        if (entry) app.media.close(entry.media.id);
      },
    },
    'media.analyse': {
      enabled: () => mayAnalyse() && current()?.analysis.status !== 'done',
      run: () => {
        const entry = current();
        if (entry) app.media.analyse(entry, false);
      },
    },
    'media.analyse_fresh': {
      enabled: mayAnalyse,
      run: () => {
        const entry = current();
        if (entry) app.media.analyse(entry, true);
      },
    },
    'media.cancel_analysis': {
      enabled: () => current()?.analysis.status === 'running' || current()?.analysis.status === 'waiting',
      run: () => {
        const entry = current();
        if (entry) app.media.cancelAnalysis(entry);
      },
    },
    'project.new': { run: () => newProject(app) },
    'project.open': { run: () => openProject(app) },
    'project.save': { enabled: () => app.edit.clips.length > 0 || app.edit.captions.length > 0, run: () => saveProject(app) },
    'export.open': {
      enabled: () => current() !== null || app.edit.clips.length > 0,
      run: () => {
        app.exporter.source = app.edit.clips.length > 0 ? 'clips' : app.shots.picked.size === 0 && app.captions.tracks.length > 0 ? 'file' : 'shots';
        app.shell.right = 'export';
      },
    },
  };
}

async function newProject(app: AppState): Promise<void> {
  await app.edit.flushed();
  await app.engine.call('projectNew', {});
  app.edit.load(EMPTY_EDIT);
  app.edit.projectName = null;
}

async function openProject(app: AppState): Promise<void> {
  await app.edit.flushed();
  const { name, error } = await app.bridge.invoke('openProject', {});
  if (error) app.toasts.wire(error);
  if (name !== null) await app.loadProject(name);
}

async function saveProject(app: AppState): Promise<void> {
  const name = app.edit.projectName ?? app.media.current?.media.name.replace(/\.[^.]+$/, '') ?? m.panels_project_untitled();
  const target = await app.bridge.invoke('target', { kind: 'project', media: null, name, extension: 'rushes', ask: true });
  if (!target) return;
  await app.edit.flushed();
  await app.engine.call('projectSave', { grant: target.grant });
  const file = target.path.split(/[/\\]/).at(-1) ?? target.path;
  app.edit.projectName = file.replace(/\.rushes$/, '');
  app.toasts.show('done', m.panels_project_saved({ name: file }));
}
