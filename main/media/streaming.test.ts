/** The small parts that decoding is made of: queue, pipe readers, damage. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VideoStream } from '../../shared/media.ts';
import { fromSeconds } from '../../shared/time.ts';
import { DamageWatch, isComplaint } from './damage.ts';
import { faceBox, letterbox } from './forms.ts';
import { FrameQueue } from './frameQueue.ts';
import { FrameAssembler, LineSplitter, PacketAssembler, TimeLineReader } from './pipeReaders.ts';

/** Cuts bytes at arbitrary places. */
const cut = (bytes: Buffer, sizes: number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
};
const cuts = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 });

describe('pipe readers', () => {
  test('frames come out whole however the pipe cuts them', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), fc.uint8Array({ maxLength: 120 }), cuts, (size, bytes, sizes) => {
      const frames: Uint8Array[] = [];
      const assembler = new FrameAssembler(size, (frame) => frames.push(frame));
      for (const chunk of cut(Buffer.from(bytes), sizes)) assembler.push(chunk);
      expect(frames.length).toBe(Math.floor(bytes.length / size));
      expect(Buffer.concat(frames)).toEqual(Buffer.from(bytes.subarray(0, frames.length * size)));
    }));
  });

  test('packets come out whole, sizes early or late', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 12 }), { maxLength: 10 }), cuts, fc.boolean(), (packets, sizes, early) => {
      const got: Uint8Array[] = [];
      const assembler = new PacketAssembler((packet) => got.push(packet));
      const tell = (): void => packets.forEach((packet) => assembler.expect(packet.length));
      if (early) tell();
      for (const chunk of cut(Buffer.concat(packets), sizes)) assembler.push(chunk);
      if (!early) tell();
      expect(got.map((packet) => [...packet])).toEqual(packets.map((packet) => [...packet]));
    }));
  });

  test('time lines are found in the log, even behind the beginning of another line', () => {
    const reader = new TimeLineReader();
    const text = '#software: Lavf59\n#tb 0: 1/90000\n0,      -3003,      -3003,     3003,     3888, 0x0badcafe\n[h264 @ 0x55d1] 0,  0,  0,  0,  12, 0x00000001, S=1, 8\n[h264 @ 0x55d1] error while decoding MB 3 4\n0, -9223372036854775808, -9223372036854775808, 1, 5, 0x00000000\n';
    const read: unknown[] = [];
    const lines = new LineSplitter((line) => read.push(reader.read(line)));
    for (const character of text) lines.push(Buffer.from(character));
    expect(read).toEqual(['header', 'header', { time: (-3003 * 705_600_000) / 90_000, duration: (3003 * 705_600_000) / 90_000, bytes: 3888 }, { time: 0, duration: 0, bytes: 12 }, null, { time: null, duration: 7840, bytes: 5 }]);
  });
});

describe('queue', () => {
  test('keeps order, pauses at its limit, resumes at half', async () => {
    const calls: string[] = [];
    const queue = new FrameQueue<number>({ limit: 4, onFull: () => calls.push('full'), onRoom: () => calls.push('room') });
    for (let i = 0; i < 5; i += 1) queue.push(i);
    expect(calls).toEqual(['full']);
    const iterator = queue[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toBe(0);
    expect(calls).toEqual(['full']);
    await iterator.next();
    await iterator.next();
    expect(calls).toEqual(['full', 'room']);
    queue.end();
    expect([(await iterator.next()).value, (await iterator.next()).value, (await iterator.next()).done]).toEqual([3, 4, true]);
    await queue.drained;
  });

  test('a failure comes after what was queued, a cancel at once', async () => {
    for (const now of [false, true]) {
      const queue = new FrameQueue<number>({ limit: 4, onFull: () => undefined, onRoom: () => undefined });
      queue.push(1);
      queue.fail(new Error('broken'), now);
      const iterator = queue[Symbol.asyncIterator]();
      if (!now) expect((await iterator.next()).value).toBe(1);
      await expect(iterator.next()).rejects.toThrow('broken');
      await queue.drained;
    }
  });
});

describe('damage', () => {
  const video = { variableRate: false, frameRate: { num: 25, den: 1 } } as VideoStream;
  const at = (frame: number) => fromSeconds(frame / 25);

  test('complaints and gaps become parts; near ones are one', () => {
    const watch = new DamageWatch(video);
    for (let i = 0; i < 400; i += 1) {
      if (i === 50 || i === 55) watch.complaint();
      if (i > 200 && i < 220) continue;
      watch.frame(at(i));
    }
    expect(watch.finish(false)).toEqual([{ from: at(49), to: at(70) }, { from: at(200), to: at(220) }]);
  });

  test('a short file is damaged at its end; variable rates have gaps by nature', () => {
    const watch = new DamageWatch({ ...video, variableRate: true });
    watch.frame(at(0));
    watch.frame(at(100));
    expect(watch.finish(true)).toEqual([{ from: at(100), to: null }]);
  });

  test('complaints that leave frames whole do not count', () => {
    expect(isComplaint('[h264 @ 0x55d] [error] mmco: unref short failure')).toBe(false);
    expect(isComplaint('[h264 @ 0x55d] [error] error while decoding MB 53 20, bytestream -5')).toBe(true);
    expect(isComplaint('[error] Error while decoding stream #0:0: Invalid data found when processing input')).toBe(true);
    expect(isComplaint('[warning] clip.mp4: corrupt decoded frame in stream 0')).toBe(true);
    expect(isComplaint('[h264 @ 0x55d] [info] concealing 3123 DC, 3123 AC, 3123 MV errors in P frame')).toBe(true);
    // ffmpeg wrote a frame's time between the level and the text.
    expect(isComplaint('concealing 3123 DC, 3123 AC, 3123 MV errors in P frame')).toBe(true);
    expect(isComplaint('[swscaler @ 0x5] [warning] deprecated pixel format used')).toBe(false);
    expect(isComplaint('[mov,mp4,m4a,3gp,3g2,mj2 @ 0x5] [error] stream 0, offset 0x23: partial file')).toBe(true);
  });
});

test('a face box is mapped back to the frame', () => {
  const wide = { displayWidth: 1280, displayHeight: 720 } as VideoStream;
  expect(letterbox(wide)).toEqual({ x: 0, y: 56, width: 256, height: 144 });
  expect(faceBox(wide, [0.25, 56 / 256 + 0.25 * (144 / 256), 0.5, 0.5 * (144 / 256)])).toEqual([0.25, 0.25, 0.5, 0.5]);
  expect(faceBox(wide, [-0.1, 0, 1.2, 1])).toEqual([0, 0, 1, 1]);
});
