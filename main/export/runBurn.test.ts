import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelledError } from '../../shared/errors.ts';
import type { CaptionTrack } from '../../shared/captions/types.ts';
import type { Media } from '../../shared/media.ts';
import { probeMedia } from '../media/probe.ts';
import { captionsOf, countOf, cueAt, difference, framesOf, trackOf, wordAt, type Frame } from './testCaptions.ts';
import { at, exportAll, ffmpeg, frameHashes, names, rangeOf, testFolder } from './testMedia.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let bikes: Media;
beforeAll(async () => {
  folder = await testFolder('burn');
  bikes = await probeMedia('e2e/media/bikes.mp4');
});
afterAll(() => folder.remove());

async function plainClip(name: string, { seconds, size, colour, more = '', video = ['-c:v', 'libx264', '-preset', 'ultrafast'] }: { seconds: number; size: string; colour: string; more?: string; video?: string[] }): Promise<Media> {
  const path = join(folder.path, name);
  await ffmpeg('-f', 'lavfi', '-i', `color=${colour}:s=${size}:r=25:d=${seconds}${more}`, ...video, path);
  return probeMedia(path);
}

const burn = { join: false, mode: 'auto' as const, burn: true };

/** Exports [start, end) of a media with the track drawn in; gives the frames. */
async function burned(media: Media, track: CaptionTrack, start: number, end: number, name: string) {
  const path = join(folder.path, `${name}.mp4`);
  const { how } = await exportAll([media], [rangeOf(media, at(start), at(end))], burn, { file: path }, { overwrite: false, captions: captionsOf({ burn: [track] }) });
  return { how, drawn: await framesOf(path), path };
}

/** As `burned`, and once more plain; gives the frames of both. */
async function both(media: Media, track: CaptionTrack, start: number, end: number, name: string) {
  const plain = join(folder.path, `${name}-plain.mp4`);
  await exportAll([media], [rangeOf(media, at(start), at(end))], { join: false, mode: 'exact' }, { file: plain });
  return { ...(await burned(media, track, start, end, name)), plain: await framesOf(plain) };
}

const nearest = (frames: readonly Frame[], time: number): Frame => {
  const [first] = frames;
  if (!first) throw new Error('no frames');
  return frames.reduce((best, each) => (Math.abs(each.time - time) < Math.abs(best.time - time) ? each : best), first);
};

describe('captions drawn into the picture', () => {
  it('stand where the style says, in the frames of their cue and in no other', async () => {
    const track = trackOf(bikes, [cueAt(1.2, 1.8, 'Burned in\n字幕'), cueAt(2.2, 2.48, 'Top', { place: { align: 8 } })]);
    const { how, drawn, plain } = await both(bikes, track, 0.6, 2.8, 'bikes');
    expect(how).toEqual(['encode:captions_burned_in']);
    expect(drawn.frames.map(({ time }) => time)).toEqual(plain.frames.map(({ time }) => time));
    for (const [i, frame] of drawn.frames.entries()) {
      const other = plain.frames[i];
      if (!other) throw new Error('fewer frames');
      const time = frame.time + 0.6 + 1e-6;
      const box = difference(frame, other, drawn.width);
      const bottom = time >= 1.2 && time < 1.8;
      const top = time >= 2.2 && time < 2.48;
      expect(box !== null, `frame at ${time}`).toBe(bottom || top);
      if (!box) continue;
      // 272 pixels high: margin 6 % and two lines of 5 % at most 1.448 em apart, and the text is centred.
      if (bottom) expect(box.top).toBeGreaterThan(272 * (1 - 0.06 - 2 * 0.05 * 1.448) - 4);
      if (bottom) expect(box.bottom).toBeLessThan(272 * (1 - 0.06) + 4);
      if (top) expect(box.bottom).toBeLessThan(272 * (0.06 + 0.05 * 1.448) + 4);
      expect(Math.abs((box.left + box.right) / 2 - 320)).toBeLessThan(6);
    }
  });

  it('are real Chinese glyphs: each differs from the box of a missing one, with no font of the system', async () => {
    // U+E123 is private: no glyph of the face.
    const cues = ['字', '幕', '\uE123', '\uE124'].map((text, i) => cueAt(i / 2, (i + 1) / 2, text));
    const source = await plainClip('grey.mp4', { seconds: 2, size: '320x180', colour: 'gray' });
    const without = process.env.FONTCONFIG_FILE;
    process.env.FONTCONFIG_FILE = '/dev/null';
    try {
      const { drawn, plain } = await both(source, trackOf(source, cues, { style: { size: 20 } }), 0, 2, 'glyphs');
      const shape = (time: number): string => {
        const frame = nearest(drawn.frames, time);
        const box = difference(frame, nearest(plain.frames, time), drawn.width);
        return JSON.stringify({ box, ink: countOf(frame, '#ffffff') });
      };
      const [first, second, missing, other] = [0.25, 0.75, 1.25, 1.75].map(shape);
      expect(missing).toBe(other);
      expect(first).not.toBe(missing);
      expect(second).not.toBe(missing);
      expect(second).not.toBe(first);
    } finally {
      if (without === undefined) delete process.env.FONTCONFIG_FILE;
      else process.env.FONTCONFIG_FILE = without;
    }
  });

  it('light the word that is said, and fill what has been said', async () => {
    const words = [wordAt('first', 0.5, 1), wordAt('second', 1.5, 2)];
    const source = await plainClip('words.mp4', { seconds: 3, size: '480x270', colour: 'black' });
    const cues = [cueAt(0, 3, 'first second', { words })];
    const lit = '#e8a33d';
    for (const highlight of ['word', 'fill'] as const) {
      const track = trackOf(source, cues, { style: { highlight, size: 10, outline: 0 } });
      const { drawn } = await burned(source, track, 0, 3, highlight);
      const amber = (time: number): number => countOf(nearest(drawn.frames, time), lit);
      const white = (time: number): number => countOf(nearest(drawn.frames, time), '#ffffff');
      expect(amber(0.3)).toBe(0);
      expect(white(0.3)).toBeGreaterThan(300);
      expect(amber(0.9)).toBeGreaterThan(100);
      if (highlight === 'word') {
        expect(amber(1.4)).toBe(0);
        expect(amber(2.7)).toBe(0);
      } else {
        expect(amber(1.4)).toBeGreaterThan(amber(0.7));
        expect(white(2.7)).toBe(0);
      }
    }
  });

  it('a box takes the place of the outline', async () => {
    const source = await plainClip('box.mp4', { seconds: 1, size: '320x180', colour: 'white' });
    const { drawn } = await burned(source, trackOf(source, [cueAt(0, 1, 'boxed')], { style: { box: true, boxColour: '#0000c8', boxOpacity: 1, size: 10 } }), 0, 1, 'boxed');
    const frame = nearest(drawn.frames, 0.5);
    expect(countOf(frame, '#0000c8', 40)).toBeGreaterThan(1000);
    expect(countOf(frame, '#000000', 20)).toBe(0);
  });

  it('are upright on a turned picture, which then needs no turning', async () => {
    const flat = await plainClip('flat.mp4', { seconds: 1, size: '320x180', colour: 'gray' });
    const path = join(folder.path, 'turned.mp4');
    await ffmpeg('-display_rotation', '90', '-i', flat.path, '-c', 'copy', path).catch(() => ffmpeg('-i', flat.path, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', path));
    const media = await probeMedia(path);
    expect(media.video?.displayHeight).toBe(320);
    const { drawn, plain, path: written } = await both(media, trackOf(media, [cueAt(0, 1, 'upright')], { style: { size: 8 } }), 0, 1, 'upright');
    expect([drawn.width, drawn.height]).toEqual([180, 320]);
    const box = difference(nearest(drawn.frames, 0.5), nearest(plain.frames, 0.5), 180);
    if (!box) throw new Error('nothing drawn');
    expect(box.right - box.left).toBeGreaterThan(2 * (box.bottom - box.top));
    expect(box.top).toBeGreaterThan(250);
    expect((await probeMedia(written)).video).toMatchObject({ rotation: 0, displayWidth: 180, displayHeight: 320 });
  });

  it('keep their shape on pixels that are not square', async () => {
    const square = await plainClip('square.mp4', { seconds: 1, size: '640x180', colour: 'gray' });
    const wide = await plainClip('wide.mp4', { seconds: 1, size: '320x180', colour: 'gray', more: ',setsar=2' });
    expect(wide.video?.displayWidth).toBe(640);
    const boxes = [];
    for (const [name, media] of [['sq', square], ['wd', wide]] as const) {
      const { drawn, plain } = await both(media, trackOf(media, [cueAt(0, 1, 'HHHHHH')], { style: { size: 15 } }), 0, 1, name);
      const box = difference(nearest(drawn.frames, 0.5), nearest(plain.frames, 0.5), drawn.width);
      if (!box) throw new Error('nothing drawn');
      boxes.push({ width: ((box.right - box.left) * 640) / drawn.width, height: box.bottom - box.top });
    }
    expect(Math.abs((boxes[0]?.width ?? 0) - (boxes[1]?.width ?? 0))).toBeLessThan(8);
    expect(boxes[0]?.height).toBe(boxes[1]?.height);
  });

  it('have their own colour whatever matrix the picture has', async () => {
    for (const [name, space] of [['smpte170m', 'smpte170m'], ['bt709', 'bt709']] as const) {
      const video = ['-vf', `scale=out_color_matrix=${name === 'bt709' ? 'bt709' : 'smpte170m'},format=yuv420p`, '-c:v', 'libx264', '-qp', '0', '-colorspace', space, '-color_primaries', space, '-color_trc', space];
      const source = await plainClip(`${name}.mp4`, { seconds: 1, size: '480x270', colour: 'black', video });
      expect(source.video?.colour.space).toBe(space);
      const { drawn } = await burned(source, trackOf(source, [cueAt(0, 1, '■■■')], { style: { size: 20, outline: 0, colour: '#40a060' } }), 0, 1, `matrix-${name}`);
      expect(countOf(nearest(drawn.frames, 0.5), '#40a060', 6), name).toBeGreaterThan(800);
    }
  });

  it('keep the times of a variable frame rate', async () => {
    const path = join(folder.path, 'vfr.mp4');
    await ffmpeg('-f', 'lavfi', '-i', 'color=gray:s=320x180:r=30:d=4', '-vf', "select='not(mod(n,3))+gt(n,60)'", '-fps_mode', 'vfr', '-enc_time_base', '1/90000', '-c:v', 'libx264', '-preset', 'ultrafast', path);
    const media = await probeMedia(path);
    expect(media.video?.variableRate).toBe(true);
    const { drawn, plain } = await both(media, trackOf(media, [cueAt(1.25, 2.75, 'variable')], { style: { size: 12, outline: 1 } }), 0.5, 3.5, 'vfr-burned');
    expect(drawn.frames.map(({ time }) => time)).toEqual(plain.frames.map(({ time }) => time));
    for (const [i, frame] of drawn.frames.entries()) {
      const other = plain.frames[i];
      if (!other) throw new Error('fewer frames');
      const time = frame.time + 0.5;
      expect(difference(frame, other, 320) !== null, `frame at ${time}`).toBe(time >= 1.25 && time < 2.75);
    }
  });

  it('follow a joined cut across its clips, and files of other sizes', async () => {
    const small = await plainClip('small.mp4', { seconds: 3, size: '160x120', colour: 'gray' });
    const ranges = [rangeOf(bikes, at(0.52), at(1.48)), rangeOf(small, at(1), at(2)), rangeOf(bikes, at(2), at(3))];
    const tracks = [trackOf(bikes, [cueAt(1.2, 2.4, 'bikes')]), trackOf(small, [cueAt(1.4, 1.6, 'small')])];
    const file = join(folder.path, 'joined.mp4');
    const plain = join(folder.path, 'joined-plain.mp4');
    const options = { join: true, mode: 'exact' as const };
    await exportAll([bikes, small], ranges, options, { file: plain });
    await exportAll([bikes, small], ranges, { ...options, burn: true }, { file }, { overwrite: false, captions: captionsOf({ burn: tracks }) });
    const [drawn, other] = [await framesOf(file), await framesOf(plain)];
    const shown = drawn.frames.flatMap((frame, i) => (difference(frame, other.frames[i] ?? frame, drawn.width) ? [Number(frame.time.toFixed(2))] : []));
    const inside = (time: number): boolean => (time >= 0.68 && time < 0.96) || (time >= 1.36 && time < 1.56) || (time >= 1.96 && time < 2.36);
    expect(shown).toEqual(drawn.frames.map(({ time }) => Number(time.toFixed(2))).filter(inside));
  });

  it('are safe in folders and files of any name, and leave nothing behind', async () => {
    const odd = join(folder.path, `it's [a], "b"; c: 100% \\ 字幕`);
    await mkdir(odd);
    const source = join(odd, `o'u,t[0];.mp4`);
    await copyFile('e2e/media/bikes.mp4', source);
    const media = await probeMedia(source);
    const file = join(odd, `r'e:s,ult[1];.mp4`);
    await exportAll([media], [rangeOf(media, at(0), at(0.4))], burn, { file }, { overwrite: false, captions: captionsOf({ burn: [trackOf(media, [cueAt(0, 1, '{\\b1}odd\\N')])] }) });
    expect(await names(odd)).toEqual([`o'u,t[0];.mp4`, `r'e:s,ult[1];.mp4`]);
    expect((await frameHashes(file)).length).toBe(10);
  });

  it('leave nothing when cancelled', async () => {
    const target = join(folder.path, 'cancelled');
    await mkdir(target);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    const run = exportAll([bikes], [rangeOf(bikes, at(0), at(9))], burn, { file: join(target, 'a.mp4') }, {
      overwrite: false, signal: abort.signal, captions: captionsOf({ burn: [trackOf(bikes, [cueAt(0, 9, 'never')])], sidecar: [trackOf(bikes, [cueAt(0, 9, 'never')])] }),
    });
    await expect(run).rejects.toThrow(CancelledError);
    expect(await readdir(target)).toEqual([]);
  });
});
