import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { add, flicks, FLICKS_PER_SECOND, fromSeconds, fromTicks, type Flicks } from '../../shared/time.ts';
import { probeMedia } from './probe.ts';
import { runningChildren } from './process.ts';
import { rgbFrames, type MediaFrame } from './rgbFrames.ts';
import { frameTimes } from './syncFrames.ts';
import { ffmpeg, ffmpegBytes, Fixtures, probedTicks, sample } from './testing/fixtures.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

const seconds = (value: number): Flicks => fromSeconds(value);

async function all(media: Media, from: Flicks, to: Flicks | null, size: { width: number; height: number } | null = null): Promise<MediaFrame[]> {
  const frames: MediaFrame[] = [];
  for await (const frame of rgbFrames(media, { from, to, size })) frames.push(frame);
  return frames;
}

/** Mean colour of a frame's part, in parts of its size. */
function colourAt({ width, height, data }: MediaFrame, x: number, y: number): number[] {
  const at = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
  return [...data.subarray(at, at + 3)];
}

describe('rgbFrames', () => {
  it.each(['plain.mp4', 'vfr.mp4', 'plain.mkv', 'stream.ts', 'mpeg4.avi', 'raw.h264'])('gives every frame of %s at its own time', async (name) => {
    const media = await probeMedia(await fixtures.get(name));
    const frames = await all(media, media.startTime, null);
    const base = media.video?.timeBase ?? { num: 1, den: 1 };
    const ticks = await probedTicks(media.path);
    // Raw streams have no times and AVI lacks the last one: those are counted up.
    const told = name === 'raw.h264' ? 0 : ticks.length;
    expect(frames.slice(0, told).map(({ time }) => time)).toEqual(ticks.map((tick) => fromTicks(tick, base)));
    expect(frames).toHaveLength(name === 'raw.h264' || name === 'mpeg4.avi' ? 50 : ticks.length);
    expect(frames.every((frame, i) => i === 0 || frame.time === add(frames[i - 1]?.time ?? frame.time, frames[i - 1]?.duration ?? frame.time))).toBe(true);
  });

  it.each(['plain.mp4', 'vfr.mp4', 'plain.mkv', 'stream.ts', 'long-gop.mp4'])('begins with the frame shown at the start, in %s', async (name) => {
    const media = await probeMedia(await fixtures.get(name));
    const known = await frameTimes(media, media.startTime, add(media.startTime, seconds(60)));
    const [from, to] = [add(media.startTime, seconds(1.63)), add(media.startTime, seconds(2.4))];
    const wanted = known.filter((time, i) => (known[i + 1] ?? Infinity) > from && time < to - FLICKS_PER_SECOND / 1000);
    expect((await all(media, from, to)).map(({ time }) => time)).toEqual(wanted);
  });

  it('has the very pixels of the frame', async () => {
    const media = await probeMedia(await fixtures.get('plain.mp4'));
    const [frame] = await all(media, seconds(2), seconds(2.04));
    const whole = await ffmpegBytes(['-i', media.path, '-vf', 'select=eq(n\\,50),scale=flags=bicubic+accurate_rnd+full_chroma_int:in_color_matrix=bt601,format=rgb24', '-frames:v', '1', '-f', 'rawvideo']);
    expect(Buffer.compare(Buffer.from(frame?.data ?? []), whole)).toBe(0);
  });

  it('turns pictures upright', async () => {
    const media = await probeMedia(await fixtures.rotated());
    const [frame] = await all(media, seconds(1), seconds(1.04));
    expect([frame?.width, frame?.height]).toEqual([240, 320]);
  });

  it('finds a frame that is held for long', async () => {
    const path = fixtures.path('held.mkv');
    await ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=3', '-vf', "setpts='if(gt(N,30),PTS+30/TB,PTS)'", '-fps_mode', 'passthrough', '-c:v', 'libx264', '-g', '10', '-pix_fmt', 'yuv420p', path]);
    const media = await probeMedia(path);
    const frames = await all(media, seconds(20), seconds(22));
    expect(frames.map(({ time }) => time)).toEqual([seconds(1.2)]);
  });

  it.each([['bt709', 1280, 720], ['smpte170m', 320, 240]])('reads untagged and tagged %s with the right matrix', async (space, width, height) => {
    const path = fixtures.path(`red-${space}.mkv`);
    await ffmpeg(['-f', 'lavfi', '-i', `color=c=0xc02040:size=${width}x${height}:rate=25:duration=0.2`, '-vf', `format=gbrp,scale=out_color_matrix=${space}:out_range=limited,format=yuv420p`, '-c:v', 'ffv1', path]);
    const [frame] = await all(await probeMedia(path), seconds(0), null);
    if (!frame) throw new Error('no frame');
    const wanted = [0xc0, 0x20, 0x40];
    expect(colourAt(frame, 0.5, 0.5).every((value, i) => Math.abs(value - (wanted[i] ?? 0)) <= 2)).toBe(true);
  });

  it('keeps transparency apart', async () => {
    const path = fixtures.path('alpha.mov');
    await ffmpeg(['-f', 'lavfi', '-i', 'color=c=0x4080c0:size=64x48:rate=25:duration=0.2', '-vf', "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,32),0,200)'", '-c:v', 'qtrle', path]);
    const [frame] = await all(await probeMedia(path), seconds(0), null);
    expect([frame?.alpha?.[0], frame?.alpha?.[63]]).toEqual([0, 200]);
    expect(frame && colourAt(frame, 0.9, 0.5).map((value) => Math.round(value / 4))).toEqual([0x10, 0x20, 0x30]);
  });

  it('maps HDR to an ordinary screen', async () => {
    const media = await probeMedia(await fixtures.get('hdr.mkv'));
    const [frame] = await all(media, seconds(0), seconds(0.04));
    const plain = await ffmpegBytes(['-i', media.path, '-frames:v', '1', '-pix_fmt', 'rgb24', '-f', 'rawvideo']);
    expect(frame?.data.length).toBe(plain.length);
    expect(Buffer.compare(Buffer.from(frame?.data ?? []), plain)).not.toBe(0);
  });

  it('maps HDR of odd sizes', async () => {
    const media = await probeMedia(await fixtures.get('hdr.mkv'));
    expect(await all(media, seconds(0), seconds(0.2), { width: 213, height: 161 })).toHaveLength(5);
  });

  it.each([['1x1', 'yuv444p'], ['321x241', 'yuv420p'], ['2x2', 'yuv420p']])('takes a picture of %s', async (size, format) => {
    const path = fixtures.path(`size-${size}.mkv`);
    await ffmpeg(['-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=25:duration=0.2`, '-vf', `scale=${size.replace('x', ':')}`, '-c:v', 'ffv1', '-pix_fmt', format, path]);
    const frames = await all(await probeMedia(path), seconds(0), null);
    expect(frames.map(({ width, height }) => `${width}x${height}`)).toEqual(Array.from({ length: 5 }, () => size));
  });

  it('makes smaller pictures', async () => {
    const media = await probeMedia(await fixtures.get('plain.mp4'));
    const frames = await all(media, seconds(1), seconds(1.2), { width: 80, height: 60 });
    expect(frames.map(({ data }) => data.length)).toEqual(Array.from({ length: 5 }, () => 80 * 60 * 3));
  });

  it('gives what can be decoded of a damaged file', async () => {
    const path = await fixtures.altered(await fixtures.get('plain.mkv'), 'cut-short.mkv', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const frames = await all(await probeMedia(path), seconds(0), null);
    expect(frames.length).toBeGreaterThan(20);
    expect(frames.length).toBeLessThan(100);
  });

  it('says when there is nothing to decode', async () => {
    const path = await fixtures.altered(await fixtures.get('plain.mp4'), 'blank.mp4', (bytes) => bytes.fill(0, bytes.indexOf('mdat') + 4));
    const media = await probeMedia(path);
    await expect(all(media, seconds(0), null)).rejects.toMatchObject({ code: 'file_damaged' });
  });

  it('leaves no process when its consumer goes or the signal fires', async () => {
    const media = await probeMedia(sample('long.mp4')).catch(async () => probeMedia(await fixtures.get('long-gop.mp4')));
    for await (const frame of rgbFrames(media, { from: seconds(0), to: null, size: null })) {
      expect(frame.time).toBe(flicks(0));
      break;
    }
    expect(runningChildren()).toEqual([]);
    const stop = new AbortController();
    const cancelled = (async () => {
      for await (const frame of rgbFrames(media, { from: seconds(0), to: null, size: null, signal: stop.signal })) {
        if (frame.time > seconds(0.1)) stop.abort();
      }
    })();
    await expect(cancelled).rejects.toMatchObject({ name: 'CancelledError' });
    expect(runningChildren()).toEqual([]);
  });
});
