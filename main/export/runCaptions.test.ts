import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaptions } from '../../shared/captions/formats/index.ts';
import type { Media } from '../../shared/media.ts';
import { toSeconds } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { containerForPath } from './containers.ts';
import { captionsOf, cueAt, trackOf } from './testCaptions.ts';
import { at, exportAll, ffmpeg, fileHash, frameHashes, names, rangeOf, testFolder } from './testMedia.ts';

const execute = promisify(execFile);
let folder: Awaited<ReturnType<typeof testFolder>>;
let bikes: Media;
beforeAll(async () => {
  folder = await testFolder('captions');
  bikes = await probeMedia('e2e/media/bikes.mp4');
});
afterAll(() => folder.remove());

interface SubtitleStream {
  codec_name: string;
  disposition: { default: number };
  tags?: { language?: string; title?: string; handler_name?: string };
}

async function subtitles(path: string): Promise<string[]> {
  const { stdout } = await execute('ffprobe', ['-v', 'error', '-select_streams', 's', '-show_streams', '-of', 'json', path]);
  return (JSON.parse(stdout) as { streams: SubtitleStream[] }).streams.map(({ codec_name, disposition, tags }) => `${codec_name} ${tags?.language ?? 'und'}${disposition.default ? ' default' : ''}`);
}

/** Cues of a subtitle stream as a player reads them. */
async function texts(path: string, stream: number): Promise<[number, number, string][]> {
  const { stdout } = await execute('ffmpeg', ['-nostdin', '-v', 'error', '-i', path, '-map', `0:s:${stream}`, '-f', 'srt', '-']);
  return readCaptions(Buffer.from(stdout), { format: 'srt' }).cues.map(({ start, end, text }) => [toSeconds(start), toSeconds(end), text]);
}

const copied = { join: false, mode: 'copy' as const };

function twoTracks(media: Media) {
  return [
    trackOf(media, [cueAt(0.5, 2, 'Hello\nworld'), cueAt(3, 5, 'Second')]),
    trackOf(media, [cueAt(0.5, 2, '你好\n世界'), cueAt(3, 5, '第二')], { id: 'zh', language: 'zh-Hans', name: '中文', isDefault: true }),
  ];
}
const ENGLISH = [[0.5, 2, 'Hello\nworld'], [3, 4, 'Second']];
const CHINESE = [[0.5, 2, '你好\n世界'], [3, 4, '第二']];

describe('captions embedded in the file', () => {
  const codecs = { 'o.mp4': 'mov_text', 'o.m4v': 'mov_text', 'o.mov': 'mov_text', 'o.mkv': 'subrip' };
  for (const [name, codec] of Object.entries(codecs)) {
    it(`${name}: ${codec} beside a copied picture, languages and default told`, async () => {
      const file = join(folder.path, name);
      const { how } = await exportAll([bikes], [rangeOf(bikes, at(0), at(4))], { ...copied, container: containerForPath(file) ?? undefined }, { file }, { overwrite: false, captions: captionsOf({ embed: twoTracks(bikes) }) });
      expect(how).toEqual(['copy:asked_copy']);
      const chinese = name === 'o.mkv' || name === 'o.mov' ? 'chi' : 'zho';
      expect(await subtitles(file)).toEqual([`${codec} eng`, `${codec} ${chinese} default`]);
      const end = toSeconds((await probeMedia(file)).duration ?? at(0));
      const ends = (cues: unknown[][]): unknown[][] => [cues[0] ?? [], [3, expect.closeTo(Math.min(5, end), 1), cues[1]?.[2]]];
      expect(await texts(file, 0)).toEqual(ends(ENGLISH));
      expect(await texts(file, 1)).toEqual(ends(CHINESE));
      const source = await frameHashes(bikes.path);
      const written = await frameHashes(file);
      expect(written.map(({ md5 }) => md5)).toEqual(source.slice(0, written.length).map(({ md5 }) => md5));
    });
  }

  it('webvtt in WebM', async () => {
    const path = join(folder.path, 'source.webm');
    await ffmpeg('-i', bikes.path, '-t', '4', '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-s', '160x68', '-an', path);
    const media = await probeMedia(path);
    const file = join(folder.path, 'o.webm');
    await exportAll([media], [rangeOf(media, at(0), at(4))], { ...copied, container: containerForPath(file) ?? undefined }, { file }, { overwrite: false, captions: captionsOf({ embed: twoTracks(media) }) });
    expect(await subtitles(file)).toEqual(['webvtt eng', 'webvtt chi default']);
    expect(await texts(file, 0)).toEqual(ENGLISH);
    expect(await texts(file, 1)).toEqual(CHINESE);
  });

  it('ass in Matroska where SubRip can’t hold the look', async () => {
    const file = join(folder.path, 'styled.mkv');
    const styled = trackOf(bikes, [cueAt(0.5, 2, 'styled')], { style: { size: 9, colour: '#ffee00' } });
    await exportAll([bikes], [rangeOf(bikes, at(0), at(4))], { ...copied, container: containerForPath(file) ?? undefined }, { file }, { overwrite: false, captions: captionsOf({ embed: [styled] }) });
    expect(await subtitles(file)).toEqual(['ass eng']);
    const { stdout } = await execute('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, '-map', '0:s:0', '-c', 'copy', '-f', 'ass', '-']);
    expect(stdout).toContain('Noto Sans SC,35.45,&H0000EEFF');
    expect(stdout).toMatch(/Dialogue: 0,0:00:00\.50,0:00:02\.00,.*styled/);
  });

  it('begin with what is written: an exact cut, and a copy that begins earlier', async () => {
    const track = trackOf(bikes, [cueAt(3, 4, 'three')]);
    for (const [mode, start] of [['exact', 2.52], ['copy', 1.2]] as const) {
      const file = join(folder.path, `start-${mode}.mp4`);
      await exportAll([bikes], [rangeOf(bikes, at(2.52), at(5))], { join: false, mode }, { file }, { overwrite: false, captions: captionsOf({ embed: [track] }) });
      expect(await texts(file, 0), mode).toEqual([[expect.closeTo(3 - start, 2), expect.closeTo(4 - start, 2), 'three']]);
    }
  });

  it('overlapping cues share the screen where a stream shows one at a time', async () => {
    const track = trackOf(bikes, [cueAt(0, 2, 'long'), cueAt(1, 3, 'late')]);
    const file = join(folder.path, 'overlap.mp4');
    await exportAll([bikes], [rangeOf(bikes, at(0), at(4))], { ...copied, container: containerForPath(file) ?? undefined }, { file }, { overwrite: false, captions: captionsOf({ embed: [track] }) });
    expect(await texts(file, 0)).toEqual([[0, 1, 'long'], [1, 2, 'long\nlate'], [2, 3, 'late']]);
  });

  it('joined clips have one stream a language, of all their media', async () => {
    const path = join(folder.path, 'second.mp4');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x136:r=25:d=4', '-c:v', 'libx264', '-preset', 'ultrafast', path);
    const second = await probeMedia(path);
    const embed = [trackOf(bikes, [cueAt(0.5, 2, 'of bikes')]), trackOf(second, [cueAt(1, 2, 'of second')], { id: 'b', language: 'en-GB' })];
    const file = join(folder.path, 'joined.mkv');
    const ranges = [rangeOf(bikes, at(0.2), at(1)), rangeOf(second, at(0.52), at(3)), rangeOf(bikes, at(1), at(3))];
    await exportAll([bikes, second], ranges, { join: true, mode: 'auto', container: 'mkv' }, { file }, { overwrite: false, captions: captionsOf({ embed }) });
    expect(await subtitles(file)).toEqual(['subrip eng']);
    expect(await texts(file, 0)).toEqual([[0.3, 0.8, 'of bikes'], [1.28, 2.28, 'of second'], [3.28, 4.28, 'of bikes']]);
  });

  it('come after the source’s own subtitles, which stay but are the default no more', async () => {
    const srt = join(folder.path, 'own.srt');
    await writeFile(srt, '1\n00:00:00,200 --> 00:00:01,000\nown\n');
    const path = join(folder.path, 'own.mkv');
    await ffmpeg('-i', bikes.path, '-i', srt, '-map', '0:v', '-map', '1', '-t', '4', '-c', 'copy', '-metadata:s:s:0', 'language=fre', '-disposition:s:0', 'default', path);
    const media = await probeMedia(path);
    for (const [name, def] of [['own-kept.mkv', false], ['own-moved.mkv', true]] as const) {
      const file = join(folder.path, name);
      await exportAll([media], [rangeOf(media, at(0), at(4))], { ...copied, container: containerForPath(file) ?? undefined }, { file }, { overwrite: false, captions: captionsOf({ embed: [trackOf(media, [cueAt(1, 2, 'ours')], { isDefault: def })] }) });
      expect(await subtitles(file)).toEqual([`subrip fre${def ? '' : ' default'}`, `subrip eng${def ? ' default' : ''}`]);
      expect(await texts(file, 0)).toEqual([[0.2, 1, 'own']]);
      expect(await texts(file, 1)).toEqual([[1, 2, 'ours']]);
    }
  });

  it('are refused by files of sound alone, before anything is left', async () => {
    const sound = await probeMedia('e2e/media/jfk.flac');
    const before = await names(folder.path);
    const run = exportAll([sound], [rangeOf(sound, at(0), at(4))], { join: false, mode: 'exact', container: 'flac' }, { file: join(folder.path, 'sound.flac') }, { overwrite: false, captions: captionsOf({ embed: [trackOf(sound, [cueAt(0, 2, 'sound')])] }) });
    await expect(run).rejects.toMatchObject({ code: 'captions_cannot_embed' });
    expect(await names(folder.path)).toEqual(before);
  });
});

describe('caption files beside the export', () => {
  it('have its name and their language, and each clip its own', async () => {
    const target = join(folder.path, 'beside');
    await mkdir(target);
    const captions = captionsOf({ sidecar: twoTracks(bikes), sidecarFormat: 'vtt' });
    const { files } = await exportAll([bikes], [rangeOf(bikes, at(0), at(4)), rangeOf(bikes, at(2.52), at(5))], { join: false, mode: 'exact' }, { folder: target }, { overwrite: false, captions });
    expect(await names(target)).toEqual(['bikes-1.en.vtt', 'bikes-1.mp4', 'bikes-1.zh-Hans.vtt', 'bikes-2.en.vtt', 'bikes-2.mp4', 'bikes-2.zh-Hans.vtt']);
    expect(files).toHaveLength(6);
    const read = async (name: string) => readCaptions(await readFile(join(target, name)), { name }).cues.map(({ start, text }) => [toSeconds(start), text]);
    expect(await read('bikes-1.zh-Hans.vtt')).toEqual([[0.5, '你好\n世界'], [3, '第二']]);
    expect(await read('bikes-2.en.vtt')).toEqual([[0.48, 'Second']]);
  });

  it('never take the place of one that is there', async () => {
    const existing = join(folder.path, 'mine.en.srt');
    await writeFile(existing, 'precious');
    const range = [rangeOf(bikes, at(0), at(4))];
    const captions = captionsOf({ sidecar: twoTracks(bikes).slice(0, 1) });
    const file = join(folder.path, 'mine.mp4');
    await expect(exportAll([bikes], range, copied, { file }, { overwrite: false, captions })).rejects.toMatchObject({ code: 'target_exists' });
    expect(await readFile(existing, 'utf8')).toBe('precious');
    const target = join(folder.path, 'numbered');
    await mkdir(target);
    await writeFile(join(target, 'bikes-1.en.srt'), 'precious');
    await exportAll([bikes], range, copied, { folder: target }, { overwrite: false, captions });
    expect(await names(target)).toEqual(['bikes-1 (2).en.srt', 'bikes-1 (2).mp4', 'bikes-1.en.srt']);
    const { files } = await exportAll([bikes], range, copied, { file }, { overwrite: true, captions });
    expect(files).toEqual([file, existing]);
    expect(await readFile(existing, 'utf8')).toContain('Hello');
  });

  it('the source stays as it is', async () => {
    const copy = join(folder.path, 'source.mp4');
    await copyFile(bikes.path, copy);
    const before = await fileHash(copy);
    const media = await probeMedia(copy);
    await expect(exportAll([media], [rangeOf(media, at(0), at(1))], copied, { file: copy }, { overwrite: true, captions: captionsOf({ sidecar: twoTracks(media) }) })).rejects.toMatchObject({ code: 'target_is_input' });
    expect(await fileHash(copy)).toBe(before);
  });
});
