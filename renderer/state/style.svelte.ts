import { effectOf, strengthAt } from '../../shared/style/effect.ts';
import type { Clip, EditChange, SimpleChange } from '../../shared/edit.ts';
import { m } from '../../shared/i18n/index.ts';
import type { AppResult, Bridge } from '../../shared/ipc/app.ts';
import { clampTime, flicks, frameDuration, type Flicks } from '../../shared/time.ts';
import { MOST_STRENGTH_KEYS, type Background, type ClipEffect, type Style, type StyleId, type StylePicture, type StrengthKey } from '../../shared/style/types.ts';
import type { EditState } from './edit.svelte.ts';
import type { MediaEntry } from './media-list.svelte.ts';
import { nominalRate } from './media-range.ts';
import type { Player } from './player.svelte.ts';
import { keyNear, movedEffect, neighbourKey, togglePainting, withKey, withoutKey, withShare } from './style-effect.ts';
import type { Toasts } from './toasts.svelte.ts';

/** What a style copied from a clip needs to be given to another. */
interface CopiedStyle {
  readonly effect: ClipEffect;
  readonly picture: StylePicture | null;
  /** Start of the clip that it was copied from. */
  readonly from: Flicks;
}

export type StyleView = 'gallery' | 'settings';

/** What the effects need to know of the rest of the window. */
export interface StyleAround {
  find(id: string): MediaEntry | null;
}

/** The effect of the leading clip: shown while its controls are moved, and one step of undo when they are let go. */
export class StyleState {
  view = $state<StyleView>('gallery');
  /** The generator whose card is open. */
  about = $state<StyleId | null>(null);
  /** A picture is being read as a style. */
  reading = $state(false);
  /** The clip whose strength is to change over time, though it has one key so far. */
  #keying = $state<string | null>(null);
  #trying = $state.raw<{ clip: string; effect: ClipEffect } | null>(null);
  #copied = $state.raw<CopiedStyle | null>(null);

  readonly #edit: EditState;
  readonly #player: Player;
  readonly #bridge: Bridge;
  readonly #toasts: Toasts;
  readonly #around: StyleAround;

  constructor(edit: EditState, player: Player, bridge: Bridge, toasts: Toasts, around: StyleAround) {
    this.#edit = edit;
    this.#player = player;
    this.#bridge = bridge;
    this.#toasts = toasts;
    this.#around = around;
  }

  /** The clip whose effect is set; null where none leads or it has no picture. */
  readonly clip: Clip | null = $derived.by(() => {
    const clip = this.#edit.leadClip;
    return clip && this.#around.find(clip.media)?.media.video ? clip : null;
  });
  readonly entry: MediaEntry | null = $derived.by(() => (this.clip ? this.#around.find(this.clip.media) : null));
  readonly effect: ClipEffect | null = $derived.by(() => (this.clip ? this.effectOf(this.clip) : null));
  readonly style: Style = $derived(this.effect?.style ?? { id: 'none' });
  readonly pictures: Readonly<Record<string, StylePicture>> = $derived.by(() => this.#edit.edit.stylePictures);
  /** Length of a frame of the clip's media. */
  readonly frame: Flicks = $derived.by(() => frameDuration(nominalRate(this.entry?.media ?? null)));
  /** Where a key frame would be: the playhead, or the clip's nearest end where the playhead is elsewhere. */
  readonly time: Flicks = $derived.by(() => {
    const { clip } = this;
    if (!clip) return this.#player.time;
    const last = flicks(Math.max(clip.start, clip.end - this.frame));
    return this.#player.entry?.media.id === clip.media ? clampTime(this.#player.time, clip.start, last) : clip.start;
  });
  readonly keys: readonly StrengthKey[] = $derived(this.effect?.strength ?? []);
  readonly strength: number = $derived(this.keys.length === 0 ? 1 : strengthAt(this.keys, this.time));
  /** The strength changes over time. */
  readonly keyed: boolean = $derived.by(() => this.keys.length > 1 || (this.keys.length === 1 && this.#keying === this.clip?.id));
  /** Index of the key at the playhead; -1 when there is none. */
  readonly keyHere: number = $derived(keyNear(this.keys, this.time, this.frame));
  readonly previousKey: StrengthKey | null = $derived(neighbourKey(this.keys, this.time, this.frame, -1));
  readonly nextKey: StrengthKey | null = $derived(neighbourKey(this.keys, this.time, this.frame, 1));
  readonly canPaste: boolean = $derived.by(() => this.#copied !== null && this.#targets.length > 0);
  /** Clips that are picked beside the leading one. */
  readonly others: readonly Clip[] = $derived.by(() => this.#targets.filter(({ id }) => id !== this.clip?.id));

  /** Picked clips that have a picture. */
  get #targets(): Clip[] {
    return this.#edit.clips.filter(({ id, media }) => this.#edit.picked.has(id) && this.#around.find(media)?.media.video);
  }

  /** A clip's effect as it is shown now: with what a control that is being moved says. */
  effectOf(clip: Clip): ClipEffect | null {
    return this.#trying?.clip === clip.id ? this.#trying.effect : (clip.effect ?? null);
  }

  /** A control is being moved. */
  get trying(): boolean {
    return this.#trying !== null;
  }

  /** The picture of the style `picture`; null for every other. */
  pictureOf(effect: ClipEffect): StylePicture | null {
    return effect.style.id === 'picture' ? (this.pictures[effect.style.picture] ?? null) : null;
  }

  /** Gives the clip a style and leaves its other settings as they are; `none` takes away what would change nothing. */
  apply(style: Style): void {
    const { clip, effect } = this;
    if (!clip) return;
    if (style.id === 'none' && !effect?.background && !effect?.label) this.#set(null);
    else this.#set({ ...(effect ?? effectOf(style, clip.start)), style });
  }

  /** Adds a painting (from 0) to the mix, or takes it out. */
  mix(index: number): void {
    this.apply(togglePainting(this.style, index));
  }
  tryShare(index: number, share: number): void {
    this.#try({ style: withShare(this.style, index, share) });
  }
  setShare(index: number, share: number): void {
    this.change({ style: withShare(this.style, index, share) });
  }

  tryStrength(value: number): void {
    this.#try({ strength: this.#strengthWith(value) });
  }
  setStrength(value: number): void {
    this.change({ strength: this.#strengthWith(value) });
  }
  #strengthWith(value: number): StrengthKey[] {
    const { strength } = this.#stored;
    return this.keyed ? withKey(strength, this.time, this.frame, value) : strength.slice(0, 1).map(({ at }) => ({ at, value }));
  }

  get canAddKey(): boolean {
    return this.style.id !== 'none' && (this.keyHere < 0 || !this.keyed) && this.keys.length < MOST_STRENGTH_KEYS;
  }
  addKey(): void {
    if (!this.canAddKey) return;
    const { keyed, time } = this;
    this.#keying = this.clip?.id ?? null;
    // The first key is where the playhead is: until a second one comes, nothing changes over time.
    this.change({ strength: keyed ? withKey(this.keys, time, this.frame) : [{ at: time, value: this.strength }] });
  }
  get canRemoveKey(): boolean {
    return this.keyed && this.keyHere >= 0;
  }
  removeKey(): void {
    if (!this.canRemoveKey) return;
    if (this.keys.length === 1) this.#keying = null;
    else this.change({ strength: [...withoutKey(this.keys, this.time, this.frame)] });
  }
  /** Puts the playhead on the next key before (-1) or after (1) it. */
  goToKey(by: 1 | -1): void {
    const key = by > 0 ? this.nextKey : this.previousKey;
    if (key) this.#player.seek(key.at);
  }

  tryBackground(background: Background): void {
    this.#try({ background });
  }

  /** One step of undo. A background alone makes an effect whose style is none; the last thing taken away takes it along. */
  change(change: Partial<ClipEffect>): void {
    const effect = { ...this.#stored, ...change };
    this.#set(effect.style.id === 'none' && !effect.background && !effect.label ? null : effect);
  }
  #try(change: Partial<ClipEffect>): void {
    if (this.clip) this.#trying = { clip: this.clip.id, effect: { ...this.#stored, ...change } };
  }

  /** The effect without what a moved control says; that of a background alone where there is none. */
  get #stored(): ClipEffect {
    return this.clip?.effect ?? effectOf({ id: 'none' }, this.clip?.start ?? this.time);
  }

  #set(effect: ClipEffect | null): void {
    const { clip } = this;
    this.#trying = null;
    if (!clip || JSON.stringify(clip.effect ?? null) === JSON.stringify(effect)) return;
    this.#edit.run({ type: 'clip.effect', id: clip.id, effect });
  }

  remove(): void {
    this.#set(null);
  }

  copy(): void {
    const { clip } = this;
    if (!clip?.effect) return;
    this.#copied = { effect: clip.effect, picture: this.pictureOf(clip.effect), from: clip.start };
    this.#toasts.show('done', m.style_copied());
  }
  /** Gives what was copied to every picked clip: one step of undo. */
  paste(): void {
    if (this.#copied) this.#give(this.#copied, this.#targets);
  }
  /** Gives the leading clip's effect, or that it has none, to the other picked clips: one step of undo. */
  spread(): void {
    const { clip } = this;
    if (!clip) return;
    if (clip.effect) this.#give({ effect: clip.effect, picture: null, from: clip.start }, this.others);
    else this.#run(this.others.filter(({ effect }) => effect).map(({ id }) => ({ type: 'clip.effect', id, effect: null })));
  }

  #give({ effect, picture, from }: CopiedStyle, clips: readonly Clip[]): void {
    const changes = clips.map(({ id, start }): SimpleChange => ({ type: 'clip.effect', id, effect: movedEffect(effect, from, start) }));
    if (picture && !this.pictures[picture.id]) changes.unshift({ type: 'stylePictures.add', picture });
    this.#run(changes);
  }

  #run(changes: readonly SimpleChange[]): void {
    this.#trying = null;
    const [first, second] = changes;
    if (!first) return;
    const change: EditChange = second ? { type: 'group', changes: [...changes] } : first;
    this.#edit.run(change);
  }

  /** Asks for a picture and gives it to the clip as its style. */
  async choosePicture(): Promise<void> {
    await this.#take(this.#bridge.invoke('chooseStylePicture', {}));
  }
  async dropPicture(file: File): Promise<void> {
    await this.#take(this.#bridge.stylePictureDropped(file));
  }

  async #take(answer: Promise<AppResult<'chooseStylePicture'>>): Promise<void> {
    this.reading = true;
    try {
      const { picture, error } = await answer;
      if (error) this.#toasts.wire(error);
      if (picture) this.addPicture(picture);
    } finally {
      this.reading = false;
    }
  }

  /** Adds a picture to the project's styles and gives it to the clip: one step of undo. */
  addPicture(picture: StylePicture): void {
    const { clip } = this;
    const style: Style = { id: 'picture', picture: picture.id };
    const changes: SimpleChange[] = this.pictures[picture.id] ? [] : [{ type: 'stylePictures.add', picture }];
    if (clip) changes.push({ type: 'clip.effect', id: clip.id, effect: { ...(clip.effect ?? effectOf(style, clip.start)), style } });
    this.#run(changes);
  }

  /** Clips that have this picture as their style. */
  usersOf(picture: string): readonly Clip[] {
    return this.#edit.clips.filter(({ effect }) => effect?.style.id === 'picture' && effect.style.picture === picture);
  }
  /** Takes a picture that no clip uses out of the project. */
  removePicture(id: string): void {
    if (this.pictures[id] && this.usersOf(id).length === 0) this.#edit.run({ type: 'stylePictures.remove', id });
  }
}
