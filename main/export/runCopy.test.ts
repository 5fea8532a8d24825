import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { at, exportAll, ffmpeg, fileHash, frame, frameHashes, makeClip, names, psnr, rangeOf, samples, testFolder } from './testMedia.ts';
import { probeMedia } from '../media/probe.ts';
import { syncFrames } from '../media/syncFrames.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let mp4: Media;
let mkv: Media;

beforeAll(async () => {
  folder = await testFolder('copy');
  mp4 = await makeClip(join(folder.path, 'source.mp4'));
  await ffmpeg('-i', mp4.path, '-c', 'copy', join(folder.path, 'source.mkv'));
  mkv = await probeMedia(join(folder.path, 'source.mkv'));
});
afterAll(async () => folder.remove());

/** Frames [first, end) of the source are exactly the frames of the output, at the same times from the start. */
async function expectSameFrames(output: string, source: string, first: number, end: number, slack = 0.0001): Promise<void> {
  const [cut, whole] = [await frameHashes(output), await frameHashes(source)];
  const wanted = whole.slice(first, end);
  expect(cut.map(({ md5 }) => md5)).toEqual(wanted.map(({ md5 }) => md5));
  const origin = wanted[0]?.time ?? 0;
  cut.forEach(({ time }, i) => expect(Math.abs(time - ((wanted[i]?.time ?? 0) - origin))).toBeLessThanOrEqual(slack));
}

describe('copy of H.264 with B-frames', () => {
  it('mp4: from a sync frame to a sync frame, frames and times are the source’s', async () => {
    const before = await fileHash(mp4.path);
    const target = join(folder.path, 'cut.mp4');
    const { how, files, events } = await exportAll([mp4], [rangeOf(mp4, frame(48), frame(96))], { join: false, mode: 'auto' }, { file: target });
    expect(how).toEqual(['copy:starts_on_sync_frame']);
    expect(files).toEqual([target]);
    expect(events.some((event) => event.type === 'progress')).toBe(true);
    await expectSameFrames(target, mp4.path, 48, 96);
    expect(await fileHash(mp4.path)).toBe(before);
  });

  it('mp4: sound begins at the very moment of the first frame', async () => {
    const target = join(folder.path, 'sound.mp4');
    await exportAll([mp4], [rangeOf(mp4, frame(96), frame(144))], { join: false, mode: 'copy' }, { file: target });
    const [cut, whole] = [await samples(target), await samples(mp4.path)];
    const start = Math.round((96 * 1001 * 48_000) / 30_000);
    const difference = cut.slice(0, 40_000).reduce((most, value, i) => Math.max(most, Math.abs(value - (whole[start + i] ?? 9))), 0);
    expect(difference).toBeLessThan(0.001);
  });

  it('mkv: frames are the source’s and the start is not shifted', async () => {
    const times = await frameHashes(mkv.path);
    const target = join(folder.path, 'cut.mkv');
    const { how } = await exportAll([mkv], [rangeOf(mkv, at(times[48]?.time ?? 0), at(times[144]?.time ?? 0))], { join: false, mode: 'auto' }, { file: target });
    expect(how).toEqual(['copy:starts_on_sync_frame']);
    await expectSameFrames(target, mkv.path, 48, 144, 0.0011);
    const media = await probeMedia(target);
    expect(Math.abs((media.video?.startTime ?? 1) / 705_600_000)).toBeLessThan(0.0021);
  });

  it('mp4 to mkv: the first frame stays though its time is rounded down, and the frame after the end doesn’t come in', async () => {
    // 3.2032 s are 3203 ms, 4.8048 s are 4805.
    for (const [first, end] of [[96, 144], [48, 96]] as const) {
      const target = join(folder.path, `rounded-${first}.mkv`);
      const { events } = await exportAll([mp4], [rangeOf(mp4, frame(first), frame(end))], { join: false, mode: 'auto', container: 'mkv' }, { file: target });
      expect(events.flatMap((event) => (event.type === 'plan' ? event.segments.map(({ why }) => why) : []))).toEqual(['starts_on_sync_frame']);
      await expectSameFrames(target, mp4.path, first, end, 0.00102);
    }
  });

  it('asked for between sync frames: begins at the one before, ends where a copy can, and says so', async () => {
    const target = join(folder.path, 'asked.mp4');
    const { events } = await exportAll([mp4], [rangeOf(mp4, frame(60), frame(90))], { join: false, mode: 'copy' }, { file: target });
    const plan = events.find((event) => event.type === 'plan');
    const segment = plan?.type === 'plan' ? plan.segments[0] : undefined;
    expect(segment).toMatchObject({ how: 'copy', why: 'asked_copy', actualStart: frame(48) });
    const hashes = await frameHashes(target);
    await expectSameFrames(target, mp4.path, 48, 48 + hashes.length);
    expect(hashes.length).toBeGreaterThanOrEqual(42);
    expect(hashes.length).toBeLessThan(48);
  });

  it('open groups: frames shown before the first sync frame are left out', async () => {
    const source = await makeClip(join(folder.path, 'open.mkv'), { video: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '30', '-bf', '3', '-x264-params', 'open-gop=1:scenecut=0'] });
    const times = await frameHashes(source.path);
    const target = join(folder.path, 'open-cut.mkv');
    const { events } = await exportAll([source], [rangeOf(source, at(times[75]?.time ?? 0), at(times[120]?.time ?? 0))], { join: false, mode: 'copy' }, { file: target });
    const plan = events.find((event) => event.type === 'plan');
    const segment = plan?.type === 'plan' ? plan.segments[0] : undefined;
    const first = times.findIndex(({ time }) => Math.abs(time - (segment?.actualStart ?? 0) / 705_600_000) < 0.001);
    expect(first).toBeGreaterThan(30);
    const cut = await frameHashes(target);
    expect(cut.map(({ md5 }) => md5)).toEqual(times.slice(first, first + cut.length).map(({ md5 }) => md5));
  });

  it('where a copy would begin with other pictures, auto encodes and says so', async () => {
    // Gradual refresh: marked as sync frames, but whole only some frames later.
    const source = await makeClip(join(folder.path, 'refresh.mkv'), { video: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '40', '-bf', '0', '-x264-params', 'intra-refresh=1'] });
    const times = await frameHashes(source.path);
    const sync = (await syncFrames(source)).find((time) => time > at(1));
    const first = times.findIndex(({ time }) => Math.abs(at(time) - (sync ?? 0)) < at(0.001));
    expect(first).toBeGreaterThan(0);
    const target = join(folder.path, 'refresh-cut.mkv');
    const { how, events } = await exportAll([source], [rangeOf(source, at(times[first]?.time ?? 0), at(times[first + 30]?.time ?? 0))], { join: false, mode: 'auto' }, { file: target });
    expect(how).toEqual(['copy:starts_on_sync_frame']);
    const plans = events.flatMap((event) => (event.type === 'plan' ? [event.segments[0]?.why] : []));
    expect(plans).toEqual(['starts_on_sync_frame', 'copy_differs']);
    expect(await psnr(target, source.path, first, 30)).toBeGreaterThan(40);
  });

  it('leaves no other file', async () => {
    expect((await names(folder.path)).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
