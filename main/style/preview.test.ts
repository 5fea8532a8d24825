import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { effectOf } from '../../shared/style/effect.ts';
import { stylePreviewEventSchema, galleryEventSchema, stylePictureSchema, type GalleryEvent, type RenderRequest, type StylePicture, type StylePreviewEvent } from '../../shared/style/types.ts';
import { add, fromSeconds, ZERO, type Flicks } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { runningChildren } from '../media/process.ts';
import { frameTimes } from '../media/syncFrames.ts';
import { ffmpeg, ffmpegBytes, Fixtures } from '../media/testing/fixtures.ts';
import { styleGallery } from './gallery.ts';
import { readStylePicture } from './picture.ts';
import { stylePreview } from './preview.ts';
import { testContext, fakeStylist } from './fakeStylist.ts';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await Fixtures.open();
});
afterAll(() => fixtures.close());

const seconds = (value: number): Flicks => fromSeconds(value);

function requestOf(media: Media, start = 0, end = 4): RenderRequest {
  return { media: media.id, start: seconds(start), end: seconds(end), effect: effectOf({ id: 'vintage' }, ZERO), picture: null };
}

async function gathered<E>(events: AsyncIterable<E>): Promise<E[]> {
  const all: E[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const framesOf = (events: StylePreviewEvent[]) => events.filter((event) => event.type === 'frame');

/** The middle pixel of a JPEG. */
async function middle(jpeg: Uint8Array): Promise<number[]> {
  const path = fixtures.path('look.jpg');
  await writeFile(path, jpeg);
  const size = JSON.parse((await promisify(execFile)('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', path])).stdout) as { streams: { width: number; height: number }[] };
  const { width, height } = size.streams[0] ?? { width: 1, height: 1 };
  const bytes = await ffmpegBytes(['-i', path, '-pix_fmt', 'rgb24', '-f', 'rawvideo']);
  const at = 3 * (Math.floor(height / 2) * width + Math.floor(width / 2));
  return [...bytes.subarray(at, at + 3)];
}

describe('stylePreview', () => {
  it('shows the playhead first, then what follows, then what was before, each at its time', async () => {
    const media = await probeMedia(await fixtures.get('vfr.mp4'));
    const events = await gathered(stylePreview(media, { request: requestOf(media), at: seconds(2), height: 120 }, testContext(fixtures.folder, fakeStylist(), [media])));
    for (const event of events) stylePreviewEventSchema.parse(event);
    const known = await frameTimes(media, ZERO, seconds(10));
    const times = framesOf(events).map(({ time }) => time);
    const first = known.filter((time) => time <= seconds(2)).at(-1);
    expect(times[0]).toBe(first);
    expect([...times].sort((a, b) => a - b)).toEqual(known);
    const after = known.filter((time) => time > (first ?? ZERO));
    expect(times.slice(1, 1 + after.length)).toEqual(after);
  });

  it('gives styled pictures of the asked height', async () => {
    const media = await probeMedia(await fixtures.get('plain.mp4'));
    const source = await ffmpegBytes(['-ss', '1', '-i', media.path, '-frames:v', '1', '-vf', 'scale=160:120', '-pix_fmt', 'rgb24', '-f', 'rawvideo']);
    const [frame] = framesOf(await gathered(stylePreview(media, { request: requestOf(media, 1, 1.04), at: seconds(1), height: 120 }, testContext(fixtures.folder, fakeStylist(), [media]))));
    const at = 3 * (60 * 160 + 80);
    const wanted = [...source.subarray(at, at + 3)].map((value) => 255 - value);
    expect((await middle(frame?.jpeg ?? new Uint8Array())).every((value, i) => Math.abs(value - (wanted[i] ?? 0)) < 24)).toBe(true);
  });

  it('costs nothing where the playhead was before, and goes on where it was left', async () => {
    const media = await probeMedia(await fixtures.get('plain.mp4'));
    const stylist = fakeStylist();
    const context = testContext(fixtures.folder, stylist, [media]);
    const before = framesOf(await gathered(stylePreview(media, { request: requestOf(media, 0, 2), at: seconds(1), height: 90 }, context)));
    const painted = stylist.painted.length;
    const again = framesOf(await gathered(stylePreview(media, { request: requestOf(media, 0, 2), at: seconds(1.5), height: 90 }, context)));
    expect(before.length).toBe(50);
    expect(again.length).toBe(50);
    expect([stylist.painted.length, stylist.stills]).toEqual([painted, 1]);
    await gathered(stylePreview(media, { request: { ...requestOf(media, 0, 2), effect: { ...requestOf(media).effect, keepColours: true } }, at: seconds(1.5), height: 90 }, context));
    expect(stylist.stills).toBe(2);
  });

  it('shows a small picture soon where a large one is asked for, and the large one after', async () => {
    const media = await probeMedia(await fixtures.get('plain.mp4'));
    const frames = framesOf(await gathered(stylePreview(media, { request: requestOf(media, 1, 1.2), at: seconds(1), height: 200 }, testContext(fixtures.folder, fakeStylist(), [media]))));
    expect(frames.map(({ time }) => time)).toEqual([1, 1, 1.04, 1.08, 1.12, 1.16].map(seconds));
    expect(frames[1]?.jpeg.length).toBeGreaterThan(frames[0]?.jpeg.length ?? 0);
  });

  it('ends at once when the playhead moves, and leaves no process', async () => {
    const media = await probeMedia(await fixtures.get('long-small.mp4'));
    const stop = new AbortController();
    const slow = fakeStylist({ onFrame: () => new Promise((resolve) => setTimeout(resolve, 30)) });
    const running = gathered(stylePreview(media, { request: requestOf(media, 0, 16), at: seconds(5), height: 60 }, testContext(fixtures.folder, slow, [media], { signal: stop.signal })));
    setTimeout(() => stop.abort(), 700);
    const started = performance.now();
    await expect(running).rejects.toMatchObject({ name: 'CancelledError' });
    expect(performance.now() - started).toBeLessThan(1700);
    expect(runningChildren()).toEqual([]);
    for await (const event of stylePreview(media, { request: requestOf(media, 0, 16), at: seconds(5), height: 60 }, testContext(fixtures.folder, slow, [media]))) {
      if (event.type === 'progress' && event.done === 3) break;
    }
    expect(runningChildren()).toEqual([]);
  });

  it('says that HDR was mapped, and draws the label', async () => {
    const media = await probeMedia(await fixtures.get('hdr.mkv'));
    const request = requestOf(media, 0, 0.1);
    const plain = framesOf(await gathered(stylePreview(media, { request, at: ZERO, height: 240 }, testContext(fixtures.folder, fakeStylist(), [media]))));
    const events = await gathered(stylePreview(media, { request: { ...request, effect: { ...request.effect, label: true } }, at: ZERO, height: 240 }, testContext(fixtures.folder, fakeStylist(), [media])));
    expect(events).toContainEqual({ type: 'warning', code: 'hdr_tone_mapped' });
    expect(Buffer.compare(Buffer.from(framesOf(events)[0]?.jpeg ?? []), Buffer.from(plain[0]?.jpeg ?? []))).not.toBe(0);
  });

  it('puts a looped video and a still behind', async () => {
    const media = await probeMedia(await fixtures.get('plain.mp4'));
    const behind = await probeMedia(await fixtures.get('clip.webm'));
    const still = await probeMedia(await fixtures.get('cover.jpg'));
    for (const each of [behind, still]) {
      const seen: string[] = [];
      const stylist = fakeStylist();
      const watching = { ...stylist, paint: async function* (...[frames, look, options]: Parameters<typeof stylist.paint>) {
        for await (const frame of stylist.paint(frames, look, options)) {
          if (look.background?.mode === 'media') {
            const picture = await look.background.picture(frame.time, frame);
            expect(picture.length).toBe(frame.width * frame.height * 3);
            seen.push(Buffer.from(picture).toString('latin1'));
          }
          yield frame;
        }
      } };
      const request = requestOf(media, 0, 1.6);
      await gathered(stylePreview(media, { request: { ...request, effect: { ...request.effect, background: { mode: 'media', media: each.id } } }, at: ZERO, height: 60 }, testContext(fixtures.folder, watching, [media, each])));
      expect(seen).toHaveLength(39);
      // One second of 25 frames, round and round.
      if (each === behind) expect([seen[10] === seen[35], seen[10] === seen[11]]).toEqual([true, false]);
      else expect(new Set(seen).size).toBe(1);
    }
  });
});

describe('styleGallery', () => {
  const picture: StylePicture = { id: '0'.repeat(32), name: 'wave.jpg', vector: Array.from({ length: 100 }, () => 0.1), thumbnail: '' };

  it('gives a tile for each style, vintage first, and tells what failed', async () => {
    const media = await probeMedia(await fixtures.get('plain.mp4'));
    const stylist = fakeStylist({ missing: ['face-ink'] });
    const events: GalleryEvent[] = await gathered(styleGallery(media, { time: seconds(1.5), height: 96, pictures: [picture] }, testContext(fixtures.folder, stylist, [media])));
    for (const event of events) galleryEventSchema.parse(event);
    const tiles = events.flatMap((event) => (event.type === 'tile' ? [event.tile] : []));
    expect([...new Set(tiles.map(({ style }) => style.id))]).toEqual(['vintage', 'picture', 'painter', 'face-sketch', 'face-oil', 'enhance']);
    expect(tiles).toHaveLength(5 + 26);
    expect(events.filter(({ type }) => type === 'failed')).toEqual([{ type: 'failed', style: { id: 'face-ink' }, code: 'model_missing' }]);
    expect(tiles.find(({ style }) => style.id === 'face-oil')?.faces).toBe(0);
    expect(events.at(-1)).toMatchObject({ type: 'progress', done: 32, total: 32 });
    expect(runningChildren()).toEqual([]);
  });

  it('takes a picture of one pixel', async () => {
    const path = fixtures.path('one.mkv');
    await ffmpeg(['-f', 'lavfi', '-i', 'color=c=red:s=16x16:r=25:d=0.04', '-vf', 'scale=1:1', '-c:v', 'ffv1', '-pix_fmt', 'yuv444p', path]);
    const media = await probeMedia(path);
    const events = await gathered(styleGallery(media, { time: ZERO, height: 32, pictures: [] }, testContext(fixtures.folder, fakeStylist(), [media])));
    expect(events.filter(({ type }) => type === 'tile')).toHaveLength(31);
  });

  it('ends with its signal', async () => {
    const media = await probeMedia(await fixtures.get('plain.mp4'));
    const stop = new AbortController();
    const running = (async () => {
      for await (const event of styleGallery(media, { time: add(ZERO, seconds(1)), height: 96, pictures: [] }, testContext(fixtures.folder, fakeStylist(), [media], { signal: stop.signal }))) {
        if (event.type === 'tile') stop.abort();
      }
    })();
    await expect(running).rejects.toMatchObject({ name: 'CancelledError' });
    expect(runningChildren()).toEqual([]);
  });
});

describe('readStylePicture', () => {
  const read = (path: string) => {
    const seen: Uint8Array[] = [];
    const stylist = fakeStylist();
    const watching = { ...stylist, vector: (...args: Parameters<typeof stylist.vector>) => (seen.push(args[0].data), stylist.vector(...args)) };
    return readStylePicture(path, { stylist: watching, signal: new AbortController().signal }).then((picture) => ({ picture: stylePictureSchema.parse(picture), square: seen[0] ?? new Uint8Array() }));
  };

  it('takes the centre square and a thumbnail', async () => {
    const path = fixtures.path('wide.png');
    await ffmpeg(['-f', 'lavfi', '-i', 'color=c=red:s=800x200', '-vf', 'drawbox=x=300:w=200:h=200:c=blue:t=fill', '-frames:v', '1', '-update', '1', path]);
    const { picture, square } = await read(path);
    expect(square.length).toBe(256 * 256 * 3);
    expect((square[0] ?? 255) < 40 && (square[2] ?? 0) > 200).toBe(true);
    expect(Buffer.from(picture.thumbnail, 'base64').subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(picture.name).toBe('wide.png');
  });

  it('puts transparent pictures on white, whatever colour hides in them', async () => {
    const path = fixtures.path('glass.png');
    await ffmpeg(['-f', 'lavfi', '-i', 'color=c=red:s=64x64', '-vf', "format=rgba,geq=r=255:g=0:b=0:a='if(lt(Y,32),0,255)'", '-frames:v', '1', '-update', '1', path]);
    const { square } = await read(path);
    expect([...square.subarray(0, 3)]).toEqual([255, 255, 255]);
    expect([...square.subarray(-3)]).toEqual([255, 0, 0]);
  });

  it('refuses what is broken, huge or no picture', async () => {
    const broken = fixtures.path('broken.png');
    await writeFile(broken, Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(400, 7)]));
    const huge = fixtures.path('huge.pgm');
    await writeFile(huge, 'P5\n40000 40000\n255\n');
    for (const path of [broken, huge, await fixtures.get('tone.wav')]) await expect(read(path)).rejects.toMatchObject({ code: 'style_picture_unreadable' });
    await expect(read(fixtures.path('nothing.png'))).rejects.toMatchObject({ code: 'file_missing' });
    expect(runningChildren()).toEqual([]);
  });
});
