import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cue } from '../../shared/captions/types.ts';
import { flicks, FLICKS_PER_SECOND, ZERO } from '../../shared/time.ts';
import type { Look } from './colours.ts';
import { BLOCK_BELOW, cueAtX, cuesIn, cueSpans } from './cues.ts';
import { readOut, sayCue } from './describe.ts';
import { spotsOf } from './draw-cuts.ts';
import { createGestures, type Gestures, type PointAt } from './gestures.ts';
import { MEDIA, RATE, SPEAKERS, synthesize, synthesizeCues } from './harness/synthetic.ts';
import { hitTest } from './hit.ts';
import { carryOut } from './intents.ts';
import { intentOf } from './keyboard.ts';
import { createNavigator, type Navigator } from './navigator.ts';
import { createStage, settle, type Stage } from './stage.ts';
import type { TimelineActions, TimelineProps } from './types.ts';
import { xAt } from './viewport.ts';

const FRAME = FLICKS_PER_SECOND / 25;
const COUNT = 40;
const made = synthesize(60);
const cues = synthesizeCues(made.end, COUNT);
const look: Look = { colours: {} as Look['colours'], speakers: [], small: '', smallStrong: '', mono: '' };

describe('which cues are seen', () => {
  const lists = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 900 })), { maxLength: 60 }).map((list) =>
    list.map(([start, length], i): Cue => ({ ...(cues[0] as Cue), id: `c${i}`, start: flicks(start), end: flicks(start + length) })).sort((a, b) => a.start - b.start || a.end - b.end),
  );
  it('all that touch the range are among them', () => {
    fc.assert(
      fc.property(lists, fc.nat(5000), fc.integer({ min: 1, max: 2000 }), (list, from, length) => {
        const { first, last } = cuesIn(list, from, from + length);
        const touching = list.filter((cue) => cue.end > from && cue.start < from + length);
        for (const cue of touching) expect(list.slice(first, last)).toContain(cue);
      }),
    );
  });
  it('every one lies in a span, and spans are few when cues are many', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 60 }), (list, scale) => {
        const view = { origin: 0, scale, width: 6000 / scale };
        const spans = cueSpans(list, view);
        expect(spans.reduce((sum, span) => sum + span.count, 0)).toBe(list.length);
        const blocks = spans.filter((span) => span.count > 1);
        expect(blocks.length).toBeLessThanOrEqual(view.width / BLOCK_BELOW + 1);
      }),
    );
    const many = synthesizeCues(made.end, 10_000);
    expect(cueSpans(many, { origin: 0, scale: made.end / 1000, width: 1000 }).length).toBeLessThanOrEqual(1000 / BLOCK_BELOW + 1);
  });
  it('finds the later of two that overlap, and an edge from just outside', () => {
    const view = { origin: 0, scale: 1, width: 1000 };
    const [a, b] = [{ ...(cues[0] as Cue), id: 'a', start: flicks(100), end: flicks(300) }, { ...(cues[0] as Cue), id: 'b', start: flicks(250), end: flicks(400) }];
    const at = (x: number): string => JSON.stringify(cueAtX([a, b], view, x));
    expect([at(98), at(200), at(270), at(399), at(402), at(410)]).toEqual([
      '{"index":0,"part":"start"}', '{"index":0,"part":"body"}', '{"index":1,"part":"body"}', '{"index":1,"part":"end"}', '{"index":1,"part":"end"}', 'null',
    ]);
  });
});

let stage: Stage;
let gestures: Gestures;
let navigator: Navigator;
let actions: { [K in keyof Required<TimelineActions>]: ReturnType<typeof vi.fn<Required<TimelineActions>[K]>> };

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  actions = {
    onSeek: vi.fn(), onStepFrame: vi.fn(), onSelectShots: vi.fn(), onAddShots: vi.fn(), onSelectClips: vi.fn(), onMoveClip: vi.fn(), onTrimClip: vi.fn(), onRemoveClips: vi.fn(), onSelectCues: vi.fn(), onRetimeCue: vi.fn(),
    onEditCue: vi.fn(), onRemoveCues: vi.fn(), onPickTrack: vi.fn(), onPickChapter: vi.fn(), onEditChapter: vi.fn(), onInOut: vi.fn(), onChooseRemoval: vi.fn(), onPickTag: vi.fn(), onDropRanges: vi.fn(), onOpenClip: vi.fn(),
  };
  const props: TimelineProps = {
    model: {
      media: MEDIA, name: 'film', start: ZERO, end: made.end, rate: RATE, aspect: 16 / 9, hasAudio: true, soundStart: ZERO, shots: made.shots, keyframes: [], previews: [], analysing: false,
      tagsOfShot: () => [], tagName: (tag) => tag.label, thumbs: null, pictures: null, waveform: null, clips: [], chapters: [], removals: [], cutOut: [], clipEffect: () => null, clipMedia: () => null,
      captions: { cues, speakers: SPEAKERS, violated: new Set(['cue-1']), others: [{ id: 'other', name: 'Deutsch', cues }] },
    },
    version: 0, playhead: ZERO, playing: false, selection: { shots: new Set(), clips: new Set(), cues: new Set() }, inPoint: null, outPoint: null, actions, snapping: false,
  };
  stage = createStage(props, look);
  Object.assign(stage, { width: 1600, height: 320 });
  settle(stage);
  navigator = createNavigator(stage, () => {});
  gestures = createGestures({ stage, navigator, hit: (x, y) => hitTest(stage, x, y, () => 0), changed: () => {}, focusLane: () => {} });
});

const set = (changes: Partial<TimelineProps>): void => {
  stage.props = { ...stage.props, ...changes };
};
const pick = (...ids: string[]): void => set({ selection: { ...stage.props.selection, cues: new Set(ids) } });
const cueOf = (index: number): Cue => cues[index] as Cue;
const middleOf = (index: number): number => (xAt(stage.view, cueOf(index).start) + xAt(stage.view, cueOf(index).end)) / 2;
const y = (): number => stage.rows.captions.top + 12;
const at = (x: number, keys: Partial<PointAt> = {}): PointAt => ({ x, y: y(), button: 0, shiftKey: false, altKey: false, commandKey: false, ...keys });
function drag(from: number, to: number, keys: Partial<PointAt> = {}): void {
  gestures.press(at(from, keys));
  for (let step = 1; step <= 5; step++) gestures.move(at(from + ((to - from) * step) / 5, keys));
}

describe('cues by hand', () => {
  it('a click picks one and shows it, with Ctrl one more; a double click writes it; another track’s bar picks that', () => {
    gestures.press(at(middleOf(3)));
    gestures.release();
    expect(actions.onSelectCues).toHaveBeenLastCalledWith('cue-3', 'replace');
    expect(actions.onSeek).toHaveBeenLastCalledWith(cueOf(3).start);
    gestures.press(at(middleOf(5), { commandKey: true }));
    gestures.release();
    expect(actions.onSelectCues).toHaveBeenLastCalledWith('cue-5', 'toggle');
    expect(actions.onRetimeCue).not.toHaveBeenCalled();
    gestures.doublePress(at(middleOf(5)));
    expect(actions.onEditCue).toHaveBeenCalledWith('cue-5');
    gestures.press({ ...at(400), y: stage.rows.captions.top + stage.rows.captions.height - 2 });
    gestures.release();
    expect(actions.onPickTrack).toHaveBeenCalledWith('other');
  });

  it('an edge follows by whole frames, never past the other, and the numbers are shown', () => {
    const cue = cueOf(6);
    const [x0, x1] = [xAt(stage.view, cue.start), xAt(stage.view, cue.end)];
    drag(x1 - 1, x1 + 9);
    expect(readOut(stage)?.lines).toHaveLength(4);
    gestures.release();
    const [id, start, end] = actions.onRetimeCue.mock.lastCall ?? [];
    expect([id, start]).toEqual(['cue-6', cue.start]);
    expect((end ?? 0) % FRAME).toBe(0);
    expect(Math.abs((end ?? 0) - cue.end - 10 * stage.view.scale)).toBeLessThanOrEqual(FRAME);
    drag(x0 + 1, x1 + 500);
    gestures.release();
    expect(actions.onRetimeCue.mock.lastCall).toEqual(['cue-6', cue.end - FRAME, cue.end]);
  });

  it('a cue that is moved keeps its length, also at the file’s end; Escape leaves it', () => {
    const cue = cueOf(10);
    drag(middleOf(10), middleOf(10) + 40);
    gestures.release();
    const [, start = 0, end = 0] = actions.onRetimeCue.mock.lastCall ?? [];
    expect(end - start).toBe(cue.end - cue.start);
    expect(start).toBeGreaterThan(cue.start);
    drag(middleOf(10), 5000);
    gestures.release();
    expect(actions.onRetimeCue.mock.lastCall?.[2]).toBe(made.end);
    drag(middleOf(10), middleOf(10) + 40);
    gestures.cancel();
    gestures.release();
    expect(actions.onRetimeCue).toHaveBeenCalledTimes(2);
  });

  it('snaps to a cut, the playhead or a neighbour, and Alt turns that off', () => {
    set({ snapping: true, playhead: flicks(cueOf(20).end + 7) });
    const x1 = xAt(stage.view, cueOf(20).end);
    drag(x1 - 1, x1 + 5);
    gestures.release();
    expect(actions.onRetimeCue.mock.lastCall?.[2]).toBe(cueOf(20).end + 7);
    const gap = xAt(stage.view, cueOf(21).start) - x1;
    set({ playhead: ZERO, model: { ...stage.props.model, shots: [] } });
    drag(x1 - 1, x1 - 1 + gap + 3);
    gestures.release();
    expect(actions.onRetimeCue.mock.lastCall?.[2]).toBe(cueOf(21).start);
    drag(x1 - 1, x1 - 1 + gap + 3, { altKey: true });
    gestures.release();
    expect(actions.onRetimeCue.mock.lastCall?.[2]).not.toBe(cueOf(21).start);
  });
});

describe('cues by keyboard', () => {
  const press = (key: string, keys: Partial<PointAt> = {}): void => {
    const intent = intentOf('captions', { key, shiftKey: false, altKey: false, commandKey: false, ...keys });
    if (intent) carryOut(intent, 'captions', stage, navigator, { shot: -1 });
  };
  it('goes along them from the playhead, moves one by frames, removes and writes', () => {
    set({ playhead: cueOf(4).start });
    press('ArrowRight');
    expect(actions.onSelectCues).toHaveBeenLastCalledWith('cue-4', 'replace');
    pick('cue-4');
    press('ArrowRight', { shiftKey: true });
    expect(actions.onSelectCues).toHaveBeenLastCalledWith('cue-5', 'extend');
    pick('cue-4');
    press('ArrowLeft', { altKey: true });
    expect(actions.onRetimeCue).toHaveBeenLastCalledWith('cue-4', cueOf(4).start - FRAME, cueOf(4).end - FRAME);
    press('ArrowRight', { altKey: true, shiftKey: true });
    expect(actions.onRetimeCue).toHaveBeenLastCalledWith('cue-4', cueOf(4).start, cueOf(4).end + FRAME);
    press('Enter');
    expect(actions.onEditCue).toHaveBeenLastCalledWith('cue-4');
    press('Delete');
    expect(actions.onRemoveCues).toHaveBeenLastCalledWith(['cue-4']);
  });
  it('says a cue, and that it breaks a rule', () => {
    expect(sayCue(stage, 1)).toContain('Nobody knew the way back');
    expect(sayCue(stage, 1)).toContain('breaks a rule');
    expect(sayCue(stage, 2)).not.toContain('breaks a rule');
    expect(sayCue(stage, 999)).toBe('');
  });
});

describe('cuts over the film', () => {
  it('are drawn where they are seen, neighbours nearer than a pixel as one', () => {
    const { scale } = stage.view;
    const x = (pixels: number): number => stage.view.origin + pixels * scale;
    const spots = spotsOf([{ start: x(-50), end: x(-20) }, { start: x(-5), end: x(10) }, { start: x(10.4), end: x(20) }, { start: x(100), end: x(100.2) }, { start: x(5000), end: x(5001) }], stage);
    expect(spots.map(({ x0, x1 }) => [Math.round(x0), Math.round(x1)])).toEqual([[-1, 20], [100, 101]]);
  });
});
