import { describe, expect, it } from 'vitest';
import { painting } from '../../shared/style/effect.ts';
import type { Style } from '../../shared/style/types.ts';
import { fromSeconds, toSeconds } from '../../shared/time.ts';
import { settle } from '../testing/engine-end.ts';
import { A_WHILE, FRAME, JPEG, setUpStyled, watchUrls } from '../testing/styled.ts';
import { StyleGallery } from './style-gallery.svelte.ts';

const urls = watchUrls();

describe('the gallery', () => {
  const tile = (style: Style, faces: number | null = null) => ({ type: 'tile', tile: { style, jpeg: JPEG, faces } });
  function open(world: ReturnType<typeof setUpStyled>) {
    const gallery = new StyleGallery(world.engine, world.jobs);
    const clip = world.edit.clips[0];
    if (!clip) throw new Error('no clip');
    return { gallery, clip, show: () => gallery.show(clip, world.entry, []) };
  }

  it('is of the clip’s own keyframe, or its middle, and keeps to it', () => {
    const world = setUpStyled(null);
    const { gallery, clip } = open(world);
    expect(toSeconds(gallery.timeOf(clip, world.entry))).toBe(12);
    world.entry.analysis.apply([{ type: 'keyframe', shot: 11, rank: 0, time: fromSeconds(11.4), picture: 'p', score: 1 } as never]);
    expect(toSeconds(gallery.timeOf(clip, world.entry))).toBe(12);
    expect(toSeconds(gallery.timeOf({ ...clip, end: fromSeconds(13) }, world.entry))).toBeCloseTo(11.4);
    expect(toSeconds(gallery.timeOf({ ...clip, end: fromSeconds(11) }, world.entry))).toBe(10.5);
  });

  it('streams in, tells what failed, and makes only that again', async () => {
    const world = setUpStyled(null);
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
    const world = setUpStyled(null);
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
    const world = setUpStyled(null);
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
    const world = setUpStyled(null);
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
