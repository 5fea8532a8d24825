import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundle, bundleFolder } from '../../e2e/bundle.ts';
import { ExpectedError } from '../../shared/errors.ts';
import type { AnalysisEvent } from '../../shared/events.ts';
import type { Media } from '../../shared/media.ts';
import { fromSeconds, ZERO } from '../../shared/time.ts';
import { dataFolder } from './folders.ts';
import { openLibrary } from './library.ts';
import type { Library, StageKey } from './types.ts';

const ID = '0123456789abcdef0123456789abcdef';
const KEY: StageKey = { media: ID, stage: 'shots', modelHash: 'm', params: '{}' };
const TERMS: Record<string, string[]> = {
  'imagenet/golden retriever': ['金毛寻回犬', 'dog', 'animal', '狗', '动物'],
  'imagenet/catamaran': ['双体船', 'boat', '船'],
  'coco/cat': ['猫', 'animal', '动物'],
  'coco/person': ['人'],
};

let folder: string;
let library: Library;
const open = (more: Partial<Parameters<typeof openLibrary>[0]> = {}): Library =>
  openLibrary({ folder, searchTerms: (source, label) => TERMS[`${source}/${label}`] ?? [], ...more });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-library-'));
  library = open();
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true, force: true });
});

const shot = (index: number): AnalysisEvent => ({
  type: 'shot',
  index,
  start: fromSeconds(index),
  end: fromSeconds(index + 1),
  startFrame: index * 25,
  endFrame: index * 25 + 25,
  transitionIn: index === 0 ? 'start' : 'cut',
  confidence: 0.9,
});
const tag = (index: number, source: 'imagenet' | 'coco', label: string, score: number): AnalysisEvent => ({
  type: 'tag',
  shot: index,
  label,
  score,
  source,
  detections: [],
});
const media = (id = ID, name = 'dog park.mp4'): Media => ({
  id,
  name,
  path: `/films/${name}`,
  bytes: 10,
  modifiedMs: 1,
  format: 'mp4',
  duration: fromSeconds(60),
  startTime: ZERO,
  streams: [],
  video: null,
  audio: null,
  playability: { how: 'direct' },
});

describe('stages', () => {
  it('keeps pieces in order with the last checkpoint, and survives reopening', () => {
    library.getStage(KEY);
    library.append(KEY, [shot(0), shot(1)], { frame: 50 });
    library.append(KEY, [shot(2)], { frame: 75 });
    library.close();
    library = open();
    expect(library.getStage(KEY)).toEqual({ complete: false, checkpoint: { frame: 75 }, events: [shot(0), shot(1), shot(2)] });
    library.completeStage(KEY);
    expect(library.getStage(KEY)?.complete).toBe(true);
    expect(library.getStage({ ...KEY, params: '{"x":1}' })).toBeNull();
    expect(library.latestEvents(ID, 'shots')).toHaveLength(3);
  });

  it('shows the run written last, keeps the former ones for a while, and forgets a cleared one', () => {
    for (const params of ['a', 'b', 'c', 'd', 'e']) library.append({ ...KEY, params }, [shot(params.charCodeAt(0))], null);
    expect(library.latestEvents(ID, 'shots')).toEqual([shot('e'.charCodeAt(0))]);
    expect(['a', 'b', 'c', 'd', 'e'].filter((params) => library.getStage({ ...KEY, params }))).toEqual(['c', 'd', 'e']);
    library.clearStage({ ...KEY, params: 'e' });
    expect(library.getStage({ ...KEY, params: 'e' })).toBeNull();
  });

  it('stores all of a piece or nothing', () => {
    library.append(KEY, [shot(0)], 1);
    const broken = { ...shot(1), start: 10n } as unknown as AnalysisEvent;
    expect(() => library.append(KEY, [shot(1), broken], 2)).toThrow();
    expect(library.getStage(KEY)).toEqual({ complete: false, checkpoint: 1, events: [shot(0)] });
    library.append(KEY, [shot(1)], 2);
    expect(library.getStage(KEY)?.events).toHaveLength(2);
  });

  it('leaves out the pieces of a second writer instead of mixing them in', () => {
    const other = open();
    expect(library.getStage(KEY)).toBeNull();
    expect(other.getStage(KEY)).toBeNull();
    library.append(KEY, [shot(0)], 1);
    other.append(KEY, [shot(0)], 1);
    other.append(KEY, [shot(1)], 2);
    other.completeStage(KEY);
    library.append(KEY, [shot(1)], 2);
    library.completeStage(KEY);
    expect(other.getStage(KEY)).toEqual({ complete: true, checkpoint: 2, events: [shot(0), shot(1)] });
    other.close();
  });
});

describe('blobs and facts', () => {
  it('gives back pictures, waveforms, sync frames, media and facts as they were', () => {
    const jpeg = Uint8Array.from([255, 216, 1, 2, 3]);
    library.putPicture(ID, 'k/1', jpeg);
    expect(library.getPicture(ID, 'k/1')).toEqual(jpeg);
    expect(library.getPicture(ID, 'k/2')).toBeNull();
    const samples = Float32Array.from([-0.5, 0.25, 0.125]);
    library.putWaveform(ID, { samples: samples.subarray(0, 3), bucketsPerSecond: 100 });
    expect(library.getWaveform(ID)).toEqual({ samples, bucketsPerSecond: 100 });
    const times = Float64Array.from([0, 705_600_000 * 86_400 * 100]);
    library.putSyncFrames(ID, times);
    expect(library.getSyncFrames(ID)).toEqual(times);
    library.putMedia(media());
    library.putMedia(media(ID, 'moved.mp4'));
    expect(library.getMedia(ID)).toEqual(media(ID, 'moved.mp4'));
    library.putFact('provider', { cpu: 1 });
    expect(library.getFact('provider')).toEqual({ cpu: 1 });
    expect(library.getFact('none')).toBeNull();
    expect(library.bytes()).toBeGreaterThan(4096);
  });
});

describe('tag search', () => {
  beforeEach(() => {
    library.putMedia(media());
    library.append(KEY, [shot(0), shot(1), shot(2)], null);
    const tags = [
      tag(0, 'imagenet', 'golden retriever', 0.7),
      tag(0, 'coco', 'person', 0.6),
      tag(1, 'coco', 'cat', 0.5),
      tag(1, 'imagenet', 'catamaran', 0.8),
      tag(2, 'imagenet', 'catamaran', 0.9),
      tag(2, 'imagenet', 'café', 0.4),
    ];
    library.append({ ...KEY, stage: 'keyframes' }, [{ type: 'keyframe', shot: 0, rank: 0, time: ZERO, frame: 3, picture: 'k0' }], null);
    library.append({ ...KEY, stage: 'tags' }, tags, null);
  });
  const found = (query: string, only: string[] | null = null): string[] =>
    library.searchTags(query, only, 50).map((moment) => `${moment.shot} ${moment.label}`);

  it.each([
    ['dog', ['0 golden retriever']],
    ['dogs', ['0 golden retriever']],
    ['DO', ['0 golden retriever']],
    ['狗', ['0 golden retriever']],
    ['寻回', ['0 golden retriever']],
    ['retr gold', ['0 golden retriever']],
    ['animal', ['0 golden retriever', '1 cat']],
    ['dog person', ['0 person']],
    ['dog cat', []],
    ['cat', ['1 cat', '2 catamaran']],
    ['cafe', ['2 café']],
    ['', []],
    ['"); DROP TABLE tag; --', []],
    ['%', []],
  ])('%s', (query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  it('tells where, when and what to show, and keeps to the media asked for', () => {
    expect(library.searchTags('dog', [ID], 5)).toEqual([
      {
        media: ID,
        mediaName: 'dog park.mp4',
        shot: 0,
        start: ZERO,
        end: fromSeconds(1),
        label: 'golden retriever',
        score: 0.7,
        source: 'imagenet',
        picture: 'k0',
      },
    ]);
    expect(found('dog', ['f'.repeat(32)])).toEqual([]);
    expect(library.searchTags('animal', null, 1)).toHaveLength(1);
  });

  it('forgets the tags of a run that a newer one replaced', () => {
    library.append({ ...KEY, stage: 'tags', params: 'other' }, [tag(0, 'coco', 'cat', 0.9)], null);
    expect(found('dog')).toEqual([]);
    expect(found('cat')).toEqual(['0 cat']);
  });

  it('walks an index, not the table, however many tags there are', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => tag(index % 10_000, 'imagenet', `label ${index % 997}`, 0.5));
    library.append({ ...KEY, media: 'b'.repeat(32), stage: 'tags' }, many, null);
    library.append({ ...KEY, media: 'b'.repeat(32) }, Array.from({ length: 10_000 }, (_, index) => shot(index)), null);
    expect(library.searchTags('label', null, 200)).toHaveLength(200);
    expect(found('dog')).toEqual(['0 golden retriever']);
  });
});

describe('several processes', () => {
  it('share one file: every piece of both writers is there', async () => {
    const bundled = bundleFolder('library');
    await bundle({ writer: 'main/library/testWriter.ts' }, bundled);
    const writers = ['a', 'b'].map((digit) =>
      spawn(process.execPath, [join(bundled, 'writer.js'), folder, digit.repeat(32), '200'], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(writers.map(async (child) => ((await once(child, 'exit')) as [number])[0]));
    expect(codes).toEqual([0, 0]);
    for (const digit of ['a', 'b']) {
      expect(library.getStage({ media: digit.repeat(32), stage: 's', modelHash: '', params: '' })?.events).toHaveLength(200);
    }
  });
});

describe('damage and full disks', () => {
  it('keeps a file that is no database, begins a fresh one and says so', () => {
    library.close();
    const path = join(folder, 'library.db');
    writeFileSync(path, 'not a database at all '.repeat(500));
    const kept: string[] = [];
    library = open({ onDamaged: (name) => kept.push(name) });
    library.putFact('a', 1);
    expect(library.getFact('a')).toBe(1);
    expect(kept).toHaveLength(1);
    expect(readFileSync(kept[0] ?? '', 'utf8')).toContain('not a database');
  });

  it('sets a file aside that turns out damaged while in use, and never mixes runs of both', () => {
    library.append(KEY, Array.from({ length: 3000 }, (_, index) => shot(index)), 1);
    library.close();
    const path = join(folder, 'library.db');
    const handle = openSync(path, 'r+');
    // Behind the schema, which is read at opening.
    for (let offset = 64 * 4096; offset < statSync(path).size; offset += 4096) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, offset);
    closeSync(handle);
    const kept: string[] = [];
    library = open({ onDamaged: (name) => kept.push(name) });
    const read = (): unknown => library.getStage(KEY);
    expect(read).toThrow(ExpectedError);
    expect(kept).toHaveLength(1);
    expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(true);
    expect(read()).toBeNull();
    library.append(KEY, [shot(0)], 1);
    expect(library.getStage(KEY)?.events).toHaveLength(1);
  });

  it('goes on in memory where the folder cannot be made, and says so', () => {
    writeFileSync(join(folder, 'file'), '');
    const reasons: Error[] = [];
    const memory = open({ folder: join(folder, 'file', 'data'), onNotSaved: (reason) => reasons.push(reason) });
    memory.putFact('a', 2);
    expect(memory.getFact('a')).toBe(2);
    expect(reasons).toHaveLength(1);
    memory.close();
  });

  it('leaves a library of a newer version alone', () => {
    library.close();
    const path = join(folder, 'library.db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 1000');
    database.close();
    const reasons: Error[] = [];
    library = open({ onNotSaved: (reason) => reasons.push(reason) });
    library.putFact('a', 1);
    expect(reasons).toEqual([expect.objectContaining({ code: 'library_newer' })]);
    const after = new DatabaseSync(path);
    expect(after.prepare('SELECT count(*) AS facts FROM fact').get()).toEqual({ facts: 0 });
    after.close();
  });

  it('says disk_full on a full disk and keeps what was stored before', (context) => {
    const small = mkdtempSync(join(tmpdir(), 'rushes-small-'));
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', small]);
    if (mount.status !== 0) {
      rmSync(small, { recursive: true });
      return context.skip('mounting a small disk is not permitted here');
    }
    try {
      const full = open({ folder: small });
      full.append(KEY, [shot(0)], 1);
      expect(() => full.putPicture(ID, 'big', new Uint8Array(1_000_000))).toThrow(expect.objectContaining({ code: 'disk_full' }));
      expect(full.getStage(KEY)?.events).toEqual([shot(0)]);
      full.close();
    } finally {
      // Lazily: the binding lets go of the file only when its statements are collected.
      spawnSync('umount', ['-l', small]);
      rmSync(small, { recursive: true, force: true });
    }
  });
});

describe('the data folder', () => {
  it('follows RUSHES_DATA, then the platform', () => {
    expect(dataFolder({ RUSHES_DATA: '/d', XDG_DATA_HOME: '/x' }, 'linux', '/home/a')).toBe('/d');
    expect(dataFolder({ XDG_DATA_HOME: '/x' }, 'linux', '/home/a')).toBe('/x/rushes');
    expect(dataFolder({ XDG_DATA_HOME: 'relative' }, 'linux', '/home/a')).toBe('/home/a/.local/share/rushes');
    expect(dataFolder({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Application Support/Rushes');
    expect(dataFolder({ APPDATA: 'C:\\A' }, 'win32', 'C:\\U')).toBe('C:\\A\\Rushes');
  });
});
