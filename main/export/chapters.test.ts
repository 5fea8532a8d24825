/** Copies with chapters, looked at by ffprobe. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import type { Chapter } from '../../shared/understanding/types.ts';
import { probeMedia } from '../media/probe.ts';
import { exportWithChapters } from './chapters.ts';
import { at, ffmpeg, fileHash, frameHashes, makeClip, names, testFolder } from './testMedia.ts';

const execute = promisify(execFile);
let folder: Awaited<ReturnType<typeof testFolder>>;
let clip: Media;
const inFolder = (name: string): string => join(folder.path, name);

interface Shown {
  title: string;
  start: number;
  end: number;
}

async function chaptersOf(path: string): Promise<Shown[]> {
  const { stdout } = await execute('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', path], { maxBuffer: 16 << 20 });
  const { chapters } = JSON.parse(stdout) as { chapters: { start_time: string; end_time: string; tags?: { title?: string } }[] };
  return chapters.map((chapter) => ({ title: chapter.tags?.title ?? '', start: Number(chapter.start_time), end: Number(chapter.end_time) }));
}

async function packetsOf(path: string, stream: string): Promise<string[]> {
  const { stdout } = await execute('ffmpeg', ['-nostdin', '-v', 'error', '-i', path, '-map', `0:${stream}`, '-c', 'copy', '-f', 'framemd5', '-'], { maxBuffer: 16 << 20 });
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(',')[5]?.trim() ?? '');
}

const TITLES = ['章节一：介绍与概述', 'She said "go" & \'stop\'', 'a=b; #c \\ d\nnext line', ''];
const chapter = (title: string, seconds: number | null, i = 0): Chapter => ({ id: `c${i}`, title, start: seconds === null ? null : at(seconds), firstSentence: i, touched: false });
const FOUR = TITLES.map((title, i) => chapter(title, i * 1.2345, i));

async function write(media: Media, name: string, chapters: readonly Chapter[] = FOUR, signal = new AbortController().signal, overwrite = false): Promise<ExportEvent[]> {
  const events: ExportEvent[] = [];
  for await (const event of exportWithChapters(media, chapters, { path: inFolder(name), overwrite }, signal)) events.push(event);
  return events;
}

beforeAll(async () => {
  folder = await testFolder('chapters');
  clip = await makeClip(inFolder('clip.mp4'));
});
afterAll(() => folder.remove());

test.each(['mp4', 'mov', 'm4v', 'mkv'])('a copy in %s has titles and times; pictures and sound are the same', async (extension) => {
  const before = await fileHash(clip.path);
  const events = await write(clip, `copy.${extension}`);
  const path = inFolder(`copy.${extension}`);
  const shown = await chaptersOf(path);
  expect(shown.map(({ title }) => title)).toEqual([TITLES[0], TITLES[1], 'a=b; #c \\ d next line', '']);
  shown.forEach(({ start, end }, i) => {
    expect(Math.abs(start - i * 1.2345)).toBeLessThan(0.001);
    if (i < 3) expect(Math.abs(end - (i + 1) * 1.2345)).toBeLessThan(0.001);
  });
  const copy = await probeMedia(path);
  expect(Math.abs((shown.at(-1)?.end ?? 0) * 705_600_000 - (clip.duration ?? 0))).toBeLessThan(705_600_0);
  expect(Math.abs((copy.duration ?? 0) - (clip.duration ?? 0)) / 705_600_000).toBeLessThan(0.05);
  expect((await frameHashes(path)).map(({ md5 }) => md5)).toEqual((await frameHashes(clip.path)).map(({ md5 }) => md5));
  expect(await packetsOf(path, 'a:0')).toEqual(await packetsOf(clip.path, 'a:0'));
  expect(await fileHash(clip.path)).toBe(before);
  expect(events.at(-1)).toMatchObject({ type: 'file', path });
  expect((await names(folder.path)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('sound alone: M4A keeps its cover, MKA takes any codec', async () => {
  await ffmpeg('-f', 'lavfi', '-i', 'sine=d=5', '-f', 'lavfi', '-i', 'testsrc2=s=64x64:d=0.04', '-map', '0', '-map', '1', '-c:a', 'aac', '-c:v', 'mjpeg', '-disposition:v:0', 'attached_pic', '-frames:v', '1', inFolder('sound.m4a'));
  const sound = await probeMedia(inFolder('sound.m4a'));
  expect(sound.streams.map(({ kind }) => kind)).toContain('picture');
  await write(sound, 'sound-copy.m4a');
  expect((await chaptersOf(inFolder('sound-copy.m4a'))).map(({ title }) => title)).toEqual([TITLES[0], TITLES[1], 'a=b; #c \\ d next line', '']);
  expect((await probeMedia(inFolder('sound-copy.m4a'))).streams.map(({ kind }) => kind)).toContain('picture');
  await ffmpeg('-f', 'lavfi', '-i', 'sine=d=5', inFolder('sound.flac'));
  await write(await probeMedia(inFolder('sound.flac')), 'sound-copy.mka');
  expect(await chaptersOf(inFolder('sound-copy.mka'))).toHaveLength(4);
});

test('turned pictures, a second sound and subtitles stay; chapters of the source go', async () => {
  await writeFile(inFolder('a.srt'), '1\n00:00:01,000 --> 00:00:02,000\nHello\n');
  await writeFile(inFolder('old.txt'), ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=5000\ntitle=Old\n');
  await ffmpeg('-display_rotation', '90', '-i', clip.path, '-i', inFolder('a.srt'), '-i', inFolder('old.txt'), '-map', '0:v', '-map', '0:a', '-map', '0:a', '-map', '1', '-map_chapters', '2', '-c', 'copy', '-c:s', 'mov_text', inFolder('many.mp4')).catch(async () => {
    // Older versions turn by metadata.
    await ffmpeg('-i', clip.path, '-i', inFolder('a.srt'), '-i', inFolder('old.txt'), '-map', '0:v', '-map', '0:a', '-map', '0:a', '-map', '1', '-map_chapters', '2', '-c', 'copy', '-c:s', 'mov_text', '-metadata:s:v:0', 'rotate=90', inFolder('many.mp4'));
  });
  const many = await probeMedia(inFolder('many.mp4'));
  expect(await chaptersOf(many.path)).toHaveLength(1);
  expect(many.video?.rotation).not.toBe(0);
  for (const name of ['many-copy.mp4', 'many-copy.mov', 'many-copy.mkv']) {
    // Before version 6.1 ffmpeg can't write into Matroska how a picture is turned: then nothing is written.
    const written = await write(many, name).catch((error: unknown) => error);
    if (name.endsWith('.mkv') && !Array.isArray(written)) {
      expect(written).toMatchObject({ code: 'chapters_turned' });
      expect(await names(folder.path)).not.toContain(name);
      continue;
    }
    expect(written).toBeInstanceOf(Array);
    const copy = await probeMedia(inFolder(name));
    expect((await chaptersOf(copy.path)).map(({ title }) => title)).not.toContain('Old');
    const kinds = copy.streams.map(({ kind }) => kind);
    expect([kinds.filter((kind) => kind === 'audio').length, kinds.filter((kind) => kind === 'subtitle').length]).toEqual([2, 1]);
    expect(copy.video?.rotation).toBe(many.video?.rotation);
  }
});

test('a media that begins late: chapters count from its first moment', async () => {
  await ffmpeg('-i', clip.path, '-c', 'copy', '-output_ts_offset', '10', '-f', 'mpegts', inFolder('late.ts'));
  const late = await probeMedia(inFolder('late.ts'));
  const start = late.startTime / 705_600_000;
  expect(start).toBeGreaterThan(9);
  for (const extension of ['mp4', 'mkv']) {
    await write(late, `late.${extension}`, [chapter('One', start), chapter('Two', start + 3), chapter('Past', start + 60)]);
    const shown = await chaptersOf(inFolder(`late.${extension}`));
    expect(shown.map(({ title }) => title)).toEqual(['One', 'Two']);
    expect(shown.map(({ start: from }) => from)).toEqual([0, 3]);
    const frames = await frameHashes(inFolder(`late.${extension}`));
    // What is shown three seconds in is the same picture.
    const source = await frameHashes(late.path);
    const third = source.findIndex(({ time }) => time >= start + 3 - 0.001);
    expect(Math.abs((frames[third]?.time ?? 0) - ((source[third]?.time ?? 0) - start))).toBeLessThan(0.01);
  }
});

test('a file that does not tell its length ends its last chapter where it ends', async () => {
  await ffmpeg('-f', 'lavfi', '-i', 'sine=d=4', '-c:a', 'libopus', '-f', 'webm', '-live', '1', inFolder('live.webm'));
  const live = await probeMedia(inFolder('live.webm'));
  expect(live.duration).toBeNull();
  await write(live, 'live.mka', [chapter('One', 0), chapter('Two', 2)]);
  const shown = await chaptersOf(inFolder('live.mka'));
  expect(Math.abs((shown.at(-1)?.end ?? 0) - 4)).toBeLessThan(0.1);
});

test('400 chapters with long titles fit into MP4', async () => {
  const long = Array.from({ length: 400 }, (_, i) => chapter(`${i} ${'章'.repeat(190)}`, i * 0.014, i));
  await write(clip, 'long.mp4', long);
  expect((await chaptersOf(inFolder('long.mp4'))).map(({ title }) => title)).toEqual(long.map(({ title }) => title));
});

test('what can’t be is told: the container, the codec, no times, the source itself, a name that is taken', async () => {
  await expect(write(clip, 'copy.webm')).rejects.toMatchObject({ code: 'chapters_container', params: { container: 'WEBM' } });
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=d=1:s=64x64', '-c:v', 'libvpx', inFolder('vp8.webm'));
  await expect(write(await probeMedia(inFolder('vp8.webm')), 'vp8.mp4')).rejects.toMatchObject({ code: 'chapters_codec', params: { container: 'MP4', codec: 'vp8' } });
  await expect(write(clip, 'none.mp4', [chapter('No time', null), chapter('Past', 100)])).rejects.toMatchObject({ code: 'chapters_none' });
  await expect(write(clip, 'clip.mp4', FOUR, undefined, true)).rejects.toMatchObject({ code: 'target_is_input' });
  await writeFile(inFolder('taken.mp4'), 'x');
  await expect(write(clip, 'taken.mp4')).rejects.toMatchObject({ code: 'target_exists' });
  expect((await names(folder.path)).filter((name) => name.startsWith('.') || name === 'vp8.mp4' || name === 'none.mp4')).toEqual([]);
});

test('a cancelled copy leaves nothing', async () => {
  const stop = new AbortController();
  const run = write(clip, 'cancelled.mp4', FOUR, stop.signal);
  setTimeout(() => stop.abort(), 20);
  await expect(run).rejects.toMatchObject({ name: 'CancelledError' });
  expect((await names(folder.path)).filter((name) => name.includes('cancelled'))).toEqual([]);
});
