import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelledError, ExpectedError } from '../../shared/errors.ts';
import type { Media } from '../../shared/media.ts';
import { probeMedia } from '../media/probe.ts';
import { prepareExport } from './prepare.ts';
import { planExport } from './plan.ts';
import { runExport } from './run.ts';
import { fakeRenderer, styled, styledAs, CUT_OUT, VINTAGE } from './testStyled.ts';
import { at, exportAll, ffmpeg, fileHash, frame, frameHashes, makeClip, names, psnr, rangeOf, samples, testFolder } from './testMedia.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
/** 25 frames/s, 3 s. */
let steady: Media;
beforeAll(async () => {
  folder = await testFolder('styled');
  steady = await makeClip(file('steady.mp4'), { seconds: 3, rate: '25', size: '160x90' });
});
afterAll(async () => {
  expect((await names(folder.path)).filter((name) => name.includes('partial'))).toEqual([]);
  await folder.remove();
});
const file = (name: string): string => join(folder.path, name);

/** The colours of a source turned around, to compare with. */
async function negated(source: string, name: string): Promise<string> {
  await ffmpeg('-copyts', '-i', source, '-vf', 'negate', '-fps_mode', 'passthrough', '-c:v', 'libx264', '-qp', '0', '-preset', 'ultrafast', '-an', file(name));
  return file(name);
}

describe('a clip with an effect', () => {
  it('29.97 frames/s: other pictures, the times and the sound of the exact cut', async () => {
    const source = await makeClip(file('ntsc.mp4'), { seconds: 4, video: ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48', '-bf', '3', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'] });
    const before = await fileHash(source.path);
    const range = rangeOf(source, frame(61), frame(111));
    const { render, asked } = fakeRenderer([source], folder.path);
    const { how, events } = await exportAll([source], [styled(range)], { join: false, mode: 'copy' }, { file: file('ntsc-styled.mp4') }, { overwrite: false, render });
    await exportAll([source], [range], { join: false, mode: 'exact' }, { file: file('ntsc-exact.mp4') });
    expect(how).toEqual(['encode:styled']);
    expect(asked).toEqual([{ media: source.id, start: range.start, end: range.end, effect: VINTAGE, picture: null }]);
    const [cut, exact] = [await frameHashes(file('ntsc-styled.mp4')), await frameHashes(file('ntsc-exact.mp4'))];
    expect(cut.map(({ time }) => time)).toEqual(exact.map(({ time }) => time));
    expect(cut).toHaveLength(50);
    expect(await psnr(file('ntsc-styled.mp4'), await negated(source.path, 'ntsc-negated.mp4'), 61, 50)).toBeGreaterThan(40);
    expect(await samples(file('ntsc-styled.mp4'))).toEqual(await samples(file('ntsc-exact.mp4')));
    const [media, like] = [await probeMedia(file('ntsc-styled.mp4')), await probeMedia(file('ntsc-exact.mp4'))];
    expect(media.video).toMatchObject({ colour: like.video?.colour, timeBase: like.video?.timeBase, pixelFormat: like.video?.pixelFormat, codec: 'h264', frames: 50 });
    expect(media.video?.colour.space).toBe('bt709');
    expect(await fileHash(source.path)).toBe(before);
    expect(events.filter(({ type }) => type === 'warning')).toEqual([{ type: 'warning', code: 'tiles_smaller' }]);
  });

  it('tells how far the whole job is, in frames rendered and written', async () => {
    const source = steady;
    const { render } = fakeRenderer([source], folder.path);
    const ranges = [styled(rangeOf(source, at(0), at(1))), rangeOf(source, at(1), at(2)), styled(rangeOf(source, at(1), at(2)))];
    const { events } = await exportAll([source], ranges, { join: false, mode: 'exact' }, { folder: folder.path }, { overwrite: false, render });
    const progress = events.flatMap((event) => (event.type === 'progress' ? [event] : []));
    const rendering = progress.filter(({ stage }) => stage === 'render');
    // Half of the first, then half of the second, of 50 to be rendered and 75 to be written; 2 frames/s.
    expect(rendering.map(({ done, total, eta }) => [done, total, eta])).toEqual([[13, 125, (37.5 + 7.5) / 2], [38, 125, (12.5 + 7.5) / 2]]);
    expect(progress.at(-1)).toMatchObject({ stage: 'export', done: 125, total: 125, eta: 0 });
    expect(progress.every(({ done }, i) => done >= (progress[i - 1]?.done ?? 0))).toBe(true);
    expect(events.filter(({ type }) => type === 'warning')).toHaveLength(1);
    expect(events.findIndex(({ type }) => type === 'plan')).toBe(0);
  });

  it('variable rate, a picture held over the start, and 0.1 s off the frames', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=60:d=6', '-vf', "select='(not(mod(n,3))+lt(mod(n,50),17))*not(between(t,1.5,3))',settb=1/90000", '-fps_mode', 'passthrough', '-enc_time_base', '1/90000', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '200', file('vfr.mp4'));
    const source = await probeMedia(file('vfr.mp4'));
    expect(source.video?.variableRate).toBe(true);
    for (const [index, range] of [rangeOf(source, at(2), at(4.5)), rangeOf(source, at(3.513), at(5.001))].entries()) {
      const { render } = fakeRenderer([source], folder.path);
      const [one, two] = [file(`vfr-styled-${index}.mp4`), file(`vfr-exact-${index}.mp4`)];
      await exportAll([source], [styled(range)], { join: false, mode: 'auto' }, { file: one }, { overwrite: false, render });
      await exportAll([source], [range], { join: false, mode: 'exact' }, { file: two });
      const [cut, exact] = [await frameHashes(one), await frameHashes(two)];
      expect(cut.map(({ time }) => time)).toEqual(exact.map(({ time }) => time));
      expect(cut.every(({ md5 }, i) => md5 !== exact[i]?.md5)).toBe(true);
    }
  });

  it('turned for display: upright, as it was shown', async () => {
    const plain = await makeClip(file('upright.mp4'), { seconds: 2 });
    await ffmpeg('-i', plain.path, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', file('rotated.mp4'));
    const source = await probeMedia(file('rotated.mp4'));
    const { render } = fakeRenderer([source], folder.path);
    await exportAll([source], [styled(rangeOf(source, frame(10), frame(40)))], { join: false, mode: 'auto' }, { file: file('rotated-styled.mp4') }, { overwrite: false, render });
    const { video } = await probeMedia(file('rotated-styled.mp4'));
    expect(video).toMatchObject({ rotation: 0, displayWidth: source.video?.displayWidth, displayHeight: source.video?.displayHeight, width: 180, height: 320 });
  });

  it('enhanced: twice the size; joined with others the first one’s size counts', async () => {
    const source = steady;
    const enhanced = (start: number, end: number) => styled(rangeOf(source, at(start), at(end)), styledAs({ id: 'enhance' }));
    const plain = (start: number, end: number) => rangeOf(source, at(start), at(end));
    const sizeOf = async (ranges: Parameters<typeof exportAll>[1], name: string): Promise<unknown[]> => {
      const { render } = fakeRenderer([source], folder.path);
      await exportAll([source], ranges, { join: ranges.length > 1, mode: 'auto' }, { file: file(name) }, { overwrite: false, render });
      const { video } = await probeMedia(file(name));
      return [video?.width, video?.height, (await frameHashes(file(name))).length];
    };
    expect(await sizeOf([enhanced(0, 1)], 'enhanced.mp4')).toEqual([320, 180, 25]);
    expect(await sizeOf([enhanced(0, 1), plain(1, 2)], 'enhanced-first.mp4')).toEqual([320, 180, 50]);
    expect(await sizeOf([plain(1, 2), enhanced(0, 1)], 'enhanced-second.mp4')).toEqual([160, 90, 50]);
  });

  it('joined: pictures of each clip where they belong, sound and times as without', async () => {
    const source = await makeClip(file('joined.mp4'), { seconds: 4 });
    const ranges = [rangeOf(source, frame(50), frame(80)), rangeOf(source, frame(10), frame(30))];
    const { render } = fakeRenderer([source], folder.path);
    const { how } = await exportAll([source], [ranges[0] ?? never(), styled(ranges[1] ?? never())], { join: true, mode: 'auto' }, { file: file('joined-styled.mp4') }, { overwrite: false, render });
    await exportAll([source], ranges, { join: true, mode: 'exact' }, { file: file('joined-exact.mp4') });
    expect(how[1]).toBe('encode:styled');
    const [cut, exact] = [await frameHashes(file('joined-styled.mp4')), await frameHashes(file('joined-exact.mp4'))];
    expect(cut.map(({ time }) => time)).toEqual(exact.map(({ time }) => time));
    expect(cut.slice(0, 30).map(({ md5 }) => md5)).toEqual(exact.slice(0, 30).map(({ md5 }) => md5));
    expect(cut.slice(30).every(({ md5 }, i) => md5 !== exact[30 + i]?.md5)).toBe(true);
    expect(await samples(file('joined-styled.mp4'))).toEqual(await samples(file('joined-exact.mp4')));
  });

  it('in Matroska and WebM too, subtitles and all', async () => {
    await writeFile(file('words.srt'), '1\n00:00:01,200 --> 00:00:01,800\ninside\n');
    await ffmpeg('-i', steady.path, '-i', file('words.srt'), '-map', '0', '-map', '1', '-c', 'copy', '-c:s', 'srt', file('words.mkv'));
    const source = await probeMedia(file('words.mkv'));
    for (const extension of ['mkv', 'webm', 'mp4'] as const) {
      const { render } = fakeRenderer([source], folder.path);
      const range = rangeOf(source, at(1), at(1.6));
      await exportAll([source], [styled(range)], { join: false, mode: 'auto', container: extension }, { file: file(`words-styled.${extension}`) }, { overwrite: false, render });
      await exportAll([source], [range], { join: false, mode: 'exact', container: extension }, { file: file(`words-exact.${extension}`) });
      const [cut, exact] = [await frameHashes(file(`words-styled.${extension}`)), await frameHashes(file(`words-exact.${extension}`))];
      expect(cut.map(({ time }) => time)).toEqual(exact.map(({ time }) => time));
      const [one, two] = [await probeMedia(file(`words-styled.${extension}`)), await probeMedia(file(`words-exact.${extension}`))];
      expect(one.streams.map(({ kind, codec }) => [kind, codec])).toEqual(two.streams.map(({ kind, codec }) => [kind, codec]));
    }
  });

  it('leaves nothing behind when it is cancelled or fails while it is rendered', async () => {
    const plan = await prepareExport([styled(rangeOf(steady, at(0), at(1)))], { join: false, mode: 'auto' }, () => steady);
    let ended = 0;
    const run = async (failure: Error): Promise<void> => {
      async function* render(): AsyncGenerator<never, Media> {
        try {
          await Promise.resolve();
          throw failure;
          yield undefined as never;
        } finally {
          ended += 1;
        }
      }
      for await (const event of runExport(plan, { file: file('left-styled.mp4') }, { overwrite: false, render })) expect(event.type).toBe('plan');
    };
    await expect(run(new CancelledError())).rejects.toThrow(CancelledError);
    await expect(run(new ExpectedError('model_missing', { model: 'x' }))).rejects.toMatchObject({ code: 'model_missing' });
    expect(ended).toBe(2);
    expect(await names(folder.path)).not.toContain('left-styled.mp4');
  });
});

const never = (): never => {
  throw new Error('not there');
};

/** Smallest and largest alpha of the left and the right half of the first frame. */
function alphaOf(path: string, decoder: string[]): { left: number[]; right: number[] } {
  const half = (x: string): number[] => {
    const bytes = execFileSync('ffmpeg', ['-v', 'error', ...decoder, '-i', path, '-vf', `format=rgba,alphaextract,crop=iw/2-8:ih:${x}:0,format=gray`, '-frames:v', '1', '-f', 'rawvideo', '-']);
    return [Math.min(...bytes), Math.max(...bytes)];
  };
  return { left: half('0'), right: half('iw/2+8') };
}

describe('a removed background', () => {
  it.each([
    ['mov', 'prores', []],
    ['webm', 'vp9', ['-c:v', 'libvpx-vp9']],
  ] as const)('is transparent in %s', async (extension, codec, decoder) => {
    const { render } = fakeRenderer([steady], folder.path);
    const target = file(`cut-out.${extension}`);
    await exportAll([steady], [styled(rangeOf(steady, at(0.52), at(0.92)), CUT_OUT)], { join: false, mode: 'auto', container: extension, path: target }, { file: target }, { overwrite: false, render });
    const media = await probeMedia(target);
    expect(media.video).toMatchObject({ codec, hasAlpha: true });
    if (extension === 'mov') expect(media.video).toMatchObject({ profile: '4444' });
    const { left, right } = alphaOf(target, [...decoder]);
    expect(Math.max(...left)).toBeLessThan(8);
    expect(Math.min(...right)).toBeGreaterThan(247);
  });

  it('is refused where the file can’t hold it, before anything is rendered, and goes to QuickTime where nobody says', async () => {
    const source = steady;
    const { render, asked } = fakeRenderer([source], folder.path);
    const range = styled(rangeOf(source, at(0), at(0.5)), CUT_OUT);
    for (const [container, path, said] of [['mp4', file('a.m4v'), 'M4V'], ['mkv', file('a.mkv'), 'MKV']] as const) {
      const exporting = exportAll([source], [range], { join: false, mode: 'auto', container, path }, { file: path }, { overwrite: false, render });
      await expect(exporting).rejects.toMatchObject({ code: 'alpha_needs_container', params: { container: said } });
    }
    expect(asked).toEqual([]);
    const facts = { media: source, syncTimes: [0], packets: [], parameters: '', timesUnknown: false };
    expect(planExport([range], { join: false, mode: 'auto' }, [facts]).container).toBe('mov');
    expect(planExport([{ ...range, effect: VINTAGE }], { join: false, mode: 'auto' }, [facts]).container).toBe('mp4');
  });
});
