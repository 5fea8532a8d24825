/** Carries out what the focused lane's keys ask for. */
import type { Intent, Lane } from './keyboard.ts';
import type { Navigator } from './navigator.ts';
import { lowerBound, shotAt } from './shots.ts';
import type { Stage } from './stage.ts';
import { frameLength, toTime } from './viewport.ts';
import { FLICKS_PER_SECOND } from '../../shared/time.ts';

export interface Cursor {
  /** Shot that the keyboard last went to; -1 for none: then the playhead's. */
  shot: number;
}

export function carryOut(intent: Intent, lane: Lane, stage: Stage, navigator: Navigator, cursor: Cursor): void {
  const { actions, playhead } = stage.props;
  switch (intent.do) {
    case 'zoom':
      return navigator.zoom(intent.factor, { lane: lane === 'clips', animate: true });
    case 'fit':
      return navigator.fit(lane === 'clips');
    case 'page':
      return navigator.pan(intent.by * stage.width * 0.8, lane === 'clips');
    case 'step':
      return actions.onStepFrame(intent.frames);
    case 'second':
      return actions.onSeek(toTime(playhead + intent.by * FLICKS_PER_SECOND, stage.bounds));
    case 'end':
      return actions.onSeek(toTime(intent.which < 0 ? stage.bounds.start : stage.bounds.end, stage.bounds));
    case 'pick':
      if (lane === 'captions') return pickCue(intent, stage, navigator);
      return lane === 'clips' ? pickClip(intent, stage, navigator) : pickShot(intent, stage, navigator, cursor);
    case 'add':
      return actions.onAddShots();
    case 'move':
      return moveClip(intent.by, stage);
    case 'retime':
      return retimeCue(intent, stage);
    case 'remove':
      return lane === 'captions' ? removeCues(stage) : removeClips(stage);
    case 'open':
      if (lane === 'captions') return openCue(stage);
      return stage.focusedClip === null ? undefined : actions.onOpenClip?.(stage.focusedClip);
  }
}

type Pick = Extract<Intent, { do: 'pick' }>;

function target(by: Pick['by'], current: number, count: number): number {
  if (by === 'first') return 0;
  if (by === 'last') return count - 1;
  return Math.min(Math.max(current + by, 0), count - 1);
}

/** The shot the keyboard is on: the last it went to while that is still picked, else the one at the playhead. */
export function currentShot(stage: Stage, cursor: Cursor): number {
  const { selection, model, playhead } = stage.props;
  if (selection.shots.has(cursor.shot)) return cursor.shot;
  const [only] = selection.shots;
  return only !== undefined && selection.shots.size === 1 ? only : shotAt(model.shots, playhead);
}

function pickShot(intent: Pick, stage: Stage, navigator: Navigator, cursor: Cursor): void {
  const { model, actions } = stage.props;
  if (model.shots.length === 0) return;
  const index = target(intent.by, currentShot(stage, cursor), model.shots.length);
  const shot = model.shots[index];
  if (!shot) return;
  cursor.shot = index;
  actions.onSelectShots(index, intent.extend ? 'extend' : 'replace');
  actions.onSeek(shot.start);
  navigator.reveal(shot.start);
}

/** The cue the keyboard is on: the last it went to while that is picked, else the first picked, else the one at the playhead. */
export function currentCue(stage: Stage): number {
  const { model, selection, playhead } = stage.props;
  const cues = model.captions?.cues ?? [];
  const focused = stage.focusedCue !== null && selection.cues.has(stage.focusedCue) ? stage.focusedCue : ([...selection.cues][0] ?? null);
  return focused === null ? lowerBound(cues, playhead + 1, (cue) => cue.start) - 1 : cues.findIndex((cue) => cue.id === focused);
}

function pickCue(intent: Pick, stage: Stage, navigator: Navigator): void {
  const { model, actions, selection } = stage.props;
  const cues = model.captions?.cues ?? [];
  const from = currentCue(stage);
  // The first press goes to the cue at the playhead, not past it.
  const cue = cues[selection.cues.size === 0 && from >= 0 && typeof intent.by === 'number' ? from : target(intent.by, from, cues.length)];
  if (!cue) return;
  stage.focusedCue = cue.id;
  actions.onSelectCues(cue.id, intent.extend ? 'extend' : 'replace');
  actions.onSeek(cue.start);
  navigator.reveal(cue.start);
}

function retimeCue(intent: Extract<Intent, { do: 'retime' }>, stage: Stage): void {
  const { model, actions, selection } = stage.props;
  const cue = model.captions?.cues[currentCue(stage)];
  if (!cue || !selection.cues.has(cue.id)) return;
  const way = intent.by * Math.round(frameLength(model.rate));
  const end = toTime(cue.end + way, stage.bounds);
  const start = intent.edge ? cue.start : toTime(cue.start + way, stage.bounds);
  const sameLength = intent.edge || end - start === cue.end - cue.start;
  if (end > start && sameLength) actions.onRetimeCue(cue.id, start, end);
}

function removeCues(stage: Stage): void {
  const { selection, actions } = stage.props;
  if (selection.cues.size > 0) actions.onRemoveCues([...selection.cues]);
}

function openCue(stage: Stage): void {
  const { model, actions } = stage.props;
  const cue = model.captions?.cues[currentCue(stage)];
  if (cue) actions.onEditCue(cue.id);
}

export function currentClip(stage: Stage): number {
  const { model, selection } = stage.props;
  const focused = model.clips.findIndex((clip) => clip.id === stage.focusedClip);
  return focused >= 0 && selection.clips.has(stage.focusedClip ?? '') ? focused : model.clips.findIndex((clip) => selection.clips.has(clip.id));
}

function pickClip(intent: Pick, stage: Stage, navigator: Navigator): void {
  const { model, actions } = stage.props;
  const clip = model.clips[target(intent.by, currentClip(stage), model.clips.length)];
  if (!clip) return;
  stage.focusedClip = clip.id;
  actions.onSelectClips(clip.id, intent.extend ? 'extend' : 'replace');
  navigator.reveal(stage.offsets[model.clips.indexOf(clip)] ?? 0, true);
}

function moveClip(by: -1 | 1, stage: Stage): void {
  const { model, actions } = stage.props;
  const index = currentClip(stage);
  const clip = model.clips[index];
  const to = index + by;
  if (clip && to >= 0 && to < model.clips.length) actions.onMoveClip(clip.id, to);
}

function removeClips(stage: Stage): void {
  const { model, selection, actions } = stage.props;
  const ids = model.clips.filter((clip) => selection.clips.has(clip.id)).map((clip) => clip.id);
  if (ids.length > 0) actions.onRemoveClips(ids);
}
