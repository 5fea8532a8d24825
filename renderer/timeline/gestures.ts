/** Pointer and wheel: from events on the canvas to drags, viewport moves and the window's actions. */
import type { Clip } from '../../shared/edit.ts';
import { moveDrag, pointed, type DragKeys } from './drags.ts';
import { edgeScroll, type Navigator } from './navigator.ts';
import { tagsOf, type Drag, type Stage, type Target } from './stage.ts';
import type { SelectHow } from './types.ts';
import { panBy, timeAt, toTime, xAt } from './viewport.ts';

export interface GestureHost {
  readonly stage: Stage;
  readonly navigator: Navigator;
  hit(x: number, y: number): Target | null;
  /** Something that is drawn changed. */
  changed(): void;
  focusLane(target: Target): void;
}

export interface PointAt extends DragKeys {
  readonly x: number;
  readonly y: number;
  readonly button: number;
  readonly shiftKey: boolean;
  /** Ctrl or Cmd. */
  readonly commandKey: boolean;
}

export interface Gestures {
  press(at: PointAt): void;
  move(at: PointAt): void;
  release(): void;
  cancel(): void;
  leave(): void;
  doublePress(at: PointAt): void;
  wheel(at: { x: number; y: number; deltaX: number; deltaY: number; zoom: boolean }): void;
  /** Once a frame: scrolls while a drag is held beyond an edge. True while it does. */
  tick(): boolean;
}

/** Pixels before a press on a clip becomes a drag: a shaky click is still a click. */
const DRAG_FROM = 4;
/** Zoom a wheel unit (pixel): a notch of 100 is about a third. */
const WHEEL_ZOOM = 0.003;
/** A pinch comes as small wheel steps with Ctrl. */
const PINCH_ZOOM = 0.012;
const PINCH_BELOW = 30;

const howOf = (at: PointAt): SelectHow => (at.commandKey ? 'toggle' : at.shiftKey ? 'extend' : 'replace');

export function createGestures(host: GestureHost): Gestures {
  const { stage, navigator } = host;
  let last: PointAt | null = null;

  function hover(at: { x: number; y: number }): void {
    const target = host.hit(at.x, at.y);
    stage.pointer = { x: at.x, y: at.y, target };
    const shot = target && 'shot' in target && target.shot >= 0 ? target.shot : null;
    if (shot === null) stage.heldTags = null;
    else if (stage.heldTags?.shot !== shot) stage.heldTags = { shot, tags: [...tagsOf(stage, shot)] };
  }

  function update(at: PointAt): void {
    const { drag } = stage;
    if (!drag) return;
    if (drag.kind === 'scrub') stage.props.actions.onSeek(toTime(timeAt(stage.view, at.x), stage.bounds));
    else if (drag.kind === 'pan') navigator.setView(panBy(drag.from, drag.lane ? stage.laneBounds : stage.bounds, drag.x - at.x), drag.lane);
    else if (drag.kind === 'press' && Math.abs(at.x - drag.x) >= DRAG_FROM) stage.drag = liftClip(drag.index, drag.x);
    if (stage.drag) stage.drag = moveDrag(stage, stage.drag, at.x, at);
  }

  function liftClip(index: number, x: number): Drag | null {
    const clip = stage.props.model.clips[index];
    if (!clip) return null;
    const left = xAt(stage.lane, stage.offsets[index] ?? 0);
    return { kind: 'reorder', clip, index, grab: x - left, to: index, left };
  }

  function pressClip(target: Extract<Target, { area: 'clip' }>, at: PointAt): void {
    const clip = stage.props.model.clips[target.index];
    if (!clip) return;
    const chosen = stage.props.selection.clips.has(clip.id);
    if (!chosen || at.commandKey || at.shiftKey) stage.props.actions.onSelectClips(clip.id, howOf(at));
    stage.focusedClip = clip.id;
    stage.drag = target.part === 'body' ? { kind: 'press', index: target.index, x: at.x } : { kind: 'trim', clip, index: target.index, edge: target.part, x: at.x, start: clip.start, end: clip.end, snapped: null };
  }

  function pressCue(target: Extract<Target, { area: 'cue' }>, at: PointAt): void {
    const { actions, model, selection } = stage.props;
    const cue = model.captions?.cues[target.index];
    if (!cue) return;
    if (!selection.cues.has(cue.id) || at.commandKey || at.shiftKey) actions.onSelectCues(cue.id, howOf(at));
    stage.focusedCue = cue.id;
    if (!at.commandKey && !at.shiftKey) stage.drag = { kind: 'cue', cue, part: target.part, x: at.x, moved: false, start: cue.start, end: cue.end, snapped: null };
  }

  function pressShot(target: Extract<Target, { shot: number }>, at: PointAt): void {
    const { actions, model } = stage.props;
    if (target.shot >= 0) actions.onSelectShots(target.shot, howOf(at));
    if (at.shiftKey || at.commandKey) return;
    if (target.tag) actions.onPickTag?.(target.tag);
    const shot = model.shots[target.shot];
    if (target.keyframe) actions.onSeek(target.keyframe.time);
    else if (shot && (target.area === 'shots' || target.area === 'tags')) actions.onSeek(shot.start);
    else {
      actions.onSeek(toTime(target.time, stage.bounds));
      const under = target.area === 'film' || target.area === 'wave' ? model.removals.find(({ start, end }) => start <= target.time && target.time < end) : undefined;
      stage.drag = { kind: 'scrub', x: at.x, removal: under?.id ?? null };
    }
  }

  function pressRuler(target: Target, at: PointAt): void {
    const { actions, model } = stage.props;
    if (target.area === 'captions' && target.track !== null) return actions.onPickTrack(target.track);
    const chapter = target.area === 'chapter' ? model.chapters[target.index] : undefined;
    if (chapter && !at.shiftKey) return actions.onPickChapter(chapter.id);
    if (target.area === 'in' || target.area === 'out') {
      stage.drag = { kind: target.area, ...pointed(stage, at.x, at) };
    } else if (at.shiftKey) {
      const { time } = pointed(stage, at.x, at);
      stage.drag = { kind: 'range', anchor: time, snapped: null, start: time, end: time };
    } else {
      actions.onSeek(toTime(target.time, stage.bounds));
      stage.drag = { kind: 'scrub', x: at.x, removal: null };
    }
  }

  /** A cue that was not moved was clicked: it alone is picked and shown. */
  function commitCue(drag: Extract<Drag, { kind: 'cue' }>): void {
    const { actions } = stage.props;
    if (drag.moved) {
      if (drag.start !== drag.cue.start || drag.end !== drag.cue.end) actions.onRetimeCue(drag.cue.id, drag.start, drag.end);
      return;
    }
    actions.onSelectCues(drag.cue.id, 'replace');
    actions.onSeek(drag.cue.start);
  }

  function commitScrub(drag: Extract<Drag, { kind: 'scrub' }>): void {
    const { actions, model } = stage.props;
    const removal = model.removals.find(({ id }) => id === drag.removal);
    if (removal && last && Math.abs(last.x - drag.x) < DRAG_FROM) actions.onChooseRemoval(removal.id, !removal.chosen);
  }

  function commit(drag: Drag): void {
    const { actions, inPoint, outPoint } = stage.props;
    const unchanged = (clip: Clip, start: number, end: number): boolean => clip.start === start && clip.end === end;
    if (drag.kind === 'cue') commitCue(drag);
    else if (drag.kind === 'scrub') commitScrub(drag);
    else if (drag.kind === 'range' && drag.end > drag.start) actions.onInOut(drag.start, drag.end);
    else if (drag.kind === 'in') actions.onInOut(drag.time, outPoint);
    else if (drag.kind === 'out') actions.onInOut(inPoint, drag.time);
    else if (drag.kind === 'reorder' && drag.to !== drag.index) actions.onMoveClip(drag.clip.id, drag.to);
    else if (drag.kind === 'trim' && !unchanged(drag.clip, drag.start, drag.end)) actions.onTrimClip(drag.clip.id, drag.start, drag.end);
    else if (drag.kind === 'press') {
      const clip = stage.props.model.clips[drag.index];
      if (clip && last && !last.commandKey && !last.shiftKey) actions.onSelectClips(clip.id, 'replace');
    }
  }

  return {
    press(at) {
      last = at;
      hover(at);
      const target = stage.pointer?.target;
      if (!target || at.button > 1) return;
      host.focusLane(target);
      const lane = target.area === 'clip' || target.area === 'lane';
      if (at.button === 1 || target.area === 'lane') stage.drag = { kind: 'pan', lane, from: lane ? stage.lane : stage.view, x: at.x };
      else if (target.area === 'clip') pressClip(target, at);
      else if (target.area === 'cue') pressCue(target, at);
      else if ('shot' in target) pressShot(target, at);
      else pressRuler(target, at);
      host.changed();
    },
    move(at) {
      last = at;
      if (stage.drag) {
        stage.pointer = { x: at.x, y: at.y, target: stage.pointer?.target ?? null };
        update(at);
      } else hover(at);
      host.changed();
    },
    release() {
      const { drag } = stage;
      stage.drag = null;
      if (drag) commit(drag);
      if (last) hover(last);
      host.changed();
    },
    cancel() {
      stage.drag = null;
      host.changed();
    },
    leave() {
      if (stage.drag) return;
      stage.pointer = null;
      stage.heldTags = null;
      host.changed();
    },
    doublePress(at) {
      const target = host.hit(at.x, at.y);
      const { actions, model } = stage.props;
      if (target?.area === 'clip') {
        const clip = model.clips[target.index];
        if (clip) actions.onOpenClip?.(clip.id);
      } else if (target?.area === 'cue') {
        const cue = model.captions?.cues[target.index];
        if (cue) actions.onEditCue(cue.id);
      } else if (target?.area === 'chapter') {
        const chapter = model.chapters[target.index];
        if (chapter) actions.onEditChapter(chapter.id);
      } else if (target && 'shot' in target && target.shot >= 0 && !target.tag) actions.onAddShots();
    },
    wheel({ x, y, deltaX, deltaY, zoom }) {
      const target = host.hit(x, y);
      const lane = target?.area === 'clip' || target?.area === 'lane';
      if (zoom) navigator.zoom(Math.exp(Math.max(-200, Math.min(200, deltaY)) * (Math.abs(deltaY) < PINCH_BELOW ? PINCH_ZOOM : WHEEL_ZOOM)), { x, lane });
      else navigator.pan(Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : deltaY, lane);
      hover({ x, y });
    },
    tick() {
      const kind = stage.drag?.kind;
      if (!last || !(kind === 'scrub' || kind === 'range' || kind === 'in' || kind === 'out')) return false;
      const by = edgeScroll(last.x, stage.width);
      if (by === 0) return false;
      navigator.pan(by);
      update(last);
      return true;
    },
  };
}
