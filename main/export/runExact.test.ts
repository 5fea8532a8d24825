import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { at, exportAll, ffmpeg, fileHash, frame, frameHashes, makeClip, psnr, rangeOf, samples, testFolder } from './testMedia.ts';
import { probeMedia } from '../media/probe.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder('exact');
});
afterAll(async () => folder.remove());
const file = (name: string): string => join(folder.path, name);

/** The output holds frames [first, end) of the source: that many, at their times, each above 40 dB. Returns its facts. */
async function expectExact(output: string, source: string, first: number, end: number, slack = 0.0001, late = 0): Promise<Media> {
  const [cut, whole] = [await frameHashes(output), await frameHashes(source)];
  expect(cut).toHaveLength(end - first);
  const origin = whole[first]?.time ?? 0;
  const shift = cut[0]?.time ?? 1;
  expect(shift).toBeLessThanOrEqual(late);
  cut.forEach(({ time }, i) => expect(Math.abs(time - shift - ((whole[first + i]?.time ?? 0) - origin))).toBeLessThanOrEqual(slack));
  expect(await psnr(output, source, first, end - first)).toBeGreaterThan(40);
  return probeMedia(output);
}

describe('exact cuts', () => {
  it('29.97 frames/s mp4 between sync frames: frames, times, sound', async () => {
    const source = await makeClip(file('ntsc.mp4'));
    const before = await fileHash(source.path);
    const { how } = await exportAll([source], [rangeOf(source, frame(61), frame(111))], { join: false, mode: 'auto' }, { file: file('ntsc-cut.mp4') });
    expect(how).toEqual(['encode:starts_between_sync_frames']);
    const media = await expectExact(file('ntsc-cut.mp4'), source.path, 61, 111);
    expect(media.video?.timeBase).toEqual({ num: 1, den: 30_000 });
    expect(media.audio).toMatchObject({ codec: 'aac', channels: 2, sampleRate: 48_000 });
    const [cut, whole] = [await samples(file('ntsc-cut.mp4')), await samples(source.path)];
    const start = Math.round((61 * 1001 * 48_000) / 30_000);
    // A shift of one sample of the test tone would already differ by more.
    const errors = cut.slice(2048, 60_000).map((value, i) => value - (whole[start + 2048 + i] ?? 9));
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)).toBeLessThan(0.003);
    expect(await fileHash(source.path)).toBe(before);
  });

  it('a real film clip, and times typed with milliseconds', async () => {
    const source = await probeMedia('e2e/media/bikes.mp4');
    await exportAll([source], [rangeOf(source, at(2.3601), at(4.039))], { join: false, mode: 'exact' }, { file: file('bikes.mp4') });
    await expectExact(file('bikes.mp4'), source.path, 59, 101);
  });

  it('variable rate: every frame keeps its own time', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=60:d=6', '-vf', "select='not(mod(n,3))+lt(mod(n,50),17)',settb=1/90000", '-fps_mode', 'passthrough', '-enc_time_base', '1/90000', '-c:v', 'libx264', '-preset', 'veryfast', '-g', '200', file('vfr.mp4'));
    const source = await probeMedia(file('vfr.mp4'));
    expect(source.video?.variableRate).toBe(true);
    const times = await frameHashes(source.path);
    await exportAll([source], [rangeOf(source, at(times[40]?.time ?? 0), at(times[120]?.time ?? 0))], { join: false, mode: 'auto' }, { file: file('vfr-cut.mp4') });
    await expectExact(file('vfr-cut.mp4'), source.path, 40, 120);
  });

  it('a picture held over the start is shown from the start', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=6', '-vf', "select='lt(t,1)+gt(t,4)'", '-fps_mode', 'passthrough', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', file('held.mp4'));
    const source = await probeMedia(file('held.mp4'));
    await exportAll([source], [rangeOf(source, at(2), at(5))], { join: false, mode: 'exact' }, { file: file('held-cut.mp4') });
    const cut = await frameHashes(file('held-cut.mp4'));
    expect(cut[0]?.time).toBe(0);
    expect(cut[1]?.time).toBeCloseTo(2.04, 3);
    expect(await psnr(file('held-cut.mp4'), source.path, 24, cut.length)).toBeGreaterThan(40);
  });

  it('rotation stays a fact of the file', async () => {
    const plain = await makeClip(file('upright.mp4'), { seconds: 3 });
    await ffmpeg('-i', plain.path, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', file('rotated.mp4'));
    const source = await probeMedia(file('rotated.mp4'));
    expect(source.video?.rotation).not.toBe(0);
    await exportAll([source], [rangeOf(source, frame(10), frame(40))], { join: false, mode: 'exact' }, { file: file('rotated-cut.mp4') });
    const media = await expectExact(file('rotated-cut.mp4'), source.path, 10, 40);
    expect(media.video?.rotation).toBe(source.video?.rotation);
    expect([media.video?.displayWidth, media.video?.displayHeight]).toEqual([180, 320]);
    await exportAll([source], [rangeOf(source, frame(0), frame(48))], { join: false, mode: 'copy' }, { file: file('rotated-copy.mp4') });
    expect((await probeMedia(file('rotated-copy.mp4'))).video?.rotation).toBe(source.video?.rotation);
  });

  it('10-bit HDR HEVC stays 10-bit HDR HEVC, colour tags kept', async () => {
    const source = await makeClip(file('hdr.mp4'), {
      seconds: 2,
      rate: '25',
      video: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=25', '-pix_fmt', 'yuv420p10le', '-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc', '-color_range', 'tv', '-tag:v', 'hvc1'],
    });
    await exportAll([source], [rangeOf(source, frame(7, 25, 1), frame(33, 25, 1))], { join: false, mode: 'auto' }, { file: file('hdr-cut.mp4') });
    const media = await expectExact(file('hdr-cut.mp4'), source.path, 7, 33);
    expect(media.video).toMatchObject({ codec: 'hevc', pixelFormat: 'yuv420p10le', hdr: 'pq', colour: source.video?.colour });
  });

  it('10-bit H.264 stays 10-bit', async () => {
    const source = await makeClip(file('ten.mkv'), { seconds: 2, rate: '25', video: ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p10le'] });
    const times = await frameHashes(source.path);
    await exportAll([source], [rangeOf(source, at(times[7]?.time ?? 0), at(times[30]?.time ?? 0))], { join: false, mode: 'auto' }, { file: file('ten-cut.mkv') });
    const media = await expectExact(file('ten-cut.mkv'), source.path, 7, 30, 0.0011);
    expect(media.video?.pixelFormat).toBe('yuv420p10le');
    // Neither priming nor rounding pushes the picture back.
    expect((media.video?.startTime ?? 1) / 705_600_000).toBeLessThan(0.0011);
  });

  // Some versions of ffmpeg write Opus in WebM with its preroll of 6.5 ms counted twice.
  it('WebM gets VP9 and Opus again', async () => {
    const source = await makeClip(file('web.webm'), { seconds: 2, rate: '25', video: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M'], audio: ['-c:a', 'libopus'] });
    const times = await frameHashes(source.path);
    await exportAll([source], [rangeOf(source, at(times[10]?.time ?? 0), at(times[30]?.time ?? 0))], { join: false, mode: 'auto' }, { file: file('web-cut.webm') });
    const media = await expectExact(file('web-cut.webm'), source.path, 10, 30, 0.0011, 0.008);
    expect([media.video?.codec, media.audio?.codec]).toEqual(['vp9', 'opus']);
  });

  it('odd sizes', async () => {
    const source = await makeClip(file('odd.webm'), { seconds: 1, rate: '25', size: '321x181', video: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'], audio: ['-an'] });
    await exportAll([source], [rangeOf(source, at(0.2), at(0.8))], { join: false, mode: 'exact', container: 'mp4' }, { file: file('odd-cut.mp4') });
    const media = await probeMedia(file('odd-cut.mp4'));
    expect([media.video?.width, media.video?.height, media.streams.length]).toEqual([320, 180, 1]);
  });
});

describe('sound', () => {
  it('several streams, 5.1 and mono, and subtitles are kept', async () => {
    const subtitles = file('words.srt');
    await writeFile(subtitles, '1\n00:00:00,500 --> 00:00:01,000\nbefore\n\n2\n00:00:01,600 --> 00:00:02,400\ninside\n');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=4', '-f', 'lavfi', '-i', 'anoisesrc=r=48000:d=4:a=0.1', '-i', subtitles, '-map', '0:v', '-map', '1:a', '-map', '1:a', '-map', '2:s',
      '-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', '-ac:a:0', '6', '-ac:a:1', '1', '-metadata:s:a:1', 'language=deu', '-c:s', 'mov_text', file('many.mp4'));
    const source = await probeMedia(file('many.mp4'));
    for (const mode of ['exact', 'copy'] as const) {
      const target = file(`many-${mode}.mp4`);
      await exportAll([source], [rangeOf(source, mode === 'copy' ? at(0) : at(1.32), at(3))], { join: false, mode }, { file: target });
      const media = await probeMedia(target);
      expect(media.streams.map((stream) => (stream.kind === 'audio' ? `${stream.codec} ${stream.channels}` : stream.kind))).toEqual(['video', 'aac 6', 'aac 1', 'subtitle']);
      expect(media.streams[2]).toMatchObject({ language: 'deu' });
    }
    await ffmpeg('-i', file('many-exact.mp4'), '-map', '0:s', file('words-out.srt'));
    const text = await readFile(file('words-out.srt'), 'utf8');
    expect(text).toMatch(/00:00:00,2[78]\d --> 00:00:01,0[78]\d\ninside/);
    expect(text).not.toContain('before');
  });

  it('sound alone is cut at the very sample, lossless where the source is', async () => {
    const source = await probeMedia('e2e/media/jfk.flac');
    const { how } = await exportAll([source], [rangeOf(source, at(1.2345), at(3.5))], { join: false, mode: 'auto' }, { file: file('jfk.flac') });
    expect(how).toEqual(['encode:audio_only']);
    const rate = source.audio?.sampleRate ?? 0;
    const [cut, whole] = [await samples(file('jfk.flac'), 0, rate), await samples(source.path, 0, rate)];
    const start = Math.round(1.2345 * rate);
    expect(cut).toEqual(whole.slice(start, Math.round(3.5 * rate)));
  });
});
