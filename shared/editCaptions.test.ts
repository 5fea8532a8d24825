import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RULES } from './captions/rules.ts';
import { someCue, someTrack } from './captions/testTracks.ts';
import type { Cue } from './captions/types.ts';
import { applyCommand, assertEdit, EditError, editCommandSchema, editSchema, EMPTY_EDIT, type Edit, type EditChange, type EditCommand, type StreamChange } from './edit.ts';
import { speakerIn, withSameSpeaker } from './editCaptions.ts';
import { changesBetween } from './editDifference.ts';
import { advance, canRedo, canUndo, replay, startHistory, type EditHistory } from './editHistory.ts';
import { flicks } from './time.ts';

const MEDIA = 'a'.repeat(32);
const withTrack = (...cues: Cue[]): Edit => ({ ...EMPTY_EDIT, captions: [someTrack('t', MEDIA, cues)] });
const stream = (until: number, cues: Cue[], more: Partial<StreamChange> = {}): StreamChange => ({ type: 'captions.stream', track: 't', cues, speakers: null, language: null, until: flicks(until), ...more });
const idsOf = (edit: Edit, track = 0): string[] => (edit.captions[track]?.cues ?? []).map((cue) => cue.id);
const textsOf = (edit: Edit): string[] => (edit.captions[0]?.cues ?? []).map((cue) => cue.text);
const replace = (remove: string[], insert: Cue[]): EditChange => ({ type: 'cues.replace', track: 't', remove, insert });
const problemOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof EditError) return error.problem;
    throw error;
  }
  return 'none';
};

describe('caption commands', () => {
  it('keep cues in order of start, then end, and replace a cue whose id comes again', () => {
    const edit = withTrack(someCue('a', 0, 10), someCue('b', 20, 30), someCue('c', 40, 50));
    const after = applyCommand(edit, replace(['b'], [someCue('b', 60, 70), someCue('d', 0, 5), someCue('e', 40, 50)]));
    expect(idsOf(after)).toEqual(['d', 'a', 'c', 'e', 'b']);
    expect(after.captions[0]?.cues[1]).toBe(edit.captions[0]?.cues[0]);
    const added = applyCommand(EMPTY_EDIT, { type: 'captions.add', track: someTrack('t', MEDIA, [someCue('y', 5, 6), someCue('x', 1, 2)]) });
    expect(idsOf(added)).toEqual(['x', 'y']);
  });

  it('a track’s own properties change without its cues', () => {
    const edit = withTrack(someCue('a', 0, 10));
    const after = applyCommand(edit, { type: 'captions.set', id: 't', change: { name: 'Deutsch', rules: RULES.bbc } });
    expect(after.captions[0]).toMatchObject({ name: 'Deutsch', rules: { base: 'bbc' }, language: 'en' });
    expect(after.captions[0]?.cues).toBe(edit.captions[0]?.cues);
    expect(applyCommand(after, { type: 'captions.remove', id: 't' }).captions).toEqual([]);
  });

  it('a group is one step, and none of it counts when one change is impossible', () => {
    const history = startHistory(withTrack(someCue('a', 0, 10)));
    const after = advance(history, { type: 'group', changes: [{ type: 'cues.replace', track: 't', remove: ['a'], insert: [] }, { type: 'captions.remove', id: 't' }] });
    expect(after.edit.captions).toEqual([]);
    expect(advance(after, { type: 'undo' }).edit).toEqual(history.edit);
    expect(problemOf(() => advance(history, { type: 'group', changes: [{ type: 'captions.remove', id: 't' }, { type: 'captions.remove', id: 't' }] }))).toBe('unknown_track');
  });

  it.each<[string, EditCommand, string]>([
    ['an unknown track', { type: 'cues.replace', track: 'zzz', remove: [], insert: [] }, 'unknown_track'],
    ['removing an unknown track', { type: 'captions.remove', id: 'zzz' }, 'unknown_track'],
    ['changing an unknown track', { type: 'captions.set', id: 'zzz', change: {} }, 'unknown_track'],
    ['recognised cues of a track that never was', { ...stream(1, []), track: 'zzz' }, 'unknown_track'],
    ['a track twice', { type: 'captions.add', track: someTrack('t', MEDIA, []) }, 'duplicate_track'],
    ['a track with a cue twice', { type: 'captions.add', track: someTrack('u', MEDIA, [someCue('x', 0, 1), someCue('x', 2, 3)]) }, 'duplicate_cue'],
    ['an unknown cue', replace(['a', 'zzz'], []), 'unknown_cue'],
    ['a cue that stays and comes', replace([], [someCue('a', 5, 6)]), 'duplicate_cue'],
    ['a cue twice in one command', replace([], [someCue('x', 5, 6), someCue('x', 7, 8)]), 'duplicate_cue'],
    ['an empty cue', replace([], [someCue('x', 5, 5)]), 'range_invalid'],
    ['an empty recognised cue', stream(9, [someCue('x', 5, 5)]), 'range_invalid'],
    ['a speaker twice', { type: 'captions.set', id: 't', change: { speakers: [{ id: 'A', name: '' }, { id: 'A', name: '' }] } }, 'duplicate_speaker'],
  ])('refuse %s', (_what, command, problem) => {
    expect(problemOf(() => advance(startHistory(withTrack(someCue('a', 0, 10))), command))).toBe(problem);
  });
});

describe('recognised cues', () => {
  it('are no step, and undoing a correction leaves what was recognised since', () => {
    let history = advance(startHistory(withTrack()), stream(10, [someCue('a', 0, 10)]));
    expect(canUndo(history)).toBe(false);
    history = advance(history, replace(['a'], [{ ...someCue('a', 0, 10), text: 'corrected', touched: true }]));
    history = advance(history, stream(20, [someCue('a', 0, 9), someCue('b', 10, 20)]));
    expect(textsOf(history.edit)).toEqual(['corrected', 'b']);
    history = advance(history, { type: 'undo' });
    expect(history.edit.captions[0]?.cues).toEqual([someCue('a', 0, 9), someCue('b', 10, 20)]);
    history = advance(history, stream(30, [someCue('c', 20, 30)]));
    history = advance(history, { type: 'redo' });
    expect(textsOf(history.edit)).toEqual(['corrected', 'b', 'c']);
  });

  it('do not bring back what a person removed, and replace what nobody touched', () => {
    let history = advance(startHistory(withTrack()), stream(20, [someCue('a', 0, 10), someCue('b', 10, 20)]));
    history = advance(history, replace(['a'], []));
    history = advance(history, stream(30, [someCue('a', 0, 10), { ...someCue('b', 11, 20), text: 'better' }, someCue('c', 20, 30)]));
    expect(textsOf(history.edit)).toEqual(['better', 'c']);
    expect(history.edit.captions[0]?.streamedUntil).toBe(30);
  });

  it('add speakers under the names that a person gave, and tell the language', () => {
    const found = [{ id: 'A', name: 'A' }, { id: 'B', name: 'B' }];
    let history = advance(startHistory(withTrack()), stream(10, [], { speakers: found.slice(0, 1), language: 'zh' }));
    history = advance(history, { type: 'captions.set', id: 't', change: { speakers: [{ id: 'A', name: 'Ann' }] } });
    history = advance(history, stream(20, [], { speakers: found }));
    expect(history.edit.captions[0]).toMatchObject({ language: 'zh', speakers: [{ id: 'A', name: 'Ann' }, { id: 'B', name: 'B' }] });
  });

  it('say of a merged speaker that it is the other one, now and later, until that is undone', () => {
    const said = (id: string, start: number, speaker: string): Cue => ({ ...someCue(id, start, start + 5), speaker });
    const found = ['A', 'B', 'C'].map((id) => ({ id, name: id }));
    const speakersOf = ({ edit }: { edit: Edit }): (string | null)[] => (edit.captions[0]?.cues ?? []).map((cue) => cue.speaker);
    let history = advance(startHistory(withTrack()), stream(6, [said('a', 0, 'B')], { speakers: found }));
    const merged = (from: string, into: string): EditChange => {
      const track = history.edit.captions[0];
      if (!track) throw new Error('no track');
      return { type: 'captions.set', id: 't', change: { speakers: track.speakers.filter(({ id }) => id !== from), sameSpeakers: withSameSpeaker(track, from, into) } };
    };
    history = advance(history, merged('B', 'A'));
    history = advance(history, stream(16, [said('b', 10, 'B')], { speakers: found }));
    expect(speakersOf(history)).toEqual(['B', 'A']);
    expect(history.edit.captions[0]?.speakers.map(({ id }) => id)).toEqual(['A', 'C']);
    history = advance(history, merged('A', 'C'));
    history = advance(history, stream(26, [said('c', 20, 'B')], { speakers: found }));
    expect(speakersOf(history)).toEqual(['B', 'A', 'C']);
    const undone = advance(advance(history, { type: 'undo' }), { type: 'undo' });
    expect(speakersOf(undone)).toEqual(['B', 'B', 'B']);
    expect(undone.edit.captions[0]?.speakers.map(({ id }) => id)).toEqual(['A', 'B', 'C']);
    const back = changesBetween(history.edit, undone.edit).reduce(applyCommand, history.edit);
    expect(speakerIn(back.captions[0] ?? {}, 'B')).toBe('B');
  });

  it('reach a track that undo took away', () => {
    const added = advance(startHistory(EMPTY_EDIT), { type: 'captions.add', track: someTrack('t', MEDIA, []) });
    const streamed = advance(advance(added, { type: 'undo' }), stream(10, [someCue('a', 0, 10)]));
    expect(streamed.edit).toBe(EMPTY_EDIT);
    expect(idsOf(advance(streamed, { type: 'redo' }).edit)).toEqual(['a']);
  });
});

/** Commands that are possible in the state they meet, made from numbers. */
type Numbers = [number, number, number, number];
const steps = fc.array(fc.tuple(fc.nat(9), fc.nat(30), fc.nat(30), fc.integer({ min: 1, max: 20 })), { maxLength: 40 });

function commandFor(history: EditHistory, serial: number, [kind, a, b, length]: Numbers): EditCommand {
  const { captions } = history.edit;
  if (kind === 8 && canUndo(history)) return { type: 'undo' };
  if (kind === 9 && canRedo(history)) return { type: 'redo' };
  const track = captions[a % Math.max(1, captions.length)];
  if (!track || (kind === 0 && captions.length < 3)) return { type: 'captions.add', track: someTrack(`t${serial}`, MEDIA, [someCue(`s${serial}`, b, b + length)]) };
  if (kind === 1 && captions.length > 2) return { type: 'captions.remove', id: track.id };
  if (kind === 2) return { type: 'captions.set', id: track.id, change: { name: `n${length}`, isDefault: a % 2 === 0 } };
  const first = track.cues[b % Math.max(1, track.cues.length)];
  if (kind === 3 && first) return { type: 'cues.replace', track: track.id, remove: [first.id], insert: [{ ...first, start: flicks(a), end: flicks(a + length), touched: true }] };
  if (kind === 4 && first) return { type: 'cues.replace', track: track.id, remove: [first.id], insert: [] };
  if (kind === 5) {
    const insert = [someCue(`c${serial}`, a, a + length), someCue(`d${serial}`, b, b + length)];
    return { type: 'group', changes: insert.map((cue) => ({ type: 'cues.replace', track: track.id, remove: [], insert: [cue] })) };
  }
  if (kind === 6) return { ...stream(a + b, [someCue(`r${b % 5}`, b, b + length), someCue(`r${serial + 100}`, a + b, a + b + length)]), track: track.id };
  return { type: 'cues.replace', track: track.id, remove: [], insert: [someCue(`e${serial}`, a, a + length)] };
}

function runAll(numbers: Numbers[]): { commands: EditCommand[]; states: EditHistory[]; last: EditHistory } {
  const commands: EditCommand[] = [];
  let last = startHistory(EMPTY_EDIT);
  const states = [last];
  numbers.forEach((step, serial) => {
    const command = commandFor(last, serial, step);
    commands.push(command);
    states.push((last = advance(last, command)));
  });
  return { commands, states, last };
}

describe('any list of caption commands', () => {
  it('keeps the edit sound, and is undone and redone to both its ends', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { states, last } = runAll(numbers);
        for (const state of states) assertEdit(state.edit);
        let history = last;
        while (canUndo(history)) {
          history = advance(history, { type: 'undo' });
          assertEdit(history.edit);
        }
        expect(history.edit).toEqual(EMPTY_EDIT);
        for (let i = 0; i < last.past.length; i += 1) history = advance(history, { type: 'redo' });
        expect(history.edit).toEqual(last.edit);
        expect(history.future.length).toBe(last.future.length);
      }),
    );
  });

  it('replays from the journal to what it was live', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { commands, last } = runAll(numbers);
        expect(replay(EMPTY_EDIT, commands.map((command) => editCommandSchema.parse(JSON.parse(JSON.stringify(command)))))).toEqual(last);
      }),
    );
  });

  it('two edits differ by commands that turn one into the other', () => {
    fc.assert(
      fc.property(steps, steps, (one, other) => {
        const from = runAll(one).last.edit;
        const to = runAll([...one, ...other]).last.edit;
        expect(changesBetween(from, to).reduce(applyCommand, from)).toEqual(to);
        expect(changesBetween(to, structuredClone(to))).toEqual([]);
      }),
    );
  });
});

describe('an edit written before there were captions', () => {
  it('has none', () => {
    expect(editSchema.parse({ clips: [] })).toEqual(EMPTY_EDIT);
  });
  it('is unsound with cues out of order or repeated', () => {
    expect(problemOf(() => assertEdit(withTrack(someCue('a', 5, 6), someCue('b', 1, 2))))).toBe('position_invalid');
    expect(problemOf(() => assertEdit(withTrack(someCue('a', 1, 2), someCue('a', 5, 6))))).toBe('duplicate_cue');
    expect(problemOf(() => assertEdit({ ...EMPTY_EDIT, captions: [someTrack('t', MEDIA, []), someTrack('t', MEDIA, [])] }))).toBe('duplicate_track');
  });
});
