import { describe, expect, it } from 'vitest';
import { fromSeconds, toSeconds } from '../../shared/time.ts';
import type { HighlightMoment, HighlightSignal, Sentence } from '../../shared/understanding/types.ts';
import { EngineClient } from '../bridge/engine.ts';
import { EngineEnd, settle } from '../testing/engine-end.ts';
import { MEDIA_ID, someMedia } from '../testing/facts.ts';
import { EditState } from './edit.svelte.ts';
import { HighlightsState } from './highlights.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { MediaEntry } from './media-list.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

/** A moment of four seconds that these signals speak for. */
const moment = (second: number, signals: Partial<HighlightMoment['signals']>, text = ''): HighlightMoment => ({
  start: fromSeconds(second),
  end: fromSeconds(second + 4),
  signals: { summary: 0, emotion: 0, reaction: 0, energy: 0, faces: 0, motion: 0, tags: 0, sharpness: 0, ...signals },
  sentence: text === '' ? null : 0,
  shot: null,
  text,
});
const MOMENTS = [moment(0, { motion: 0.9 }), moment(10, { motion: 0.1, faces: 0.8 }), moment(20, { motion: 0.5 }), moment(30, { motion: 0.6, faces: 0.2 })];

function setUp(sentences: Sentence[] = []) {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  const entry = new MediaEntry(someMedia(60));
  const edit = new EditState(engine, new Toasts(), () => entry.media);
  const talk = { language: 'en', sentences };
  const highlights = new HighlightsState(engine, new Jobs(), edit, { entry: () => entry, talk: () => talk });
  const send = async (moments: HighlightMoment[], known: HighlightSignal[]): Promise<void> => {
    end.reply({ kind: 'events', id: end.asked('highlights')[0]?.id ?? -1, events: [{ type: 'moments', moments, known }] });
    await settle(60);
  };
  const finish = async (): Promise<void> => {
    end.reply({ kind: 'end', id: end.asked('highlights')[0]?.id ?? -1 });
    await settle(60);
  };
  return { highlights, edit, end, send, finish };
}
const seconds = (highlights: HighlightsState): number[] => highlights.shown.map((each) => toSeconds(each.moment.start));

describe('highlights', () => {
  it('stream in, best first by the weights, and follow a slider at once', async () => {
    const { highlights, edit, send, finish } = setUp();
    void highlights.start();
    await send(MOMENTS, ['motion']);
    expect(highlights.run?.status).toBe('running');
    expect(seconds(highlights)).toEqual([0, 30, 20, 10]);
    await send(MOMENTS, ['motion', 'faces']);
    await finish();
    expect(highlights.run?.status).toBe('done');
    highlights.tryWeight('motion', 0);
    expect(seconds(highlights)).toEqual([10, 30]);
    expect(edit.understanding[MEDIA_ID]).toBeUndefined();
    highlights.setWeight('motion', 0);
    expect(edit.understanding[MEDIA_ID]?.weights.motion).toBe(0);
    expect(edit.canUndo).toBe(false);
    highlights.resetWeights();
    expect(highlights.isDefault).toBe(true);
    highlights.setOrder('time');
    expect(seconds(highlights)).toEqual([0, 10, 20, 30]);
  });

  it('tell which signals say nothing about a file, and why; those count for nothing', async () => {
    const { highlights, send, finish } = setUp();
    void highlights.start();
    await send([moment(0, { motion: 0.5, energy: 1 }), moment(10, { motion: 0.6 })], ['motion']);
    expect(highlights.gaps.get('faces')).toBe('pending');
    await finish();
    expect(Object.fromEntries(highlights.gaps)).toMatchObject({ summary: 'no_talk', emotion: 'no_talk', reaction: 'no_sound', energy: 'no_sound', faces: 'unmeasured' });
    expect(highlights.gaps.has('motion')).toBe(false);
    // Its loudness is not to be trusted without a sound.
    expect(seconds(highlights)).toEqual([10, 0]);
    expect(highlights.shown[0]?.score).toBeCloseTo(0.6);
  });

  it('make a reel in story order of the length asked for, as one step of undo', async () => {
    const { highlights, edit, send, finish } = setUp();
    void highlights.start();
    await send(MOMENTS, ['motion', 'faces']);
    await finish();
    highlights.setReelLength(8);
    expect(toSeconds(highlights.reelTotal)).toBe(8);
    expect(highlights.addReel()).toBe(true);
    const starts = edit.clips.map((clip) => toSeconds(clip.start));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(edit.clips).toHaveLength(2);
    edit.undo();
    expect(edit.clips).toEqual([]);
    expect(highlights.reelLength).toBe(8);
  });

  it('keep picks on their moments, and nothing moves while the pointer is on the list', async () => {
    const { highlights, send } = setUp();
    void highlights.start();
    await send(MOMENTS, ['motion']);
    highlights.select(1, 'replace');
    highlights.hold(true);
    await send(MOMENTS, ['motion', 'faces']);
    expect(seconds(highlights)).toEqual([0, 30, 20, 10]);
    highlights.hold(false);
    expect(highlights.pickedRanges.map((range) => toSeconds(range.start))).toEqual([30]);
    expect(highlights.lead).toBe(seconds(highlights).indexOf(30));
  });

  it('fail with what went wrong, can be tried again, and stop when asked', async () => {
    const { highlights, end } = setUp();
    void highlights.start();
    end.reply({ kind: 'error', id: end.asked('highlights')[0]?.id ?? -1, error: { kind: 'expected', code: 'library_locked', params: {} } });
    await settle(20);
    expect(highlights.run).toMatchObject({ status: 'failed', error: { code: 'library_locked' } });
    void highlights.start();
    expect(highlights.run).toMatchObject({ status: 'running', error: null });
    highlights.cancel();
    expect(end.requests.at(-1)).toMatchObject({ kind: 'cancel', id: end.asked('highlights')[1]?.id });
  });
});
