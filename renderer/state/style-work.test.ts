import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '../../shared/ipc/app.ts';
import { painting } from '../../shared/style/effect.ts';
import type { Style } from '../../shared/style/types.ts';
import { flicks, frameDuration, fromSeconds, toSeconds, type Flicks } from '../../shared/time.ts';
import { EngineClient } from '../bridge/engine.ts';
import { EngineEnd, settle } from '../testing/engine-end.ts';
import { MEDIA_ID, someMedia, someShot } from '../testing/facts.ts';
import { EditState } from './edit.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { MediaEntry } from './media-list.svelte.ts';
import { Player } from './player.svelte.ts';
import { StyleGallery } from './style-gallery.svelte.ts';
import { PAUSE_MS, StylePreview } from './style-preview.svelte.ts';
import { StyleRenders } from './style-render.svelte.ts';
import { StyleState } from './style.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

const JPEG = new Uint8Array([0xff, 0xd8]);
const FRAME = frameDuration({ num: 25, den: 1 });
const at = (frame: number): Flicks => flicks(fromSeconds(10) + frame * FRAME);
/** Longer than the window waits before it asks, and than one beat of a followed job. */
const A_WHILE = PAUSE_MS + 60;

/** Object URLs that are not freed yet. */
const urls = new Set<string>();
beforeEach(() => {
  urls.clear();
  let next = 0;
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:${(next += 1)}`;
    urls.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void urls.delete(url));
});
afterEach(() => vi.restoreAllMocks());

/** A clip from 10 to 14 s of a film at 25 frames a second; the playhead is at its start. */
function setUp(style: Style | null = { id: 'vintage' }) {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  const toasts = new Toasts();
  const jobs = new Jobs();
  const entry = new MediaEntry(someMedia(60));
  entry.analysis.apply(Array.from({ length: 20 }, (_, index) => someShot(index)));
  const find = (id: string): MediaEntry | null => (id === MEDIA_ID ? entry : null);
  const edit = new EditState(engine, toasts, (id) => find(id)?.media ?? null);
  const player = new Player(engine, toasts, { clips: () => edit.clips, find, shown: () => undefined });
  player.show(entry);
  const state = new StyleState(edit, player, {} as Bridge, toasts, { find });
  edit.insert([{ media: MEDIA_ID, start: fromSeconds(10), end: fromSeconds(14), name: 'clip' }], 0);
  player.seek(fromSeconds(10));
  if (style) state.apply(style);
  const reply = (job: string, events: unknown[], which = -1): void => end.reply({ kind: 'events', id: end.asked(job).at(which)?.id ?? -1, events });
  const finish = (job: string, which = -1): void => end.reply({ kind: 'end', id: end.asked(job).at(which)?.id ?? -1 });
  const fail = (job: string, code: string): void => end.reply({ kind: 'error', id: end.asked(job).at(-1)?.id ?? -1, error: { kind: 'expected', code, params: {} } });
  const cancelled = (): number[] => end.requests.flatMap((request) => (request.kind === 'cancel' ? [request.id] : []));
  return { engine, end, jobs, entry, edit, player, state, reply, finish, fail, cancelled };
}

describe('the gallery', () => {
  const tile = (style: Style, faces: number | null = null) => ({ type: 'tile', tile: { style, jpeg: JPEG, faces } });
  function open(world: ReturnType<typeof setUp>) {
    const gallery = new StyleGallery(world.engine, world.jobs);
    const clip = world.edit.clips[0];
    if (!clip) throw new Error('no clip');
    return { gallery, clip, show: () => gallery.show(clip, world.entry, []) };
  }

  it('is of the clip’s own keyframe, or its middle, and keeps to it', () => {
    const world = setUp(null);
    const { gallery, clip } = open(world);
    expect(toSeconds(gallery.timeOf(clip, world.entry))).toBe(12);
    world.entry.analysis.apply([{ type: 'keyframe', shot: 11, rank: 0, time: fromSeconds(11.4), picture: 'p', score: 1 } as never]);
    expect(toSeconds(gallery.timeOf(clip, world.entry))).toBe(12);
    expect(toSeconds(gallery.timeOf({ ...clip, end: fromSeconds(13) }, world.entry))).toBeCloseTo(11.4);
    expect(toSeconds(gallery.timeOf({ ...clip, end: fromSeconds(11) }, world.entry))).toBe(10.5);
  });

  it('streams in, tells what failed, and makes only that again', async () => {
    const world = setUp(null);
    const { gallery, show } = open(world);
    show();
    world.reply('styleGallery', [tile({ id: 'vintage' }), tile({ id: 'face-ink' }, 2), tile(painting(3)), { type: 'failed', style: { id: 'enhance' }, code: 'model_missing' }]);
    await settle(A_WHILE);
    expect([...(gallery.run?.tiles ?? [])].map(([key, { url, faces, failed }]) => [key, url !== null, faces, failed])).toEqual([
      ['vintage', true, null, null],
      ['face-ink', true, 2, null],
      ['painting-4', true, null, null],
      ['enhance', false, null, 'model_missing'],
    ]);
    expect(world.jobs.foremost?.kind).toBe('styles');
    world.finish('styleGallery');
    await settle(A_WHILE);
    expect(gallery.run).toMatchObject({ status: 'done', job: null });
    gallery.retry(world.entry, []);
    expect(gallery.run?.tiles.has('enhance')).toBe(false);
    expect(gallery.run?.tiles.has('vintage')).toBe(true);
    expect(world.end.asked('styleGallery')).toHaveLength(2);
  });

  it('stops when nobody looks and goes on where it was at the next look', async () => {
    const world = setUp(null);
    const { gallery, show } = open(world);
    const leave = show();
    world.reply('styleGallery', [tile({ id: 'vintage' })]);
    await settle(A_WHILE);
    leave();
    expect(world.cancelled()).toEqual([world.end.asked('styleGallery')[0]?.id]);
    show();
    expect(gallery.run?.tiles.get('vintage')?.url).not.toBeNull();
    // What the first run still sends counts for nothing.
    world.end.reply({ kind: 'error', id: world.end.asked('styleGallery')[0]?.id ?? -1, error: { kind: 'cancelled' } });
    await settle(A_WHILE);
    expect(gallery.run?.status).toBe('running');
  });

  it('makes the tile of a picture that came later alone, from the first frame of a preview', async () => {
    const world = setUp(null);
    const { gallery, show } = open(world);
    const picture = { id: 'b'.repeat(32), name: 'wave.jpg', vector: Array.from({ length: 100 }, () => 0), thumbnail: '' };
    show();
    world.reply('styleGallery', [tile({ id: 'vintage' })]);
    await settle(A_WHILE);
    gallery.addPictures(world.entry, [picture]);
    expect(world.end.asked('stylePreview')).toEqual([]);
    world.finish('styleGallery');
    await settle(A_WHILE);
    gallery.addPictures(world.entry, [picture]);
    expect(world.end.asked('stylePreview')[0]?.args).toMatchObject({ at: fromSeconds(12), request: { picture, effect: { style: { id: 'picture' } } } });
    world.reply('stylePreview', [{ type: 'frame', time: fromSeconds(12), duration: FRAME, jpeg: JPEG }]);
    await settle();
    expect(gallery.run?.tiles.get(`picture-${picture.id}`)?.url).toMatch(/^blob:/);
    expect(world.cancelled()).toEqual([world.end.asked('stylePreview')[0]?.id]);
    gallery.addPictures(world.entry, [picture]);
    expect(world.end.asked('stylePreview')).toHaveLength(1);
    expect(world.end.asked('styleGallery')).toHaveLength(1);
  });

  it('fails as a whole with the reason, and frees pictures that come again', async () => {
    const world = setUp(null);
    const { gallery, show } = open(world);
    show();
    world.reply('styleGallery', [tile({ id: 'vintage' }), tile({ id: 'vintage' })]);
    world.fail('styleGallery', 'model_failed');
    await settle(A_WHILE);
    expect(gallery.run).toMatchObject({ status: 'failed', error: { code: 'model_failed' } });
    expect(urls.size).toBe(1);
    gallery.retry(world.entry, []);
    expect(gallery.run).toMatchObject({ status: 'running', error: null });
  });
});

describe('the preview', () => {
  const frames = (...numbers: number[]) => numbers.map((number) => ({ type: 'frame', time: at(number), duration: FRAME, jpeg: JPEG }));
  function open(style: Style | null = { id: 'vintage' }) {
    const world = setUp(style);
    const preview = new StylePreview(world.engine, world.edit, world.player, world.state);
    const asked = () => world.end.asked('stylePreview').map(({ args }) => args as { at: number; request: { effect: { strength: { value: number }[] } } });
    return { ...world, preview, asked };
  }

  it('asks once the playhead rests, and shows the very frame', async () => {
    const { preview, player, asked, reply } = open();
    preview.follow();
    player.seek(at(3));
    preview.follow();
    await settle(A_WHILE);
    expect(asked().map((args) => args.at)).toEqual([at(3)]);
    expect(preview).toMatchObject({ running: true, frame: null });
    reply('stylePreview', frames(3, 4, 2));
    await settle();
    expect(preview.frame?.time).toBe(at(3));
    expect(preview.made).toEqual({ done: 3, total: 100 });
    player.time = flicks(at(4) - FRAME / 8);
    expect(preview.frame?.time).toBe(at(4));
    player.time = at(5);
    expect(preview.frame).toBeNull();
  });

  it('begins anew where the playhead went, and keeps what it made', async () => {
    const { preview, player, end, asked, reply, cancelled } = open();
    preview.follow();
    await settle(A_WHILE);
    reply('stylePreview', frames(0));
    await settle();
    player.seek(at(50));
    preview.follow();
    expect(cancelled()).toEqual([end.asked('stylePreview')[0]?.id]);
    await settle(A_WHILE);
    expect(asked().map((args) => args.at)).toEqual([at(0), at(50)]);
    player.seek(at(0));
    preview.follow();
    await settle(A_WHILE);
    expect(preview.frame?.time).toBe(at(0));
    expect(asked()).toHaveLength(2);
  });

  it('keeps the old frame while a control is moved, until the new one is there', async () => {
    const { preview, state, asked, reply } = open();
    preview.follow();
    await settle(A_WHILE);
    reply('stylePreview', frames(0));
    await settle();
    preview.follow();
    const before = preview.shown;
    state.tryStrength(0.5);
    preview.follow();
    expect(preview.frame).toBeNull();
    expect(preview.shown).toBe(before);
    await settle(A_WHILE);
    expect(asked().at(-1)?.request.effect.strength[0]?.value).toBe(0.5);
    reply('stylePreview', frames(0));
    await settle();
    expect(preview.shown).not.toBe(before);
    state.tryStrength(1);
    expect(preview.frame).toBe(before);
  });

  it('waits for a preview that runs while the film plays, and goes on further ahead when it falls behind', async () => {
    const { preview, player, asked } = open();
    player.playing = true;
    preview.follow();
    await settle(A_WHILE);
    player.time = at(5);
    preview.follow();
    await settle(A_WHILE);
    expect(asked()).toHaveLength(1);
    player.time = at(60);
    preview.follow();
    player.time = at(61);
    preview.follow();
    await settle(A_WHILE);
    expect(asked().map((args) => args.at)).toEqual([at(0), at(61)]);
  });

  it('is there only where a clip with an effect is shown, and asks for nothing when it is off', async () => {
    const { preview, player, edit, asked } = open();
    player.seek(fromSeconds(20));
    expect(preview.available).toBe(false);
    player.seek(fromSeconds(11));
    expect(preview.available).toBe(true);
    preview.on = false;
    preview.follow();
    await settle(A_WHILE);
    expect(asked()).toEqual([]);
    preview.on = true;
    edit.clearPicks();
    expect(preview.clip).toBeNull();
    player.setEdit(true);
    expect(preview.clip?.name).toBe('clip');
  });

  it('shows what went wrong and does not ask again until it is told to', async () => {
    const { preview, fail, asked } = open();
    preview.follow();
    await settle(A_WHILE);
    fail('stylePreview', 'model_failed');
    await settle();
    expect(preview).toMatchObject({ running: false, error: { code: 'model_failed' } });
    preview.follow();
    await settle(A_WHILE);
    expect(asked()).toHaveLength(1);
    preview.retry();
    await settle(A_WHILE);
    expect(asked()).toHaveLength(2);
  });

  it('frees its pictures', async () => {
    const { preview, reply } = open();
    preview.follow();
    await settle(A_WHILE);
    reply('stylePreview', frames(0, 1, 2, 1));
    await settle();
    preview.follow();
    expect(urls.size).toBe(3);
    preview.dispose();
    expect(urls.size).toBe(0);
  });
});

describe('rendering a clip', () => {
  const progress = (done: number, rate: number) => ({ type: 'progress', stage: 'render', done, total: 100, unit: 'frames', rate, eta: 1 });
  function open() {
    const world = setUp();
    return { ...world, renders: new StyleRenders(world.engine, world.jobs, world.state, { find: (id) => (id === MEDIA_ID ? world.entry : null) }) };
  }

  it('tells its progress, its end, and that another effect is another render', async () => {
    const { renders, state, edit, reply, finish } = open();
    void renders.start();
    reply('renderClip', [progress(20, 10), { type: 'warning', code: 'no_face' }, { type: 'warning', code: 'no_face' }]);
    await settle(A_WHILE);
    expect(renders.current).toMatchObject({ status: 'running', progress: { done: 20 }, warnings: ['no_face'] });
    expect(renders.canStart).toBe(false);
    reply('renderClip', [{ type: 'rendered', frames: 100, reused: 20 }]);
    finish('renderClip');
    await settle(A_WHILE);
    expect(renders.current).toMatchObject({ status: 'done', frames: { all: 100, reused: 20 } });
    state.change({ keepColours: true });
    expect(renders.current).toBeNull();
    expect(renders.canStart).toBe(true);
    edit.undo();
    expect(renders.current?.status).toBe('done');
  });

  it('estimates only what it has measured', async () => {
    const { renders, reply } = open();
    expect(renders.estimate('faithful')).toBeNull();
    void renders.start();
    reply('renderClip', [progress(20, 10)]);
    await settle(A_WHILE);
    expect(renders.estimate('faithful')).toBeCloseTo(10);
    expect(renders.estimate('best')).toBeNull();
  });

  it('stops when asked, goes on later, and shows failures', async () => {
    const { renders, end, fail, cancelled } = open();
    void renders.start();
    renders.cancel();
    expect(cancelled()).toEqual([end.asked('renderClip')[0]?.id]);
    end.reply({ kind: 'error', id: end.asked('renderClip')[0]?.id ?? -1, error: { kind: 'cancelled' } });
    await settle(A_WHILE);
    expect(renders.current?.status).toBe('stopped');
    void renders.start();
    expect(end.asked('renderClip')[1]?.args).toEqual(end.asked('renderClip')[0]?.args);
    fail('renderClip', 'disk_full');
    await settle(A_WHILE);
    expect(renders.current).toMatchObject({ status: 'failed', error: { code: 'disk_full' } });
  });
});
