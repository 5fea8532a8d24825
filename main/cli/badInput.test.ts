import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExpectedCode } from '../../shared/errors.ts';
import sentences from '../../shared/i18n/messages/en/errors.json';
import { CommandLine, hashOf, jsonLines, type Finished } from './testing/command.ts';

const NOBODY = 65_534;
let folder: string;
let data: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);

const ffmpeg = (...args: string[]): void => {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-bad-'));
  chmodSync(folder, 0o755);
  data = at('data');
  commandLine = await CommandLine.build();
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=6', '-f', 'lavfi', '-i', 'sine=duration=6'];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  ffmpeg(...picture, ...encode, '-movflags', '+faststart', at('index-first.mp4'));
  ffmpeg('-i', at('index-first.mp4'), '-c', 'copy', at('index-last.mp4'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The catalogue's sentence for a code, with anything for its placeholders. */
function sentenceOf(code: ExpectedCode): RegExp {
  const text = (sentences as Record<string, string>)[`error_${code}`] ?? 'missing';
  const literal = text.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.+')}$`, 'm');
}

/** One sentence on stderr, nothing on stdout, exit code 3: and neither a stack nor ffmpeg's own words. */
function expectSentence(result: Finished, code: ExpectedCode, ...parts: string[]): void {
  expect(result.stderr).toMatch(sentenceOf(code));
  for (const part of parts) expect(result.stderr).toContain(part);
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
  expect(result.stderr).not.toMatch(/ {4}at |\[.* @ 0x|Error:/);
  expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 3, stdout: '' });
}

const ANALYZE = ['analyze', '--json', '--stages', 'shots'];
const analyze = (path: string, options: { environment?: Record<string, string>; data?: string } = {}): Promise<Finished> => commandLine.run([...ANALYZE, path], { data, ...options });

describe('a file that cannot be analysed', () => {
  const cases: [string, ExpectedCode, (path: string) => void][] = [
    ['zero-bytes.mp4', 'file_empty', (path) => writeFileSync(path, '')],
    ['text.mp4', 'file_not_media', (path) => writeFileSync(path, 'This is a shopping list: milk, eggs.\n'.repeat(100))],
    ['truncated.mp4', 'file_no_index', (path) => cutShort(at('index-last.mp4'), path, 0.6)],
    ['no-moov.mp4', 'file_no_index', (path) => withoutIndex(at('index-first.mp4'), path)],
    ['sound.flac', 'no_video', (path) => copyFileSync('e2e/media/jfk.flac', path)],
  ];
  it.each(cases)('%s', async (name, code, make) => {
    make(at(name));
    const before = hashOf(at(name));
    expectSentence(await analyze(at(name)), code);
    expect(hashOf(at(name))).toBe(before);
  });

  it('missing, a folder, a fifo, below a file', async () => {
    mkdirSync(at('folder.mp4'));
    spawnSync('mkfifo', [at('fifo.mp4')]);
    expectSentence(await analyze(at('not-there.mp4')), 'file_missing', 'not-there.mp4');
    expectSentence(await analyze(at('folder.mp4')), 'file_is_folder');
    expectSentence(await analyze(at('fifo.mp4')), 'file_not_regular');
    expectSentence(await analyze(join(at('index-first.mp4'), 'inside.mp4')), 'file_missing');
  });

  it('unreadable', async () => {
    copyFileSync(at('index-first.mp4'), at('private.mp4'));
    chmodSync(at('private.mp4'), 0o000);
    const own = at('nobody-data');
    mkdirSync(own);
    chmodSync(own, 0o777);
    expectSentence(await commandLine.runProcess([...ANALYZE, at('private.mp4')], { uid: NOBODY, data: own }), 'file_unreadable', 'private.mp4');
  });

  it('among several: the others are still done, and it is told', async () => {
    writeFileSync(at('empty.mp4'), '');
    ffmpeg('-t', '1', '-i', at('index-first.mp4'), '-c', 'copy', at('short.mp4'));
    const result = await commandLine.run([...ANALYZE, at('empty.mp4'), at('short.mp4')], { data });
    expect(result.code).toBe(3);
    expect(result.stderr).toMatch(/empty\.mp4 is empty/);
    expect(jsonLines(result.stdout).at(-1)).toMatchObject({ type: 'done', file: at('short.mp4') });
  });
});

describe('a file with damage is analysed around it', () => {
  it('truncated with its index first: up to where it ends, with a warning', async () => {
    cutShort(at('index-first.mp4'), at('cut-off.mp4'), 0.6);
    const before = hashOf(at('cut-off.mp4'));
    const result = await analyze(at('cut-off.mp4'));
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/ends before the length it promises/);
    const shots = jsonLines(result.stdout).filter((event) => (event as { type: string }).type === 'shot') as { end: number }[];
    expect(shots.at(-1)?.end).toBeGreaterThan(1.5);
    expect(shots.at(-1)?.end).toBeLessThan(5.5);
    expect(hashOf(at('cut-off.mp4'))).toBe(before);
  });

  it('garbage in the middle: both sides, with a warning saying where', async () => {
    const bytes = readFileSync(at('index-first.mp4'));
    bytes.fill(0xff, Math.round(bytes.length * 0.45), Math.round(bytes.length * 0.6));
    writeFileSync(at('corrupt.mp4'), bytes);
    const before = hashOf(at('corrupt.mp4'));
    const result = await analyze(at('corrupt.mp4'));
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/Warning: corrupt\.mp4 is damaged between \d\d:\d\d\.\d and \d\d:\d\d\.\d/);
    const events = jsonLines(result.stdout) as { type: string; end?: number; code?: string }[];
    expect(events.filter((event) => event.type === 'shot').at(-1)?.end).toBeGreaterThan(5.5);
    expect(events.some((event) => event.type === 'warning' && event.code === 'damaged_part')).toBe(true);
    expect(hashOf(at('corrupt.mp4'))).toBe(before);
  });
});

describe('a target that cannot be written', () => {
  const cutTo = (out: string): string[] => ['cut', at('index-first.mp4'), '--range', '1-2', '--out', out];
  const cut = (out: string): Promise<Finished> => commandLine.run(cutTo(out), { data });

  it('is the input, by any name', async () => {
    const input = at('index-first.mp4');
    const before = hashOf(input);
    symlinkSync(input, at('alias.mp4'));
    expectSentence(await cut(input), 'target_is_input');
    expectSentence(await commandLine.run(['cut', input, '--range', '1-2', '--out', input, '--overwrite'], { data }), 'target_is_input');
    expectSentence(await cut(at('alias.mp4')), 'target_is_input');
    expect(hashOf(input)).toBe(before);
  });

  it('exists, or its folder is missing or may not be written', async () => {
    writeFileSync(at('there.mp4'), 'mine');
    expectSentence(await cut(at('there.mp4')), 'target_exists', 'there.mp4');
    expect(readFileSync(at('there.mp4'), 'utf8')).toBe('mine');
    expectSentence(await cut(at('nowhere/out.mp4')), 'target_folder_missing');
    mkdirSync(at('locked'));
    chmodSync(at('locked'), 0o555);
    const own = at('nobody-data-2');
    mkdirSync(own);
    chmodSync(own, 0o777);
    expectSentence(await commandLine.runProcess(cutTo(at('locked/out.mp4')), { uid: NOBODY, data: own }).then(withoutStdout), 'target_not_writable', 'out.mp4');
    expect(readdirSync(at('locked'))).toEqual([]);
  });

  it('is on a full disk: nothing half written is left', async (context) => {
    const small = at('small');
    mkdirSync(small);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]).status !== 0) {
      return context.skip('mounting a small disk is not permitted here');
    }
    try {
      const before = hashOf(at('index-first.mp4'));
      const out = join(small, 'out.mp4');
      expectSentence(await commandLine.run(['cut', at('index-first.mp4'), '--range', '0-5', '--mode', 'exact', '--out', out], { data }).then(withoutStdout), 'disk_full', 'out.mp4');
      expect(readdirSync(small)).toEqual([]);
      expect(hashOf(at('index-first.mp4'))).toBe(before);
    } finally {
      spawnSync('umount', [small]);
    }
  });

  it.each<[string, ExpectedCode]>([
    ['5-3', 'range_invalid'],
    ['100-120', 'range_outside'],
  ])('a range of %s is refused', async (range, code) => {
    expectSentence(await commandLine.run(['cut', at('index-first.mp4'), '--range', range, '--out', at('never.mp4')], { data }), code);
    expect(existsSync(at('never.mp4'))).toBe(false);
  });
});

/** The plan is printed before the target is opened. */
const withoutStdout = (result: Finished): Finished => ({ ...result, stdout: '' });

describe('an installation that is not whole', () => {
  it('an altered model is named and not used, a missing and a short one too', async () => {
    const models = at('models');
    mkdirSync(models);
    for (const name of readdirSync('models')) symlinkSync(resolve('models', name), join(models, name));
    const file = join(models, 'transnetv2.onnx');
    const bytes = readFileSync(file);
    rmSync(file);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const run = (): Promise<Finished> => analyze(at('index-first.mp4'), { data: at('model-data'), environment: { RUSHES_MODELS: models } });
    expectSentence(await run(), 'model_altered', 'transnetv2.onnx');
    truncateSync(file, 5000);
    expectSentence(await run(), 'model_short', 'transnetv2.onnx');
    rmSync(file);
    expectSentence(await run(), 'model_missing', 'transnetv2.onnx');
    const doctor = await commandLine.run(['doctor', '--json'], { data: at('model-data'), environment: { RUSHES_MODELS: models } });
    expect(doctor.code).toBe(3);
    const { models: told } = JSON.parse(doctor.stdout) as { models: { id: string; state: string }[] };
    expect(told).toContainEqual(expect.objectContaining({ id: 'transnetv2', state: 'missing' }));
    expect(told.filter(({ state }) => state !== 'ok')).toHaveLength(1);
  });

  it('without ffmpeg: what to install', async () => {
    const environment = { PATH: '/nonexistent', FFMPEG_BIN: '/nonexistent/ffmpeg', FFPROBE_BIN: '/nonexistent/ffprobe' };
    expectSentence(await commandLine.runProcess([...ANALYZE, at('index-first.mp4')], { data, environment }), 'ffmpeg_missing');
  });
});

/** The first part of a file. */
function cutShort(source: string, path: string, part: number): void {
  const bytes = readFileSync(source);
  writeFileSync(path, bytes.subarray(0, Math.round(bytes.length * part)));
}

/** The file without its moov box, which follows ftyp here: what is left of a recording that was never finished. */
function withoutIndex(source: string, path: string): void {
  const bytes = readFileSync(source);
  const start = bytes.indexOf('moov', 0, 'latin1') - 4;
  writeFileSync(path, Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + bytes.readUInt32BE(start))]));
}
