import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mediaSchema } from '../../shared/media.ts';
import { FLICKS_PER_SECOND } from '../../shared/time.ts';
import { fingerprint } from './fingerprint.ts';
import { probeMedia } from './probe.ts';
import { Fixtures, sample } from './testing/fixtures.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

const second = FLICKS_PER_SECOND;
const probe = async (name: string) => {
  const media = await probeMedia(await fixtures.get(name));
  expect(() => mediaSchema.parse(media)).not.toThrow();
  return media;
};

describe('facts', () => {
  test('an ordinary recording', async () => {
    const media = await probeMedia(sample('testvideo.mp4'));
    expect(media).toMatchObject({ name: 'testvideo.mp4', bytes: 2433000, startTime: 0, playability: { how: 'direct' } });
    expect(media.video).toMatchObject({
      codec: 'h264', width: 1280, height: 720, displayWidth: 1280, displayHeight: 720, rotation: 0, variableRate: false,
      frameRate: { num: 30000, den: 1001 }, timeBase: { num: 1, den: 30000 }, frames: 720, bitDepth: 8, hdr: 'none', hasAlpha: false,
    });
    expect(media.video?.duration).toBe((720_700 * second) / 30000);
  });

  test('a quarter turn swaps the size shown', async () => {
    const media = await probeMedia(await fixtures.rotated());
    expect(media.video).toMatchObject({ width: 320, height: 240, displayWidth: 240, displayHeight: 320, rotation: 90 });
  });

  test('wide pixels, odd sizes, depth, variable rate', async () => {
    expect((await probe('anamorphic.mp4')).video).toMatchObject({ width: 320, displayWidth: 427, displayHeight: 240, sampleAspect: { num: 4, den: 3 } });
    expect((await probe('odd.mkv')).video).toMatchObject({ width: 321, height: 241, displayWidth: 321, displayHeight: 241, bitDepth: 8 });
    expect((await probe('deep.mp4')).video).toMatchObject({ bitDepth: 10, pixelFormat: 'yuv420p10le' });
    expect((await probe('vfr.mp4')).video).toMatchObject({ variableRate: true });
    expect((await probe('plain.mp4')).video).toMatchObject({ variableRate: false });
  });

  test('HDR of both kinds', async () => {
    expect((await probe('hdr.mkv')).video).toMatchObject({ hdr: 'pq', colour: { primaries: 'bt2020', space: 'bt2020nc' } });
    expect((await probe('hlg.mkv')).video?.hdr).toBe('hlg');
  });

  test('the default one of several audio streams is used', async () => {
    const media = await probe('two-audio.mkv');
    expect(media.streams.map((stream) => stream.kind)).toEqual(['video', 'audio', 'audio']);
    expect(media.audio).toMatchObject({ index: 2, language: 'fra', codec: 'aac', sampleRate: 48000 });
  });

  test('audio alone, video alone, cover art', async () => {
    expect(await probe('audio.m4a')).toMatchObject({ video: null, audio: { codec: 'aac', channels: 1 } });
    expect(await probe('video-only.mp4')).toMatchObject({ audio: null, video: { codec: 'h264' } });
    const covered = await probe('covered.mp3');
    expect(covered.video).toBeNull();
    expect(covered.streams.map((stream) => stream.kind)).toEqual(['audio', 'picture']);
  });

  test('a transport stream keeps its own times', async () => {
    const media = await probe('stream.ts');
    expect(media.format).toBe('mpegts');
    expect(media.startTime).toBeGreaterThan(second);
    expect(media.video?.startTime).toBeGreaterThanOrEqual(media.startTime);
  });

  test('unknown lengths are null', async () => {
    const media = await probe('raw.h264');
    expect(media.duration).toBeNull();
    expect(media.video).toMatchObject({ duration: null, frames: null });
    const live = fixtures.path('live.webm');
    const clip = await fixtures.get('clip.webm');
    await writeFile(live, execFileSync('ffmpeg', ['-v', 'error', '-i', clip, '-c', 'copy', '-live', '1', '-f', 'webm', 'pipe:1']));
    const streamed = await probeMedia(live);
    expect(streamed).toMatchObject({ duration: null, format: 'webm', playability: { how: 'proxy', reasons: ['no_index'] } });
  });
});

test('what Chromium plays is told from facts', async () => {
  const how = async (name: string) => (await probe(name)).playability;
  expect(await how('plain.mp4')).toEqual({ how: 'direct' });
  expect(await how('clip.webm')).toEqual({ how: 'direct' });
  expect(await how('audio.m4a')).toEqual({ how: 'direct' });
  expect(await how('covered.mp3')).toEqual({ how: 'direct' });
  expect(await how('tone.wav')).toEqual({ how: 'direct' });
  expect((await probeMedia(sample('jfk.flac'))).playability).toEqual({ how: 'direct' });
  expect(await how('plain.mkv')).toEqual({ how: 'proxy', reasons: ['container'] });
  const late = fixtures.path('late.mp4');
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', sample('bikes.mp4'), '-c', 'copy', '-output_ts_offset', '5', late]);
  expect((await probeMedia(late)).playability).toEqual({ how: 'proxy', reasons: ['late_start'] });
  expect(await how('deep.mp4')).toEqual({ how: 'proxy', reasons: ['pixel_format'] });
  expect(await how('prores.mov')).toEqual({ how: 'proxy', reasons: ['video_codec'] });
  expect(await how('surround.mp4')).toEqual({ how: 'proxy', reasons: ['audio_codec'] });
  expect(await how('stream.ts')).toEqual({ how: 'proxy', reasons: ['container'] });
  expect((await probeMedia(sample('bigbuckbunny.mp4'))).playability).toEqual({ how: 'direct' });
  expect((await probeMedia(sample('fades.mp4'))).playability).toEqual({ how: 'proxy', reasons: ['video_codec'] });
});

describe('bad input', () => {
  const code = (path: string) => probeMedia(path).then(() => 'ok', (error: { code?: string }) => error.code);

  test('missing, folder, empty, text', async () => {
    expect(await code(fixtures.path('gone.mp4'))).toBe('file_missing');
    expect(await code(fixtures.folder)).toBe('file_is_folder');
    await writeFile(fixtures.path('empty.mp4'), '');
    expect(await code(fixtures.path('empty.mp4'))).toBe('file_empty');
    await writeFile(fixtures.path('text.mp4'), 'Not a film, only words.\n'.repeat(400));
    expect(await code(fixtures.path('text.mp4'))).toBe('file_not_media');
    await writeFile(fixtures.path('text.txt'), 'Not a film, only words.\n'.repeat(400));
    expect(await code(fixtures.path('text.txt'))).toBe('file_not_media');
    await writeFile(fixtures.path('words.srt'), '1\n00:00:01,000 --> 00:00:02,000\nHello\n');
    expect(await code(fixtures.path('words.srt'))).toBe('file_not_media');
  });

  test('a fifo is not opened: that would wait for a writer', async () => {
    execFileSync('mkfifo', [fixtures.path('pipe.mp4')]);
    expect(await code(fixtures.path('pipe.mp4'))).toBe('file_not_regular');
    expect(await code('/dev/zero')).toBe('file_not_regular');
  });

  test('unreadable', async () => {
    const path = fixtures.path('secret.mp4');
    await copyFile(await fixtures.get('plain.mp4'), path);
    await chmod(path, 0);
    // Root reads everything: become nobody for the attempt.
    const root = process.getuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      expect(await code(path)).toBe('file_unreadable');
    } finally {
      if (root) process.seteuid?.(0);
    }
    await symlink(fixtures.path('loop-b'), fixtures.path('loop-a'));
    await symlink(fixtures.path('loop-a'), fixtures.path('loop-b'));
    expect(await code(fixtures.path('loop-a'))).toBe('file_unreadable');
  });

  test('an mp4 that ends before its index', async () => {
    const cut = await fixtures.altered(sample('bikes.mp4'), 'cut.mp4', (bytes) => bytes.subarray(0, 400_000));
    expect(await code(cut)).toBe('file_no_index');
    const noMoov = await fixtures.altered(sample('bikes.mp4'), 'no-moov.mp4', (bytes) => {
      const at = bytes.indexOf('moov');
      const copy = Buffer.from(bytes);
      copy.write('zzzz', at, 'latin1');
      return copy;
    });
    expect(await code(noMoov)).toBe('file_no_index');
  });

  test('a file that is cut short after its index is media', async () => {
    const cut = await fixtures.altered(await fixtures.get('plain.mp4'), 'short.mp4', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const media = await probeMedia(cut);
    expect(media.video).toMatchObject({ width: 320, frames: 100 });
  });

  test('cancelled', async () => {
    await expect(probeMedia(sample('bikes.mp4'), { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'CancelledError' });
  });

  test('a name that looks like an option or an address', async () => {
    const folder = fixtures.path('odd names');
    await mkdir(folder, { recursive: true });
    for (const name of ['-i.mp4', 'http:x.mp4', "it's 100% [ü] 视频.mp4", 'a|b.mp4']) {
      const path = `${folder}/${name}`;
      await copyFile(await fixtures.get('video-only.mp4'), path);
      expect((await probeMedia(path)).name).toBe(name);
    }
  });
});

describe('fingerprint', () => {
  test('stays with the content, not with the name or date', async () => {
    const path = fixtures.path('print.mp4');
    await copyFile(sample('bigbuckbunny.mp4'), path);
    const before = await fingerprint(path);
    expect(before).toMatch(/^[0-9a-f]{32}$/);
    await rename(path, `${path}.moved`);
    await utimes(`${path}.moved`, 1, 1);
    expect(await fingerprint(`${path}.moved`)).toBe(before);
  });

  test('tells length, head, middle and tail apart', async () => {
    const bytes = await readFile(sample('bigbuckbunny.mp4'));
    const changed = async (name: string, change: (copy: Buffer) => Buffer) => fingerprint(await fixtures.altered(sample('bigbuckbunny.mp4'), name, (b) => change(Buffer.from(b))));
    const flip = (at: number) => (copy: Buffer) => {
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    };
    const prints = new Set([
      await fingerprint(sample('bigbuckbunny.mp4')),
      await changed('a', flip(10)),
      await changed('b', flip(bytes.length >> 1)),
      await changed('c', flip(bytes.length - 1)),
      await changed('d', (copy) => copy.subarray(0, copy.length - 1)),
    ]);
    expect(prints.size).toBe(5);
  });
});
