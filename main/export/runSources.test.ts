import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeMedia } from '../media/probe.ts';
import { frameTimes, syncFrames } from '../media/syncFrames.ts';
import type { Media } from '../../shared/media.ts';
import { flicks } from '../../shared/time.ts';
import { at, exportAll, ffmpeg, frameHashes, makeClip, psnr, rangeOf, samples, testFolder } from './testMedia.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder('sources');
});
afterAll(async () => folder.remove());
const file = (name: string): string => join(folder.path, name);

const allTimes = async (media: Media): Promise<number[]> => frameTimes(media, flicks(-at(10)), flicks(at(1000)));

/** Cuts frames [first, end) exactly and compares them. */
async function cutExactly(source: Media, first: number, end: number, target: string): Promise<Media> {
  const times = await allTimes(source);
  await exportAll([source], [rangeOf(source, flicks(times[first] ?? 0), flicks(times[end] ?? 0))], { join: false, mode: 'exact' }, { file: file(target) });
  expect(await frameHashes(file(target))).toHaveLength(end - first);
  expect(await psnr(file(target), source.path, first, end - first)).toBeGreaterThan(40);
  return probeMedia(file(target));
}

/** Copies from the second sync frame to the last one and compares the frames. */
async function copyExactly(source: Media, target: string): Promise<Media> {
  const [times, sync] = [await allTimes(source), await syncFrames(source)];
  const [from, to] = [sync[1] ?? flicks(0), sync.at(-1) ?? flicks(0)];
  const { how, events } = await exportAll([source], [rangeOf(source, from, to)], { join: false, mode: 'auto' }, { file: file(target) });
  expect(how).toEqual(['copy:starts_on_sync_frame']);
  expect(events.filter(({ type }) => type === 'plan')).toHaveLength(1);
  const whole = await frameHashes(source.path);
  const wanted = whole.slice(times.indexOf(from), times.indexOf(to));
  expect((await frameHashes(file(target))).map(({ md5 }) => md5)).toEqual(wanted.map(({ md5 }) => md5));
  return probeMedia(file(target));
}

describe('transport streams, whose times begin anywhere', () => {
  it('exact and copied, into mp4', async () => {
    const source = await makeClip(file('camera.ts'), { seconds: 4, rate: '25' });
    expect(source.startTime).toBeGreaterThan(at(1));
    const media = await cutExactly(source, 31, 70, 'camera-exact.mp4');
    expect(media.audio).toMatchObject({ codec: 'aac', channels: 2 });
    const copied = await copyExactly(source, 'camera-copy.mp4');
    expect((copied.audio?.duration ?? 0) / at(1)).toBeCloseTo((copied.video?.duration ?? 0) / at(1), 1);
  });

  it('Matroska into mp4 and mp4 into Matroska, subtitles too', async () => {
    await writeFile(file('words.srt'), '1\n00:00:00,500 --> 00:00:01,000\nbefore\n\n2\n00:00:02,500 --> 00:00:03,500\ninside\n');
    const plain = await makeClip(file('plain.mp4'), { seconds: 5 });
    await ffmpeg('-i', plain.path, '-i', file('words.srt'), '-map', '0', '-map', '1', '-c', 'copy', file('words.mkv'));
    await ffmpeg('-i', plain.path, '-i', file('words.srt'), '-map', '0', '-map', '1', '-c', 'copy', '-c:s', 'mov_text', file('words.mp4'));
    for (const [from, to] of [['mkv', 'mp4'], ['mp4', 'mkv']] as const) {
      const source = await probeMedia(file(`words.${from}`));
      for (const mode of ['copy', 'exact'] as const) {
        const sync = (await syncFrames(source))[1] ?? flicks(0);
        const target = file(`words-${from}-${mode}.${to}`);
        await exportAll([source], [rangeOf(source, sync, at(4.2))], { join: false, mode, container: to }, { file: target });
        const media = await probeMedia(target);
        expect(media.streams.map(({ kind }) => kind)).toEqual(['video', 'audio', 'subtitle']);
        await ffmpeg('-i', target, '-map', '0:s', file('out.srt'));
        const [, time = ''] = (await readFile(file('out.srt'), 'utf8')).split('\n');
        const start = Number(/00:00:00,(\d+)/.exec(time)?.[1]) / 1000;
        expect(Math.abs(start - (2.5 - sync / at(1)))).toBeLessThan(0.03);
      }
    }
  });
});

describe('AVI, whose packets may have no times', () => {
  it('MPEG-4 with B-frames is encoded exactly', async () => {
    const source = await makeClip(file('old.avi'), { seconds: 3, rate: '25', video: ['-c:v', 'mpeg4', '-q:v', '2', '-bf', '2'], audio: ['-c:a', 'libmp3lame'] });
    const times = await allTimes(source);
    expect(times.length).toBeGreaterThan(70);
    await cutExactly(source, 20, 45, 'old.mp4');
  });
});

describe('other codecs', () => {
  it('ProRes is copied at any frame, and stays ProRes when encoded; PCM stays what it is', async () => {
    const source = await makeClip(file('studio.mov'), { seconds: 1, rate: '25', video: ['-c:v', 'prores_ks', '-profile:v', 'standard'], audio: ['-c:a', 'pcm_s24le'] });
    const copied = await copyExactly(source, 'studio-copy.mov');
    expect(copied.audio?.codec).toBe('pcm_s24le');
    const encoded = await cutExactly(source, 3, 20, 'studio-exact.mov');
    expect([encoded.video?.codec, encoded.audio?.codec, encoded.video?.bitDepth]).toEqual(['prores', 'pcm_s24le', 10]);
    const [cut, whole] = [await samples(file('studio-exact.mov')), await samples(source.path)];
    expect(cut).toEqual(whole.slice(Math.round(0.12 * 48_000), Math.round(0.8 * 48_000)));
  });

  it('HEVC is copied', async () => {
    const source = await makeClip(file('hevc.mp4'), { seconds: 3, rate: '25', video: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=25', '-tag:v', 'hvc1'] });
    expect((await copyExactly(source, 'hevc-copy.mp4')).video?.codec).toBe('hevc');
  });

  it('VP9 in WebM is copied', async () => {
    const source = await makeClip(file('web.webm'), { seconds: 3, rate: '25', video: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25'], audio: ['-c:a', 'libopus'] });
    expect((await copyExactly(source, 'web-copy.webm')).audio?.codec).toBe('opus');
  });

  it('interlaced stays interlaced', async () => {
    const source = await makeClip(file('fields.mp4'), { seconds: 2, rate: '25', video: ['-vf', 'tinterlace=interleave_top,fieldorder=tff', '-c:v', 'libx264', '-preset', 'veryfast', '-flags', '+ilme+ildct'] });
    expect(source.video?.fieldOrder).toMatch(/^t/);
    expect((await cutExactly(source, 5, 20, 'fields-cut.mp4')).video?.fieldOrder).toBe(source.video?.fieldOrder);
  });
});

describe('sound alone', () => {
  it.each([
    ['mp3', ['-c:a', 'libmp3lame'], 'mp3'],
    ['m4a', ['-c:a', 'aac'], 'aac'],
    ['wav', ['-c:a', 'pcm_s16le'], 'pcm_s16le'],
    ['opus', ['-c:a', 'libopus'], 'opus'],
    ['mka', ['-c:a', 'ac3'], 'ac3'],
  ])('%s, exact and copied', async (extension, encoder, codec) => {
    const source = await makeClip(file(`tone.${extension}`), { seconds: 3, video: ['-vn'], audio: [...encoder, '-ac', '2'] });
    for (const mode of ['auto', 'copy'] as const) {
      const target = file(`tone-${mode}.${extension}`);
      await exportAll([source], [rangeOf(source, at(0.5), at(2))], { join: false, mode }, { file: target });
      const media = await probeMedia(target);
      expect(media.audio).toMatchObject({ codec, channels: 2, sampleRate: 48_000 });
      expect(Math.abs((await samples(target)).length / 48_000 - 1.5)).toBeLessThan(mode === 'auto' ? 0.025 : 0.07);
    }
  });
});

describe('a source with damage', () => {
  it('is cut around it', async () => {
    const source = await makeClip(file('sound.mp4'), { seconds: 4, rate: '25', source: 'testsrc2' });
    const bytes = await readFile(source.path);
    bytes.fill(0x55, Math.floor(bytes.length * 0.45), Math.floor(bytes.length * 0.5));
    await writeFile(file('damaged.mp4'), bytes);
    const damaged = await probeMedia(file('damaged.mp4'));
    await exportAll([damaged], [rangeOf(damaged, at(0.4), at(3.6))], { join: false, mode: 'exact' }, { file: file('damaged-cut.mp4') });
    expect((await frameHashes(file('damaged-cut.mp4'))).length).toBeGreaterThan(50);
  });
});
