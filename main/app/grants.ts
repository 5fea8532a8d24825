/**
 * Places that the person (or the remembered export folder) chose to write to. The window holds only the token;
 * the engine is told the path behind it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Target, TARGET_KINDS } from '../../shared/ipc/app.ts';

export type TargetKind = (typeof TARGET_KINDS)[number];
export interface Grant {
  grant: string;
  path: string;
  /** True only when a dialog asked the person and they agreed to replace the file. */
  overwrite: boolean;
}

export class Grants {
  readonly #all = new Map<string, Grant>();

  make(path: string, overwrite: boolean): Grant {
    const grant: Grant = { grant: randomBytes(16).toString('hex'), path, overwrite };
    this.#all.set(grant.grant, grant);
    return grant;
  }

  get(token: string): Grant | undefined {
    return this.#all.get(token);
  }

  all(): Iterable<Grant> {
    return this.#all.values();
  }
}

export const toTarget = ({ grant, path }: Grant): Target => ({ grant, path });

export function isFolderKind(kind: TargetKind): boolean {
  return kind === 'clips' || kind === 'keyframes';
}

const LONGEST_NAME = 120;
/** Device names that Windows keeps for itself, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** A file name that every system takes: no separators, no control characters, no trailing dots, not too long. */
export function safeName(name: string): string {
  const plain = name
    .replace(/[/\\:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_NAME)
    .replace(/^[. ]+|[. ]+$/g, '');
  return plain === '' || RESERVED.test(plain) ? `Rushes ${plain}`.trim() : plain;
}

/** `folder/name.extension`, or with " 2", " 3"… when that is taken. `extension` without its dot; empty for a folder. */
export function freePath(folder: string, name: string, extension: string, exists: (path: string) => boolean = existsSync): string {
  const base = safeName(name);
  const tail = extension === '' ? '' : `.${extension.replace(/[^A-Za-z0-9]/g, '')}`;
  for (let number = 1; ; number += 1) {
    const path = join(folder, `${base}${number === 1 ? '' : ` ${number}`}${tail}`);
    if (!exists(path)) return path;
  }
}
