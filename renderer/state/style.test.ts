import { describe, expect, it } from 'vitest';
import type { Bridge } from '../../shared/ipc/app.ts';
import { effectOf, painting } from '../../shared/style/effect.ts';
import type { StylePicture } from '../../shared/style/types.ts';
import { fromSeconds, toSeconds } from '../../shared/time.ts';
import { EngineClient } from '../bridge/engine.ts';
import { EngineEnd } from '../testing/engine-end.ts';
import { MEDIA_ID, someMedia } from '../testing/facts.ts';
import { EditState } from './edit.svelte.ts';
import { exportedClips } from './export.svelte.ts';
import { MediaEntry } from './media-list.svelte.ts';
import { Player } from './player.svelte.ts';
import { sharesOf } from './style-effect.ts';
import { StyleState } from './style.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

const PICTURE: StylePicture = { id: 'b'.repeat(32), name: 'wave.jpg', vector: Array.from({ length: 100 }, () => 0.5), thumbnail: '' };

/** Three clips of four seconds at 10, 20 and 30 s; the first leads, the playhead is at its start. */
function setUp() {
  const engine = new EngineClient();
  engine.connect(new EngineEnd().port);
  const toasts = new Toasts();
  const entry = new MediaEntry(someMedia(60));
  const find = (id: string): MediaEntry | null => (id === MEDIA_ID ? entry : null);
  const edit = new EditState(engine, toasts, (id) => find(id)?.media ?? null);
  const player = new Player(engine, toasts, { clips: () => edit.clips, find, shown: () => undefined });
  player.show(entry);
  const answers: { picture: StylePicture | null; error: null }[] = [];
  const bridge = { invoke: () => Promise.resolve(answers.shift()), stylePictureDropped: () => Promise.resolve(answers.shift()) } as unknown as Bridge;
  const style = new StyleState(edit, player, bridge, toasts, { find });
  edit.insert([10, 20, 30].map((start) => ({ media: MEDIA_ID, start: fromSeconds(start), end: fromSeconds(start + 4), name: `clip ${start}` })), 0);
  edit.select(edit.clips[0]?.id ?? '', 'replace');
  player.seek(fromSeconds(10));
  const effects = () => edit.clips.map((clip) => clip.effect?.style.id ?? null);
  return { style, edit, player, answers, effects };
}

describe('the style of a clip', () => {
  it('is given, keeps the other settings when it is changed, and each change is one step of undo', () => {
    const { style, edit, effects } = setUp();
    style.apply({ id: 'vintage' });
    expect(style.effect).toEqual(effectOf({ id: 'vintage' }, fromSeconds(10)));
    style.change({ keepColours: true, area: 'people' });
    style.apply(painting(5));
    expect(style.effect).toMatchObject({ style: painting(5), keepColours: true, area: 'people' });
    edit.undo();
    expect(effects()).toEqual(['vintage', null, null]);
    edit.undo();
    expect(style.effect?.keepColours).toBe(false);
    edit.undo();
    expect(style.effect).toBeNull();
    expect(edit.clips[0]).not.toHaveProperty('effect');
  });

  it('goes with the last thing that it does: a background keeps the effect, nothing at all ends it', () => {
    const { style } = setUp();
    style.change({ background: { mode: 'blur', amount: 0.5 } });
    expect(style.effect).toMatchObject({ style: { id: 'none' }, background: { mode: 'blur' } });
    style.apply({ id: 'vintage' });
    style.apply({ id: 'none' });
    expect(style.effect?.background).not.toBeNull();
    style.change({ background: null });
    expect(style.effect).toBeNull();
  });

  it('is shown while a control is moved and kept when it is let go', () => {
    const { style, edit } = setUp();
    style.apply({ id: 'vintage' });
    style.tryStrength(0.3);
    expect(style.strength).toBe(0.3);
    expect(edit.clips[0]?.effect?.strength[0]?.value).toBe(1);
    style.setStrength(0.4);
    expect(edit.clips[0]?.effect?.strength).toEqual([{ at: fromSeconds(10), value: 0.4 }]);
    style.tryStrength(0.1);
    edit.select(edit.clips[1]?.id ?? '', 'replace');
    expect(style.effect).toBeNull();
    edit.undo();
    edit.select(edit.clips[0]?.id ?? '', 'replace');
    style.change({ label: true });
    expect(edit.clips[0]?.effect?.strength[0]?.value).toBe(1);
  });

  it('changes over time by key frames at the playhead', () => {
    const { style, edit, player } = setUp();
    style.apply({ id: 'vintage' });
    expect(style.keyed).toBe(false);
    player.seek(fromSeconds(10));
    style.addKey();
    expect(style.canAddKey).toBe(false);
    expect(style.canRemoveKey).toBe(true);
    player.seek(fromSeconds(12));
    style.setStrength(0);
    expect(style.keys.map(({ at, value }) => [toSeconds(at), value])).toEqual([[10, 1], [12, 0]]);
    player.seek(fromSeconds(11));
    expect(style.strength).toBeCloseTo(0.5);
    style.setStrength(0.9);
    expect(style.keys.map(({ value }) => value)).toEqual([1, 0.9, 0]);
    style.goToKey(1);
    expect(toSeconds(player.time)).toBe(12);
    expect(style.nextKey).toBeNull();
    style.removeKey();
    style.goToKey(-1);
    expect(toSeconds(player.time)).toBe(11);
    style.removeKey();
    expect(style.keys).toHaveLength(1);
    player.seek(fromSeconds(10));
    style.removeKey();
    expect(style.keyed).toBe(false);
    expect(style.canRemoveKey).toBe(false);
    style.setStrength(0.2);
    expect(style.keys).toHaveLength(1);
    edit.undo();
    edit.undo();
    expect(style.keys).toHaveLength(2);
    player.seek(fromSeconds(40));
    expect(toSeconds(style.time)).toBeCloseTo(14 - 1 / 25);
  });

  it('mixes paintings whose shares are one together', () => {
    const { style } = setUp();
    style.apply(painting(5));
    style.mix(13);
    expect(sharesOf(style.style)).toEqual([{ index: 5, share: 0.5 }, { index: 13, share: 0.5 }]);
    style.setShare(13, 0.8);
    expect(sharesOf(style.style).map(({ share }) => share)).toEqual([expect.closeTo(0.2, 5), expect.closeTo(0.8, 5)]);
    style.mix(0);
    expect(sharesOf(style.style).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    style.mix(13);
    style.mix(5);
    expect(style.style).toEqual(painting(0));
    style.mix(0);
    expect(style.style).toEqual(painting(0));
  });

  it('is copied to all picked clips at once, its keys moved along', () => {
    const { style, edit, player, effects } = setUp();
    style.apply({ id: 'vintage' });
    style.addKey();
    player.seek(fromSeconds(12));
    style.addKey();
    style.copy();
    edit.select(edit.clips[1]?.id ?? '', 'replace');
    edit.select(edit.clips[2]?.id ?? '', 'extend');
    expect(style.canPaste).toBe(true);
    style.paste();
    expect(effects()).toEqual(['vintage', 'vintage', 'vintage']);
    expect(edit.clips[2]?.effect?.strength.map(({ at }) => toSeconds(at))).toEqual([30, 32]);
    edit.undo();
    expect(effects()).toEqual(['vintage', null, null]);
  });

  it('is spread from the leading clip to the other picked ones, and so is having none', () => {
    const { style, edit, effects } = setUp();
    style.apply({ id: 'enhance' });
    edit.select(edit.clips[1]?.id ?? '', 'toggle');
    edit.select(edit.clips[0]?.id ?? '', 'toggle');
    edit.select(edit.clips[0]?.id ?? '', 'toggle');
    expect(style.others).toHaveLength(1);
    style.spread();
    expect(effects()).toEqual(['enhance', 'enhance', null]);
    style.remove();
    style.spread();
    expect(effects()).toEqual([null, null, null]);
  });
});

describe('pictures as styles', () => {
  it('are added with the clip that uses them in one step, and removed when nothing does', async () => {
    const { style, edit, answers } = setUp();
    answers.push({ picture: PICTURE, error: null });
    await style.choosePicture();
    expect(style.reading).toBe(false);
    expect(style.style).toEqual({ id: 'picture', picture: PICTURE.id });
    expect(exportedClips(edit.edit)[0]).toMatchObject({ effect: { style: { id: 'picture' } }, picture: PICTURE });
    expect(exportedClips(edit.edit)[1]).not.toHaveProperty('effect');
    style.removePicture(PICTURE.id);
    expect(Object.keys(style.pictures)).toEqual([PICTURE.id]);
    style.apply({ id: 'none' });
    style.removePicture(PICTURE.id);
    expect(style.pictures).toEqual({});
    edit.undo();
    edit.undo();
    edit.undo();
    expect(style.pictures).toEqual({});
    expect(style.effect).toBeNull();
  });

  it('come along when a style is pasted that was copied before its picture was taken out', async () => {
    const { style, edit, answers } = setUp();
    answers.push({ picture: PICTURE, error: null });
    await style.choosePicture();
    style.copy();
    style.remove();
    style.removePicture(PICTURE.id);
    edit.select(edit.clips[2]?.id ?? '', 'replace');
    style.paste();
    expect(style.pictures[PICTURE.id]).toEqual(PICTURE);
    expect(style.style.id).toBe('picture');
  });

  it('are none when the person chose none', async () => {
    const { style, edit, answers } = setUp();
    answers.push({ picture: null, error: null });
    await style.choosePicture();
    expect(style.effect).toBeNull();
    expect(edit.edit.stylePictures).toEqual({});
  });
});
