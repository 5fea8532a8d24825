/**
 * Writing without harm: every output goes to a temporary file in the target's own folder, is checked, forced to disk and
 * renamed. An input is never a target, and an existing file only when the person said so.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, realpath, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';

export interface SafeTarget {
  path: string;
  overwrite: boolean;
  /** Files that are read for this output: none of them may be the target, by whatever name. */
  inputs: readonly string[];
}

export interface SafeFile {
  /** Write here. Exists, is empty, has the target's extension. */
  readonly path: string;
  /** A folder beside it for pieces; made when asked for, removed with the file. */
  workFolder(): Promise<string>;
  /** Forces the file to disk and gives it its name; returns its size in bytes. */
  commit(): Promise<number>;
  /** Removes what is left. Does nothing after `commit`, beside removing the pieces. */
  discard(): Promise<void>;
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** An ExpectedError for a failed write to `path`; other errors are returned as they are. */
export function writeFailure(error: unknown, path: string): unknown {
  const params = { name: basename(path), folder: dirname(path) };
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new ExpectedError('disk_full', params, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EISDIR':
    case 'EIO':
    case 'ENAMETOOLONG':
    case 'EINVAL':
      return new ExpectedError('target_not_writable', params, { cause: error });
    case 'ENOENT':
    case 'ENOTDIR':
      return new ExpectedError('target_folder_missing', params, { cause: error });
    case 'EEXIST':
      return new ExpectedError('target_exists', params, { cause: error });
    default:
      return error;
  }
}

async function identity(path: string): Promise<{ real: string; node: string } | null> {
  try {
    const real = await realpath(path);
    const facts = await stat(real, { bigint: true });
    return { real, node: `${facts.dev}:${facts.ino}` };
  } catch {
    return null;
  }
}

/**
 * Refuses a target before anything is started. Throws ExpectedError: target_folder_missing, target_is_input (also through symbolic
 * and hard links), target_exists, target_not_writable (a folder has that name).
 */
export async function checkTarget(target: SafeTarget): Promise<void> {
  const path = resolve(target.path);
  const params = { name: basename(path), folder: dirname(path) };
  const folder = await stat(dirname(path)).catch((error: unknown) => {
    throw writeFailure(error, path);
  });
  if (!folder.isDirectory()) throw new ExpectedError('target_folder_missing', params);
  const existing = await identity(path);
  for (const input of target.inputs) {
    const source = await identity(input);
    const same = existing && source && (existing.real === source.real || (existing.node === source.node && !existing.node.endsWith(':0')));
    if (same || resolve(input) === path) throw new ExpectedError('target_is_input', params);
  }
  const facts = await stat(path).catch(() => null);
  if (facts && !facts.isFile()) throw new ExpectedError('target_not_writable', params);
  if (facts && !target.overwrite) throw new ExpectedError('target_exists', params);
}

/** In the name of every temporary file: the process that writes it, so that what a killed one left can be told from what is in use. */
const markOf = (pid: number): string => `partial-${pid}-`;

/** Of a folder's entries, the temporary files and pieces of a process. */
export function temporariesOf(pid: number, names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith('.') && name.includes(`.${markOf(pid)}`));
}

/** Checks the target and makes the temporary file. Throws as `checkTarget`, and target_not_writable or disk_full. */
export async function openSafeFile(target: SafeTarget): Promise<SafeFile> {
  await checkTarget(target);
  const path = resolve(target.path);
  const extension = extname(path);
  // The longest name most file systems take is 255 bytes.
  const stem = basename(path, extension).slice(0, 60);
  const temporary = join(dirname(path), `.${stem}.${markOf(process.pid)}${randomBytes(4).toString('hex')}${extension}`);
  const pieces = `${temporary}.parts`;
  try {
    await (await open(temporary, 'wx')).close();
  } catch (error) {
    throw writeFailure(error, path);
  }
  let committed = false;
  return {
    path: temporary,
    async workFolder() {
      await mkdir(pieces, { recursive: true }).catch((error: unknown) => {
        throw writeFailure(error, path);
      });
      return pieces;
    },
    async commit() {
      const bytes = await finish(temporary, path, target).catch((error: unknown) => {
        throw writeFailure(error, path);
      });
      committed = true;
      return bytes;
    },
    async discard() {
      await rm(pieces, { recursive: true, force: true });
      if (!committed) await rm(temporary, { force: true });
    },
  };
}

async function finish(temporary: string, path: string, target: SafeTarget): Promise<number> {
  const file = await open(temporary, 'r+');
  let bytes: number;
  try {
    await file.sync();
    bytes = (await file.stat()).size;
  } finally {
    await file.close();
  }
  // The world may have changed while the file was written.
  await checkTarget(target);
  if (target.overwrite) await rename(temporary, path);
  else await renameWithoutReplacing(temporary, path);
  await syncFolder(dirname(path));
  return bytes;
}

/** A hard link fails when the name is taken, where a rename would replace; file systems without links get the rename. */
async function renameWithoutReplacing(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EXDEV', 'EACCES'].includes(codeOf(error))) throw error;
    await rename(from, to);
    return;
  }
  await unlink(from);
}

/** Forces a rename to disk. Not every platform can open a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Writes `data` to the target by a temporary file. `check` looks at the temporary file before it gets its name. Returns its size. */
export async function writeSafely(target: SafeTarget, data: Uint8Array | string, check?: (path: string) => Promise<void>): Promise<number> {
  const output = await openSafeFile(target);
  try {
    const file = await open(output.path, 'r+');
    try {
      await file.writeFile(data);
    } finally {
      await file.close();
    }
    await check?.(output.path);
    return await output.commit();
  } catch (error) {
    throw writeFailure(error, target.path);
  } finally {
    await output.discard();
  }
}
