import { isCancelled } from '../../shared/errors.ts';
import type { Clip } from '../../shared/edit.ts';
import { changesPictures } from '../../shared/style/effect.ts';
import type { ProgressEvent } from '../../shared/events.ts';
import type { ClipEffect, RenderRequest, StylePreviewEvent } from '../../shared/style/types.ts';
import { frameDuration, fromSeconds, type Flicks } from '../../shared/time.ts';
import type { EngineClient, Job } from '../bridge/engine.ts';
import type { EditState } from './edit.svelte.ts';
import { nominalRate } from './media-range.ts';
import type { Player } from './player.svelte.ts';
import { StyledFrames, type StyledPicture } from './styled-frames.ts';
import type { StyleState } from './style.svelte.ts';

/** The playhead rests this long before frames are asked for, in milliseconds. */
export const PAUSE_MS = 150;
/** A preview that runs is waited for while the playhead has played no further than this from where it was asked for. */
const AHEAD = fromSeconds(2);
/** Lines of the pictures: a generator's time grows with the picture, and the first one should be there within about a second. */
const HEIGHTS = { slow: 272, quick: 360 } as const;

function heightFor({ style }: ClipEffect): number {
  return style.id === 'vintage' || style.id === 'enhance' ? HEIGHTS.slow : HEIGHTS.quick;
}

/** What is previewed: a clip's effect as it is shown now, and the key of its frames. */
interface Wish {
  readonly request: RenderRequest;
  readonly key: string;
  readonly at: Flicks;
}

/** Styled frames around the playhead, and how they are compared with the originals. */
export class StylePreview {
  /** The person wants to see them at all. */
  on = $state(true);
  /** Before and after side by side, parted at `position` (0 to 1 of the picture's width). */
  wiping = $state(false);
  position = $state(0.5);
  /** The original is looked at while a key or button is held. */
  holding = $state(false);
  running = $state(false);
  error = $state.raw<unknown>(null);
  progress = $state.raw<ProgressEvent | null>(null);
  warnings = $state.raw<readonly string[]>([]);
  /** Counts up with every frame that came. */
  #came = $state(0);

  readonly #frames = new StyledFrames();
  readonly #engine: EngineClient;
  readonly #edit: EditState;
  readonly #player: Player;
  readonly #style: StyleState;
  #job: Job<StylePreviewEvent> | null = null;
  /** What the job was asked for. */
  #asked: Wish | null = null;
  /** The key last asked for, whether or not its job still runs. */
  #askedKey: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #last: { picture: StyledPicture; media: string; clip: string } | null = null;

  constructor(engine: EngineClient, edit: EditState, player: Player, style: StyleState) {
    this.#engine = engine;
    this.#edit = edit;
    this.#player = player;
    this.#style = style;
  }

  /** The clip at the playhead: the one that plays in the edit, else the leading one. */
  readonly clip: Clip | null = $derived.by(() => {
    const { edit, entry, time } = this.#player;
    if (edit.on) return this.#edit.clips.find(({ id }) => id === edit.sequence[edit.index]?.clip) ?? null;
    const lead = this.#style.clip;
    return lead && lead.media === entry?.media.id && lead.start <= time && time < lead.end ? lead : null;
  });
  readonly effect: ClipEffect | null = $derived.by(() => {
    const effect = this.clip && this.#style.effectOf(this.clip);
    return effect && changesPictures(effect) ? effect : null;
  });
  /** There is a styled picture to show or wait for here. */
  readonly available: boolean = $derived(this.on && this.effect !== null);
  readonly #key: string | null = $derived.by(() => {
    const { clip, effect } = this;
    return clip && effect ? JSON.stringify([clip.media, clip.start, clip.end, effect]) : null;
  });
  /** The styled frame of the moment shown; null where it isn't there (yet). */
  readonly frame: StyledPicture | null = $derived.by(() => {
    void this.#came;
    return this.#key === null || !this.on ? null : this.#frames.at(this.#key, this.#player.time, this.#tolerance);
  });
  /** Styled frames of the clip that are there, and about how many it has. */
  readonly made: { done: number; total: number } = $derived.by(() => {
    void this.#came;
    const { clip } = this;
    if (!clip || this.#key === null) return { done: 0, total: 0 };
    const total = Math.max(1, Math.round((clip.end - clip.start) / this.#frameLength));
    return { done: Math.min(total, this.#frames.count(this.#key)), total };
  });
  get #frameLength(): number {
    return frameDuration(nominalRate(this.#player.media));
  }
  /** A playhead that an element told may be a little off its frame's time. */
  get #tolerance(): number {
    return this.#frameLength / 4;
  }

  /** While a control is moved the frame before stays until the new one is there: a blink to the original tells nothing. */
  readonly shown: StyledPicture | null = $derived.by(() => {
    const { frame, clip } = this;
    if (frame || !clip || !this.available) return frame;
    const last = this.#last;
    if (!last || last.clip !== clip.id || last.media !== clip.media || this.#player.playing) return null;
    const { picture } = last;
    return picture.time - this.#tolerance <= this.#player.time && this.#player.time < picture.time + picture.duration - this.#tolerance ? picture : null;
  });

  /** Call it whenever the playhead, the effect or what is shown changes: asks for the frames that are missing. */
  follow(): void {
    const wish = this.#wish();
    if (!wish) {
      this.stop();
      return;
    }
    if (this.frame) {
      this.#last = { picture: this.frame, media: wish.request.media, clip: this.clip?.id ?? '' };
      this.#keep(this.#last.picture);
      if (this.#asked?.key !== wish.key) this.#end();
      return;
    }
    if (this.#worthWaiting(wish)) return;
    if (this.#asked?.key !== wish.key || !this.#player.playing) this.#end();
    // While it plays the playhead moves on before the pause is over.
    if (this.#timer !== null && this.#player.playing) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // What was just chosen is not to be waited for; what moves, is.
    const moving = wish.key === this.#askedKey || this.#style.trying;
    this.#timer = setTimeout(() => this.#begin(), moving ? PAUSE_MS : 0);
  }

  /** Makes no more frames; those that are there stay. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#end();
    this.error = null;
    this.warnings = [];
  }

  retry(): void {
    this.error = null;
    this.#asked = null;
    this.follow();
  }

  /** Frees all pictures. */
  dispose(): void {
    this.stop();
    this.#frames.clear();
  }

  #wish(): Wish | null {
    const { clip, effect } = this;
    if (!this.on || !clip || !effect || this.#key === null) return null;
    const { media, start, end } = clip;
    return { request: { media, start, end, effect, picture: this.#style.pictureOf(effect) }, key: this.#key, at: this.#player.time };
  }

  /** The job that runs will bring the frame soon, or it failed with just this. */
  #worthWaiting({ key, at }: Wish): boolean {
    const asked = this.#asked;
    if (asked?.key !== key) return false;
    if (asked.at === at) return this.running || this.error !== null;
    return this.running && this.#player.playing && at >= asked.at && at - asked.at < AHEAD;
  }

  #begin(): void {
    this.#timer = null;
    const wish = this.#wish();
    if (!wish || this.frame) return;
    this.#end();
    const job = this.#engine.start('stylePreview', { request: wish.request, at: wish.at, height: heightFor(wish.request.effect) });
    this.#job = job;
    this.#asked = wish;
    this.#askedKey = wish.key;
    Object.assign(this, { running: true, error: null, progress: null, warnings: [] });
    this.#read(job, wish.key).catch((error: unknown) => {
      if (this.#job === job && !isCancelled(error)) this.error = error;
    }).finally(() => {
      if (this.#job !== job) return;
      this.#job = null;
      this.running = false;
    });
  }

  async #read(job: Job<StylePreviewEvent>, key: string): Promise<void> {
    for await (const events of job) {
      if (this.#job !== job) return;
      for (const event of events) this.#take(event, key);
    }
  }

  #take(event: StylePreviewEvent, key: string): void {
    switch (event.type) {
      case 'progress':
        this.progress = event;
        return;
      case 'warning':
        if (!this.warnings.includes(event.code)) this.warnings = [...this.warnings, event.code];
        return;
      case 'frame':
        this.#frames.add(key, event);
        this.#came += 1;
        return;
    }
  }

  /** A picture that is shown is not thrown away for room. */
  #keep(picture: StyledPicture): void {
    this.#frames.hold(picture);
  }

  #end(): void {
    this.#job?.cancel();
    this.#job = null;
    this.#asked = null;
    this.running = false;
  }
}
