import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { at, exportAll, frame, frameHashes, makeClip, names, psnrOfRuns, rangeOf, samples, testFolder } from './testMedia.ts';
import { probeMedia } from '../media/probe.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let clip: Media;
beforeAll(async () => {
  folder = await testFolder('join');
  clip = await makeClip(join(folder.path, 'source.mp4'), { seconds: 7 });
});
afterAll(async () => {
  expect((await names(folder.path)).filter((name) => name.includes('partial'))).toEqual([]);
  await folder.remove();
});
const file = (name: string): string => join(folder.path, name);

const rms = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));

describe('joined clips of one source', () => {
  it('are copied when all can be: out of order, every frame the source’s', async () => {
    const ranges = [rangeOf(clip, frame(96), frame(144)), rangeOf(clip, frame(0), frame(48)), rangeOf(clip, frame(48), frame(96))];
    const { how, files } = await exportAll([clip], ranges, { join: true, mode: 'auto' }, { file: file('copied.mp4') });
    expect(how).toEqual(Array(3).fill('copy:starts_on_sync_frame'));
    expect(files).toHaveLength(1);
    const [cut, whole] = [await frameHashes(file('copied.mp4')), await frameHashes(clip.path)];
    expect(cut.map(({ md5 }) => md5)).toEqual([...whole.slice(96, 144), ...whole.slice(0, 48), ...whole.slice(48, 96)].map(({ md5 }) => md5));
    cut.forEach(({ time }, i) => expect(time).toBeCloseTo((i * 1001) / 30_000, 4));
    const sound = await samples(file('copied.mp4'));
    expect(sound.length / 48_000).toBeCloseTo((144 * 1001) / 30_000, 1);
  });

  it.each(['mkv', 'mp4'] as const)('are copied into %s with every frame where it belongs, in Matroska to its millisecond', async (container) => {
    // 48 frames of 1001/30000 s are no whole number of milliseconds; 0.2 ms are lost at one start and 0.4 gained at another.
    const runs = [[0, 48], [96, 144], [48, 96], [144, 192]] as const;
    const target = file(`ticks.${container}`);
    const { how } = await exportAll([clip], runs.map(([from, to]) => rangeOf(clip, frame(from), frame(to))), { join: true, mode: 'auto', container }, { file: target });
    expect(how).toEqual(Array(4).fill('copy:starts_on_sync_frame'));
    const [cut, whole] = [await frameHashes(target), await frameHashes(clip.path)];
    expect(cut.map(({ md5 }) => md5)).toEqual(runs.flatMap(([from, to]) => whole.slice(from, to).map(({ md5 }) => md5)));
    const wrong = cut.map(({ time }, i) => Math.abs(time - (i * 1001) / 30_000));
    expect(Math.max(...wrong)).toBeLessThan(container === 'mkv' ? 0.00102 : 0.0001);
  });

  it('are all encoded when one must be; sound has no gap at the joints and does not drift', async () => {
    const ranges = Array.from({ length: 8 }, (_, i) => rangeOf(clip, frame(i * 23 + 5), frame(i * 23 + 5 + 17)));
    const { how } = await exportAll([clip], ranges, { join: true, mode: 'auto' }, { file: file('encoded.mp4') });
    expect(new Set(how)).toEqual(new Set(['encode:starts_between_sync_frames']));
    const cut = await frameHashes(file('encoded.mp4'));
    expect(cut).toHaveLength(8 * 17);
    cut.forEach(({ time }, i) => expect(time).toBeCloseTo((i * 1001) / 30_000, 4));
    const runs = Array.from({ length: 8 }, (_, i) => ({ first: i * 23 + 5, count: 17 }));
    expect(await psnrOfRuns(file('encoded.mp4'), clip.path, runs)).toBeGreaterThan(40);
    const sound = await samples(file('encoded.mp4'));
    expect(Math.abs(sound.length - Math.round((136 * 1001 * 48_000) / 30_000))).toBeLessThan(2048);
    // The tone's effective value is 0.088 in every 10 ms, more under its beeps: a gap would be quieter.
    const levels = Array.from({ length: 430 }, (_, i) => rms(sound.slice(4800 + i * 480, 5280 + i * 480)));
    expect(Math.min(...levels)).toBeGreaterThan(0.075);
  });

  it('says that a copyable clip is encoded because of another', async () => {
    const ranges = [rangeOf(clip, frame(48), frame(96)), rangeOf(clip, frame(100), frame(110))];
    const { how } = await exportAll([clip], ranges, { join: true, mode: 'auto' }, { file: file('mixed.mp4') });
    expect(how).toEqual(['encode:joined_must_encode', 'encode:starts_between_sync_frames']);
  });
});

describe('joined clips of different sources', () => {
  it('take the first one’s format: size by bars, rate, sound resampled, silence and black where there is none', async () => {
    const tall = await makeClip(file('tall.mkv'), { seconds: 2, size: '200x400', rate: '25', audio: ['-c:a', 'pcm_s16le', '-ac', '1', '-ar', '44100'] });
    const silent = await makeClip(file('silent.webm'), { seconds: 2, rate: '25', video: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'], audio: ['-an'] });
    const speech = await probeMedia('e2e/media/jfk.flac');
    const ranges = [rangeOf(clip, frame(30), frame(60)), rangeOf(tall, at(0.4), at(1.4)), rangeOf(silent, at(0.52), at(1.52)), rangeOf(speech, at(1), at(2))];
    const { how } = await exportAll([clip, tall, silent, speech], ranges, { join: true, mode: 'auto' }, { file: file('different.mp4') });
    expect(how.every((each) => each.startsWith('encode'))).toBe(true);
    const media = await probeMedia(file('different.mp4'));
    expect(media.video).toMatchObject({ width: 320, height: 180, codec: 'h264', pixelFormat: 'yuv420p' });
    expect(media.streams.map(({ kind }) => kind)).toEqual(['video', 'audio']);
    expect(media.audio).toMatchObject({ sampleRate: 48_000, channels: 2, codec: 'aac' });
    expect((media.duration ?? 0) / 705_600_000).toBeCloseTo(1.001 + 3, 1);
    const cut = await frameHashes(file('different.mp4'));
    expect(cut.length).toBeGreaterThan(115);
    expect(cut.length).toBeLessThan(123);
    const sound = await samples(file('different.mp4'));
    const level = (from: number, to: number): number => rms(sound.slice(from * 48_000, to * 48_000));
    expect(level(0.2, 0.9)).toBeGreaterThan(0.02);
    expect(level(1.2, 1.9)).toBeGreaterThan(0.02);
    expect(level(2.1, 2.9)).toBeLessThan(0.001);
    expect(level(3.05, 3.9)).toBeGreaterThan(0.02);
  });

  it('copies of files that do not match are refused and encoded', async () => {
    const other = await makeClip(file('other.mp4'), { seconds: 4, size: '160x120' });
    const ranges = [rangeOf(clip, frame(0), frame(48)), rangeOf(other, frame(48), frame(96))];
    const { how } = await exportAll([clip, other], ranges, { join: true, mode: 'copy' }, { file: file('unlike.mp4') });
    expect(how).toEqual(['encode:joined_sources_differ', 'encode:joined_sources_differ']);
  });

  it('WebM: VP9 parts and Opus over all', async () => {
    const web = await makeClip(file('web.webm'), { seconds: 3, rate: '25', video: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'], audio: ['-c:a', 'libopus'] });
    await exportAll([web], [rangeOf(web, at(0.5), at(1.5)), rangeOf(web, at(2), at(2.5))], { join: true, mode: 'exact' }, { file: file('web-joined.webm') });
    const media = await probeMedia(file('web-joined.webm'));
    expect([media.video?.codec, media.audio?.codec]).toEqual(['vp9', 'opus']);
    expect((await frameHashes(file('web-joined.webm'))).length).toBeGreaterThanOrEqual(37);
  });

  it('sound alone', async () => {
    const speech = await probeMedia('e2e/media/jfk.flac');
    const rate = speech.audio?.sampleRate ?? 0;
    await exportAll([speech], [rangeOf(speech, at(3), at(4)), rangeOf(speech, at(1), at(2))], { join: true, mode: 'auto' }, { file: file('speech.flac') });
    const [cut, whole] = [await samples(file('speech.flac'), 0, rate), await samples(speech.path, 0, rate)];
    expect(cut).toHaveLength(2 * rate);
    const wanted = new Float32Array([...whole.slice(3 * rate, 4 * rate), ...whole.slice(rate, 2 * rate)]);
    expect(rms(cut.map((value, i) => value - (wanted[i] ?? 9)))).toBeLessThan(0.0001);
  });
});
