import { beforeEach, describe, expect, it, vi } from 'vitest';
import { flicks, FLICKS_PER_SECOND, ZERO, type Flicks } from '../../shared/time.ts';
import type { Look } from './colours.ts';
import { readOut } from './describe.ts';
import { createGestures, type Gestures, type PointAt } from './gestures.ts';
import { RATE, synthesize, MEDIA } from './harness/synthetic.ts';
import { hitTest } from './hit.ts';
import { intentOf } from './keyboard.ts';
import { laneItems } from './lane-items.ts';
import { createNavigator, edgeScroll } from './navigator.ts';
import { createStage, settle, type Stage } from './stage.ts';
import type { TimelineActions, TimelineProps } from './types.ts';
import { timeAt, xAt } from './viewport.ts';

const FRAME = FLICKS_PER_SECOND / 25;
const measure = (text: string): number => text.length * 6;
const look: Look = { colours: {} as Look['colours'], speakers: [], small: '', smallStrong: '', mono: '' };

let stage: Stage;
let gestures: Gestures;
let actions: { [K in keyof Required<TimelineActions>]: ReturnType<typeof vi.fn<Required<TimelineActions>[K]>> };

function set(changes: Partial<TimelineProps>): void {
  stage.props = { ...stage.props, ...changes };
  settle(stage);
}

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  const made = synthesize(60);
  actions = {
    onSeek: vi.fn(), onStepFrame: vi.fn(), onSelectShots: vi.fn(), onAddShots: vi.fn(), onSelectClips: vi.fn(), onMoveClip: vi.fn(), onTrimClip: vi.fn(), onRemoveClips: vi.fn(), onSelectCues: vi.fn(), onRetimeCue: vi.fn(), onEditCue: vi.fn(), onRemoveCues: vi.fn(), onPickTrack: vi.fn(), onPickChapter: vi.fn(), onEditChapter: vi.fn(), onInOut: vi.fn(), onChooseRemoval: vi.fn(), onPickTag: vi.fn(), onDropRanges: vi.fn(), onOpenClip: vi.fn(),
  };
  const props: TimelineProps = {
    model: {
      media: MEDIA, name: 'film', start: ZERO, end: made.end, rate: RATE, aspect: 16 / 9, hasAudio: true, soundStart: ZERO, shots: made.shots, keyframes: made.keyframes, previews: [], analysing: false,
      tagsOfShot: (index) => made.tags.get(index) ?? [], tagName: (tag) => tag.label, thumbs: null, pictures: null, waveform: null, clips: made.clips, captions: null, chapters: [], removals: [], cutOut: [],
      clipEffect: () => null,
      clipMedia: () => ({ start: ZERO, end: made.end, rate: RATE, thumbs: null }),
    },
    version: 0, playhead: ZERO, playing: false, selection: { shots: new Set(), clips: new Set(), cues: new Set() }, inPoint: null, outPoint: null, actions, snapping: false,
  };
  stage = createStage(props, look);
  Object.assign(stage, { width: 1200, height: 300 });
  settle(stage);
  const navigator = createNavigator(stage, () => {});
  gestures = createGestures({ stage, navigator, hit: (x, y) => hitTest(stage, x, y, measure), changed: () => {}, focusLane: () => {} });
});

const at = (x: number, y: number, keys: Partial<PointAt> = {}): PointAt => ({ x, y, button: 0, shiftKey: false, altKey: false, commandKey: false, ...keys });
const inRow = (row: keyof Stage['rows']): number => stage.rows[row].top + stage.rows[row].height / 2;
function drag(row: keyof Stage['rows'], from: number, to: number, keys: Partial<PointAt> = {}): void {
  gestures.press(at(from, inRow(row), keys));
  for (let step = 1; step <= 5; step++) gestures.move(at(from + ((to - from) * step) / 5, inRow(row), keys));
}
const clipX = (index: number): { x0: number; x1: number } => ({ x0: xAt(stage.lane, stage.offsets[index] ?? 0), x1: xAt(stage.lane, stage.offsets[index + 1] ?? 0) });

describe('pointing', () => {
  it('a click on a removal leaves it out of the choice or takes it in again; scrubbing over it does not', () => {
    set({ model: { ...stage.props.model, removals: [{ id: 'um', start: flicks(FRAME * 200), end: flicks(FRAME * 400), chosen: true }] } });
    const x = xAt(stage.view, FRAME * 300);
    drag('wave', x, x + 80);
    gestures.release();
    expect(actions.onChooseRemoval).not.toHaveBeenCalled();
    drag('wave', x, x);
    gestures.release();
    expect(actions.onChooseRemoval).toHaveBeenCalledWith('um', false);
    expect(actions.onSeek).toHaveBeenLastCalledWith(timeAt(stage.view, x));
    drag('wave', xAt(stage.view, FRAME * 500), xAt(stage.view, FRAME * 500));
    gestures.release();
    expect(actions.onChooseRemoval).toHaveBeenCalledTimes(1);
  });

  it('scrubs along the ruler, never beyond the file', () => {
    drag('ruler', 100, 2500);
    gestures.release();
    expect(actions.onSeek.mock.calls[0]?.[0]).toBe(Math.round(timeAt(stage.view, 100)));
    expect(actions.onSeek.mock.lastCall?.[0]).toBe(stage.bounds.end);
  });

  it('selects the shot under the pointer: alone, toggled, or as a range', () => {
    const shot = stage.props.model.shots[7];
    const x = xAt(stage.view, ((shot?.start ?? 0) + (shot?.end ?? 0)) / 2);
    for (const [keys, how] of [[{}, 'replace'], [{ commandKey: true }, 'toggle'], [{ shiftKey: true }, 'extend']] as const) {
      gestures.press(at(x, inRow('film'), keys));
      gestures.release();
      expect(actions.onSelectShots).toHaveBeenLastCalledWith(7, how);
    }
    gestures.doublePress(at(x, inRow('film')));
    expect(actions.onAddShots).toHaveBeenCalledOnce();
  });

  it('marks a range with Shift, from either side, on whole frames', () => {
    drag('ruler', 700, 300, { shiftKey: true });
    expect(readOut(stage)?.lines).toHaveLength(3);
    gestures.release();
    const [start, end] = actions.onInOut.mock.lastCall ?? [];
    expect((start ?? 1) % FRAME).toBe(0);
    expect((end ?? 1) % FRAME).toBe(0);
    expect(Math.abs((start ?? 0) - timeAt(stage.view, 300))).toBeLessThan(FRAME);
    expect(Math.abs((end ?? 0) - timeAt(stage.view, 700))).toBeLessThan(FRAME);
  });

  it('keeps in before out', () => {
    set({ inPoint: flicks(FRAME * 100), outPoint: flicks(FRAME * 400) });
    drag('ruler', xAt(stage.view, FRAME * 100), 1100);
    gestures.release();
    expect(actions.onInOut).toHaveBeenCalledWith(FRAME * 399, FRAME * 400);
  });

  it('snaps to a shot border when it is on, and Alt turns it round', () => {
    const border = stage.props.model.shots[9]?.start ?? ZERO;
    const x = xAt(stage.view, border) + 4;
    set({ snapping: true, inPoint: ZERO });
    drag('ruler', 0 + xAt(stage.view, 0), x);
    expect(stage.drag).toMatchObject({ kind: 'in', time: border, snapped: border });
    gestures.move(at(x, inRow('ruler'), { altKey: true }));
    expect(stage.drag).toMatchObject({ snapped: null });
  });

  it('holds the tags of the shot it is on while more arrive', () => {
    const shot = stage.props.model.shots[7];
    gestures.move(at(xAt(stage.view, (shot?.start ?? 0) + FRAME), inRow('tags')));
    const held = stage.heldTags;
    set({ model: { ...stage.props.model, tagsOfShot: () => [] } });
    expect(held?.shot).toBe(7);
    expect(stage.heldTags).toBe(held);
    gestures.leave();
    expect(stage.heldTags).toBeNull();
  });

  it('does not move under the pointer when the file grows', () => {
    gestures.move(at(500, inRow('film')));
    const before = timeAt(stage.view, 500);
    set({ model: { ...stage.props.model, end: flicks(stage.props.model.end * 2) } });
    expect(timeAt(stage.view, 500)).toBe(before);
    gestures.leave();
    settle(stage);
    expect(xAt(stage.view, stage.bounds.end)).toBeCloseTo(1200 - 12);
  });
});

describe('the clip lane', () => {
  it('moves a clip past its neighbour, with its numbers, and leaves the rest in order', () => {
    const [a, b] = [clipX(0), clipX(1)];
    const grab = (a.x0 + a.x1) / 2;
    drag('clips', grab, grab + (b.x0 + b.x1) / 2 - (a.x0 + a.x1) / 2 + 3);
    expect(stage.drag).toMatchObject({ kind: 'reorder', to: 1 });
    expect(readOut(stage)?.lines.map((line) => line.value)[0]).toContain('2');
    expect(laneItems(stage).map((item) => item.index).slice(0, 2)).toEqual([1, 0]);
    gestures.release();
    expect(actions.onMoveClip).toHaveBeenCalledWith('clip-0', 1);
  });

  it('trims the end by whole frames, and the edge stays under the pointer', () => {
    const { x1 } = clipX(1);
    const clip = stage.props.model.clips[1];
    drag('clips', x1 - 2, x1 - 32);
    const item = laneItems(stage).find((one) => one.index === 1);
    expect(Math.abs((item?.x1 ?? 0) - (x1 - 30))).toBeLessThan(FRAME / stage.lane.scale + 0.01);
    gestures.release();
    const [id, start, end] = actions.onTrimClip.mock.lastCall ?? [];
    expect([id, start]).toEqual(['clip-1', clip?.start]);
    expect(((clip?.end ?? 0) - (end ?? 0)) % FRAME).toBe(0);
    expect(end).toBeLessThan(clip?.end ?? 0);
  });

  it('trims the start under the pointer, the clips before it coming along', () => {
    const { x0 } = clipX(1);
    drag('clips', x0 + 2, x0 + 27);
    const items = laneItems(stage);
    const frame = FRAME / stage.lane.scale + 0.01;
    expect(Math.abs((items[1]?.x0 ?? 0) - (x0 + 25))).toBeLessThan(frame);
    expect(items[0]?.x1).toBeCloseTo(items[1]?.x0 ?? NaN);
    expect(items[2]?.x0).toBeCloseTo(clipX(2).x0);
  });

  it('never trims a clip to nothing or beyond its media', () => {
    const { x0, x1 } = clipX(1);
    drag('clips', x1 - 2, x0 - 900);
    gestures.release();
    const [, start, end] = actions.onTrimClip.mock.lastCall ?? [];
    expect((end ?? 0) - (start ?? 0)).toBe(FRAME);
  });

  it('a click selects, a shaky one does not move, Escape undoes a drag', () => {
    const { x0, x1 } = clipX(2);
    drag('clips', (x0 + x1) / 2, (x0 + x1) / 2 + 2);
    gestures.release();
    expect(actions.onSelectClips).toHaveBeenCalledWith('clip-2', 'replace');
    drag('clips', (x0 + x1) / 2, 10);
    gestures.cancel();
    gestures.release();
    expect(actions.onMoveClip).not.toHaveBeenCalled();
  });
});

describe('wheel and keys', () => {
  it('zooms around the pointer with Ctrl, scrolls without', () => {
    const held: Flicks | number = timeAt(stage.view, 800);
    gestures.wheel({ x: 800, y: inRow('film'), deltaX: 0, deltaY: -100, zoom: true });
    expect(timeAt(stage.view, 800)).toBeCloseTo(held, -1);
    const origin = stage.view.origin;
    gestures.wheel({ x: 800, y: inRow('film'), deltaX: 0, deltaY: 50, zoom: false });
    expect((stage.view.origin - origin) / stage.view.scale).toBeCloseTo(50);
    const lane = stage.lane;
    gestures.wheel({ x: 800, y: inRow('clips'), deltaX: 0, deltaY: -100, zoom: true });
    expect(stage.lane.scale).toBeLessThan(lane.scale);
  });

  it('reads keys by lane and leaves the rest to the window', () => {
    const key = (name: string, more = {}) => ({ key: name, shiftKey: false, altKey: false, commandKey: false, ...more });
    expect(intentOf('shots', key('ArrowRight'))).toEqual({ do: 'pick', by: 1, extend: false });
    expect(intentOf('shots', key('End', { shiftKey: true }))).toEqual({ do: 'pick', by: 'last', extend: true });
    expect(intentOf('ruler', key('ArrowLeft'))).toEqual({ do: 'step', frames: -1 });
    expect(intentOf('clips', key('ArrowLeft', { altKey: true }))).toEqual({ do: 'move', by: -1 });
    expect(intentOf('clips', key('Delete'))).toEqual({ do: 'remove' });
    expect(intentOf('ruler', key('0'))).toEqual({ do: 'fit' });
    for (const lane of ['ruler', 'shots', 'clips'] as const) for (const name of ['z', ' ', 'i', 'Escape']) expect(intentOf(lane, key(name))).toBeNull();
    expect(intentOf('shots', key('ArrowRight', { commandKey: true }))).toBeNull();
  });

  it('scrolls faster the further a drag is beyond the edge, and not inside', () => {
    expect([edgeScroll(5, 100), edgeScroll(-20, 100), edgeScroll(140, 100), edgeScroll(9999, 100)]).toEqual([0, -5, 10, 40]);
  });
});
