/**
 * The current project: a snapshot and a journal in the data folder, so that a crash loses nothing that was confirmed. Saving as a
 * .rushes file writes the same form elsewhere.
 */
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EMPTY_EDIT, type Edit, type EditCommand } from '../../shared/edit.ts';
import { advance, startHistory, type EditHistory } from '../../shared/editHistory.ts';
import { ExpectedError } from '../../shared/errors.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import { writeFailure, writeSafely } from '../media/safeFile.ts';
import { appendJournal, readJournal, removeJournal, type JournalEntry } from './journal.ts';
import { formatProject, parseProject, placedAt, PROJECT_VERSION, referenceTo, type MediaReference, type Project } from './projectFile.ts';
import { findMedia, type OpenMedia } from './relink.ts';

/** Journal entries after which a new snapshot is written. */
const COMPACT_AFTER = 500;

export interface LoadedProject {
  edit: Edit;
  /** Found and opened, in the project's order. */
  media: Media[];
  /** Not found where they were nor beside the project. */
  missing: MediaReference[];
  /** The last session did not end in order: its journal was replayed. */
  recovered: boolean;
  /** Where a damaged snapshot or journal was put aside; null when all was sound. */
  damaged: string | null;
}

export interface ProjectStore {
  /** The current project. Undo starts anew from what is returned, in the window and here. */
  load(): Promise<LoadedProject>;
  /** Applies commands and forces them to disk. All or none: throws EditError for an impossible one, ExpectedError disk_full… */
  append(commands: readonly EditCommand[]): Promise<void>;
  /** Remembers an opened media as part of the project. */
  addMedia(media: Media): Promise<void>;
  /** Begins an empty project. */
  begin(): Promise<void>;
  /** Writes the project to a .rushes file. Throws as `writeSafely`. */
  saveTo(path: string, options?: { overwrite: boolean }): Promise<void>;
  /** Makes a .rushes file the current project. Throws file_missing, file_unreadable, project_damaged, project_newer; then nothing changes. */
  openFrom(path: string): Promise<LoadedProject>;
  /** Ends the session in order. */
  close(): Promise<void>;
}

interface Current {
  media: Map<MediaId, MediaReference>;
  /** What the window can undo. */
  history: EditHistory;
  /** What snapshot and journal can replay: begins at the snapshot. */
  onDisk: EditHistory;
  revision: number;
  entries: number;
}

/** Opens the store under `dataDir`. `open` opens a media file; it is called for every media of a project that is loaded. */
export async function openProjectStore(dataDir: string, open: OpenMedia): Promise<ProjectStore> {
  const folder = join(dataDir, 'project');
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(error, folder);
  });
  return new Store(folder, open);
}

class Store implements ProjectStore {
  private readonly snapshotPath: string;
  private readonly journalPath: string;
  private readonly openMedia: OpenMedia;
  private current: Current | null = null;
  private damaged: string | null = null;
  private recovered = false;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(folder: string, open: OpenMedia) {
    this.snapshotPath = join(folder, 'current.rushes');
    this.journalPath = join(folder, 'current.journal');
    this.openMedia = open;
  }

  load(): Promise<LoadedProject> {
    return this.inTurn(async () => {
      const current = await this.read();
      await this.compact(current);
      current.history = current.onDisk;
      const loaded = await this.resolve(current, null);
      this.recovered = false;
      this.damaged = null;
      return loaded;
    });
  }

  append(commands: readonly EditCommand[]): Promise<void> {
    return this.inTurn(async () => {
      const current = await this.read();
      const history = commands.reduce(advance, current.history);
      // After loading both are the same, and with many cues each step costs.
      const onDisk = current.onDisk === current.history ? history : replayed(current.onDisk, commands);
      if (onDisk === null || current.entries + commands.length > COMPACT_AFTER) {
        // An undo that reaches behind the snapshot can't be replayed from it: the result is written instead.
        await this.compact({ ...current, history });
        return;
      }
      await this.journal(current, commands.map((command) => ({ kind: 'edit', command })));
      Object.assign(current, { history, onDisk });
    });
  }

  addMedia(media: Media): Promise<void> {
    return this.inTurn(async () => {
      const current = await this.read();
      const reference = referenceTo(media);
      if (current.media.get(media.id)?.path === media.path) return;
      await this.journal(current, [{ kind: 'media', media: reference }]);
      current.media.set(media.id, reference);
    });
  }

  begin(): Promise<void> {
    return this.inTurn(async () => {
      const current = await this.read();
      await this.compact({ ...current, media: new Map(), history: startHistory(EMPTY_EDIT) });
    });
  }

  saveTo(path: string, options = { overwrite: false }): Promise<void> {
    return this.inTurn(async () => {
      const current = await this.read();
      const project = placedAt(path, projectOf(current));
      const inputs = project.media.map((reference) => reference.path);
      await writeSafely({ path, overwrite: options.overwrite, inputs }, formatProject(project), async (temporary) => {
        parseProject(await readFile(temporary, 'utf8'), basename(path));
      });
    });
  }

  openFrom(path: string): Promise<LoadedProject> {
    return this.inTurn(async () => {
      const project = parseProject(await readProject(path), basename(path));
      const previous = await this.read();
      const opened = startCurrent({ ...project, revision: previous.revision });
      const loaded = await this.resolve(opened, dirname(path));
      await this.compact(opened);
      return { ...loaded, recovered: false };
    });
  }

  close(): Promise<void> {
    return this.inTurn(async () => {
      if (this.current && this.current.entries > 0) await this.compact(this.current);
    });
  }

  /** One after another: each sees what the one before wrote. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async read(): Promise<Current> {
    this.current ??= await this.readFiles();
    return this.current;
  }

  private async readFiles(): Promise<Current> {
    const current = startCurrent(await this.readSnapshot());
    const { entries, damaged, clean } = await readJournal(this.journalPath);
    for (const entry of entries) {
      if (entry.n <= current.revision) continue;
      if (entry.kind === 'media') current.media.set(entry.media.id, entry.media);
      else {
        const history = replayed(current.history, [entry.command]);
        if (history === null) break;
        Object.assign(current, { history, onDisk: history });
        this.recovered = true;
      }
      current.revision = entry.n;
      current.entries += 1;
    }
    if (damaged) this.damaged = await putAside(this.journalPath);
    // What follows is written on a clean footing: no torn line stays at the journal's end.
    if (!clean) await this.compact(current);
    return current;
  }

  private async readSnapshot(): Promise<Project> {
    const text = await readFile(this.snapshotPath, 'utf8').catch(() => null);
    if (text === null) return emptyProject();
    try {
      return parseProject(text, basename(this.snapshotPath));
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      this.damaged = await putAside(this.snapshotPath);
      await putAside(this.journalPath);
      return emptyProject();
    }
  }

  private async journal(current: Current, changes: readonly ({ kind: 'edit'; command: EditCommand } | { kind: 'media'; media: MediaReference })[]): Promise<void> {
    const entries = changes.map((change, i): JournalEntry => ({ n: current.revision + 1 + i, ...change }));
    await appendJournal(this.journalPath, entries);
    current.revision += entries.length;
    current.entries += entries.length;
  }

  /**
   * Writes `next` as the snapshot and begins an empty journal. A crash between the two is harmless: entries that the snapshot
   * holds already have no higher number than its revision.
   */
  private async compact(next: Current): Promise<void> {
    const written = { ...next, revision: next.revision + 1, entries: 0, onDisk: startHistory(next.history.edit) };
    await writeSafely({ path: this.snapshotPath, overwrite: true, inputs: [] }, formatProject(projectOf(written)));
    await removeJournal(this.journalPath);
    this.current = Object.assign(this.current ?? next, written);
  }

  private async resolve(current: Current, folder: string | null): Promise<LoadedProject> {
    const media: Media[] = [];
    const missing: MediaReference[] = [];
    for (const reference of current.media.values()) {
      const found = await findMedia(reference, folder, this.openMedia);
      if (found) {
        media.push(found);
        current.media.set(found.id, referenceTo(found));
      } else missing.push(reference);
    }
    return { edit: current.history.edit, media, missing, recovered: this.recovered, damaged: this.damaged };
  }
}

function emptyProject(): Project {
  return { rushes: PROJECT_VERSION, media: [], edit: EMPTY_EDIT, revision: 0 };
}

function startCurrent(project: Project): Current {
  const history = startHistory(project.edit);
  return { media: new Map(project.media.map((reference) => [reference.id, reference])), history, onDisk: history, revision: project.revision, entries: 0 };
}

function projectOf(current: Current): Project {
  return { rushes: PROJECT_VERSION, media: [...current.media.values()], edit: current.history.edit, revision: current.revision };
}

/** The history after `commands`; null when one of them is impossible there. */
function replayed(history: EditHistory, commands: readonly EditCommand[]): EditHistory | null {
  try {
    return commands.reduce(advance, history);
  } catch (error) {
    if (error instanceof ExpectedError) return null;
    throw error;
  }
}

/** Gives a damaged file another name, so that nothing of it is lost. Null when there is none. */
async function putAside(path: string): Promise<string | null> {
  const aside = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  return rename(path, aside).then(
    () => aside,
    () => null,
  );
}

async function readProject(path: string): Promise<string> {
  const name = basename(path);
  const facts = await stat(path).catch(() => null);
  if (!facts) throw new ExpectedError('file_missing', { name });
  if (!facts.isFile()) throw new ExpectedError(facts.isDirectory() ? 'file_is_folder' : 'file_not_regular', { name });
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new ExpectedError('file_unreadable', { name }, { cause: error });
  });
}
