/** The identity of a file's content, independent of its name and place, read in constant time. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import type { MediaId } from '../../shared/media.ts';

const BLOCK_BYTES = 256 * 1024;

export interface FileFacts {
  bytes: number;
  modifiedMs: number;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function fileError(error: unknown, name: string): unknown {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new ExpectedError('file_missing', { name });
    case 'EISDIR':
      return new ExpectedError('file_is_folder', { name });
    case 'EACCES':
    case 'EPERM':
    case 'EIO':
    case 'EBUSY':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new ExpectedError('file_unreadable', { name });
    default:
      return error;
  }
}

/**
 * Checks that `path` is a file that can hold media, without opening it: opening a fifo would wait for its writer, and
 * reading a device may never end. Throws ExpectedError file_missing, file_is_folder, file_not_regular, file_empty, file_unreadable.
 */
export async function checkFile(path: string): Promise<FileFacts> {
  const name = basename(path);
  const facts = await stat(path).catch((error: unknown) => {
    throw fileError(error, name);
  });
  if (facts.isDirectory()) throw new ExpectedError('file_is_folder', { name });
  if (!facts.isFile()) throw new ExpectedError('file_not_regular', { name });
  if (facts.size === 0) throw new ExpectedError('file_empty', { name });
  return { bytes: facts.size, modifiedMs: facts.mtimeMs };
}

/** Opens a checked file for reading. O_NONBLOCK: it may have been replaced by a fifo since. Throws as `checkFile`. */
export async function openChecked(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw fileError(error, basename(path));
  });
}

/** Reads up to `length` bytes at `position`; fewer at the end. Throws as `checkFile`. */
export async function readBlock(file: FileHandle, position: number, length: number, name: string): Promise<Buffer> {
  const block = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(block, filled, length - filled, position + filled).catch((error: unknown) => {
      throw fileError(error, name);
    });
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return block.subarray(0, filled);
}

/**
 * First 32 hex digits of SHA-256 over the size (8 bytes, little endian) and three blocks of 256 KiB: head, middle and
 * tail. Renaming, moving or touching the file does not change it. Two files of the same size that differ only
 * elsewhere share it: recordings do not, as their index, at one end, holds the size of every frame.
 * Throws as `checkFile`.
 */
export async function fingerprint(path: string): Promise<MediaId> {
  const { bytes } = await checkFile(path);
  const file = await openChecked(path);
  try {
    const hash = createHash('sha256');
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(bytes));
    hash.update(size);
    const last = Math.max(0, bytes - BLOCK_BYTES);
    for (const position of [0, Math.floor(last / 2), last]) {
      hash.update(await readBlock(file, position, BLOCK_BYTES, basename(path)));
    }
    return hash.digest('hex').slice(0, 32);
  } finally {
    await file.close();
  }
}
