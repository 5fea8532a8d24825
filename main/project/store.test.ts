import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_EDIT, type Clip, type EditCommand } from '../../shared/edit.ts';
import { effectOf } from '../../shared/style/effect.ts';
import { STYLE_VECTOR_LENGTH, type ClipEffect } from '../../shared/style/types.ts';
import { someCue, someTrack } from '../../shared/captions/testTracks.ts';
import { advance, canRedo, canUndo, startHistory } from '../../shared/editHistory.ts';
import type { Media } from '../../shared/media.ts';
import { flicks } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { parseJournal } from './journal.ts';
import { openProjectStore, type ProjectStore } from './store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rushes-project-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const open = (path: string): Promise<Media> => probeMedia(path);
const store = (): Promise<ProjectStore> => openProjectStore(join(folder, 'data'), open);
const journalPath = (): string => join(folder, 'data/project/current.journal');
const snapshotPath = (): string => join(folder, 'data/project/current.rushes');
const clip = (id: string, media = 'a'.repeat(32)): Clip => ({ id, media, start: flicks(0), end: flicks(100), name: id });
const insert = (id: string): EditCommand => ({ type: 'clips.insert', at: 99, clips: [clip(id)] });
const idsOf = (edit: { clips: readonly Clip[] }): string[] => edit.clips.map(({ id }) => id);

/** A clip that looks like a picture, half of it at first, with a colour behind the people. */
const PICTURE = { id: 'c'.repeat(32), name: 'starry.jpg', vector: Array.from({ length: STYLE_VECTOR_LENGTH }, (_, i) => Math.fround(i / 7)), thumbnail: 'AA==' };
const EFFECT: ClipEffect = { ...effectOf({ id: 'picture', picture: PICTURE.id }, flicks(0)), strength: [{ at: flicks(0), value: 0.5 }, { at: flicks(90), value: 1 }], background: { mode: 'colour', colour: '#102030' } };
const dress: EditCommand[] = [{ type: 'stylePictures.add', picture: PICTURE }, { type: 'clip.effect', id: 'a', effect: EFFECT }];

describe('effects of clips', () => {
  it('are there after a crash, after undo and redo, and in the saved file', async () => {
    const first = await store();
    await first.append([insert('a'), ...dress]);
    const crashed = await store();
    expect((await crashed.load()).edit).toMatchObject({ clips: [{ id: 'a', effect: EFFECT }], stylePictures: { [PICTURE.id]: PICTURE } });
    // What was undone is no part of what a crash leaves: the history goes on from what was recovered.
    await crashed.append([{ type: 'clip.effect', id: 'a', effect: { ...EFFECT, label: true } }, { type: 'undo' }]);
    expect((await (await store()).load()).edit.clips).toEqual([{ ...clip('a'), effect: EFFECT }]);
    await crashed.append([{ type: 'redo' }]);
    await crashed.saveTo(join(folder, 'dressed.rushes'), { overwrite: false });
    const opened = await (await openProjectStore(join(folder, 'elsewhere'), open)).openFrom(join(folder, 'dressed.rushes'));
    expect(opened.edit.clips).toEqual([{ ...clip('a'), effect: { ...EFFECT, label: true } }]);
    expect(opened.edit.stylePictures).toEqual({ [PICTURE.id]: PICTURE });
  });

  it('are absent from projects that were written before there were any', async () => {
    const { stylePictures: _none, ...edit } = { ...EMPTY_EDIT, clips: [clip('a')] };
    await writeFile(join(folder, 'old.rushes'), JSON.stringify({ rushes: 1, media: [], edit }));
    const opened = await (await store()).openFrom(join(folder, 'old.rushes'));
    expect(opened.edit).toEqual({ ...EMPTY_EDIT, clips: [clip('a')] });
  });

  it.each([
    ['a picture that is not in the file', { ...EFFECT }, {}],
    ['strength that goes back in time', { ...EFFECT, strength: [...EFFECT.strength].reverse() }, { [PICTURE.id]: PICTURE }],
    ['a style that nobody knows', { ...EFFECT, style: { id: 'mosaic' } }, {}],
  ])('with %s make a project a damaged one', async (_what, effect, stylePictures) => {
    await writeFile(join(folder, 'odd.rushes'), JSON.stringify({ rushes: 1, media: [], edit: { ...EMPTY_EDIT, clips: [{ ...clip('a'), effect }], stylePictures } }));
    await expect((await store()).openFrom(join(folder, 'odd.rushes'))).rejects.toMatchObject({ code: 'project_damaged' });
  });
});

describe('the journal', () => {
  it('brings everything back that was confirmed when the process died', async () => {
    const first = await store();
    await first.load();
    await first.append([insert('a'), insert('b')]);
    await first.append([{ type: 'clip.rename', id: 'a', name: 'Opening' }]);
    await first.append([{ type: 'undo' }]);
    const again = await (await store()).load();
    expect(idsOf(again.edit)).toEqual(['a', 'b']);
    expect(again.edit.clips[0]?.name).toBe('a');
    expect(again).toMatchObject({ recovered: true, damaged: null });
  });

  it('is not a recovery after an orderly end', async () => {
    const first = await store();
    await first.append([insert('a')]);
    await first.close();
    expect(await (await store()).load()).toMatchObject({ recovered: false, edit: { clips: [{ id: 'a' }] } });
  });

  it('leaves a torn last line out, and goes on behind it', async () => {
    await (await store()).append([insert('a')]);
    await writeFile(journalPath(), `${await readFile(journalPath(), 'utf8')}{"n":2,"kind":"edit","comm`);
    const second = await store();
    expect(idsOf((await second.load()).edit)).toEqual(['a']);
    await second.append([insert('b')]);
    expect(idsOf((await (await store()).load()).edit)).toEqual(['a', 'b']);
  });

  it('puts a journal that is damaged in the middle aside and keeps what came before', async () => {
    const first = await store();
    await first.append([insert('a')]);
    await first.append([insert('b')]);
    await first.append([insert('c')]);
    const lines = (await readFile(journalPath(), 'utf8')).split('\n');
    await writeFile(journalPath(), [lines[0], 'x'.repeat(40), ...lines.slice(2)].join('\n'));
    const loaded = await (await store()).load();
    expect(idsOf(loaded.edit)).toEqual(['a']);
    expect(await readFile(loaded.damaged ?? '', 'utf8')).toContain('"c"');
  });

  it('applies nothing twice when a crash came between snapshot and journal', async () => {
    const first = await store();
    await first.append([insert('a')]);
    await first.append([insert('b')]);
    const journal = await readFile(journalPath(), 'utf8');
    await first.close();
    await writeFile(journalPath(), journal);
    expect(idsOf((await (await store()).load()).edit)).toEqual(['a', 'b']);
  });

  it('refuses an impossible command and keeps none of its batch', async () => {
    const first = await store();
    await expect(first.append([insert('a'), { type: 'clip.move', id: 'zzz', to: 0 }])).rejects.toMatchObject({ problem: 'unknown_clip' });
    expect(idsOf((await (await store()).load()).edit)).toEqual([]);
  });

  it('a damaged snapshot is put aside; the project begins empty and says so', async () => {
    await (await store()).close();
    await mkdir(join(folder, 'data/project'), { recursive: true });
    await writeFile(snapshotPath(), '{"rushes":1,"media":[');
    const loaded = await (await store()).load();
    expect(loaded.edit).toEqual(EMPTY_EDIT);
    expect(await readFile(loaded.damaged ?? '', 'utf8')).toBe('{"rushes":1,"media":[');
  });

  it('any run of commands, undo and redo, over snapshots and crashes, ends where the window is', async () => {
    const steps = fc.array(fc.constantFrom('insert', 'undo', 'redo', 'crash', 'remove'), { minLength: 1, maxLength: 25 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (kinds) => {
        const data = join(folder, `run-${(run += 1)}`);
        let project = await openProjectStore(data, open);
        let history = startHistory((await project.load()).edit);
        for (const [i, kind] of kinds.entries()) {
          if (kind === 'crash') {
            project = await openProjectStore(data, open);
            const loaded = await project.load();
            expect(loaded.edit).toEqual(history.edit);
            history = startHistory(loaded.edit);
            continue;
          }
          const last = history.edit.clips.at(-1);
          const command: EditCommand | null =
            kind === 'undo' ? (canUndo(history) ? { type: 'undo' } : null)
            : kind === 'redo' ? (canRedo(history) ? { type: 'redo' } : null)
            : kind === 'remove' && last ? { type: 'clips.remove', ids: [last.id] } : insert(`c${i}`);
          if (!command) continue;
          await project.append([command]);
          history = advance(history, command);
        }
        expect((await (await openProjectStore(data, open)).load()).edit).toEqual(history.edit);
      }),
      { numRuns: 25 },
    );
  });

  it('compacts a long journal, and an undo that reaches behind it still counts', async () => {
    const first = await store();
    for (let i = 0; i < 26; i += 1) await first.append(Array.from({ length: 20 }, (_, j) => insert(`c${i}-${j}`)));
    expect(parseJournal(await readFile(journalPath(), 'utf8').catch(() => '')).entries.length).toBeLessThan(500);
    await first.append(Array.from({ length: 40 }, () => ({ type: 'undo' as const })));
    expect((await (await store()).load()).edit.clips).toHaveLength(480);
  });
});

describe('project files', () => {
  const saved = async (): Promise<{ project: string; media: Media }> => {
    await mkdir(join(folder, 'film/footage'), { recursive: true });
    await copyFile('e2e/media/bikes.mp4', join(folder, 'film/footage/bikes.mp4'));
    const media = await open(join(folder, 'film/footage/bikes.mp4'));
    const first = await store();
    await first.addMedia(media);
    await first.append([{ type: 'clips.insert', at: 0, clips: [clip('a', media.id)] }]);
    const project = join(folder, 'film/cut.rushes');
    await first.saveTo(project);
    return { project, media };
  };

  it('open again with their media, also when the whole folder moved', async () => {
    const { project, media } = await saved();
    expect(JSON.parse(await readFile(project, 'utf8'))).toMatchObject({ rushes: 1, media: [{ id: media.id, relative: 'footage/bikes.mp4' }] });
    await rename(join(folder, 'film'), join(folder, 'moved'));
    const loaded = await (await openProjectStore(join(folder, 'other'), open)).openFrom(join(folder, 'moved/cut.rushes'));
    expect(loaded.media.map(({ path }) => path)).toEqual([join(folder, 'moved/footage/bikes.mp4')]);
    expect(loaded).toMatchObject({ missing: [], recovered: false, edit: { clips: [{ id: 'a', media: media.id }] } });
  });

  it('find a renamed media by its content, and tell what is missing', async () => {
    const { project, media } = await saved();
    await rename(media.path, join(folder, 'film/renamed.mp4'));
    const data = await openProjectStore(join(folder, 'other'), open);
    expect((await data.openFrom(project)).media.map(({ path }) => path)).toEqual([join(folder, 'film/renamed.mp4')]);
    await rm(join(folder, 'film/renamed.mp4'));
    await copyFile('e2e/media/fades.mp4', media.path);
    const loaded = await data.openFrom(project);
    expect(loaded.media).toEqual([]);
    expect(loaded.missing).toMatchObject([{ id: media.id, name: 'bikes.mp4' }]);
    expect(idsOf(loaded.edit)).toEqual(['a']);
  });

  it('that are damaged or from a later version are refused and left alone; the current project stays', async () => {
    const data = await store();
    await data.append([insert('mine')]);
    const bad: [string, string][] = [
      ['{"rushes":1,"media":[],"edit":{"clips":[', 'project_damaged'],
      ['hello', 'project_damaged'],
      ['{"rushes":1,"media":[],"edit":{"clips":[{"id":"a"}]}}', 'project_damaged'],
      [JSON.stringify({ rushes: 1, media: [], edit: { clips: [clip('a'), clip('a')] } }), 'project_damaged'],
      ['{"rushes":99}', 'project_newer'],
    ];
    for (const [text, code] of bad) {
      await writeFile(join(folder, 'bad.rushes'), text);
      await expect(data.openFrom(join(folder, 'bad.rushes'))).rejects.toMatchObject({ code });
      expect(await readFile(join(folder, 'bad.rushes'), 'utf8')).toBe(text);
    }
    await expect(data.openFrom(join(folder, 'none.rushes'))).rejects.toMatchObject({ code: 'file_missing' });
    await expect(data.openFrom(folder)).rejects.toMatchObject({ code: 'file_is_folder' });
    expect(idsOf((await data.load()).edit)).toEqual(['mine']);
  });

  it('are not written over what exists or over a media', async () => {
    const { project, media } = await saved();
    const data = await store();
    await data.load();
    await expect(data.saveTo(project)).rejects.toMatchObject({ code: 'target_exists' });
    await data.saveTo(project, { overwrite: true });
    await expect(data.saveTo(media.path, { overwrite: true })).rejects.toMatchObject({ code: 'target_is_input' });
    expect((await readdir(join(folder, 'film'))).sort()).toEqual(['cut.rushes', 'footage']);
  });

  it('written before there were captions are read, and captions are kept', async () => {
    const path = join(folder, 'old.rushes');
    await writeFile(path, JSON.stringify({ rushes: 1, media: [], edit: { clips: [clip('a')] } }));
    const data = await store();
    expect((await data.openFrom(path)).edit).toEqual({ ...EMPTY_EDIT, clips: [clip('a')] });
    const track = someTrack('t', 'a'.repeat(32), [someCue('x', 0, 10)]);
    const stream: EditCommand = { type: 'captions.stream', track: 't', cues: [someCue('y', 20, 30)], speakers: null, language: 'zh', until: flicks(30) };
    await data.append([{ type: 'captions.add', track }]);
    await data.append([stream, { type: 'cues.replace', track: 't', remove: ['x'], insert: [] }]);
    // The session does not end: what follows is read from the journal.
    const crashed = await (await store()).load();
    expect(crashed.recovered).toBe(true);
    expect(crashed.edit.captions).toEqual([{ ...track, cues: [someCue('y', 20, 30)], language: 'zh', streamedUntil: 30 }]);
    await data.saveTo(path, { overwrite: true });
    expect((await data.openFrom(path)).edit.captions).toEqual(crashed.edit.captions);
  });

  it('a new project is empty and does not come back', async () => {
    const data = await store();
    await data.append([insert('a')]);
    await data.begin();
    expect((await (await store()).load()).edit).toEqual(EMPTY_EDIT);
  });

  it('a full disk refuses the change and keeps what was confirmed', async () => {
    const small = join(folder, 'small');
    await mkdir(small);
    const run = promisify(execFile);
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', small]).then(() => true, () => false);
    if (!mounted) return;
    try {
      const data = await openProjectStore(small, open);
      await data.append([insert('a')]);
      await writeFile(join(small, 'filler'), Buffer.alloc(200_000)).catch(() => undefined);
      const long = Array.from({ length: 100 }, (_, i): EditCommand => ({ type: 'clip.rename', id: 'a', name: `${i}${'n'.repeat(150)}` }));
      await expect(data.append(long)).rejects.toMatchObject({ code: 'disk_full' });
      await rm(join(small, 'filler'));
      expect((await (await openProjectStore(small, open)).load()).edit.clips).toMatchObject([{ id: 'a', name: 'a' }]);
    } finally {
      await run('umount', [small]);
    }
  });
});
