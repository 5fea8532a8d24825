import { execFileSync } from 'node:child_process';
import { link, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExpectedError, isCancelled } from '../../shared/errors.ts';
import type { Media } from '../../shared/media.ts';
import { runningChildren } from '../media/process.ts';
import { at, exportAll, fileHash, frame, makeClip, names, rangeOf, testFolder } from './testMedia.ts';
import { prepareExport } from './prepare.ts';
import { runExport } from './run.ts';
import { writeSafely } from '../media/safeFile.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let clip: Media;
let hash: string;
beforeAll(async () => {
  folder = await testFolder('refuse');
  clip = await makeClip(join(folder.path, 'source.mp4'), { seconds: 4 });
  hash = await fileHash(clip.path);
});
afterAll(async () => {
  expect(await fileHash(clip.path)).toBe(hash);
  expect((await names(folder.path)).filter((name) => name.includes('partial'))).toEqual([]);
  await folder.remove();
});
const file = (name: string): string => join(folder.path, name);

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => {
      if (error instanceof ExpectedError) return error.code;
      throw error;
    },
  );
const cut = async (target: string, overwrite = false, mode: 'copy' | 'exact' = 'copy'): Promise<unknown> =>
  exportAll([clip], [rangeOf(clip, at(0), at(2))], { join: false, mode }, { file: target }, { overwrite });

describe('refused targets', () => {
  it('the input itself, by its name, a symbolic link and a hard link, even when asked to overwrite', async () => {
    await symlink(clip.path, file('symbolic.mp4'));
    await link(clip.path, file('hard.mp4'));
    for (const target of [clip.path, file('symbolic.mp4'), file('hard.mp4'), join(folder.path, '..', folder.path.split('/').at(-1) ?? '', 'source.mp4')]) {
      expect(await codeOf(cut(target, true))).toBe('target_is_input');
    }
  });

  it('an existing file, unless asked for', async () => {
    await writeFile(file('taken.mp4'), 'mine');
    expect(await codeOf(cut(file('taken.mp4')))).toBe('target_exists');
    expect(await readFile(file('taken.mp4'), 'utf8')).toBe('mine');
    await cut(file('taken.mp4'), true);
    expect((await stat(file('taken.mp4'))).size).toBeGreaterThan(1000);
  });

  it('a folder that is missing, a file for a folder, a folder for a file, a folder that can’t be written', async () => {
    expect(await codeOf(cut(file('nowhere/cut.mp4')))).toBe('target_folder_missing');
    expect(await codeOf(cut(join(clip.path, 'cut.mp4')))).toBe('target_folder_missing');
    await mkdir(file('folder.mp4'));
    expect(await codeOf(cut(file('folder.mp4'), true))).toBe('target_not_writable');
    expect(['target_not_writable', 'target_folder_missing']).toContain(await codeOf(cut('/proc/cut.mp4')));
  });

  it('ranges: none, turned round, outside', async () => {
    const plan = async (start: number, end: number): Promise<unknown> => exportAll([clip], [rangeOf(clip, at(start), at(end))], { join: false, mode: 'auto' }, { file: file('never.mp4') });
    expect(await codeOf(exportAll([clip], [], { join: false, mode: 'auto' }, { file: file('never.mp4') }))).toBe('nothing_selected');
    expect(await codeOf(plan(2, 1))).toBe('range_invalid');
    expect(await codeOf(plan(1, 1))).toBe('range_invalid');
    expect(await codeOf(plan(9, 10))).toBe('range_outside');
    expect(await codeOf(plan(1, 10))).toBe('range_outside');
    expect(await names(folder.path)).not.toContain('never.mp4');
  });

  it('a source that is gone or was changed', async () => {
    const other = await makeClip(file('other.mp4'), { seconds: 1 });
    const plan = await prepareExport([rangeOf(other, at(0), at(0.5))], { join: false, mode: 'copy' }, () => other);
    await writeFile(other.path, Buffer.concat([await readFile(other.path), Buffer.from('x')]));
    expect(await codeOf(runExport(plan, { file: file('changed.mp4') }, { overwrite: false }).next())).toBe('file_changed');
  });
});

describe('failure in the middle', () => {
  it('cancel ends the run and leaves nothing', async () => {
    const long = await makeClip(file('long.mp4'), { seconds: 12, size: '640x360' });
    const plan = await prepareExport([rangeOf(long, frame(5), frame(350))], { join: false, mode: 'exact' }, () => long);
    const controller = new AbortController();
    const before = await names(folder.path);
    const run = (async () => {
      for await (const event of runExport(plan, { file: file('cancelled.mp4') }, { overwrite: false, signal: controller.signal })) {
        if (event.type === 'progress' && event.done > 0) controller.abort();
      }
    })();
    await expect(run).rejects.toSatisfy(isCancelled);
    expect(await names(folder.path)).toEqual(before);
    expect(runningChildren()).toEqual([]);
  });

  it('a consumer that walks away leaves nothing either', async () => {
    const plan = await prepareExport([rangeOf(clip, frame(5), frame(100))], { join: true, mode: 'exact' }, () => clip);
    const before = await names(folder.path);
    for await (const event of runExport(plan, { file: file('left.mp4') }, { overwrite: false })) {
      if (event.type === 'progress') break;
    }
    expect(await names(folder.path)).toEqual(before);
  });

  it('a full disk is said, and nothing half is left', async () => {
    const small = file('small');
    await mkdir(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      // Mounting needs rights that not every machine gives: /dev/full answers every write so.
      expect(await codeOf(writeSafely({ path: '/dev/full', overwrite: true, inputs: [] }, 'x'))).toBe('target_not_writable');
      return;
    }
    try {
      for (const mode of ['copy', 'exact'] as const) {
        expect(await codeOf(cut(join(small, 'cut.mp4'), false, mode))).toBe('disk_full');
        expect(await names(small)).toEqual([]);
      }
      expect(await codeOf(writeSafely({ path: join(small, 'table.csv'), overwrite: false, inputs: [] }, 'x'.repeat(200_000)))).toBe('disk_full');
      expect(await names(small)).toEqual([]);
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

describe('separate files', () => {
  it('get numbers from a pattern and never replace a file', async () => {
    const out = file('out');
    await mkdir(out);
    await writeFile(join(out, 'source-2.mp4'), 'mine');
    const ranges = [0, 1, 2].map((start) => rangeOf(clip, at(start), at(start + 0.5), `Shot ${start}/a`));
    const { files } = await exportAll([clip], ranges, { join: false, mode: 'exact' }, { folder: out }, { overwrite: true });
    expect(files.map((path) => path.slice(out.length + 1))).toEqual(['source-1.mp4', 'source-2 (2).mp4', 'source-3.mp4']);
    expect(await readFile(join(out, 'source-2.mp4'), 'utf8')).toBe('mine');
    const named = await exportAll([clip], ranges.slice(0, 1), { join: false, mode: 'copy' }, { folder: out, pattern: '{clip}' });
    expect(named.files).toEqual([join(out, 'Shot 0_a.mp4')]);
  });
});
