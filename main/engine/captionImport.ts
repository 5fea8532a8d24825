/** Reads a subtitle file that the person chose. */
import { basename, extname } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import { readCaptions, trackFrom, type ReadOptions } from '../../shared/captions/formats/index.ts';
import type { FormatWarning, ReadCaptions } from '../../shared/captions/formats/types.ts';
import type { CaptionTrack } from '../../shared/captions/types.ts';
import type { MediaId } from '../../shared/media.ts';
import { checkFile, openChecked } from '../media/fingerprint.ts';

/** A three hours' film has some 200 KB of subtitles; with embedded fonts an ASS file has a few megabytes. */
const LARGEST_BYTES = 64 * 1024 * 1024;

const megabytes = (bytes: number): number => Math.ceil(bytes / (1024 * 1024));

/**
 * Throws ExpectedError: file_missing, file_is_folder, file_not_regular, file_empty, file_unreadable, captions_too_large, and as `readCaptions`.
 */
export async function readCaptionFile(path: string, options: Omit<ReadOptions, 'name'> = {}): Promise<ReadCaptions> {
  const name = basename(path);
  const { bytes } = await checkFile(path);
  if (bytes > LARGEST_BYTES) throw new ExpectedError('captions_too_large', { name, size: megabytes(bytes), limit: megabytes(LARGEST_BYTES) });
  const file = await openChecked(path);
  try {
    // Not more than was checked, should it grow meanwhile.
    const content = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(content, 0, bytes, 0);
    return readCaptions(content.subarray(0, bytesRead), { ...options, name });
  } finally {
    await file.close();
  }
}

/** The file as a track of a media, named after it. Throws as `readCaptionFile`. */
export async function readCaptionTrack(path: string, media: MediaId, id: string): Promise<{ track: CaptionTrack; warnings: FormatWarning[] }> {
  const read = await readCaptionFile(path);
  const name = basename(path, extname(path));
  return { track: trackFrom(read, { media, name, id, fileName: basename(path) }), warnings: read.warnings };
}
