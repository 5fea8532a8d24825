import { beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyTrack } from '../../shared/captions/track.ts';
import type { Cue } from '../../shared/captions/types.ts';
import type { Bridge } from '../../shared/ipc/app.ts';
import { flicks, frameDuration, fromSeconds, type Flicks } from '../../shared/time.ts';
import { EngineClient } from '../bridge/engine.ts';
import { EngineEnd } from '../testing/engine-end.ts';
import { MEDIA_ID, someMedia } from '../testing/facts.ts';
import { CaptionDesk } from './caption-desk.svelte.ts';
import { CaptionsState } from './captions.svelte.ts';
import { EditState } from './edit.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { MediaEntry } from './media-list.svelte.ts';
import type { Player } from './player.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

const seconds = fromSeconds;
const FRAME = frameDuration({ num: 25, den: 1 });
const cue = (id: string, start: number, end: number, text: string): Cue => ({
  id, start: seconds(start), end: seconds(end), text, words: [], speaker: null, touched: false, spans: [], place: null, extras: {},
});

/** A playhead that goes where it is told. */
class FakePlayer {
  time: Flicks = seconds(0);
  readonly range = { start: seconds(0), end: seconds(60) };
  seek(time: Flicks): void {
    this.time = time;
  }
  frameTime(by: number): Promise<Flicks> {
    return Promise.resolve(flicks(this.time + by * FRAME));
  }
}

function setUp(): { desk: CaptionDesk; captions: CaptionsState; edit: EditState; player: FakePlayer; texts: () => string[] } {
  const engine = new EngineClient();
  engine.connect(new EngineEnd().port);
  const toasts = new Toasts();
  const media = someMedia();
  const entry = new MediaEntry(media);
  const edit = new EditState(engine, toasts, () => media);
  const captions = new CaptionsState(engine, { invoke: vi.fn() } as unknown as Bridge, new Jobs(), toasts, edit, { entry: () => entry, find: () => entry });
  const player = new FakePlayer();
  const desk = new CaptionDesk(captions, player as unknown as Player);
  const track = emptyTrack({ media: MEDIA_ID, language: 'en', name: '', kind: 'import', id: 't' });
  captions.addTrack({ ...track, cues: [cue('a', 1, 3, 'And so, my fellow Americans'), cue('b', 4, 6, 'ask not'), cue('c', 7, 9, 'what your country')] });
  return { desk, captions, edit, player, texts: () => desk.cues.map((each) => each.text) };
}

let world: ReturnType<typeof setUp>;
beforeEach(() => {
  world = setUp();
});

describe('writing a cue', () => {
  it('is one step of undo, and none when nothing was typed', () => {
    const { desk, edit, texts } = world;
    desk.edit('a');
    desk.draft = 'My fellow Americans';
    desk.finish();
    expect(texts()[0]).toBe('My fellow Americans');
    desk.edit('b');
    desk.finish();
    edit.undo();
    expect(texts()[0]).toBe('And so, my fellow Americans');
  });

  it('goes on with the next cue', () => {
    const { desk, captions, texts } = world;
    desk.edit('a');
    desk.draft = 'One';
    desk.finishAndEdit(1);
    expect([desk.editingId, desk.draft, captions.lead, texts()[0]]).toEqual(['b', 'ask not', 'b', 'One']);
    desk.edit('c');
    desk.finishAndEdit(1);
    expect(desk.editingId).toBeNull();
  });

  it('tells what is wrong with what is typed, before it is the cue', () => {
    const { desk } = world;
    desk.edit('b');
    desk.draft = 'x'.repeat(60);
    const [written] = [desk.byId('b')];
    expect(written && desk.violationsOf(written).map(({ code }) => code)).toContain('line_too_long');
    expect(desk.problems.map(({ id }) => id)).not.toContain('b');
  });

  it('splits at the cursor with what was typed, and undoes both at once', () => {
    const { desk, edit, texts } = world;
    desk.edit('a');
    desk.draft = 'And so, my dear Americans';
    desk.caret = 8;
    desk.split();
    expect(texts().slice(0, 2)).toEqual(['And so,', 'my dear Americans']);
    expect([desk.editing?.text, desk.caret]).toEqual(['my dear Americans', 0]);
    edit.undo();
    expect(texts()[0]).toBe('And so, my fellow Americans');
    expect(desk.editing).toBeNull();
  });
});

describe('cues', () => {
  it('are gone to at the first frame that shows them', () => {
    const { desk, player, captions } = world;
    captions.replace({ remove: ['b'], insert: [cue('b', 4.01, 6, 'ask not')] });
    desk.goTo('b');
    expect(Math.floor(player.time / FRAME) * FRAME).toBe(seconds(4.04));
    desk.goTo('a');
    expect(Math.floor(player.time / FRAME) * FRAME).toBe(seconds(1));
  });

  it('are stepped through from the playhead, then from the lead', () => {
    const { desk, player, captions } = world;
    player.time = seconds(5);
    desk.step(1);
    expect(captions.lead).toBe('b');
    desk.step(1);
    expect(captions.lead).toBe('c');
    desk.step(-10);
    expect(captions.lead).toBe('a');
  });

  it('merge with the next, and are removed with the next picked', () => {
    const { desk, captions, texts } = world;
    desk.goTo('b');
    desk.merge();
    expect(texts()).toHaveLength(2);
    expect(desk.byId('b')?.end).toBe(seconds(9));
    desk.goTo('a');
    desk.remove();
    expect([texts().length, captions.lead]).toEqual([1, 'b']);
  });

  it('come at the playhead, up to the next one', () => {
    const { desk, player } = world;
    player.time = seconds(6.5);
    desk.insert();
    expect(desk.editing).toMatchObject({ start: seconds(6.5), end: seconds(7), text: '' });
    player.time = seconds(1.5);
    desk.insert();
    expect(desk.cues).toHaveLength(4);
  });

  it('begin and end at the playhead; past the other end they keep their length', async () => {
    const { desk, player } = world;
    desk.goTo('b');
    player.time = seconds(4.4);
    await desk.setEdge('start');
    player.time = seconds(5);
    await desk.setEdge('end');
    expect(desk.lead).toMatchObject({ start: seconds(4.4), end: flicks(seconds(5) + FRAME) });
    player.time = seconds(20);
    await desk.setEdge('start');
    expect(desk.lead).toMatchObject({ start: seconds(20), end: flicks(seconds(20.6) + FRAME) });
  });

  it('stay within the media', () => {
    const { desk } = world;
    const c = desk.byId('c');
    expect(c && desk.retime(c, seconds(70), seconds(80))).toBe(false);
    expect(c && desk.retime(c, seconds(50), seconds(80))).toBe(true);
    expect(desk.byId('c')?.end).toBe(seconds(60));
  });
});

describe('faults', () => {
  it('are gone through round the ends, and fixed in one step of undo', () => {
    const { desk, captions, edit, texts } = world;
    captions.replace({ remove: ['a', 'c'], insert: [cue('a', 1, 1.2, 'Yes'), cue('c', 7, 9, 'This line is much too long for one line of a caption')] });
    expect(desk.problems.map(({ id }) => id)).toEqual(['a', 'c']);
    const before = texts();
    desk.stepProblem(1);
    desk.stepProblem(1);
    expect(captions.lead).toBe('c');
    desk.stepProblem(1);
    expect(captions.lead).toBe('a');
    desk.fixAll();
    expect([desk.problemCount, desk.unmet]).toEqual([0, []]);
    edit.undo();
    expect(texts()).toEqual(before);
  });
});

describe('find and replace', () => {
  it('counts, goes round, replaces one and all', () => {
    const { desk, captions, edit, texts } = world;
    desk.openBar('find');
    desk.find.text = 'a';
    desk.findFromHere();
    const count = desk.find.matches.length;
    expect(captions.lead).toBe('a');
    desk.find.step(-1);
    expect([desk.find.place, captions.lead]).toEqual([count - 1, 'c']);
    desk.find.text = 'ask (\\w+)';
    desk.find.regex = true;
    desk.find.replacement = 'tell $1';
    expect(desk.find.replaceAll()).toBe(1);
    expect(texts()[1]).toBe('tell not');
    edit.undo();
    expect(texts()[1]).toBe('ask not');
  });

  it('says that a pattern is none', () => {
    const { desk } = world;
    desk.openBar('find');
    desk.find.regex = true;
    desk.find.text = '(';
    expect([desk.find.problem, desk.find.matches]).toEqual(['invalid', []]);
  });
});
