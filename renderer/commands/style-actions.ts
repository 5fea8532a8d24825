import { changesPictures } from '../../shared/style/effect.ts';
import type { AppState } from '../state/app.svelte.ts';
import { shotRanges } from '../state/shot-clips.ts';
import type { Actions } from './registry.ts';

type StyleCommand =
  | 'style.show'
  | 'style.settings'
  | 'style.make_clip'
  | 'style.choose_picture'
  | 'style.about'
  | 'style.copy'
  | 'style.paste'
  | 'style.spread'
  | 'style.remove'
  | 'style.key_add'
  | 'style.key_remove'
  | 'style.key_previous'
  | 'style.key_next'
  | 'style.preview'
  | 'style.wipe'
  | 'style.original'
  | 'style.render'
  | 'style.stop';

export function styleActions(app: AppState): Actions<StyleCommand> {
  const { style, stylePreview: preview, styleRenders: renders, shell } = app;
  const led = (): boolean => style.clip !== null;
  const styled = (): boolean => style.clip?.effect !== undefined;
  const previewed = (): boolean => preview.effect !== null;
  const show = (view: 'gallery' | 'settings'): void => {
    shell.right = 'style';
    style.view = view;
  };
  return {
    'style.show': { run: () => show('gallery') },
    'style.settings': { run: () => show('settings') },
    'style.make_clip': {
      enabled: () => app.media.current?.media.video != null,
      run: () => {
        show('gallery');
        makeClip(app);
      },
    },
    'style.choose_picture': { enabled: () => led() && !style.reading, run: () => style.choosePicture() },
    'style.about': {
      enabled: led,
      run: () => {
        show('gallery');
        style.about = style.style.id === 'none' ? 'vintage' : style.style.id;
      },
    },
    'style.copy': { enabled: styled, run: () => style.copy() },
    'style.paste': { enabled: () => style.canPaste, run: () => style.paste() },
    'style.spread': { enabled: () => led() && style.others.length > 0, run: () => style.spread() },
    'style.remove': { enabled: styled, run: () => style.remove() },
    'style.key_add': { enabled: () => style.canAddKey, run: () => style.addKey() },
    'style.key_remove': { enabled: () => style.canRemoveKey, run: () => style.removeKey() },
    'style.key_previous': { enabled: () => style.previousKey !== null, run: () => style.goToKey(-1) },
    'style.key_next': { enabled: () => style.nextKey !== null, run: () => style.goToKey(1) },
    'style.preview': {
      enabled: previewed,
      checked: () => preview.on,
      run: () => {
        preview.on = !preview.on;
      },
    },
    'style.wipe': {
      enabled: () => preview.available,
      checked: () => preview.wiping,
      run: () => {
        preview.wiping = !preview.wiping;
      },
    },
    // Held: the viewer lets go of it when the key or button comes up.
    'style.original': {
      enabled: () => preview.available,
      checked: () => preview.holding,
      run: () => {
        preview.holding = true;
      },
    },
    'style.render': {
      enabled: () => renders.canStart && style.effect !== null && changesPictures(style.effect),
      run: () => renders.start(),
    },
    'style.stop': { enabled: () => renders.current?.status === 'running', run: () => renders.cancel() },
  };
}

/** The clip at the playhead where there is one; else the picked shot or the one shown becomes a clip; of a file without shots, all of it. */
function makeClip(app: AppState): void {
  const { edit, player, shots } = app;
  const entry = app.media.current;
  if (!entry) return;
  const here = edit.clips.find(({ media, start, end }) => media === entry.media.id && start <= player.time && player.time < end);
  const lead = shots.lead >= 0 ? shots.lead : entry.analysis.shotAt(player.time);
  const picked = shots.picked.size > 0;
  if (here && !picked) {
    edit.select(here.id, 'replace');
    return;
  }
  const whole = { media: entry.media.id, ...player.range, name: entry.media.name.replace(/\.[^.]+$/, '') };
  const ranges = shotRanges(entry, [lead]);
  edit.add(ranges.length > 0 ? ranges : [whole]);
  const clip = edit.leadClip;
  if (clip && !(clip.start <= player.time && player.time < clip.end)) player.seek(clip.start);
}
