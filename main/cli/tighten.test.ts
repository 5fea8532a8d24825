import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CommandLine, hashOf, jsonLines, type Finished } from './testing/command.ts';
import { parseLevel } from './tightenOptions.ts';

let folder: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);
const rushes = (...args: string[]): Promise<Finished> => commandLine.run(args, { data: at('data') });
const ffmpeg = (...args: string[]): string => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { encoding: 'utf8', maxBuffer: 1e8 });
/** Small grey pictures, one a frame: enough to tell test frames apart after encoding. */
const SIZE = 40 * 30;
const pictures = (path: string): Buffer[] => {
  const bytes = execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, '-map', '0:v', '-vf', 'scale=40:30:flags=area,format=gray', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'], { maxBuffer: 1e8 });
  return Array.from({ length: bytes.length / SIZE }, (_, i) => bytes.subarray(i * SIZE, (i + 1) * SIZE));
};
const difference = (a: Buffer, b: Buffer): number => a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0);
/** For each picture of `path` the number of the most alike one of `source`. */
const framesOf = (path: string, source: string): number[] => {
  const all = pictures(source);
  return pictures(path).map((picture) => {
    const differences = all.map((each) => difference(each, picture));
    return differences.indexOf(Math.min(...differences));
  });
};
const span = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const lengthOf = (path: string, stream: 'v' | 'a'): number =>
  Number(execFileSync('ffprobe', ['-v', 'error', '-select_streams', stream, '-show_entries', 'stream=duration', '-of', 'csv=p=0', path], { encoding: 'utf8' }).trim().split('\n')[0]);

const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('removal'), kind: z.string(), reason: z.string(), start: z.number(), end: z.number(), text: z.string() }),
  z.object({ type: z.literal('summary'), removals: z.number(), ranges: z.number(), length: z.number(), saved: z.number(), left: z.number() }),
]);
const parsed = (result: Finished): z.infer<typeof lineSchema>[] => jsonLines(result.stdout).map((line) => lineSchema.parse(line));
const removals = (result: Finished): number[][] => parsed(result).flatMap((line) => (line.type === 'removal' ? [[line.start, line.end]] : []));

/** Sound in [1, 2) and [4, 5) of six seconds; every one of the 150 pictures is another. */
const GATE = "volume='if(between(t,1,1.9999)+between(t,4,4.9999),1,0)':eval=frame";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-tighten-'));
  commandLine = await CommandLine.build();
  const sound = `sine=f=440:r=48000:d=6,volume=4,aformat=channel_layouts=mono,asetnsamples=480,${GATE}`;
  ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=6', '-f', 'lavfi', '-i', sound, '-c:v', 'ffv1', '-c:a', 'pcm_s16le', at('talk.mkv'));
  ffmpeg('-f', 'lavfi', '-i', 'anullsrc=r=48000:d=3', at('silence.wav'));
  ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=1', '-c:v', 'ffv1', at('mute.mkv'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('tighten', () => {
  it('lists silences and the time saved, and writes nothing on a dry run', async () => {
    const result = await rushes('tighten', at('talk.mkv'), '--dry-run', '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(removals(result)).toEqual([
      [0, 0.8],
      [2.2, 3.8],
      [5.2, 6],
    ]);
    expect(parsed(result).at(-1)).toEqual({ type: 'summary', removals: 3, ranges: 2, length: 6, saved: 3.2, left: 2.8 });
    const told = await rushes('tighten', at('talk.mkv'), '--dry-run');
    expect(told.stdout).toContain('00:02.20');
    expect(told.stdout).toMatch(/3 parts to take out save 00:03\.2 of 00:06\.0 \(53 %\)/);
    expect(readdirSync(folder).sort()).toEqual(['data', 'mute.mkv', 'silence.wav', 'talk.mkv']);
  });

  it('writes exactly the frames that stay, with their sound', async () => {
    const before = hashOf(at('talk.mkv'));
    const result = await rushes('tighten', at('talk.mkv'), '--out', at('tight.mkv'));
    expect(result.code).toBe(0);
    expect(result.stdout).toContain(at('tight.mkv'));
    expect(framesOf(at('tight.mkv'), at('talk.mkv'))).toEqual([...span(20, 55), ...span(95, 130)]);
    expect(hashOf(at('talk.mkv'))).toBe(before);
    const again = await rushes('tighten', at('tight.mkv'), '--dry-run', '--json', '--margin', '0', '--min', '0.1');
    // What was kept: the margins beside each sound, now side by side.
    expect(removals(again)).toEqual([
      [0, 0.2],
      [1.2, 1.6],
      [2.6, 2.8],
    ]);
    expect((await rushes('tighten', at('talk.mkv'), '--out', at('tight.mkv'))).code).toBe(3);
    expect((await rushes('tighten', at('talk.mkv'), '--out', at('tight.mkv'), '--overwrite')).code).toBe(0);
  }, 180_000);

  it('keeps picture and sound together in an encoded file, over many cuts', async () => {
    const gate = "volume='lt(mod(t,1),0.5)':eval=frame";
    const sound = `sine=f=300:r=44100:d=8,volume=4,asetnsamples=441,${gate}`;
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=30000/1001:d=8', '-f', 'lavfi', '-i', sound, '-shortest', at('many.mp4'));
    const result = await rushes('tighten', at('many.mp4'), '--out', at('fewer.mp4'), '--min', '0.3', '--margin', '0.1', '--mode', 'exact', '--json');
    expect(result.code).toBe(0);
    const summary = parsed(result).at(-1);
    const left = summary?.type === 'summary' ? summary.left : 0;
    expect(left).toBeLessThan(6.5);
    expect(Math.abs(lengthOf(at('fewer.mp4'), 'v') - left)).toBeLessThan(0.035);
    expect(Math.abs(lengthOf(at('fewer.mp4'), 'a') - left)).toBeLessThan(0.06);
  }, 180_000);

  it('recognises the speech for repeats: of two takes the last stays, however its pauses fall', async () => {
    const speech = join(import.meta.dirname, '../../e2e/media/jfk.flac');
    ffmpeg('-i', speech, '-i', speech, '-filter_complex', '[0:a][1:a]concat=n=2:v=0:a=1', at('twice.flac'));
    const result = await rushes('tighten', at('twice.flac'), '--repeats', '--min', '60', '--json', '--dry-run');
    const repeats = parsed(result).flatMap((line) => (line.type === 'removal' ? [line] : []));
    expect(repeats.map(({ kind, reason }) => [kind, reason])).toEqual([['repeat', 'repeated_sentence']]);
    expect(repeats[0]?.text.toLowerCase()).toMatch(/^and so.*ask not what your country can do for you.*your country/);
    // The recording is 11 s long and begins to speak at 0.3 s.
    expect(repeats[0]?.start).toBeLessThan(0.6);
    expect(repeats[0]?.end).toBeGreaterThan(10.5);
    expect(repeats[0]?.end).toBeLessThan(11.6);
  }, 180_000);

  it('says in one sentence what can not be done', async () => {
    const nothing = await rushes('tighten', at('silence.wav'), '--out', at('none.wav'));
    expect(nothing).toMatchObject({ code: 3 });
    expect(nothing.stderr).toContain('silence.wav');
    expect(existsSync(at('none.wav'))).toBe(false);
    expect(await rushes('tighten', at('mute.mkv'), '--dry-run')).toMatchObject({ code: 3, stdout: '' });
  });

  it.each([
    [['--dry-run', '--threshold', 'loud'], 'loud'],
    [['--dry-run', '--threshold', '140%'], '140%'],
    [['--dry-run', '--min', '-1'], '-1'],
    [[], '--out'],
  ])('wrong usage %j is told in one sentence', async (args, named) => {
    const result = await rushes('tighten', 'a.mp4', ...args);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: '' });
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(result.stderr).toContain(named);
  });
});

describe('parseLevel', () => {
  it('understands percent, parts and decibels of full scale', () => {
    expect([parseLevel('4%'), parseLevel('0.04'), parseLevel(' 100 %')]).toEqual([0.04, 0.04, 1]);
    expect(parseLevel('-20dB')).toBeCloseTo(0.1);
  });
});
