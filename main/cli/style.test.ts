import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CommandLine, hashOf, jsonLines, processesOn, type Finished } from './testing/command.ts';
import { parseStyle } from './styleOptions.ts';

let folder: string;
let commandLine: CommandLine;
const at = (name: string): string => join(folder, name);
const rushes = (...args: string[]): Promise<Finished> => commandLine.run(args, { data: at('data') });
const ffmpeg = (...args: string[]): void => void execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
const probe = (path: string, ...args: string[]): string => execFileSync('ffprobe', ['-v', 'error', ...args, '-of', 'csv=p=0', path], { encoding: 'utf8' }).trim();
/** Presentation times in seconds from the first. */
const times = (path: string): number[] => {
  // ffprobe ends a frame that has side data with an empty line.
  const all = probe(path, '-select_streams', 'v:0', '-show_entries', 'frame=pts_time').split('\n').filter((line) => line !== '').map((line) => Number.parseFloat(line));
  return all.map((time) => time - (all[0] ?? 0));
};
const stream = (path: string, entries: string): string => probe(path, '-select_streams', 'v:0', '-show_entries', `stream=${entries}`).split('\n')[0] ?? '';
/** Decoded sound as 16 bit samples, its hash. */
const soundOf = (path: string): string => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, '-map', '0:a:0', '-f', 'md5', '-'], { encoding: 'utf8' });
/** Mean difference of two files' pictures in levels, frame by frame in order. */
function difference(a: string, b: string): number {
  const raw = (path: string): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'], { maxBuffer: 1e9 });
  const [first, second] = [raw(a), raw(b)];
  expect(first.length).toBe(second.length);
  let sum = 0;
  for (let i = 0; i < first.length; i++) sum += Math.abs((first[i] ?? 0) - (second[i] ?? 0));
  return sum / first.length;
}

/** Twelve frames at uneven times with colour tags and sound. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-style-cli-'));
  commandLine = await CommandLine.build();
  ffmpeg(
    '-f', 'lavfi', '-i', 'testsrc2=s=160x96:r=25:d=0.6', '-f', 'lavfi', '-i', 'sine=440:d=0.9',
    '-vf', "select='not(eq(mod(n,5),3))',setpts='PTS+if(gt(N,6),0.2/TB,0)',format=yuv420p,setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv", '-fps_mode', 'passthrough',
    '-c:v', 'libx264', '-crf', '4', '-bf', '2', '-g', '4', '-c:a', 'aac', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', at('uneven.mp4'),
  );
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const styleSchema = z.object({ id: z.string(), name: z.string().min(1), kind: z.enum(['gan', 'network']), faces: z.boolean(), scale: z.number(), fast: z.boolean(), models: z.array(z.object({ id: z.string(), what: z.string(), licence: z.string().min(1) })).min(1) });

describe('the list of styles', () => {
  it('says what each is and what it is made with', async () => {
    const { code, stdout } = await rushes('styles', '--json');
    expect(code).toBe(0);
    const listed = z.array(styleSchema).parse(JSON.parse(stdout));
    expect(listed.map(({ id }) => id).sort()).toEqual(['enhance', 'face-ink', 'face-oil', 'face-sketch', 'painter', 'picture', 'vintage']);
    expect(listed.filter(({ kind }) => kind === 'network').map(({ id }) => id).sort()).toEqual(['painter', 'picture']);
    expect((await rushes('styles')).stdout).toContain('painter:1');
  });
});

describe('a styled file', () => {
  it('differs as the strength says, and keeps times, colours and sound', async () => {
    const source = hashOf(at('uneven.mp4'));
    for (const strength of ['1', '0.3']) {
      const result = await rushes('style', at('uneven.mp4'), '--style', 'painter:6', '--quality', 'best', '--strength', strength, '--out', at(`painted-${strength}.mp4`));
      expect(result).toMatchObject({ code: 0 });
    }
    expect(hashOf(at('uneven.mp4'))).toBe(source);
    const whole = at('painted-1.mp4');
    expect(times(whole)).toHaveLength(12);
    times(whole).forEach((time, i) => expect(time).toBeCloseTo(times(at('uneven.mp4'))[i] ?? -1, 4));
    expect(stream(whole, 'color_space,color_transfer,color_primaries,color_range')).toBe(stream(at('uneven.mp4'), 'color_space,color_transfer,color_primaries,color_range'));
    const [strong, weak] = [difference(whole, at('uneven.mp4')), difference(at('painted-0.3.mp4'), at('uneven.mp4'))];
    expect(strong).toBeGreaterThan(10);
    expect(weak).toBeLessThan(strong / 2);
    expect(weak).toBeGreaterThan(1);
    // Sound goes the way of every exact cut.
    expect(await rushes('cut', at('uneven.mp4'), '--range', '0-0.9', '--mode', 'exact', '--out', at('plain.mp4'))).toMatchObject({ code: 0 });
    expect(soundOf(whole)).toBe(soundOf(at('plain.mp4')));
  }, 180_000);

  it('says that its pictures are generated, and by what', async () => {
    const comment = probe(at('painted-1.mp4'), '-show_entries', 'format_tags=comment');
    expect(comment).toContain('painter-26');
    expect(comment).toContain('Rushes');
    expect(execFileSync('grep', ['-c', 'compositeWithTrainedAlgorithmicMedia', at('painted-1.mp4')], { encoding: 'utf8' }).trim()).not.toBe('0');
  });

  it('is refused over an existing file, and a range outside is a sentence', async () => {
    expect((await rushes('style', at('uneven.mp4'), '--style', 'vintage', '--out', at('painted-1.mp4'))).code).toBe(3);
    const outside = await rushes('style', at('uneven.mp4'), '--style', 'vintage', '--range', '100-101', '--out', at('never.mp4'));
    expect(outside.code).toBe(3);
    expect(outside.stderr).toContain('uneven.mp4');
  }, 60_000);

  it('takes any picture as a style, and says it of one that is none', async () => {
    ffmpeg('-f', 'lavfi', '-i', 'mandelbrot=s=300x200', '-frames:v', '1', at('style.png'));
    const result = await rushes('style', at('uneven.mp4'), '--style', `picture:${at('style.png')}`, '--range', '0-0.2', '--out', at('pictured.mp4'), '--json');
    expect(result).toMatchObject({ code: 0 });
    expect(jsonLines(result.stdout)).toEqual([{ type: 'file', path: at('pictured.mp4') }]);
    writeFileSync(at('broken.png'), 'no picture at all');
    const broken = await rushes('style', at('uneven.mp4'), '--style', `picture:${at('broken.png')}`, '--out', at('never.mp4'));
    expect(broken.code).toBe(3);
    expect(broken.stderr).toContain('broken.png');
  }, 120_000);

  it('ends at an interrupt and leaves nothing half written; the next run goes on', async () => {
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=8', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', at('long.mp4'));
    const child = commandLine.start(['style', at('long.mp4'), '--style', 'vintage', '--quality', 'best', '--out', at('long-styled.mp4')], { data: at('interrupted') });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const renders = at('interrupted/renders');
    while (!existsSync(renders) || readdirSync(renders).length === 0) await pause(50);
    await pause(500);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(execFileSync('ls', [folder], { encoding: 'utf8' })).not.toContain('long-styled');
    expect(processesOn('long.mp4')).toEqual([]);
  }, 60_000);
});

describe('enhancing and backgrounds', () => {
  it('doubles the size', async () => {
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=62x46:r=25:d=0.2', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', at('small.mp4'));
    expect(await rushes('enhance', at('small.mp4'), '--scale', '2', '--out', at('large.mp4'))).toMatchObject({ code: 0 });
    expect(stream(at('large.mp4'), 'width,height')).toBe('124,92');
  }, 60_000);

  it('removes a background into an alpha channel, where the container has one', async () => {
    const refused = await rushes('background', at('uneven.mp4'), '--mode', 'remove', '--out', at('never.mp4'));
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/\.mov|\.webm/);
    expect(await rushes('background', at('uneven.mp4'), '--mode', 'remove', '--range', '0-0.2', '--out', at('cut.mov'))).toMatchObject({ code: 0 });
    expect(stream(at('cut.mov'), 'codec_name,pix_fmt')).toMatch(/^prores,yuva444p/);
    expect(await rushes('background', at('uneven.mp4'), '--mode', 'replace', '--with', '#00ff00', '--range', '0-0.2', '--out', at('green.mp4'))).toMatchObject({ code: 0 });
    // Nobody is in the picture: all of it is background.
    const [r, g, b] = execFileSync('ffmpeg', ['-v', 'error', '-i', at('green.mp4'), '-frames:v', '1', '-vf', 'scale=1:1', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-']);
    expect(g).toBeGreaterThan(200);
    expect(Math.max(r ?? 255, b ?? 255)).toBeLessThan(60);
  }, 120_000);
});

describe('usage', () => {
  it.each([
    ['style', 'a.mp4', '--style', 'painter:27', '--out', 'b.mp4'],
    ['style', 'a.mp4', '--style', 'vintage:2', '--out', 'b.mp4'],
    ['style', 'a.mp4', '--style', 'anime', '--out', 'b.mp4'],
    ['style', 'a.mp4', '--style', 'vintage', '--strength', '1.5', '--out', 'b.mp4'],
    ['style', 'a.mp4', '--style', 'vintage'],
    ['enhance', 'a.mp4', '--scale', '3', '--out', 'b.mp4'],
    ['background', 'a.mp4', '--mode', 'replace', '--out', 'b.mp4'],
    ['background', 'a.mp4', '--mode', 'blur', '--with', '#ffffff', '--out', 'b.mp4'],
  ])('%s %s %s %s is refused', async (...args) => {
    expect(await rushes(...args)).toMatchObject({ code: 2, stdout: '' });
  });

  it('reads paintings and their shares', () => {
    const weights = (text: string): (number | null)[] | null => {
      const typed = parseStyle(text);
      return typed.kind === 'style' && typed.style.id === 'painter' ? typed.style.weights.flatMap((weight, i) => (weight > 0 ? [i + 1, weight] : [])) : null;
    };
    expect(weights('painter:6')).toEqual([6, 1]);
    expect(weights('painter:26=0.25,1=.5')).toEqual([1, 0.5, 26, 0.25]);
    expect(parseStyle('picture:/a:b.png')).toEqual({ kind: 'picture', path: '/a:b.png' });
  });
});
