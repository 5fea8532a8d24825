import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProgressEvent } from '../../shared/events.ts';
import { FLICKS_PER_SECOND, fromTicks } from '../../shared/time.ts';
import { frameAt } from './decodeFrames.ts';
import { fingerprint } from './fingerprint.ts';
import { probeMedia } from './probe.ts';
import { runningChildren } from './process.ts';
import { makeProxy } from './proxy.ts';
import { syncFrames } from './syncFrames.ts';
import { Fixtures, ffmpegBytes, probedTicks } from './testing/fixtures.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

async function proxied(name: string) {
  const source = await probeMedia(name === 'rotated' ? await fixtures.rotated() : await fixtures.get(name));
  const target = fixtures.path(`cache/${source.name}.proxy.mp4`);
  const before = await fingerprint(source.path);
  const events: ProgressEvent[] = [];
  await makeProxy(source, target, { onProgress: (event) => events.push(event) });
  expect(await fingerprint(source.path)).toBe(before);
  return { source, made: await probeMedia(target), events };
}

describe('a proxy', () => {
  test.each(['vfr.mp4', 'stream.ts', 'deep.mp4', 'odd.mkv', 'two-audio.mkv', 'prores.mov'])('of %s plays, and every frame keeps its time', async (name) => {
    const { source, made } = await proxied(name);
    expect(made.playability).toEqual({ how: 'direct' });
    expect(made.video).toMatchObject({ codec: 'h264', pixelFormat: 'yuv420p' });
    expect(made.audio === null).toBe(source.audio === null);
    const own = (await probedTicks(source.path)).map((tick) => fromTicks(tick, source.video?.timeBase ?? { num: 1, den: 1 }) - source.startTime);
    const its = (await probedTicks(made.path)).map((tick) => fromTicks(tick, made.video?.timeBase ?? { num: 1, den: 1 }));
    expect(its.length).toBe(own.length);
    // Matroska's times are whole milliseconds.
    expect(Math.max(...its.map((time, index) => Math.abs(time - (own[index] ?? 0))))).toBeLessThan(FLICKS_PER_SECOND / 1000);
  });

  test('is turned, has frequent sync frames and the right picture', async () => {
    const { source, made, events } = await proxied('rotated');
    expect(made.video).toMatchObject({ width: 240, height: 320, rotation: 0 });
    expect((await syncFrames(made)).length).toBe(9);
    const [a, b] = await Promise.all([source, made].map(async (media, index) => {
      const picture = await frameAt(media, (2 * FLICKS_PER_SECOND) as never, { format: 'png' });
      const path = await fixtures.altered(media.path, `look-${index}.png`, () => Buffer.from(picture?.data ?? []));
      return ffmpegBytes(['-i', path, '-pix_fmt', 'gray', '-f', 'rawvideo']);
    }));
    let sum = 0;
    a?.forEach((value, index) => (sum += Math.abs(value - (b?.[index] ?? 0))));
    expect(sum / (a?.length ?? 1)).toBeLessThan(4);
    expect(events.at(-1)).toMatchObject({ type: 'progress', stage: 'proxy', unit: 'seconds' });
    expect(events.at(-1)?.done).toBeGreaterThan(3.8);
  });

  test('of audio alone, of HDR', async () => {
    const sound = await proxied('audio.m4a');
    expect(sound.made).toMatchObject({ video: null, audio: { codec: 'aac' }, playability: { how: 'direct' } });
    const hdr = await proxied('hdr.mkv');
    expect(hdr.made.video).toMatchObject({ hdr: 'none', bitDepth: 8, colour: { transfer: 'bt709', space: 'bt709' } });
  });
});

describe('nothing half-written is left', () => {
  test('after cancel', async () => {
    const source = await probeMedia(await fixtures.get('long-gop.mp4'));
    const cancel = new AbortController();
    const target = fixtures.path('cancelled/out.mp4');
    const work = makeProxy(source, target, { signal: cancel.signal, onProgress: () => cancel.abort() });
    await expect(work).rejects.toMatchObject({ name: 'CancelledError' });
    expect(await readdir(fixtures.path('cancelled'))).toEqual([]);
    expect(runningChildren()).toEqual([]);
  });

  test('after a failure; an older proxy stays', async () => {
    const source = await probeMedia(await fixtures.get('video-only.mp4'));
    const target = fixtures.path('failed/out.mp4');
    await makeProxy(source, target);
    const old = await readFile(target);
    await writeFile(fixtures.path('gone.mp4'), '');
    await expect(makeProxy({ ...source, path: fixtures.path('gone.mp4') }, target)).rejects.toMatchObject({ name: 'ExpectedError' });
    expect(await readdir(fixtures.path('failed'))).toEqual(['out.mp4']);
    expect(Buffer.compare(await readFile(target), old)).toBe(0);
    // A folder that can't be made, for there is a file of that name.
    await expect(makeProxy(source, join(target, 'below.mp4'))).rejects.toMatchObject({ code: 'target_not_writable' });
  });
});
