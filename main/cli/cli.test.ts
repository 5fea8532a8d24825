import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaptions } from '../../shared/captions/formats/index.ts';
import { jsonEventSchema, type JsonEvent } from '../../shared/jsonEvents.ts';
import { doctorSchema } from '../../shared/ipc/engine.ts';
import { CommandLine, finished, hashOf, jsonLines, type Finished } from './testing/command.ts';

const BIKES = join(import.meta.dirname, '../../e2e/media/bikes.mp4');
const SPEECH = join(import.meta.dirname, '../../e2e/media/jfk.flac');
let folder: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);
const rushes = (...args: string[]): Promise<Finished> => commandLine.run(args, { data: at('data') });
/** As a shell runs it. */
const inProcess = (...args: string[]): Promise<Finished> => commandLine.runProcess(args, { data: at('data') });
const inChinese = (...args: string[]): Promise<Finished> => commandLine.run(args, { data: at('data'), environment: { LANG: 'zh_CN.UTF-8' } });
const events = (result: Finished): JsonEvent[] => jsonLines(result.stdout).map((line) => jsonEventSchema.parse(line));
/** What was found, whatever order it was told in. */
const found = (result: Finished): string[] =>
  events(result)
    .filter((event) => event.type === 'shot' || event.type === 'keyframe' || event.type === 'tag')
    .map((event) => JSON.stringify(event))
    .sort();
/** Checksum of every decoded frame. */
const frames = (path: string, ...options: string[]): string[] =>
  execFileSync('ffmpeg', ['-v', 'error', ...options, '-i', path, '-map', '0:v', '-f', 'framemd5', '-'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-cli-'));
  commandLine = await CommandLine.build();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('help and usage', () => {
  it('shows commands, examples and exit codes on stdout, in both languages', async () => {
    const english = await inProcess('--help');
    expect(english).toMatchObject({ code: 0, stderr: '' });
    for (const text of ['Usage: rushes', 'analyze', 'cut', 'doctor', 'Examples:', 'rushes cut holiday.mp4 --range 12.5-20', '130']) {
      expect(english.stdout).toContain(text);
    }
    expect(english.stdout).not.toContain('headless');
    const chinese = await inChinese('--help');
    expect(chinese.stdout).toContain('用法：');
    expect(chinese.stdout).toContain('查找镜头、关键帧和标签');
    expect((await rushes('analyze', '--help')).stdout).toContain('--no-cache');
  });

  it('shows the version, and help when there is no command', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await rushes('--version')).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
    expect(await rushes()).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [['analyze'], 'file'],
    [['analyze', 'a.mp4', '--fast'], '--fast'],
    [['analyse', 'a.mp4'], 'analyse'],
    [['analyze', 'a.mp4', '--stages', 'shots,faces'], 'faces'],
    [['cut', 'a.mp4', '--out', 'b.mp4'], '--range'],
    [['cut', 'a.mp4', '--range', '1-2'], '--out'],
    [['cut', 'a.mp4', '--range', '1..2', '--out', 'b.mp4'], '1..2'],
    [['cut', 'a.mp4', '--range', '1:99-3', '--out', 'b.mp4'], '1:99-3'],
    [['cut', 'a.mp4', '--range', '1-2', '--mode', 'fast', '--out', 'b.mp4'], 'fast'],
    [['cut', 'a.mp4', '--range'], '--range'],
    [['doctor', 'now'], ''],
  ])('wrong usage %j is told in one sentence, exit code 2', async (args, named) => {
    const result = await rushes(...args);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: '' });
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(result.stderr).toContain(named);
  });

  it('what goes wrong is told on stderr and by the process’s exit code', async () => {
    expect(await inProcess('analyze', 'a.mp4', '--fast')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--fast') as string });
    expect(await inProcess('analyze', at('nothing.mp4'))).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('nothing.mp4') as string });
  });
});

describe('analyze', () => {
  let first: Finished;
  beforeAll(async () => {
    first = await inProcess('analyze', '--json', BIKES);
  }, 180_000);

  it('prints events of the contract and nothing else, shots in order and without gaps at cuts', () => {
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const all = events(first);
    expect(all.at(-1)).toMatchObject({ type: 'done', shots: 6, cached: false, frames: 250 });
    const shots = all.filter((event) => event.type === 'shot');
    expect(shots.map((shot) => shot.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(shots.map((shot) => shot.startFrame)).toEqual([0, 30, 76, 137, 187, 242]);
    expect(shots.at(-1)).toMatchObject({ end: 10, endFrame: 250 });
    for (const [index, shot] of shots.slice(1).entries()) expect(shot.start).toBe(shots[index]?.end);
    for (const event of all) {
      if (event.type !== 'keyframe') continue;
      const shot = shots[event.shot];
      expect(event.frame).toBeGreaterThanOrEqual(shot?.startFrame ?? Infinity);
      expect(event.frame).toBeLessThan(shot?.endFrame ?? 0);
    }
    expect(all.filter((event) => event.type === 'tag').map((tag) => tag.label)).toEqual(expect.arrayContaining(['person', 'car']));
  });

  it('has everything at once the second time, the same', async () => {
    const again = await rushes('analyze', '--json', BIKES);
    expect(events(again).at(-1)).toMatchObject({ type: 'done', shots: 6, cached: true, seconds: 0 });
    expect(found(again)).toEqual(found(first));
  });

  it('gives only the stages asked for', async () => {
    const types = new Set(events(await rushes('analyze', '--json', '--stages', 'keyframes', BIKES)).map((event) => event.type));
    expect([...types].sort()).toEqual(['done', 'keyframe']);
  });

  it('draws a table of shots for a person, in both languages, with timecodes and tags', async () => {
    const english = await rushes('analyze', BIKES);
    expect(english.stdout.split('\n')[0]).toMatch(/^shot +start +end +length +transition +tags$/);
    expect(english.stdout).toMatch(/^ +2 +00:00:01:05 +00:00:03:01 +00:01\.84 +cut +.*car/m);
    expect(english.stdout.trim().split('\n')).toHaveLength(8);
    expect((await inChinese('analyze', BIKES)).stdout).toMatch(/^ +2 +00:00:01:05 +00:00:03:01 +00:01\.84 +硬切 +.*汽车/m);
  });

  it('ends quietly when its reader goes away', async () => {
    const child = commandLine.start(['analyze', '--json', BIKES], { data: at('data') });
    child.stdout?.destroy();
    expect(await finished(child)).toMatchObject({ code: 0, stderr: '' });
  });

  it('writes tables, keyframes and a contact sheet, and nothing of it to stdout beside the events', async () => {
    const result = await rushes('analyze', '--json', BIKES, '--out', at('found'));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(events(result).at(-1)?.type).toBe('done');
    expect(readFileSync(at('found/shots.csv'), 'utf8').trim().split('\n').length).toBeGreaterThanOrEqual(7);
    expect(() => JSON.parse(readFileSync(at('found/shots.json'), 'utf8')) as unknown).not.toThrow();
    expect(readFileSync(at('found/contact-sheet.jpg')).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    const again = await rushes('analyze', BIKES, '--out', at('found'));
    expect(again.code).toBe(3);
    expect((await rushes('analyze', BIKES, '--out', at('found'), '--overwrite')).code).toBe(0);
  });
});

describe('cut', () => {
  it('copies from a sync frame and encodes from elsewhere, and says which', async () => {
    const before = hashOf(BIKES);
    const copied = await rushes('cut', BIKES, '--range', '0-2', '--out', at('copy.mp4'));
    expect(copied).toMatchObject({ code: 0, stderr: '' });
    expect(copied.stdout).toContain(at('copy.mp4'));
    const exact = await rushes('cut', BIKES, '--range', '00:00:03:01-00:00:04:01', '--mode', 'exact', '--out', at('exact.mp4'));
    expect(exact.stdout).toMatch(/encoded/);
    expect(frames(at('exact.mp4'))).toHaveLength(25);
    expect(hashOf(BIKES)).toBe(before);
  });

  it('joins ranges, or gives each its own file', async () => {
    expect(await rushes('cut', BIKES, '--range', '1-2', '4-5', '--join', '--out', at('joined.mp4'))).toMatchObject({ code: 0, stderr: '' });
    expect(frames(at('joined.mp4'))).toHaveLength(50);
    const result = await rushes('cut', BIKES, '--range', '1-2', '--range', '4-5', '--mode', 'exact', '--out', at('clips'));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const written = result.stdout.split('\n').flatMap((line) => /^wrote (.*)$/.exec(line)?.[1] ?? []);
    expect(written).toHaveLength(2);
    for (const path of written) expect(frames(path)).toHaveLength(25);
  });

  it('copies frames as they are', async () => {
    const source = at('sync.mp4');
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=4', '-c:v', 'libx264', '-g', '25', '-bf', '0', '-pix_fmt', 'yuv420p', source]);
    const result = await rushes('cut', source, '--range', '1-3', '--out', at('sync-cut.mp4'));
    expect(result.stdout).toMatch(/copied/);
    expect(frames(at('sync-cut.mp4'))).toEqual(frames(source).slice(25, 75));
  });
});

describe('doctor and headless', () => {
  it('reports as text and as JSON of the contract', async () => {
    const report = doctorSchema.parse(JSON.parse((await rushes('doctor', '--json')).stdout));
    expect(report.models.every((model) => model.state === 'ok' && model.runsOn !== null)).toBe(true);
    expect(report.providers.find(({ provider }) => provider === 'cpu')?.state).toBe('ok');
    expect(report.library?.media).toBeGreaterThan(0);
    const text = await rushes('doctor');
    expect(text.code).toBe(0);
    expect(text.stdout).toContain(`ffmpeg ${report.ffmpeg?.version}`);
    expect(text.stdout).toMatch(/transnetv2 +ok/);
  });

  it('does the whole main job into one folder, again and again', async () => {
    const keyframes: string[][] = [];
    for (let run = 0; run < 2; run += 1) {
      const result = await rushes('headless', BIKES, '--out', at('out'));
      expect(result).toMatchObject({ code: 0, stderr: '' });
      for (const name of ['shots.csv', 'shots.json', 'contact-sheet.jpg', 'clip.mp4']) expect(existsSync(at(`out/${name}`)), name).toBe(true);
      keyframes.push(readdirSync(at('out/keyframes')));
    }
    expect(keyframes[0]).toHaveLength(6);
    expect(keyframes[1]).toEqual(keyframes[0]);
    expect(frames(at('out/clip.mp4')).length).toBeGreaterThanOrEqual(61);
  });

  it('writes what is said beside it, and takes it away again where nothing is said', async () => {
    const talk = at('talk.mp4');
    execFileSync('ffmpeg', ['-v', 'error', '-t', '2', '-i', BIKES, '-i', SPEECH, '-map', '0:v', '-map', '1:a', '-c:v', 'libx264', '-preset', 'ultrafast', talk]);
    const captions = at('talk-out/captions.srt');
    const spoken = await rushes('headless', talk, '--out', at('talk-out'));
    expect(spoken).toMatchObject({ code: 0, stderr: '' });
    expect(spoken.stdout).toContain(`wrote ${captions}`);
    expect(existsSync(at('talk-out/clip.mp4'))).toBe(true);
    const { cues } = readCaptions(readFileSync(captions), { name: captions });
    expect(cues.map(({ text }) => text.replace(/\n/g, ' ')).join(' ')).toMatch(/fellow Americans,? ask not what your country/i);

    execFileSync('ffmpeg', ['-v', 'error', '-t', '4', '-i', SPEECH, at('said.flac')]);
    const alone = await rushes('headless', at('said.flac'), '--out', at('alone'));
    expect(alone.code).toBe(0);
    expect(readdirSync(at('alone'))).toEqual(['captions.srt']);

    expect(await rushes('headless', BIKES, '--out', at('talk-out'))).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(captions)).toBe(false);
  }, 180_000);
});
