import { copyFile, mkdir, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExpectedError } from '../../shared/errors.ts';
import type { Media } from '../../shared/media.ts';
import { effectOf } from '../../shared/style/effect.ts';
import { renderEventSchema, type ClipEffect, type RenderEvent, type RenderRequest } from '../../shared/style/types.ts';
import { add, flicks, FLICKS_PER_SECOND, fromSeconds, ZERO, type Flicks } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { runningChildren } from '../media/process.ts';
import { rgbFrames } from '../media/rgbFrames.ts';
import { frameTimes } from '../media/syncFrames.ts';
import { ffmpeg, ffmpegBytes, Fixtures } from '../media/testing/fixtures.ts';
import type { StyleContext } from './context.ts';
import { renderClip, renderKey, type RenderedClip } from './render.ts';
import { holdRender, trimRenders } from './renderStore.ts';
import { testContext, fakeStylist, type FakeStylistOptions } from './fakeStylist.ts';

let fixtures: Fixtures;
let folders = 0;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

const newStore = (): string => fixtures.path(`renders-${(folders += 1)}`);
const opened = async (name: string): Promise<Media> => probeMedia(await fixtures.get(name));
const everything = (media: Media): [Flicks, Flicks] => [media.startTime, flicks(media.startTime + (media.duration ?? FLICKS_PER_SECOND))];

function requestOf(media: Media, [start, end]: [Flicks, Flicks], effect: Partial<ClipEffect> = {}): RenderRequest {
  return { media: media.id, start, end, effect: { ...effectOf({ id: 'vintage' }, ZERO), ...effect }, picture: null };
}

async function rendered(media: Media, request: RenderRequest, context: StyleContext, onEvent?: (event: RenderEvent) => void): Promise<RenderedClip & { events: RenderEvent[] }> {
  const events: RenderEvent[] = [];
  const running = renderClip(media, request, context);
  for (let next = await running.next(); ; next = await running.next()) {
    if (next.done) return { ...next.value, events };
    renderEventSchema.parse(next.value);
    events.push(next.value);
    onEvent?.(next.value);
  }
}

async function timesOf(media: Media): Promise<Flicks[]> {
  return frameTimes(media, flicks(media.startTime - FLICKS_PER_SECOND), flicks(media.startTime + 1000 * FLICKS_PER_SECOND));
}

/** Mean difference of the rendered pictures and the source's turned ones, of 255. */
async function differenceFromTurned(source: Media, clip: Media): Promise<number> {
  const [a, b] = [rgbFrames(source, { from: source.startTime, to: null, size: null }), rgbFrames(clip, { from: flicks(-FLICKS_PER_SECOND), to: null, size: null })];
  let [sum, count] = [0, 0];
  for await (const frame of b) {
    let of = (await a.next()).value;
    while (of && of.time < frame.time) of = (await a.next()).value;
    if (!of) break;
    for (let i = 0; i < frame.data.length; i += 97) sum += Math.abs(255 - (of.data[i] ?? 0) - (frame.data[i] ?? 0));
    count += Math.ceil(frame.data.length / 97);
  }
  await a.return(undefined);
  return sum / count;
}

/** Resolves when a render in the store has that many whole pieces: they are closed while the next is painted. */
async function whenWhole(store: string, count: number): Promise<void> {
  for (;;) {
    const folders = await readdir(store);
    const found = (await Promise.all(folders.map((name) => readdir(join(store, name))))).flat().filter((name) => name.startsWith('piece-'));
    if (found.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Each key's folder has whole pieces only. */
async function halfMade(store: string): Promise<string[]> {
  const folders = await readdir(store);
  return (await Promise.all(folders.filter((name) => !name.startsWith('label')).map((name) => readdir(join(store, name))))).flat().filter((name) => name.startsWith('.'));
}

describe('renderClip', () => {
  // Null: to the end.
  it.each([['plain.mp4', 1.6], ['vfr.mp4', 2], ['plain.mkv', 1.6], ['stream.ts', null], ['late-audio.mp4', 1.6], ['two-audio.mkv', null], ['anamorphic.mp4', null]] as const)('keeps times, sound and colours of %s', async (name, length) => {
    const media = await opened(name);
    const context = testContext(newStore(), fakeStylist(), [media]);
    const [start, last] = everything(media);
    const end = length === null ? last : add(start, fromSeconds(length));
    const clip = await rendered(media, requestOf(media, [start, end]), context);
    const times = (await timesOf(media)).filter((time) => length === null || time < end);
    expect(await timesOf(clip.media)).toEqual(times);
    expect(await differenceFromTurned(media, clip.media)).toBeLessThan(3);
    expect([clip.media.video?.sampleAspect, clip.media.video?.colour.space]).toEqual([media.video?.sampleAspect, media.video?.colour.space]);
    expect(clip.events.at(-1)).toEqual({ type: 'rendered', frames: times.length, reused: 0 });
    const audio = (of: Media) => of.streams.filter(({ kind }) => kind === 'audio');
    expect(audio(clip.media)).toHaveLength(audio(media).length);
    if (media.audio) expect(Math.abs((clip.media.audio?.startTime ?? 0) - media.audio.startTime)).toBeLessThan(FLICKS_PER_SECOND / 1000);
    expect(runningChildren()).toEqual([]);
  });

  it('has the sound at the very samples', async () => {
    const media = await opened('plain.mp4');
    const clip = await rendered(media, requestOf(media, [fromSeconds(1.5), fromSeconds(3)]), testContext(newStore(), fakeStylist(), [media]));
    const sound = (path: string) => ffmpegBytes(['-copyts', '-i', path, '-af', 'atrim=start=1.5:end=3', '-map', '0:a', '-f', 's16le']);
    const [own, made] = [await sound(media.path), await sound(clip.path)];
    expect(own.length).toBeGreaterThan(100_000);
    expect(made.length).toBe(own.length);
    // Decoders begin at other places: the last bit may be rounded otherwise.
    for (let i = 0; i < own.length; i += 2) if (Math.abs(own.readInt16LE(i) - made.readInt16LE(i)) > 2) throw new Error(`sample ${i / 2} is another`);
  });

  it('takes the frames of a range, from the one shown at its start, far into a long clock', async () => {
    const path = fixtures.path('late.ts');
    await ffmpeg(['-i', await fixtures.get('stream.ts'), '-c', 'copy', '-output_ts_offset', '40000', path]);
    const media = await probeMedia(path);
    const known = await timesOf(media);
    const [start, end] = [flicks((known[40] ?? 0) + 1000), known[60] ?? ZERO];
    const clip = await rendered(media, requestOf(media, [start, end]), testContext(newStore(), fakeStylist(), [media]));
    expect(await timesOf(clip.media)).toEqual(known.slice(40, 60));
  });

  it('turns pictures upright and enlarges them', async () => {
    const media = await probeMedia(await fixtures.rotated());
    const clip = await rendered(media, requestOf(media, [ZERO, fromSeconds(0.4)], { style: { id: 'enhance' } }), testContext(newStore(), fakeStylist(), [media]));
    expect(clip.media.video).toMatchObject({ width: 480, height: 640, rotation: 0 });
    expect(await timesOf(clip.media)).toHaveLength(10);
  });

  it.each([['1x1', 'yuv420p'], ['1x1', 'yuv444p'], ['321x241', 'yuv420p'], ['33x17', 'yuv444p'], ['1x50', 'yuv422p']])('takes a picture of %s, %s', async (size, format) => {
    const path = fixtures.path(`odd-${size}-${format}.mkv`);
    await ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=0.2', '-vf', `scale=${size.replace('x', ':')}`, '-c:v', 'ffv1', '-pix_fmt', format, path]);
    const media = await probeMedia(path);
    const clip = await rendered(media, requestOf(media, everything(media)), testContext(newStore(), fakeStylist(), [media]));
    expect(await timesOf(clip.media)).toHaveLength(5);
  });

  it('takes a clip of one frame', async () => {
    const path = fixtures.path('single.mp4');
    await ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25', '-frames:v', '1', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', path]);
    const media = await probeMedia(path);
    const clip = await rendered(media, requestOf(media, everything(media)), testContext(newStore(), fakeStylist(), [media]));
    expect(await timesOf(clip.media)).toEqual([ZERO]);
  });

  it('keeps transparency of the source, and what the background lost', async () => {
    const path = fixtures.path('glass.mov');
    await ffmpeg(['-f', 'lavfi', '-i', 'color=c=0x4080c0:size=64x48:rate=25:duration=0.2', '-vf', "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,32),0,255)'", '-c:v', 'qtrle', path]);
    const media = await probeMedia(path);
    const upperHalf: FakeStylistOptions = { alpha: ({ width, height }) => Uint8Array.from({ length: width * height }, (_, i) => (i < (width * height) / 2 ? 0 : 255)) };
    const clip = await rendered(media, requestOf(media, everything(media), { background: { mode: 'remove' } }), testContext(newStore(), fakeStylist(upperHalf), [media]));
    expect(clip.media.video).toMatchObject({ codec: 'prores', hasAlpha: true });
    const alpha = await ffmpegBytes(['-i', clip.path, '-frames:v', '1', '-vf', 'format=yuva444p10le,alphaextract,format=gray', '-f', 'rawvideo']);
    const at = (x: number, y: number): number => alpha[y * 64 + x] ?? -1;
    expect([at(4, 4), at(60, 4), at(4, 44)]).toEqual([0, 0, 0]);
    expect(at(60, 44)).toBeGreaterThan(250);
  });

  it('maps HDR and says so', async () => {
    const media = await opened('hdr.mkv');
    const clip = await rendered(media, requestOf(media, everything(media)), testContext(newStore(), fakeStylist(), [media]));
    expect(clip.events).toContainEqual({ type: 'warning', code: 'hdr_tone_mapped' });
    expect(clip.media.video).toMatchObject({ hdr: 'none', bitDepth: 8, colour: { space: 'bt709', primaries: 'bt709', transfer: 'bt709' } });
  });

  it('draws the label into the lower left', async () => {
    const media = await opened('video-only.mp4');
    const range: [Flicks, Flicks] = [ZERO, fromSeconds(0.2)];
    const [plain, labelled] = [await rendered(media, requestOf(media, range), testContext(newStore(), fakeStylist(), [media])), await rendered(media, requestOf(media, range, { label: true }), testContext(newStore(), fakeStylist(), [media]))];
    const changed = async (crop: string): Promise<number> => {
      const [a, b] = await Promise.all([plain, labelled].map(({ path }) => ffmpegBytes(['-i', path, '-frames:v', '1', '-vf', `crop=${crop},format=gray`, '-f', 'rawvideo'])));
      return (a ?? Buffer.alloc(0)).reduce((most, value, i) => Math.max(most, Math.abs(value - (b?.[i] ?? 0))), 0);
    };
    expect(await changed('iw/2:ih/5:0:4*ih/5')).toBeGreaterThan(60);
    expect(await changed('iw/2:ih/2:iw/2:0')).toBeLessThan(12);
  });

  it('gives what can be decoded of a damaged file', async () => {
    const path = await fixtures.altered(await fixtures.get('plain.mkv'), 'short.mkv', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const media = await probeMedia(path);
    const clip = await rendered(media, requestOf(media, [ZERO, fromSeconds(4)]), testContext(newStore(), fakeStylist(), [media]));
    expect((await timesOf(clip.media)).length).toBeGreaterThan(20);
  });
});

describe('pieces', () => {
  it('are found again, and nothing is painted twice', async () => {
    const media = await opened('video-only.mp4');
    const [store, stylist] = [newStore(), fakeStylist()];
    const request = requestOf(media, everything(media));
    const first = await rendered(media, request, testContext(store, stylist, [media]));
    const again = await rendered(media, request, testContext(store, stylist, [media]));
    expect(stylist.painted).toHaveLength(50);
    expect(again.events).toEqual([{ type: 'rendered', frames: 50, reused: 50 }]);
    expect(again.path).toBe(first.path);
    expect(await readdir(join(store, renderKeyFolder(first.path)))).toHaveLength(2);
  });

  it('go on after a cancel: within a second, with whole pieces only, and the same pictures', async () => {
    const media = await opened('long-small.mp4');
    const request = requestOf(media, [ZERO, fromSeconds(12)]);
    const store = newStore();
    const stop = new AbortController();
    const slow = fakeStylist({ readAhead: 4, onFrame: (count) => (count === 160 ? whenWhole(store, 1) : undefined) });
    let abortedAt = 0;
    const running = rendered(media, request, testContext(store, slow, [media], { signal: stop.signal }), (event) => {
      if (event.type === 'progress' && event.done === 170) {
        abortedAt = performance.now();
        stop.abort();
      }
    });
    await expect(running).rejects.toMatchObject({ name: 'CancelledError' });
    expect(performance.now() - abortedAt).toBeLessThan(1000);
    expect([runningChildren(), await halfMade(store)]).toEqual([[], []]);
    const second = fakeStylist();
    const clip = await rendered(media, request, testContext(store, second, [media]));
    expect(clip.events.at(-1)).toEqual({ type: 'rendered', frames: 300, reused: 100 });
    // What leads in: the shot's first frames and those just before.
    expect(second.painted.length).toBeLessThan(200 + 30);
    expect(second.cuts).toEqual([ZERO]);
    expect(await timesOf(clip.media)).toEqual((await timesOf(media)).slice(0, 300));
    const whole = await rendered(media, request, testContext(newStore(), fakeStylist(), [media]));
    const pixels = (path: string) => ffmpegBytes(['-i', path, '-pix_fmt', 'gray', '-f', 'rawvideo']);
    const [a, b] = [await pixels(clip.path), await pixels(whole.path)];
    expect(a.length).toBe(b.length);
    expect(a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length).toBeLessThan(1);
  });

  it('go on when the worker died, without the piece that was altered since', async () => {
    const media = await opened('long-small.mp4');
    const request = requestOf(media, [ZERO, fromSeconds(16)], { quality: 'best' });
    const store = newStore();
    const dying = fakeStylist({ onFrame: async (count) => {
      if (count !== 350) return;
      await whenWhole(store, 3);
      throw new ExpectedError('model_failed', { name: 'vintage' });
    } });
    await expect(rendered(media, request, testContext(store, dying, [media]))).rejects.toMatchObject({ code: 'model_failed' });
    const folder = join(store, (await readdir(store))[0] ?? '');
    const pieces = (await readdir(folder)).filter((name) => name.startsWith('piece')).sort();
    expect(pieces).toHaveLength(3);
    await truncate(join(folder, pieces[1] ?? ''), 100);
    // A journal's last line may be cut short.
    await writeFile(join(folder, 'journal.jsonl'), `${await readFile(join(folder, 'journal.jsonl'), 'utf8')}{"piece":3,"fi`);
    const second = fakeStylist();
    const clip = await rendered(media, request, testContext(store, second, [media]));
    expect(clip.events.at(-1)).toEqual({ type: 'rendered', frames: 400, reused: 100 });
    expect(second.painted).toHaveLength(300);
    expect(await timesOf(clip.media)).toEqual((await timesOf(media)).slice(0, 400));
  });

  it('end with their shots', async () => {
    const path = fixtures.path('cuts.mp4');
    await ffmpeg(['-f', 'lavfi', '-i', 'color=c=0x803020:s=160x120:r=25:d=1', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=1.2', '-f', 'lavfi', '-i', 'color=c=0x2040f0:s=160x120:r=25:d=1', '-filter_complex', '[0][1][2]concat=n=3', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', path]);
    const media = await probeMedia(path);
    const stylist = fakeStylist();
    await rendered(media, requestOf(media, everything(media)), testContext(newStore(), stylist, [media]));
    expect(stylist.cuts).toEqual([ZERO, fromSeconds(1), fromSeconds(2.2)]);
    const known = fakeStylist();
    const shot = (index: number, start: number, end: number) => ({ type: 'shot' as const, index, start: fromSeconds(start), end: fromSeconds(end), startFrame: 0, endFrame: 1, transitionIn: 'cut' as const, confidence: 1 });
    const library: StyleContext['library'] = { latestEvents: () => [shot(0, 0, 0.4), shot(1, 0.4, 3.2)] };
    await rendered(media, requestOf(media, everything(media)), testContext(newStore(), known, [media], { library }));
    expect(known.cuts).toEqual([ZERO, fromSeconds(0.4)]);
  });

  it('tell a full disk, and stay', async () => {
    const media = await opened('long-small.mp4');
    const store = newStore();
    const request = requestOf(media, [ZERO, fromSeconds(12)]);
    const full = fakeStylist({ onFrame: async (count) => {
      if (count !== 150) return;
      // As ffmpeg meets it: what is written next finds a device without room.
      const folder = join(store, (await readdir(store))[0] ?? '');
      await mkdir(folder, { recursive: true });
      await whenWhole(store, 1);
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    } });
    await expect(rendered(media, request, testContext(store, full, [media]))).rejects.toMatchObject({ code: 'disk_full' });
    expect(await halfMade(store)).toEqual([]);
    const clip = await rendered(media, request, testContext(store, fakeStylist(), [media]));
    expect(clip.events.at(-1)).toEqual({ type: 'rendered', frames: 300, reused: 100 });
  });

  it('have another key for other pictures only', async () => {
    const media = await opened('video-only.mp4');
    const request = requestOf(media, everything(media));
    expect(renderKey(request, ['a'])).toBe(renderKey({ ...request, picture: null }, ['a']));
    expect(renderKey(request, ['b'])).not.toBe(renderKey(request, ['a']));
    expect(renderKey({ ...request, effect: { ...request.effect, keepColours: true } }, ['a'])).not.toBe(renderKey(request, ['a']));
  });
});

describe('the store', () => {
  it('drops what was unused longest, never what is held', async () => {
    const store = newStore();
    for (const [age, name] of ['newest', 'held', 'middle', 'oldest'].entries()) {
      await mkdir(join(store, name), { recursive: true });
      await writeFile(join(store, name, 'journal.jsonl'), '{}');
      await copyFile(await fixtures.get('tone.wav'), join(store, name, 'clip.mov'));
      const used = new Date(Date.now() - age * 60_000);
      await utimes(join(store, name), used, used);
    }
    const one = (await stat(join(store, 'held', 'clip.mov'))).size;
    const release = holdRender(join(store, 'held'));
    await trimRenders(store, 2.5 * one);
    expect((await readdir(store)).sort()).toEqual(['held', 'newest']);
    await trimRenders(store, 0);
    expect(await readdir(store)).toEqual(['held']);
    release();
    await trimRenders(store, 0);
    expect(await readdir(store)).toEqual([]);
  });
});

function renderKeyFolder(path: string): string {
  return path.split('/').at(-2) ?? '';
}
