import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelledError } from '../../shared/errors.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { STYLES } from '../../shared/style/catalogue.ts';
import { effectOf } from '../../shared/style/effect.ts';
import type { ClipEffect, RenderEvent, RenderRequest } from '../../shared/style/types.ts';
import { fromSeconds } from '../../shared/time.ts';
import { buildWorker } from '../inference/testRuntime.ts';
import { runningChildren } from '../media/process.ts';
import { Engine } from './engine.ts';
import { silentLog } from './log.ts';

let folder: string;
let worker: Awaited<ReturnType<typeof buildWorker>>;
let engine: Engine;
let film: Media;
const at = (name: string): string => join(folder, name);
const ffmpeg = (...args: string[]): void => void execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
const never = new AbortController().signal;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-styles-'));
  worker = await buildWorker({ 'style-worker': 'main/style/worker.ts' });
  engine = await Engine.open({ dataDir: at('data'), workerPath: worker.workerPath, provider: 'cpu', logger: silentLog() });
  ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', at('film.mp4'));
  film = await engine.openMedia(at('film.mp4'));
}, 120_000);
afterAll(async () => {
  await engine.close();
  expect(runningChildren()).toEqual([]);
  worker.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function all<E>(events: AsyncIterable<E>): Promise<E[]> {
  const list: E[] = [];
  for await (const event of events) list.push(event);
  return list;
}
const request = (effect: ClipEffect, seconds = 0.4): RenderRequest => ({ media: film.id, start: fromSeconds(0), end: fromSeconds(seconds), effect, picture: null });
const PAINTED = effectOf({ id: 'painter', weights: Array.from({ length: 26 }, (_, i) => (i === 5 ? 1 : 0)) }, fromSeconds(0));
const exported = (name: string, effect: ClipEffect, signal = never, seconds = 0.4): Promise<ExportEvent[]> =>
  all(engine.jobs.exportClips({ ranges: [{ ...request(effect, seconds), picture: undefined, name: '' }], join: false, mode: 'auto', captions: null, chapters: null, target: { path: at(name), overwrite: false } }, signal));

describe('rendering', () => {
  it('ahead of an export is what the export takes', async () => {
    const effect = { ...PAINTED, quality: 'best' as const };
    const rendered = await all<RenderEvent>(engine.jobs.renderClip(request(effect), never));
    expect(rendered.at(-1)).toEqual({ type: 'rendered', frames: 10, reused: 0 });
    const events = await exported('ahead.mp4', effect);
    // Nothing was rendered again: no step of it was told.
    expect(events.filter((event) => event.type === 'progress' && event.stage === 'render')).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'file', path: at('ahead.mp4') });
    expect((await all<RenderEvent>(engine.jobs.renderClip(request(effect), never))).at(-1)).toMatchObject({ reused: 10 });
  }, 120_000);

  it('ends with its export and leaves no file of it', async () => {
    const abort = new AbortController();
    const work = (async () => {
      for await (const event of engine.jobs.exportClips({ ranges: [{ ...request({ ...effectOf({ id: 'vintage' }, fromSeconds(0)), quality: 'best' }, 2), picture: undefined, name: '' }], join: false, mode: 'auto', captions: null, chapters: null, target: { path: at('cancelled.mp4'), overwrite: false } }, abort.signal)) {
        if (event.type === 'progress') abort.abort();
      }
    })();
    await expect(work).rejects.toThrow(CancelledError);
    expect(runningChildren()).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.includes('cancelled'))).toEqual([]);
  }, 120_000);

  it('is planned as encoding without being done', async () => {
    const before = readdirSync(at('data/renders')).length;
    const effect = { ...PAINTED, label: true };
    const plan = await engine.methods.exportPlan({ ranges: [{ ...request(effect), picture: undefined, name: '' }], join: false, mode: 'copy', burn: false });
    expect(plan).toMatchObject([{ how: 'encode', why: 'styled' }]);
    const faint = { ...PAINTED, strength: [{ at: fromSeconds(0), value: 0 }] };
    expect(await engine.methods.exportPlan({ ranges: [{ ...request(faint), picture: undefined, name: '' }], join: false, mode: 'auto', burn: false })).not.toMatchObject([{ why: 'styled' }]);
    expect(readdirSync(at('data/renders'))).toHaveLength(before);
  });
});

describe('pictures behind people', () => {
  const behind = (media: Media): ClipEffect => ({ ...effectOf({ id: 'none' }, fromSeconds(0)), background: { mode: 'media', media: media.id } });

  it('of any common kind open as media, and cover what is no person', async () => {
    const kinds = ['png', 'jpg', 'webp', 'bmp', 'tif'];
    const pictures: Media[] = [];
    for (const kind of kinds) {
      ffmpeg('-f', 'lavfi', '-i', 'color=c=0x20c040:s=300x200,format=rgb24,crop=299:199', '-frames:v', '1', at(`green.${kind}`));
      pictures.push(await engine.openMedia(at(`green.${kind}`)));
    }
    for (const { name, video } of pictures) expect(video, name).toMatchObject({ width: 299, height: 199 });
    // Three frames with each, one after the other.
    const ranges = pictures.map((picture) => ({ ...request(behind(picture), 0.12), picture: undefined, name: '' }));
    await all(engine.jobs.exportClips({ ranges, join: true, mode: 'auto', captions: null, chapters: null, target: { path: at('behind.mp4'), overwrite: false } }, never));
    const colours = execFileSync('ffmpeg', ['-v', 'error', '-i', at('behind.mp4'), '-vf', 'crop=40:40:0:0,scale=1:1:flags=area', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-']);
    expect(colours).toHaveLength(kinds.length * 3 * 3);
    for (let frame = 0; frame < kinds.length * 3; frame++) {
      const [r = 0, g = 0, b = 0] = colours.subarray(frame * 3);
      expect(Math.abs(r - 0x20) + Math.abs(g - 0xc0) + Math.abs(b - 0x40), kinds[Math.floor(frame / 3)]).toBeLessThan(24);
    }
  }, 120_000);

  it('a broken one is a sentence', async () => {
    writeFileSync(at('words.png'), 'no picture at all');
    await expect(engine.openMedia(at('words.png'))).rejects.toMatchObject({ code: 'file_not_media', params: { name: 'words.png' } });
    ffmpeg('-f', 'lavfi', '-i', 'mandelbrot=s=300x200', '-frames:v', '1', at('torn.png'));
    truncateSync(at('torn.png'), 60);
    await expect(engine.openMedia(at('torn.png')).then((media) => exported('torn.mp4', behind(media)))).rejects.toMatchObject({ name: 'ExpectedError' });
    await expect(engine.readStylePicture(at('words.png'))).rejects.toMatchObject({ code: 'style_picture_unreadable' });
  });

  it('one that is not open is refused', async () => {
    const effect: ClipEffect = { ...effectOf({ id: 'none' }, fromSeconds(0)), background: { mode: 'media', media: 'f'.repeat(32) } };
    await expect(exported('closed.mp4', effect)).rejects.toMatchObject({ code: 'not_granted' });
  });
});

describe('without models', () => {
  it('the doctor tells of each that is missing, and styles say so', async () => {
    const healthy = engine.inference.listModels().map(({ id }) => id);
    for (const id of Object.values(STYLES).flatMap(({ models }) => models)) expect(healthy).toContain(id);
    mkdirSync(at('models'));
    const manifest = execFileSync('cat', ['models/manifest.json'], { encoding: 'utf8' });
    writeFileSync(at('models/manifest.json'), manifest);
    const bare = await Engine.open({ dataDir: at('bare'), modelsDir: at('models'), workerPath: worker.workerPath, provider: 'cpu', logger: silentLog() });
    try {
      const { models } = await bare.doctor();
      for (const id of ['cyclegan-vintage', 'face-stylegan-oil', 'painter-26', 'person-matting']) expect(models).toContainEqual(expect.objectContaining({ id, state: 'missing' }));
      const media = await bare.openMedia(at('film.mp4'));
      const asked = { ...request(PAINTED), media: media.id };
      await expect(all<RenderEvent>(bare.jobs.renderClip(asked, never))).rejects.toMatchObject({ code: 'model_missing' });
      await expect(all(bare.jobs.stylePreview({ request: asked, at: fromSeconds(0.1), height: 64 }, never))).rejects.toMatchObject({ code: 'model_missing' });
      const tiles = await all(bare.jobs.styleGallery({ media: media.id, time: fromSeconds(0.1), height: 64, pictures: [] }, never));
      expect(tiles.flatMap((event) => (event.type === 'failed' ? [event.code] : [])).every((code) => code === 'model_missing')).toBe(true);
      expect(tiles.filter(({ type }) => type === 'failed')).toHaveLength(31);
    } finally {
      await bare.close();
    }
  }, 120_000);
});

describe('previews', () => {
  it('are one at a time: a newer one waits for the older to be cancelled, and closing ends both', async () => {
    const first = new AbortController();
    const older = engine.jobs.stylePreview({ request: request(PAINTED, 2), at: fromSeconds(0.5), height: 64 }, first.signal)[Symbol.asyncIterator]();
    expect((await older.next()).done).toBe(false);
    const newer = engine.jobs.stylePreview({ request: request(PAINTED, 2), at: fromSeconds(1), height: 64 }, never)[Symbol.asyncIterator]();
    let begun = false;
    const shown = newer.next().then((result) => {
      begun = true;
      return result;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(begun).toBe(false);
    first.abort();
    await older.return?.();
    const { value } = (await shown) as { value: { type: string } };
    expect(value.type).toBe('frame');
    await newer.return?.();
  }, 60_000);
});
