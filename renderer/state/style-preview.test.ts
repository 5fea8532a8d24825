import { describe, expect, it } from 'vitest';
import type { Style } from '../../shared/style/types.ts';
import { flicks, fromSeconds } from '../../shared/time.ts';
import { settle } from '../testing/engine-end.ts';
import { A_WHILE, at, FRAME, JPEG, setUpStyled, watchUrls } from '../testing/styled.ts';
import { StylePreview } from './style-preview.svelte.ts';

const urls = watchUrls();

describe('the preview', () => {
  const frames = (...numbers: number[]) => numbers.map((number) => ({ type: 'frame', time: at(number), duration: FRAME, jpeg: JPEG }));
  function open(style: Style | null = { id: 'vintage' }) {
    const world = setUpStyled(style);
    const preview = new StylePreview(world.engine, world.edit, world.player, world.state);
    const asked = () => world.end.asked('stylePreview').map(({ args }) => args as { at: number; request: { effect: { strength: { value: number }[] } } });
    return { ...world, preview, asked };
  }

  it('asks at once for what was chosen, then once the playhead rests, and shows the very frame', async () => {
    const { preview, player, asked, reply } = open();
    preview.follow();
    await settle(10);
    expect(asked().map((args) => args.at)).toEqual([at(0)]);
    for (const frame of [1, 2, 3]) {
      player.seek(at(frame));
      preview.follow();
    }
    await settle(10);
    expect(asked()).toHaveLength(1);
    await settle(A_WHILE);
    expect(asked().map((args) => args.at)).toEqual([at(0), at(3)]);
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
