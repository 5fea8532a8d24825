import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeMedia } from '../media/probe.ts';
import { FileCache } from './cache.ts';
import { openLog } from './log.ts';
import { MediaTable } from './mediaTable.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('open media', () => {
  it('notices when its file is touched, moved, or replaced by another', async () => {
    const path = join(folder, 'bikes.mp4');
    await copyFile('e2e/media/bikes.mp4', path);
    const table = new MediaTable();
    const media = await probeMedia(path);
    expect(() => table.known(media.id)).toThrow(expect.objectContaining({ code: 'not_granted' }));
    table.add(media);
    expect(await table.checked(media.id)).toEqual(media);
    utimesSync(path, new Date(0), new Date(0));
    expect(await table.checked(media.id)).toEqual({ ...media, modifiedMs: 0 });
    renameSync(path, join(folder, 'moved.mp4'));
    await expect(table.checked(media.id)).rejects.toMatchObject({ code: 'file_missing', params: { name: 'bikes.mp4' } });
    const other = Buffer.alloc(media.bytes, 7);
    writeFileSync(path, other);
    await expect(table.checked(media.id)).rejects.toMatchObject({ code: 'file_changed' });
    table.add(await probeMedia(join(folder, 'moved.mp4')));
    expect((await table.checked(media.id)).name).toBe('moved.mp4');
  });
});

describe('the file cache', () => {
  it('drops the longest unused beyond its bound, but not what is in use nor what is half made', async () => {
    const cache = new FileCache(join(folder, 'cache'), 250);
    await cache.trim();
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
      writeFileSync(cache.path(name), Buffer.alloc(100));
      utimesSync(cache.path(name), index + 1, index + 1);
    }
    writeFileSync(cache.path('.e.mp4'), Buffer.alloc(900));
    expect(await cache.find('a')).toBe(cache.path('a'));
    expect(await cache.find('x')).toBeNull();
    await cache.trim([cache.path('b')]);
    expect(readdirSync(cache.folder).sort()).toEqual(['.e.mp4', 'a', 'b']);
    utimesSync(cache.path('.e.mp4'), 1, 1);
    await cache.trim();
    expect(readdirSync(cache.folder).sort()).toEqual(['a', 'b']);
  });
});

describe('the log', () => {
  it('is JSON lines with the reason of a failure, and never outgrows its bound', () => {
    const log = openLog(folder, 'engine', 2000);
    log.error({ err: new TypeError('why', { cause: new Error('the cause') }) }, 'failed');
    const path = join(folder, 'logs', 'engine.log');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ msg: 'failed', err: { type: 'TypeError' }, pid: process.pid });
    for (let line = 0; line < 500; line += 1) log.info({ line }, 'a line');
    const size = statSync(path).size + statSync(`${path}.1`).size;
    expect(size).toBeLessThan(5000);
    expect(readFileSync(path, 'utf8')).toContain('"line":499');
  });

  it('does not stop the work where it cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openLog(join(folder, 'file'), 'engine').info('nothing')).not.toThrow();
  });
});
