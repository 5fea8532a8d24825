import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { FLICKS_PER_SECOND, fromTicks, toSeconds, type Flicks } from '../../shared/time.ts';
import { decodeVideo } from './decode.ts';
import { probeMedia } from './probe.ts';
import { runningChildren } from './process.ts';
import { Fixtures, ffmpegBytes, isAlive, probedTicks, sample, sha256 } from './testing/fixtures.ts';
import type { DecodeEnd, DecodeOptions, SampleFrame, SmallFrame } from './types.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

interface Decoded {
  small: SmallFrame[];
  samples: SampleFrame[];
  end: DecodeEnd;
}
async function decodeAll(media: Media, options: Partial<DecodeOptions> = {}): Promise<Decoded> {
  const decode = decodeVideo(media, { small: true, samples: false, ...options });
  const take = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
    const items: T[] = [];
    for await (const item of source) items.push(item);
    return items;
  };
  const [small, samples] = await Promise.all([take(decode.small), take(decode.samples)]);
  return { small, samples, end: await decode.end };
}

const plainSmall = (path: string) =>
  ffmpegBytes(['-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough', '-vf', 'scale=48:27:flags=bicubic', '-pix_fmt', 'rgb24', '-f', 'rawvideo']);
const hashOf = (frames: SmallFrame[]) => sha256(...frames.map((frame) => frame.data));

describe('every frame, with its own time', () => {
  const files = ['plain.mp4', 'vfr.mp4', 'odd.mkv', 'deep.mp4', 'stream.ts', 'plain.mkv', 'mpeg4.avi', 'raw.h264', 'two-audio.mkv'];
  test.each(files)('%s', async (name) => {
    const path = await fixtures.get(name);
    const media = await probeMedia(path);
    const { small, end } = await decodeAll(media);
    const base = media.video?.timeBase ?? { num: 1, den: 1 };
    const ticks = await probedTicks(path);
    expect(small.map((frame) => frame.index)).toEqual(small.map((_, index) => index));
    // A raw stream has no times: ffmpeg counts frames, ffprobe knows none.
    // AVI gives none to the last frame.
    const timed = name === 'mpeg4.avi' ? small.slice(0, -1) : small;
    if (name !== 'raw.h264') expect(timed.map((frame) => frame.time)).toEqual(ticks.map((tick) => fromTicks(tick, base)));
    expect(hashOf(small)).toBe(sha256(await plainSmall(path)));
    expect(end).toMatchObject({ frames: small.length, lastTime: small.at(-1)?.time, damaged: [], endsEarly: false });
    expect(end.endTime).toBeGreaterThan(end.lastTime ?? 0);
  });

  test('a turned video is turned before it is scaled', async () => {
    const path = await fixtures.rotated();
    const { small } = await decodeAll(await probeMedia(path));
    expect(hashOf(small)).toBe(sha256(await plainSmall(path)));
  });

  test('the real clips', async () => {
    for (const name of ['bikes.mp4', 'fades.mp4']) {
      const { small, end } = await decodeAll(await probeMedia(sample(name)));
      expect(small.length).toBe(250);
      expect(hashOf(small)).toBe(sha256(await plainSmall(sample(name))));
      expect(end.endTime).toBe(10 * FLICKS_PER_SECOND);
    }
  });
});

describe('samples', () => {
  test('are the first frames of each step, in all their forms', async () => {
    const path = await fixtures.get('recording.mp4');
    const media = await probeMedia(path);
    const step = (frame: SmallFrame | undefined): number => Math.floor(toSeconds(frame?.time ?? (0 as Flicks)) / 0.8);
    const { small, samples } = await decodeAll(media, { samples: true, sampleInterval: (0.8 * FLICKS_PER_SECOND) as Flicks });
    const expected = small.filter((frame, index) => index === 0 || step(frame) > step(small[index - 1]));
    expect(samples.map(({ index, time }) => ({ index, time }))).toEqual(expected.map(({ index, time }) => ({ index, time })));
    const third = samples[3];
    if (!third) throw new Error('no sample');
    const plain = (filters: string) => ffmpegBytes(['-i', path, '-vf', `select=eq(n\\,${third.index}),${filters}`, '-frames:v', '1', '-pix_fmt', 'rgb24', '-f', 'rawvideo']);
    expect(sha256(third.classify)).toBe(sha256(await plain('crop=630:630,scale=224:224:flags=bicubic')));
    expect(sha256(third.detect)).toBe(sha256(await plain('scale=512:512:flags=bicubic')));
    expect(sha256(third.face)).toBe(sha256(await plain('scale=256:144:flags=bicubic,format=rgb24,pad=256:256:0:56')));
    expect([third.jpeg[0], third.jpeg[1], third.jpeg.at(-2), third.jpeg.at(-1)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
    // Owns its memory, so that it can be handed to a worker.
    expect(third.detect.byteLength).toBe(third.detect.buffer.byteLength);
  });

  test('alone, with the same indices, and as shown', async () => {
    const media = await probeMedia(await fixtures.rotated());
    const { samples, small, end } = await decodeAll(media, { small: false, samples: true, sampleInterval: FLICKS_PER_SECOND as Flicks });
    expect(small).toEqual([]);
    expect(end.frames).toBe(0);
    expect(samples.map((frame) => frame.index)).toEqual([0, 25, 50, 75]);
    // JPEG's frame header (SOF0): height and width as shown, not enlarged.
    const jpeg = Buffer.from(samples[0]?.jpeg ?? []);
    const header = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    expect([jpeg.readUInt16BE(header + 7), jpeg.readUInt16BE(header + 5)]).toEqual([240, 320]);
  });
});

describe('going on from a frame', () => {
  test.each(['plain.mp4', 'vfr.mp4', 'stream.ts', 'plain.mkv', 'mpeg4.avi', 'raw.h264'])('%s gives what a whole decode gives', async (name) => {
    const media = await probeMedia(await fixtures.get(name));
    const options = { samples: true, sampleInterval: (0.4 * FLICKS_PER_SECOND) as Flicks };
    const whole = await decodeAll(media, options);
    for (const index of [0, 7, 31, whole.small.length - 1]) {
      const frame = whole.small[index];
      if (!frame) throw new Error('no frame');
      const part = await decodeAll(media, { ...options, from: { index, time: frame.time } });
      expect(part.small.map((each) => [each.index, each.time])).toEqual(whole.small.slice(index).map((each) => [each.index, each.time]));
      expect(hashOf(part.small)).toBe(hashOf(whole.small.slice(index)));
      expect(part.samples.map((each) => [each.index, sha256(each.jpeg, each.face)])).toEqual(
        whole.samples.filter((each) => each.index >= index).map((each) => [each.index, sha256(each.jpeg, each.face)]),
      );
      expect(part.end.lastTime).toBe(whole.end.lastTime);
    }
  });

  test('a frame that is not there', async () => {
    const media = await probeMedia(await fixtures.get('plain.mp4'));
    const from = { index: 50, time: (2.001 * FLICKS_PER_SECOND) as Flicks };
    await expect(decodeAll(media, { from })).rejects.toMatchObject({ code: 'file_changed' });
    expect(runningChildren()).toEqual([]);
  });
});

describe('consumers', () => {
  test('a slow one holds the other back, and neither waits for ever', async () => {
    const media = await probeMedia(await fixtures.get('long-gop.mp4'));
    const decode = decodeVideo(media, { small: true, samples: true, sampleInterval: (0.2 * FLICKS_PER_SECOND) as Flicks });
    let [small, samples, ahead] = [0, 0, 0];
    await Promise.all([
      (async () => {
        for await (const frame of decode.small) {
          small = frame.index + 1;
          ahead = Math.max(ahead, small - samples * 5);
        }
      })(),
      (async () => {
        for await (const _ of decode.samples) {
          samples += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })(),
    ]);
    expect([small, samples]).toEqual([500, 100]);
    // 8 samples queued (40 frames), what lies in pipes and in ffmpeg: far less than the file.
    expect(ahead).toBeLessThan(250);
    expect((await decode.end).frames).toBe(500);
  });

  test('one that leaves early does not stop the other', async () => {
    const media = await probeMedia(await fixtures.get('long-gop.mp4'));
    const decode = decodeVideo(media, { small: true, samples: true });
    const first = (async () => {
      for await (const frame of decode.samples) return frame.index;
      return null;
    })();
    let frames = 0;
    for await (const _ of decode.small) frames += 1;
    expect([await first, frames]).toEqual([0, 500]);
    expect((await decode.end).frames).toBe(500);
  });

  test('cancel reaches both at once and leaves no process', async () => {
    const media = await probeMedia(await fixtures.get('long-gop.mp4'));
    const cancel = new AbortController();
    const decode = decodeVideo(media, { small: true, samples: true, signal: cancel.signal });
    let pids: number[] = [];
    const begun = { at: 0 };
    const reading = (async () => {
      for await (const frame of decode.small) {
        if (frame.index !== 3) continue;
        pids = runningChildren();
        begun.at = performance.now();
        cancel.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ name: 'CancelledError' });
    await expect(decode.end).rejects.toMatchObject({ name: 'CancelledError' });
    expect(performance.now() - begun.at).toBeLessThan(3000);
    expect(pids).toHaveLength(1);
    expect(pids.some(isAlive)).toBe(false);
  });
});

describe('bad input', () => {
  test('damage in the middle is decoded around, and told where', async () => {
    const source = await fixtures.get('recording.mp4');
    const path = await fixtures.altered(source, 'damaged.mp4', (bytes) => {
      const copy = Buffer.from(bytes);
      const from = Math.floor(bytes.length * 0.75);
      for (let i = 0; i < 60_000; i += 1) copy[from + i] = (i * 2654435761) >>> 24;
      return copy;
    });
    const { small, end } = await decodeAll(await probeMedia(path));
    const whole = await decodeAll(await probeMedia(source));
    expect(small.length).toBeGreaterThan(whole.small.length - 30);
    expect(end.endsEarly).toBe(false);
    expect(end.damaged).toHaveLength(1);
    const bad = small.filter((frame) => {
      const good = whole.small.find((each) => each.time === frame.time);
      return !good || Buffer.compare(frame.data, good.data) !== 0;
    });
    const [part] = end.damaged;
    expect(bad.length).toBeGreaterThan(0);
    expect(part?.from).toBeLessThanOrEqual(bad[0]?.time ?? 0);
    expect((bad[0]?.time ?? 0) - (part?.from ?? 0)).toBeLessThan(1.5 * FLICKS_PER_SECOND);
    expect(part?.to).toBeGreaterThan(bad[0]?.time ?? Infinity);
  });

  test('packets that are lost altogether leave a gap that is told', async () => {
    const path = await fixtures.altered(await fixtures.get('stream.ts'), 'lost.ts', (bytes) => {
      const middle = Math.floor(bytes.length / 2 / 188) * 188;
      return Buffer.concat([bytes.subarray(0, middle), bytes.subarray(middle + 188 * Math.floor(bytes.length / 188 / 4))]);
    });
    const { small, end } = await decodeAll(await probeMedia(path));
    expect(small.length).toBeLessThan(90);
    expect(end.damaged.length).toBeGreaterThan(0);
  });

  test('a file cut short ends early', async () => {
    const path = await fixtures.altered(await fixtures.get('plain.mp4'), 'short.mp4', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const { small, end } = await decodeAll(await probeMedia(path));
    expect(small.length).toBeGreaterThan(20);
    expect(small.length).toBeLessThan(90);
    expect(end).toMatchObject({ endsEarly: true, frames: small.length });
    expect(end.damaged.at(-1)?.to).toBeNull();
  });

  test('no video, nothing decodable, file gone', async () => {
    const sound = await probeMedia(await fixtures.get('audio.m4a'));
    await expect(decodeAll(sound)).rejects.toMatchObject({ code: 'no_video' });
    const noise = await fixtures.altered(await fixtures.get('video-only.mp4'), 'noise.mp4', (bytes) => {
      const copy = Buffer.from(bytes);
      const start = copy.indexOf('mdat') + 4;
      const end = copy.indexOf('moov') - 4;
      return copy.fill(0xff, start, end > start ? end : copy.length);
    });
    await expect(decodeAll(await probeMedia(noise))).rejects.toMatchObject({ code: 'file_damaged' });
    const gone = { ...(await probeMedia(sample('bikes.mp4'))), path: fixtures.path('gone.mp4') };
    await expect(decodeAll(gone)).rejects.toMatchObject({ code: 'file_missing' });
    expect(runningChildren()).toEqual([]);
  });
});
