import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HIGHLIGHT_SIGNALS } from '../../shared/understanding/types.ts';
import { applause, hiss, joined, mixed, music, wavOf } from '../analysis/highlights/testSounds.ts';
import { CommandLine, hashOf, jsonLines, type Finished } from './testing/command.ts';
import { parseWeights } from './highlightsOptions.ts';

let folder: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);
const rushes = (...args: string[]): Promise<Finished> => commandLine.run(args, { data: at('data') });
const ffmpeg = (...args: string[]): string => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { encoding: 'utf8', maxBuffer: 1e8 });
const lengthOf = (path: string): number => Number(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path], { encoding: 'utf8' }).trim());
const streamsOf = (path: string): string[] => execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_type', '-of', 'csv=p=0', path], { encoding: 'utf8' }).trim().split('\n').sort();
const hasFlite = execFileSync('ffmpeg', ['-v', 'error', '-filters'], { encoding: 'utf8' }).includes(' flite ');

const lineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('moment'), start: z.number(), end: z.number(), score: z.number(), signals: z.record(z.enum(HIGHLIGHT_SIGNALS), z.number()),
    sentence: z.number().nullable(), shot: z.number().nullable(), text: z.string(), clip: z.number(),
  }),
  z.object({ type: z.literal('clip'), index: z.number(), start: z.number(), end: z.number(), seconds: z.number() }),
  z.object({ type: z.literal('summary'), clips: z.number(), moments: z.number(), asked: z.number(), seconds: z.number() }),
]);
type Line = z.infer<typeof lineSchema>;
const parsed = (result: Finished): Line[] => jsonLines(result.stdout).map((line) => lineSchema.parse(line));
const moments = (lines: Line[]) => lines.filter((line) => line.type === 'moment');
const clips = (lines: Line[]) => lines.filter((line) => line.type === 'clip');

/** A minute: a still picture with two parts that move, of which one is loud. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-highlights-cli-'));
  commandLine = await CommandLine.build();
  writeFileSync(at('game.wav'), wavOf(mixed(joined(hiss(20, -70), music(6, -12), hiss(34, -70)), hiss(60, -55))));
  ffmpeg(
    '-f', 'lavfi', '-i', 'color=gray:s=320x180:r=25:d=60', '-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=60', '-i', at('game.wav'),
    '-filter_complex', "[0][1]overlay=x='40+60*sin(6*t)':y=40:enable='between(t,21,26)+between(t,45,49)'[v]", '-map', '[v]', '-map', '2:a',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', at('game.mp4'),
  );
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('highlights of a game', () => {
  it('lists what is loud and moves, in order, and writes nothing on a dry run', async () => {
    const result = await rushes('highlights', at('game.mp4'), '--seconds', '15', '--no-speech', '--no-shots', '--weights', 'energy=1,motion=1', '--dry-run', '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const lines = parsed(result);
    const shown = (time: number): boolean => clips(lines).some(({ start, end }) => start <= time && end > time);
    expect([shown(23), shown(25), shown(47)]).toEqual([true, true, true]);
    expect(moments(lines).map(({ start }) => start)).toEqual(moments(lines).map(({ start }) => start).sort((a, b) => a - b));
    const best = moments(lines).reduce((one, other) => (other.score > one.score ? other : one));
    expect((best.start + best.end) / 2).toBeGreaterThan(20);
    expect((best.start + best.end) / 2).toBeLessThan(27);
    expect(lines.at(-1)).toMatchObject({ type: 'summary', asked: 15, clips: clips(lines).length, moments: moments(lines).length });
  });

  it.each(['auto', 'exact'] as const)('writes a reel of 20 s, cut by mode %s, of the file’s own streams', async (mode) => {
    const before = hashOf(at('game.mp4'));
    const out = at(`reel-${mode}.mp4`);
    const result = await rushes('highlights', at('game.mp4'), '--seconds', '20', '--no-speech', '--no-shots', '--mode', mode, '--out', out, '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const told = parsed(result).at(-1);
    const seconds = told?.type === 'summary' ? told.seconds : 0;
    // A piece where nobody speaks is at most 6 s.
    expect(seconds).toBeGreaterThan(14);
    expect(seconds).toBeLessThanOrEqual(20);
    expect(Math.abs(lengthOf(out) - seconds)).toBeLessThan(0.3);
    expect(streamsOf(out)).toEqual(['audio', 'video']);
    expect(hashOf(at('game.mp4'))).toBe(before);
    const again = await rushes('highlights', at('game.mp4'), '--seconds', '20', '--no-speech', '--no-shots', '--out', out);
    expect(again.code).toBe(3);
  }, 120_000);

  it('cuts at shots, which it finds itself', async () => {
    ffmpeg(...['red', 'green', 'blue', 'white'].flatMap((colour) => ['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=3,hue=h=90,drawbox=c=${colour}:t=fill:w=200`]), '-filter_complex', 'concat=n=4', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', at('shots.mp4'));
    const lines = parsed(await rushes('highlights', at('shots.mp4'), '--seconds', '6', '--dry-run', '--json'));
    expect(moments(lines).map(({ shot }) => shot)).not.toContain(null);
    for (const { start, end } of clips(lines)) expect([start % 3, end % 3]).toEqual([0, 0]);
    expect(lines.at(-1)).toMatchObject({ seconds: 6 });
  }, 120_000);

  it('gives all of a file that is shorter than the reel', async () => {
    const result = await rushes('highlights', at('game.mp4'), '--seconds', '100', '--no-speech', '--no-shots', '--dry-run', '--json');
    expect(clips(parsed(result))).toMatchObject([{ start: 0, seconds: 60 }]);
  });

  it('says in both languages what was chosen and why', async () => {
    const args = ['highlights', at('game.mp4'), '--seconds', '8', '--no-speech', '--no-shots', '--weights', 'energy=1,motion=0.5', '--dry-run'];
    const english = await rushes(...args);
    expect(english.stdout).toContain('loud');
    expect(english.stdout).toContain('motion');
    const chinese = await commandLine.run(args, { data: at('data'), environment: { LANG: 'zh_CN.UTF-8' } });
    expect(chinese.stdout).toContain('响亮');
    expect(chinese.stdout).toContain('（无人说话）');
  });
});

describe('highlights of a talk', () => {
  it.skipIf(!hasFlite)('shows the sentence that was applauded, whole', async () => {
    const parts = ['Good morning everybody. Today we look at the budget for next year.', 'And this is how we saved the whole house!', 'Let us go on to the second page, where you find a table of the costs.'];
    parts.forEach((text, index) => ffmpeg('-f', 'lavfi', '-i', `flite=voice=slt:text='${text}'`, '-ar', '16000', '-ac', '1', at(`part${index}.wav`)));
    writeFileSync(at('claps.wav'), wavOf(mixed(joined(hiss(0.5, -70), applause(6, 80, -14), hiss(1, -70)), hiss(7.5, -60))));
    const inputs = ['part0', 'part1', 'claps', 'part2'].flatMap((name) => ['-i', at(`${name}.wav`)]);
    ffmpeg(...inputs, '-filter_complex', '[0]apad=pad_dur=1[a];[1]apad=pad_dur=0.3[b];[a][b][2][3]concat=n=4:v=0:a=1', at('talk.wav'));
    const result = await rushes('highlights', at('talk.wav'), '--seconds', '10', '--language', 'en', '--weights', 'reaction=1,emotion=0.5', '--out', at('best.wav'), '--json');
    expect(result.code).toBe(0);
    const lines = parsed(result);
    expect(moments(lines).some(({ text }) => /saved? the whole house/i.test(text))).toBe(true);
    expect(Math.max(...moments(lines).map(({ signals }) => signals.reaction ?? 0))).toBeGreaterThan(0.5);
    const told = clips(lines).reduce((sum, { seconds }) => sum + seconds, 0);
    expect(told).toBeLessThanOrEqual(10);
    expect(Math.abs(lengthOf(at('best.wav')) - told)).toBeLessThan(0.1);
  }, 120_000);
});

describe('wrong use', () => {
  it('is told with what to do', async () => {
    const file = at('game.mp4');
    for (const [args, sentence] of [
      [[file, '--out', at('x.mp4')], '--seconds'],
      [[file, '--seconds', '20'], '--out'],
      [[file, '--seconds', '0', '--dry-run'], '36000'],
      [[file, '--seconds', '5', '--weights', 'loudness=1', '--dry-run'], 'energy=1,motion=0.5'],
      [[file, '--seconds', '5', '--weights', 'energy=2', '--dry-run'], 'energy=1,motion=0.5'],
    ] as const) {
      const result = await rushes('highlights', ...args);
      expect(result.code).toBe(2);
      expect(result.stderr).toContain(sentence);
      expect(result.stdout).toBe('');
    }
    expect(existsSync(at('x.mp4'))).toBe(false);
  });

  it('weights that are not named are 0', () => {
    expect(parseWeights('energy=1, motion=.5')).toMatchObject({ energy: 1, motion: 0.5, summary: 0, reaction: 0 });
  });
});
