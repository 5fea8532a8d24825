import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { add, fromSeconds } from '../../shared/time.ts';
import type { Chapter } from '../../shared/understanding/types.ts';
import { probeMedia } from '../media/probe.ts';
import { chapterMetadata, exportWithChapters, fileChapters } from './chapters.ts';
import { ffmpeg, frameHashes, makeClip, testFolder } from './testMedia.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let clip: Media;
const at = (name: string): string => join(folder.path, name);
const TITLES = ['Opening', '第二章：预算；与 = 号', 'Quotes "and" #hash \\ back;slash = done', 'End'];

beforeAll(async () => {
  folder = await testFolder('chapters');
  clip = await makeClip(at('clip.mp4'), { seconds: 8 });
});
afterAll(() => folder.remove());

const chaptersOf = (media: Pick<Media, 'startTime'>, starts: readonly number[]): Chapter[] =>
  starts.map((start, i) => ({ id: `c${i}`, title: TITLES[i] ?? '', start: add(media.startTime, fromSeconds(start)), firstSentence: i, touched: false }));

async function write(media: Media, name: string, chapters: readonly Chapter[], signal = new AbortController().signal): Promise<ExportEvent[]> {
  const events: ExportEvent[] = [];
  for await (const event of exportWithChapters(media, chapters, { path: at(name), overwrite: true }, signal)) events.push(event);
  return events;
}

function read(name: string): { chapters: { start: number; end: number; title: string }[]; streams: string[] } {
  const out = execFileSync('ffprobe', ['-v', 'error', '-show_chapters', '-show_entries', 'stream=codec_type,codec_name', '-of', 'json', at(name)], { encoding: 'utf8' });
  const parsed = JSON.parse(out) as { chapters: { start_time: string; end_time: string; tags: { title: string } }[]; streams: { codec_type: string; codec_name?: string }[] };
  return {
    chapters: parsed.chapters.map(({ start_time, end_time, tags }) => ({ start: Number(start_time), end: Number(end_time), title: tags.title })),
    streams: parsed.streams.map(({ codec_type, codec_name }) => `${codec_type}:${codec_name ?? ''}`),
  };
}

test.each(['copy.mp4', 'copy.mkv', 'copy.mov'])('%s has the chapters, and the frames are the source’s', async (name) => {
  const events = await write(clip, name, chaptersOf(clip, [0, 2.5, 4.004, 7]));
  expect(events.at(-1)).toMatchObject({ type: 'file', path: at(name) });
  const { chapters } = read(name);
  expect(chapters.map(({ title }) => title)).toEqual(TITLES);
  for (const [i, start] of [0, 2.5, 4.004, 7].entries()) expect(chapters[i]?.start).toBeCloseTo(start, 2);
  expect(Math.abs((chapters[3]?.end ?? 0) - 8)).toBeLessThan(0.1);
  expect((await frameHashes(at(name))).map(({ md5 }) => md5)).toEqual((await frameHashes(clip.path)).map(({ md5 }) => md5));
});

test('earlier chapters are replaced, subtitles and rotation stay', async () => {
  writeFileSync(at('old.txt'), ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=8\ntitle=old\n');
  writeFileSync(at('subs.srt'), '1\n00:00:01,000 --> 00:00:03,000\nHello\n');
  await ffmpeg('-i', clip.path, '-f', 'ffmetadata', '-i', at('old.txt'), '-i', at('subs.srt'), '-map', '0', '-map', '2', '-map_chapters', '1', '-c', 'copy', '-c:s', 'mov_text', '-metadata:s:v', 'rotate=90', at('rich.mp4'));
  const rich = await probeMedia(at('rich.mp4'));
  await write(rich, 'rich-copy.mp4', chaptersOf(rich, [0, 5]));
  expect(read('rich-copy.mp4').chapters.map(({ title }) => title)).toEqual(TITLES.slice(0, 2));
  expect(read('rich-copy.mp4').streams).toContain('subtitle:mov_text');
  expect((await probeMedia(at('rich-copy.mp4'))).video?.rotation).toBe(rich.video?.rotation);
  await write(rich, 'rich-copy.mkv', chaptersOf(rich, [0, 5]));
  expect(read('rich-copy.mkv').streams).toContain('subtitle:subrip');
});

test('sound alone, and a file whose clock begins late', async () => {
  await ffmpeg('-i', clip.path, '-vn', '-c', 'copy', at('sound.m4a'));
  const sound = await probeMedia(at('sound.m4a'));
  await write(sound, 'sound-copy.m4a', chaptersOf(sound, [0, 4]));
  expect(read('sound-copy.m4a').chapters.map(({ start }) => Math.round(start))).toEqual([0, 4]);
  await ffmpeg('-i', clip.path, '-c', 'copy', '-output_ts_offset', '100', at('late.ts'));
  const late = await probeMedia(at('late.ts'));
  await write(late, 'late.mkv', chaptersOf(late, [0, 3, 6]));
  const found = read('late.mkv').chapters.map(({ start }) => start);
  for (const [i, start] of [0, 3, 6].entries()) expect(found[i]).toBeCloseTo(start, 2);
});

test('a container that holds none, no chapter inside, and a cancel leave nothing behind', async () => {
  await expect(write(clip, 'copy.webm', chaptersOf(clip, [0]))).rejects.toMatchObject({ code: 'chapters_container', params: { container: 'WEBM' } });
  await expect(write(clip, 'none.mp4', chaptersOf(clip, [60]))).rejects.toMatchObject({ code: 'chapters_none' });
  const stop = new AbortController();
  stop.abort();
  await expect(write(clip, 'stopped.mp4', chaptersOf(clip, [0]), stop.signal)).rejects.toThrow('cancelled');
  await expect(write(clip, 'clip.mp4', chaptersOf(clip, [0]))).rejects.toMatchObject({ code: 'target_is_input' });
  expect(readdirSync(folder.path).filter((name) => name.startsWith('.') || /webm|none|stopped/.test(name))).toEqual([]);
});

test('chapters past the end and without a time are left out; special characters are escaped', () => {
  const chapters = [...chaptersOf(clip, [0, 2, 60]), { id: 'x', title: 'no time', start: null, firstSentence: 9, touched: false }];
  expect(fileChapters(clip, chapters).map(({ start }) => start)).toEqual([0, 2]);
  expect(chapterMetadata([{ title: 'a=b;c#d\\e', start: 0, end: 1 }])).toContain('title=a\\=b\\;c\\#d\\\\e\n');
});
