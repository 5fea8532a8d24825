/** What one timeline knows between frames: the window's data, the viewports, what the pointer does. Drawing only reads it. */
import type { Clip } from '../../shared/edit.ts';
import type { KeyframeEvent, TagEvent } from '../../shared/events.ts';
import type { Flicks } from '../../shared/time.ts';
import { clipOffsets, laneBounds, type Edge } from './clips.ts';
import type { Look } from './colours.ts';
import type { CueDrag, CuePart } from './cues.ts';
import { finestScale } from './filmstrip.ts';
import { layoutRows, type Rows } from './rows.ts';
import type { TimelineProps } from './types.ts';
import { clampView, fitView, type Bounds, type Viewport } from './viewport.ts';

export type Target =
  | { readonly area: 'ruler'; readonly time: number }
  | { readonly area: 'in' | 'out'; readonly time: number }
  /** `index` is -1 before the first. */
  | { readonly area: 'chapter'; readonly index: number; readonly time: number }
  | { readonly area: 'shots' | 'film' | 'tags' | 'wave'; readonly time: number; readonly shot: number; readonly keyframe: KeyframeEvent | null; readonly tag: TagEvent | null }
  | { readonly area: 'clip'; readonly index: number; readonly part: 'body' | Edge; readonly time: number }
  | { readonly area: 'cue'; readonly index: number; readonly part: CuePart; readonly time: number }
  /** Between cues; `track`: another track's bar. */
  | { readonly area: 'captions'; readonly track: string | null; readonly time: number }
  | { readonly area: 'lane'; readonly time: number };

export type Drag =
  /** `removal`: under the press; a click, which goes no further than that, chooses it or not. */
  | { readonly kind: 'scrub'; readonly x: number; readonly removal: string | null }
  | { readonly kind: 'pan'; readonly lane: boolean; readonly from: Viewport; readonly x: number }
  | { readonly kind: 'range'; readonly anchor: Flicks; snapped: number | null; start: Flicks; end: Flicks }
  | { readonly kind: 'in' | 'out'; snapped: number | null; time: Flicks }
  | { readonly kind: 'press'; readonly index: number; readonly x: number }
  | CueDrag
  | { readonly kind: 'reorder'; readonly clip: Clip; readonly index: number; readonly grab: number; to: number; left: number }
  | { readonly kind: 'trim'; readonly clip: Clip; readonly index: number; readonly edge: Edge; readonly x: number; start: Flicks; end: Flicks; snapped: number | null };

/** Ranges from elsewhere over the clip lane: the index that they would take, where that is (CSS pixels), and how long they are. */
export interface Drop {
  readonly at: number;
  readonly x: number;
  /** Null when it can't be told. */
  readonly carried: { readonly count: number; readonly length: Flicks } | null;
}

export interface Pointer {
  readonly x: number;
  readonly y: number;
  readonly target: Target | null;
}

export interface Stage {
  props: TimelineProps;
  look: Look;
  width: number;
  height: number;
  /** CSS pixels of the overview, kept because asking the element would lay the page out in every frame. */
  minimap: { readonly width: number; readonly height: number };
  /** Device pixels a CSS pixel. */
  ratio: number;
  rows: Rows;
  bounds: Bounds;
  view: Viewport;
  /** The whole file is shown and stays so when the size or the file's end changes. */
  fitted: boolean;
  offsets: Float64Array;
  laneBounds: Bounds;
  /** The clip lane's own viewport, in sequence time. */
  lane: Viewport;
  laneFitted: boolean;
  pointer: Pointer | null;
  drag: Drag | null;
  drop: Drop | null;
  /** Tags of the shot under the pointer as they were when it came there: they stay put while more arrive. */
  heldTags: { readonly shot: number; readonly tags: readonly TagEvent[] } | null;
  /** Clip that the keyboard is on. */
  focusedClip: string | null;
  /** Cue that the keyboard is on. */
  focusedCue: string | null;
}

export function createStage(props: TimelineProps, look: Look): Stage {
  const rows = layoutRows(0, { video: true, audio: true, captions: 0, chapters: false });
  const bounds = { start: props.model.start, end: props.model.end, finest: 1 };
  const view = { origin: props.model.start, scale: 1, width: 1 };
  const stage: Stage = {
    props, look, width: 1, height: 0, minimap: { width: 1, height: 1 }, ratio: 1, rows, bounds, view, fitted: true, offsets: new Float64Array(1), laneBounds: bounds, lane: { ...view, origin: 0 }, laneFitted: true,
    pointer: null, drag: null, drop: null, heldTags: null, focusedClip: null, focusedCue: null,
  };
  return stage;
}

/** Width in CSS pixels of a whole picture at the filmstrip's height. */
export function pictureWidth(stage: Stage): number {
  return Math.max(16, stage.rows.film.height * (stage.props.model.aspect ?? 16 / 9));
}

/** Brings rows, limits and viewports in line with the size and data. What the pointer is on does not move. */
export function settle(stage: Stage): void {
  const { model } = stage.props;
  stage.rows = layoutRows(stage.height, { video: model.aspect !== null, audio: model.hasAudio, captions: model.captions ? model.captions.others.length + 1 : 0, chapters: model.chapters.length > 0 });
  const finest = finestScale(model.rate, pictureWidth(stage));
  stage.bounds = { start: model.start, end: Math.max(model.end, model.shots.at(-1)?.end ?? model.start, model.start + 1), finest };
  const resized = stage.view.width !== stage.width;
  const held = stage.pointer !== null && !resized;
  stage.view = { ...stage.view, width: stage.width };
  if (stage.fitted && !held) stage.view = fitView(stage.bounds, stage.width);
  else stage.view = held ? stage.view : clampView(stage.view, stage.bounds);
  stage.offsets = clipOffsets(model.clips);
  stage.laneBounds = laneBounds(stage.offsets, finest, stage.width);
  stage.lane = { ...stage.lane, width: stage.width };
  const laneHeld = stage.drag?.kind === 'trim' || stage.drag?.kind === 'reorder';
  if (!laneHeld) stage.lane = stage.laneFitted ? fitView(stage.laneBounds, stage.width) : clampView(stage.lane, stage.laneBounds);
}

/** The tags to show for a shot: best first, held still while the pointer is on them. */
export function tagsOf(stage: Stage, shot: number): readonly TagEvent[] {
  return stage.heldTags?.shot === shot ? stage.heldTags.tags : stage.props.model.tagsOfShot(shot);
}
