import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flicks, FLICKS_PER_SECOND, fromSeconds, fromTicks, toSeconds, type Flicks } from '../../shared/time.ts';
import { frameAt, sampleAt } from './decodeFrames.ts';
import { probeMedia } from './probe.ts';
import { runningChildren } from './process.ts';
import { frameShownAt, frameTimes, stepFrame, syncFrames } from './syncFrames.ts';
import { Fixtures, ffmpegBytes, ffprobeText, probedTicks, sample, sha256 } from './testing/fixtures.ts';
import { previews, spreadOrder, thumbnails } from './thumbnails.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

const open = async (name: string) => probeMedia(await fixtures.get(name));
const timesOf = async (name: string): Promise<Flicks[]> => {
  const media = await open(name);
  const ticks = await probedTicks(media.path);
  return ticks.map((tick) => fromTicks(tick, media.video?.timeBase ?? { num: 1, den: 1 }));
};
const jpegSize = (jpeg: Uint8Array): [number, number] => {
  const bytes = Buffer.from(jpeg);
  const header = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  return [bytes.readUInt16BE(header + 7), bytes.readUInt16BE(header + 5)];
};

describe('frame times', () => {
  test.each(['plain.mp4', 'vfr.mp4', 'stream.ts', 'plain.mkv', 'mpeg4.avi'])('%s: those of a decode', async (name) => {
    const media = await open(name);
    const all = await timesOf(name);
    const [from, to] = [fromSeconds(toSeconds(media.startTime) + 0.7), fromSeconds(toSeconds(media.startTime) + 1.9)];
    expect(await frameTimes(media, from, to)).toEqual(all.filter((time) => time >= from && time < to));
    const whole = await frameTimes(media, flicks(0), flicks(100 * FLICKS_PER_SECOND));
    expect(whole.slice(0, all.length)).toEqual(all);
  });

  test('the frame shown at a time, and steps from it', async () => {
    const media = await open('vfr.mp4');
    const all = await timesOf('vfr.mp4');
    const gap = all.findIndex((time, index) => (all[index + 1] ?? time) - time > FLICKS_PER_SECOND);
    const before = all[gap] ?? flicks(0);
    // More than a second after it, no other has begun.
    expect(await frameShownAt(media, flicks(before + FLICKS_PER_SECOND))).toBe(before);
    expect(await frameShownAt(media, flicks(-FLICKS_PER_SECOND))).toBe(all[0]);
    expect(await frameShownAt(media, flicks(90 * FLICKS_PER_SECOND))).toBe(all.at(-1));
    expect(await stepFrame(media, before, 1)).toBe(all[gap + 1]);
    expect(await stepFrame(media, all[gap + 1] ?? flicks(0), -1)).toBe(before);
    expect(await stepFrame(media, before, 30)).toBe(all[gap + 30]);
    expect(await stepFrame(media, before, -10)).toBe(all[gap - 10]);
    expect(await stepFrame(media, all[0] ?? flicks(0), -1)).toBeNull();
    expect(await stepFrame(media, all.at(-1) ?? flicks(0), 1)).toBeNull();
  });

  test('sync frames are those that the packets mark', async () => {
    for (const name of ['plain.mp4', 'stream.ts', 'recording.mp4']) {
      const media = await open(name);
      const text = await ffprobeText(['-select_streams', 'v:0', '-show_entries', 'frame=key_frame,best_effort_timestamp', '-of', 'csv=p=0', media.path]);
      const keys = text.split('\n').flatMap((line) => (line.startsWith('1,') ? [fromTicks(Number.parseInt(line.slice(2), 10), media.video?.timeBase ?? { num: 1, den: 1 })] : []));
      expect(await syncFrames(media)).toEqual(keys);
    }
  });

  test('no video; cancelled', async () => {
    await expect(syncFrames(await open('audio.m4a'))).rejects.toMatchObject({ code: 'no_video' });
    await expect(syncFrames(await open('plain.mp4'), { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'CancelledError' });
  });
});

describe('one frame', () => {
  test.each(['plain.mp4', 'vfr.mp4', 'stream.ts', 'recording.mp4'])('%s: exactly the one shown', async (name) => {
    const media = await open(name);
    const all = await timesOf(name);
    const indices = [0, 33, all.length - 1];
    const select = indices.map((index) => `eq(n\\,${index})`).join('+');
    const plain = await ffmpegBytes(['-i', media.path, '-map', '0:v:0', '-vf', `select=${select},format=rgb24,format=gray`, '-fps_mode', 'passthrough', '-f', 'rawvideo']);
    for (const [at, index] of indices.entries()) {
      const [shown, next] = [all[index] ?? flicks(0), all[index + 1]];
      const time = next === undefined ? shown : flicks(Math.floor((shown + next) / 2));
      const picture = await frameAt(media, time, { format: 'png' });
      expect(picture?.time).toBe(shown);
      const own = await ffmpegBytes(['-f', 'png_pipe', '-i', await fixtures.altered(media.path, 'one.png', () => Buffer.from(picture?.data ?? [])), '-pix_fmt', 'gray', '-f', 'rawvideo']);
      const gray = plain.subarray((at * plain.length) / 3, ((at + 1) * plain.length) / 3);
      // The same picture, but for the colour matrix of untagged HD, which plain ffmpeg takes for SD.
      expect(meanDifference(own, gray)).toBeLessThan(name === 'recording.mp4' ? 6 : 0.5);
    }
  });

  test('as shown: turned, wide pixels made square; the size asked for', async () => {
    const rotated = await probeMedia(await fixtures.rotated());
    expect(jpegSize((await frameAt(rotated, flicks(0)))?.data ?? new Uint8Array())).toEqual([240, 320]);
    const wide = await open('anamorphic.mp4');
    expect(jpegSize((await frameAt(wide, flicks(0)))?.data ?? new Uint8Array())).toEqual([427, 240]);
    expect(jpegSize((await frameAt(wide, flicks(0), { height: 120 }))?.data ?? new Uint8Array())).toEqual([214, 120]);
    expect(jpegSize((await frameAt(wide, flicks(0), { side: 200 }))?.data ?? new Uint8Array())).toEqual([200, 112]);
  });

  test('HDR is mapped to an ordinary screen', async () => {
    for (const name of ['hdr.mkv', 'hlg.mkv']) {
      const picture = await frameAt(await open(name), flicks(0), { height: 60 });
      const path = await fixtures.altered(await fixtures.get(name), 'mapped.jpg', () => Buffer.from(picture?.data ?? []));
      const mapped = await ffmpegBytes(['-i', path, '-pix_fmt', 'gray', '-f', 'rawvideo']);
      const raw = await ffmpegBytes(['-i', await fixtures.get(name), '-frames:v', '1', '-vf', 'scale=80:60:flags=bicubic', '-pix_fmt', 'gray', '-f', 'rawvideo']);
      expect(mapped.length).toBe(raw.length);
      expect(meanDifference(mapped, raw)).toBeGreaterThan(4);
      expect(new Set(mapped).size).toBeGreaterThan(40);
    }
  });

  test('not exact: the sync frame before', async () => {
    const media = await open('long-gop.mp4');
    expect((await frameAt(media, fromSeconds(7.3), { exact: false, height: 90 }))?.time).toBe(6 * FLICKS_PER_SECOND);
  });

  test('in the forms of a sample', async () => {
    const media = await open('plain.mp4');
    const forms = await sampleAt(media, fromSeconds(1.23));
    expect(forms?.time).toBe(fromSeconds(1.2));
    const plain = await ffmpegBytes(['-i', media.path, '-vf', 'select=eq(n\\,30),scale=512:512:flags=bicubic', '-frames:v', '1', '-pix_fmt', 'rgb24', '-f', 'rawvideo']);
    expect(sha256(forms?.detect ?? new Uint8Array())).toBe(sha256(plain));
    // Long before the end of a film, too, and its first and last frame.
    const film = await probeMedia(sample('bikes.mp4'));
    for (const seconds of [0, 1.8, 9.96]) expect((await sampleAt(film, fromSeconds(seconds)))?.time).toBe(fromSeconds(seconds));
    expect(runningChildren()).toEqual([]);
  });
});

describe('thumbnails', () => {
  const hash = (picture: Uint8Array | null | undefined) => (picture ? sha256(picture) : null);

  test('close steps, exact: each is the frame shown then', async () => {
    const media = await open('vfr.mp4');
    const options = { start: fromSeconds(0.35), step: fromSeconds(0.31), count: 14, height: 48, exact: true };
    const strip = await thumbnails(media, options);
    const single = await Promise.all([0, 3, 7, 11].map((i) => frameAt(media, flicks(options.start + i * options.step), { height: 48 })));
    expect([strip[0], strip[3], strip[7], strip[11]].map(hash)).toEqual(single.map((picture) => hash(picture?.data)));
    expect(strip.map((picture, i) => (picture === null) === (0.35 + i * 0.31 >= toSeconds(media.duration ?? flicks(0))))).not.toContain(false);
    expect(strip.at(-1)).toBeNull();
  });

  test('close and wide steps, not exact: the sync frames before', async () => {
    const media = await open('long-gop.mp4');
    const at = async (seconds: number) => hash((await frameAt(media, fromSeconds(seconds), { height: 36 }))?.data);
    const close = await thumbnails(media, { start: fromSeconds(3), step: fromSeconds(0.5), count: 6, height: 36, exact: false });
    const [two, four] = [await at(2), await at(4)];
    expect(close.map(hash)).toEqual([two, two, four, four, four, four]);
    const wide = await thumbnails(media, { start: fromSeconds(1), step: fromSeconds(6), count: 5, height: 36, exact: false });
    expect(wide.map(hash)).toEqual([await at(0), await at(6), await at(12), await at(18), null]);
  });

  test('a transport stream that begins after zero', async () => {
    const media = await open('stream.ts');
    const start = media.video?.startTime ?? flicks(0);
    const strip = await thumbnails(media, { start, step: fromSeconds(0.5), count: 8, height: 48, exact: true });
    const plain = await open('plain.mp4');
    expect(strip.filter((picture) => picture !== null)).toHaveLength(8);
    expect(hash(strip[3])).toBe(hash((await frameAt(media, flicks(start + fromSeconds(1.5)), { height: 48 }))?.data));
    expect(strip.map(hash)).not.toContain(hash((await frameAt(plain, fromSeconds(3.96), { height: 48 }))?.data));
    const loose = await thumbnails(media, { start, step: fromSeconds(0.5), count: 8, height: 48, exact: false });
    expect(loose.filter((picture) => picture !== null)).toHaveLength(8);
  });

  test('cancel', async () => {
    const cancel = new AbortController();
    const work = thumbnails(await open('long-gop.mp4'), { start: flicks(0), step: fromSeconds(0.6), count: 32, height: 90, exact: true, signal: cancel.signal });
    setTimeout(() => cancel.abort(), 60);
    await expect(work).rejects.toMatchObject({ name: 'CancelledError' });
    expect(runningChildren()).toEqual([]);
  });
});

describe('previews', () => {
  test('spread over the length, coarse first, no frame twice', async () => {
    const media = await open('long-gop.mp4');
    const got: Flicks[] = [];
    for await (const { time, jpeg } of previews(media, 12)) {
      expect(jpegSize(jpeg)).toEqual([320, 180]);
      got.push(time);
    }
    expect(new Set(got).size).toBe(got.length);
    expect(got.length).toBeGreaterThanOrEqual(9);
    const third = (time: Flicks) => Math.floor((toSeconds(time) / 20) * 2);
    expect(new Set(got.slice(0, 2).map(third)).size).toBe(2);
    expect(got.every((time) => time % (2 * FLICKS_PER_SECOND) === 0)).toBe(true);
  });

  test('leaving early leaves no process; an unknown length gives the first frame', async () => {
    for await (const preview of previews(await open('long-gop.mp4'), 12)) {
      expect(preview.jpeg.length).toBeGreaterThan(500);
      break;
    }
    await expect.poll(() => runningChildren(), { timeout: 2000 }).toEqual([]);
    const raw: unknown[] = [];
    for await (const preview of previews(await open('raw.h264'), 12)) raw.push(preview);
    expect(raw).toHaveLength(1);
  });

  test('the order holds every number once and halves the widest gap', () => {
    expect(spreadOrder(8)).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
    for (const count of [1, 3, 24, 100]) expect([...spreadOrder(count)].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  });
});

function meanDifference(a: Buffer, b: Buffer): number {
  expect(a.length).toBe(b.length);
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / a.length;
}
