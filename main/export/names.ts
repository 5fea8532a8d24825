/** Names of exported files. */
import { access } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';

/** {media}: the source's name without extension; {clip}: the clip's name; {n}: its number. */
export const DEFAULT_PATTERN = '{media}-{n}';

const LONGEST_STEM = 120;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** A name that every file system takes: no separators, control characters, leading dots or trailing dots and spaces. */
export function safeName(text: string): string {
  const cleaned = text
    .normalize('NFC')
    .replace(/[<>:"/\\|?*]|\p{Cc}/gu, '_')
    .replace(/^[.\s]+/, '')
    .slice(0, LONGEST_STEM)
    .replace(/[.\s]+$/, '');
  return cleaned === '' || RESERVED.test(cleaned) ? `_${cleaned}` : cleaned;
}

/** A failure as of the file the person asked for (`path`), not of the temporary one. Anything but an ExpectedError stays what it is. */
export function namedAfter(error: unknown, temporary: string, path: string): unknown {
  if (!(error instanceof ExpectedError)) return error;
  const replaced = Object.entries(error.params).map(([key, value]) => [key, value === temporary || value === basename(temporary) ? basename(path) : value] as const);
  return new ExpectedError(error.code, { folder: dirname(path), ...Object.fromEntries(replaced) }, { cause: error.cause });
}

export function stemOf(path: string): string {
  return basename(path, extname(path));
}

/** Fills a pattern in. Numbers have as many digits as `count` needs. */
export function fillPattern(pattern: string, values: { media: string; clip: string; number: number; count: number }): string {
  const digits = String(values.count).length;
  const filled = pattern.replace(/\{(media|clip|n)\}/g, (_whole, key: string) => {
    if (key === 'n') return String(values.number).padStart(digits, '0');
    return key === 'media' ? stemOf(values.media) : values.clip || stemOf(values.media);
  });
  return safeName(filled);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A path in `folder` that is not taken: `stem.extension`, else `stem (2).extension` and so on. `taken` are names given out already. */
export async function freePath(folder: string, stem: string, extension: string, taken: ReadonlySet<string> = new Set()): Promise<string> {
  for (let number = 1; ; number += 1) {
    const path = join(folder, `${stem}${number === 1 ? '' : ` (${number})`}.${extension}`);
    if (!taken.has(path) && !(await exists(path))) return path;
  }
}
