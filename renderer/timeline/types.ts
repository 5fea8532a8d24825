/**
 * The timeline's contract with the window. The window owns the data and hands it in; the timeline owns the
 * viewport, draws, and answers with intents. All times are the media's own unless "sequence" is said.
 */
import type { Cue, Speaker } from '../../shared/captions/types.ts';
import type { Clip } from '../../shared/edit.ts';
import type { KeyframeEvent, PreviewEvent, ShotEvent, TagEvent } from '../../shared/events.ts';
import type { MediaId } from '../../shared/media.ts';
import type { TimeRange } from '../../shared/ranges.ts';
import type { Flicks, Rational } from '../../shared/time.ts';

/** Calls back until the returned function is called. */
export type Subscribe = (listener: () => void) => () => void;

/**
 * Filmstrip pictures by time. `request` answers at once with what is there (null: not yet) and remembers the wish;
 * `flush`, called after each drawn frame, drops the wishes that this frame no longer had and fetches the rest.
 */
export interface ThumbSource {
  /** `step`: distance of neighbouring cells, so that they are fetched together. `exact`: the very frame at `time`. */
  request(time: Flicks, step: Flicks, exact: boolean): ImageBitmap | null;
  flush(): void;
  readonly onchange: Subscribe;
  dispose(): void;
}

/** Stored pictures (keyframes, previews) by their name. Same life as `ThumbSource`. */
export interface PictureSource {
  request(picture: string): ImageBitmap | null;
  flush(): void;
  readonly onchange: Subscribe;
  dispose(): void;
}

/** Peaks: min, max, rms of each bucket, three floats a bucket; level n has 100 / 4^n buckets a second. */
export interface WaveformSource {
  /** What is cached of the range, from its first bucket on; null when nothing is. The rest is fetched after `flush`. */
  get(level: number, from: number, count: number): Float32Array | null;
  flush(): void;
  /** More audio was read: what came back incomplete is asked for again. */
  refresh(): void;
  readonly onchange: Subscribe;
  dispose(): void;
}

/** What the clip lane needs to know of each clip's media. */
export interface ClipMedia {
  readonly start: Flicks;
  readonly end: Flicks;
  readonly rate: Rational;
  readonly thumbs: ThumbSource | null;
}

/** The caption track whose cues are shown and moved, and the media's other tracks. */
export interface TimelineCaptions {
  /** In order of start, then end; a new list after each change. */
  readonly cues: readonly Cue[];
  readonly speakers: readonly Speaker[];
  /** Cues that break a rule of their track. */
  readonly violated: { has(id: string): boolean };
  readonly others: readonly { readonly id: string; readonly name: string; readonly cues: readonly Cue[] }[];
}

/** A part that tightening would take out. */
export interface TimelineRemoval extends TimeRange {
  readonly id: string;
  /** The person wants it taken out. */
  readonly chosen: boolean;
}

/** A chapter ends where the next one begins. */
export interface TimelineChapter {
  readonly id: string;
  readonly title: string;
  readonly start: Flicks;
}

/**
 * One media's data. Arrays are sorted by time and may be appended to in place; bump the `version` prop afterwards.
 * `shots[i].index === i`.
 */
export interface TimelineModel {
  readonly media: MediaId;
  readonly name: string;
  /** First and last presented time. `end` may grow while the duration is unknown. */
  readonly start: Flicks;
  readonly end: Flicks;
  /** Nominal frames/s for timecode and the frame grid. */
  readonly rate: Rational;
  /** Width / height of the picture as shown; null without video. */
  readonly aspect: number | null;
  readonly hasAudio: boolean;
  /** Media time of the waveform's first bucket: the container's start time. */
  readonly soundStart: Flicks;
  readonly shots: readonly ShotEvent[];
  readonly keyframes: readonly KeyframeEvent[];
  readonly previews: readonly PreviewEvent[];
  /** True while analysis may still append. */
  readonly analysing: boolean;
  /** Best first. */
  tagsOfShot(index: number): readonly TagEvent[];
  /** The label in the person's language. */
  tagName(tag: TagEvent): string;
  readonly thumbs: ThumbSource | null;
  readonly pictures: PictureSource | null;
  readonly waveform: WaveformSource | null;
  /** The clip lane in sequence order; the sequence's time is their lengths one after another. */
  readonly clips: readonly Clip[];
  /** Null without a caption track. */
  readonly captions: TimelineCaptions | null;
  /** In order of start; none: there is no band for them. */
  readonly chapters: readonly TimelineChapter[];
  /** In order of start. */
  readonly removals: readonly TimelineRemoval[];
  /** Parts of the media that were cut out of it, in order. */
  readonly cutOut: readonly TimeRange[];
  /** What is done to a clip's pictures, in a word or two; null: nothing. */
  clipEffect(clip: Clip): string | null;
  /** Null when the media is not open (any more). */
  clipMedia(id: MediaId): ClipMedia | null;
}

export interface TimelineSelection {
  readonly shots: ReadonlySet<number>;
  readonly clips: ReadonlySet<string>;
  readonly cues: ReadonlySet<string>;
}

export type SelectHow = 'replace' | 'toggle' | 'extend';

export interface TimelineActions {
  onSeek(time: Flicks): void;
  /** One frame back (-1) or on (1) from the playhead, by the media's real frame times. */
  onStepFrame(by: number): void;
  /** `extend`: from the last picked shot to this one. */
  onSelectShots(index: number, how: SelectHow): void;
  /** Add the selected shots to the clip lane. */
  onAddShots(): void;
  onSelectClips(id: string, how: SelectHow): void;
  /** `to`: the clip's index after the move. */
  onMoveClip(id: string, to: number): void;
  /** New range in the clip's media time, end exclusive. Called once, when the drag ends. */
  onTrimClip(id: string, start: Flicks, end: Flicks): void;
  onRemoveClips(ids: readonly string[]): void;
  onSelectCues(id: string, how: SelectHow): void;
  /** New times of a cue, end exclusive. Called once, when the drag ends. */
  onRetimeCue(id: string, start: Flicks, end: Flicks): void;
  /** Write the cue's text. */
  onEditCue(id: string): void;
  onRemoveCues(ids: readonly string[]): void;
  /** Another track is to be the current one. */
  onPickTrack(id: string): void;
  /** Take it out after all, or leave it. */
  onChooseRemoval(id: string, chosen: boolean): void;
  /** Ranges dragged from elsewhere were dropped before the clip at index `at`; the lane's length means its end. */
  onDropRanges?(event: DragEvent, at: number): void;
  /** A chapter was clicked: pick it and show its beginning. */
  onPickChapter(id: string): void;
  /** Write the chapter's title. */
  onEditChapter(id: string): void;
  onInOut(inPoint: Flicks | null, outPoint: Flicks | null): void;
  /** A tag was clicked: search it. */
  onPickTag?(tag: TagEvent): void;
  /** A clip was double-clicked: show its media at its start. */
  onOpenClip?(id: string): void;
}

/** What of the window's own is dragged over the timeline now. */
export interface TimelineDrops {
  /** The drag carries ranges that may become clips. */
  accepts(event: DragEvent): boolean;
  /** How many there are and their lengths together; null when that can't be told before they are dropped. */
  carried(): { readonly count: number; readonly length: Flicks } | null;
}

export interface TimelineProps {
  model: TimelineModel;
  /** Bump after every change inside `model`, so that the next frame shows it. */
  version: number;
  playhead: Flicks;
  playing: boolean;
  selection: TimelineSelection;
  inPoint: Flicks | null;
  outPoint: Flicks | null;
  actions: TimelineActions;
  /** Left out: nothing may be dropped. */
  drops?: TimelineDrops;
  /** Bindable. */
  snapping?: boolean;
}

/** What `bind:this` gives: for menu commands and shortcuts that work without the timeline's focus. */
export interface TimelineHandle {
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
  /** Shows the selected shots, or the in/out range, as wide as they go. */
  zoomToSelection(): void;
  /** Scrolls so that `time` is on the screen; no move when it is. */
  reveal(time: Flicks): void;
  focus(): void;
}
