/** Files that can be made again, kept in one folder under a bound: the longest unused go first. */
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Half-made files, perhaps of another process, are hidden by their name and no members of the cache. */
const PARTIAL = '.';
/** A half-made file this old was left by a process that was killed. */
const ABANDONED_MS = 24 * 3600 * 1000;

interface Member {
  path: string;
  bytes: number;
  usedMs: number;
}

export class FileCache {
  readonly folder: string;
  readonly #limit: number;

  /** `limit`: bytes that all files together may take. */
  constructor(folder: string, limit: number) {
    this.folder = folder;
    this.#limit = limit;
  }

  /** Path for a name; the file may not be there. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** The file when it is there, marked as used now; null otherwise. */
  async find(name: string): Promise<string | null> {
    const path = this.path(name);
    const facts = await stat(path).catch(() => null);
    if (!facts?.isFile() || facts.size === 0) return null;
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return path;
  }

  /** Makes the folder, then room: the longest unused files go until the rest takes at most the limit. `keep` stays. */
  async trim(keep: readonly string[] = []): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const members = (await this.#members()).sort((a, b) => b.usedMs - a.usedMs);
    let total = members.reduce((sum, member) => sum + member.bytes, 0);
    while (total > this.#limit) {
      const index = members.findLastIndex((member) => !keep.includes(member.path));
      const [oldest] = index < 0 ? [] : members.splice(index, 1);
      if (!oldest) return;
      await rm(oldest.path, { force: true });
      total -= oldest.bytes;
    }
  }

  async #members(): Promise<Member[]> {
    const members: Member[] = [];
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const facts = await stat(path).catch(() => null);
      if (!facts?.isFile()) continue;
      const isPartial = name.startsWith(PARTIAL);
      if (isPartial && Date.now() - facts.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
      else if (!isPartial) members.push({ path, bytes: facts.size, usedMs: facts.mtimeMs });
    }
    return members;
  }
}
