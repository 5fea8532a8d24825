import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommand, assertEdit, EditError, editCommandSchema, EMPTY_EDIT, trimEdge, type Clip, type Edit, type EditChange, type EditCommand } from './edit.ts';
import { advance, canRedo, canUndo, LONGEST_HISTORY, replay, startHistory, type EditHistory } from './editHistory.ts';
import { flicks } from './time.ts';

const MEDIA = 'a'.repeat(32);
const clip = (id: string, start = 0, end = 100): Clip => ({ id, media: MEDIA, start: flicks(start), end: flicks(end), name: id });
const lane = (...ids: string[]): Edit => ({ ...EMPTY_EDIT, clips: ids.map((id) => clip(id)) });
const idsOf = (edit: Edit): string[] => edit.clips.map((each) => each.id);

const problemOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof EditError) return error.problem;
    throw error;
  }
  return 'none';
};

describe('applyCommand', () => {
  it('inserts, at the end too when the position is past it', () => {
    expect(idsOf(applyCommand(lane('a', 'b'), { type: 'clips.insert', at: 1, clips: [clip('x'), clip('y')] }))).toEqual(['a', 'x', 'y', 'b']);
    expect(idsOf(applyCommand(lane('a'), { type: 'clips.insert', at: 9, clips: [clip('x')] }))).toEqual(['a', 'x']);
  });

  it('removes several, moves both ways, trims and renames', () => {
    expect(idsOf(applyCommand(lane('a', 'b', 'c', 'd'), { type: 'clips.remove', ids: ['d', 'b'] }))).toEqual(['a', 'c']);
    expect(idsOf(applyCommand(lane('a', 'b', 'c'), { type: 'clip.move', id: 'a', to: 1 }))).toEqual(['b', 'a', 'c']);
    expect(idsOf(applyCommand(lane('a', 'b', 'c'), { type: 'clip.move', id: 'c', to: 0 }))).toEqual(['c', 'a', 'b']);
    expect(idsOf(applyCommand(lane('a', 'b', 'c'), { type: 'clip.move', id: 'a', to: 99 }))).toEqual(['b', 'c', 'a']);
    const trimmed = applyCommand(lane('a', 'b'), { type: 'clip.trim', id: 'b', start: flicks(20), end: flicks(30) });
    expect(trimmed.clips[1]).toEqual({ ...clip('b', 20, 30) });
    expect(applyCommand(lane('a'), { type: 'clip.rename', id: 'a', name: 'Opening' }).clips[0]?.name).toBe('Opening');
  });

  it('leaves the edit it was given as it is', () => {
    const before = lane('a', 'b');
    const copy = structuredClone(before);
    applyCommand(before, { type: 'clip.move', id: 'a', to: 1 });
    applyCommand(before, { type: 'clip.trim', id: 'a', start: flicks(1), end: flicks(2) });
    expect(before).toEqual(copy);
  });

  it.each<[string, EditChange, string]>([
    ['removing an unknown clip', { type: 'clips.remove', ids: ['a', 'zzz'] }, 'unknown_clip'],
    ['moving an unknown clip', { type: 'clip.move', id: 'zzz', to: 0 }, 'unknown_clip'],
    ['trimming an unknown clip', { type: 'clip.trim', id: 'zzz', start: flicks(0), end: flicks(1) }, 'unknown_clip'],
    ['an id twice', { type: 'clips.insert', at: 0, clips: [clip('a')] }, 'duplicate_clip'],
    ['an id twice in one insert', { type: 'clips.insert', at: 0, clips: [clip('x'), clip('x')] }, 'duplicate_clip'],
    ['an empty range', { type: 'clip.trim', id: 'a', start: flicks(5), end: flicks(5) }, 'range_invalid'],
    ['a range turned round', { type: 'clips.insert', at: 0, clips: [clip('x', 9, 3)] }, 'range_invalid'],
    ['a negative position', { type: 'clip.move', id: 'a', to: -1 }, 'position_invalid'],
    ['an endless name', { type: 'clip.rename', id: 'a', name: 'n'.repeat(201) }, 'name_too_long'],
  ])('refuses %s', (_what, command, problem) => {
    expect(problemOf(() => applyCommand(lane('a', 'b'), command))).toBe(problem);
  });
});

describe('trimEdge', () => {
  const bounds = { low: flicks(0), high: flicks(1000), shortest: flicks(40) };
  it('keeps the clip inside the media and one frame long', () => {
    const range = { start: flicks(100), end: flicks(500) };
    expect(trimEdge(range, 'start', flicks(-50), bounds)).toEqual({ start: 0, end: 500 });
    expect(trimEdge(range, 'start', flicks(900), bounds)).toEqual({ start: 460, end: 500 });
    expect(trimEdge(range, 'end', flicks(2000), bounds)).toEqual({ start: 100, end: 1000 });
    expect(trimEdge(range, 'end', flicks(0), bounds)).toEqual({ start: 100, end: 140 });
  });
});

/** Commands that are possible in the state they meet: each is made from numbers and the history so far. */
const steps = fc.array(fc.tuple(fc.nat(6), fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 500 })), { maxLength: 40 });

function commandFor(history: EditHistory, serial: number, [kind, a, b, length]: [number, number, number, number]): EditCommand {
  const { clips } = history.edit;
  const target = clips[a % Math.max(1, clips.length)];
  if (kind === 5 && canUndo(history)) return { type: 'undo' };
  if (kind === 6 && canRedo(history)) return { type: 'redo' };
  if (!target || kind === 0 || kind > 4) return { type: 'clips.insert', at: b, clips: [clip(`c${serial}`, a, a + length)] };
  if (kind === 1) return { type: 'clips.remove', ids: [...new Set([target.id, clips[b % clips.length]?.id ?? target.id])] };
  if (kind === 2) return { type: 'clip.move', id: target.id, to: b };
  if (kind === 3) return { type: 'clip.trim', id: target.id, start: flicks(b), end: flicks(b + length) };
  return { type: 'clip.rename', id: target.id, name: `name ${length}` };
}

function runAll(numbers: [number, number, number, number][]): { commands: EditCommand[]; states: EditHistory[] } {
  const commands: EditCommand[] = [];
  const states = [startHistory(EMPTY_EDIT)];
  numbers.forEach((step, serial) => {
    const last = states.at(-1) ?? startHistory(EMPTY_EDIT);
    const command = commandFor(last, serial, step);
    commands.push(command);
    states.push(advance(last, command));
  });
  return { commands, states };
}

describe('the history', () => {
  it('undo takes back any change and redo brings it again', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { states, commands } = runAll(numbers);
        states.slice(0, -1).forEach((before, i) => {
          const command = commands[i];
          const after = states[i + 1];
          if (!after || !command || command.type === 'undo' || command.type === 'redo') return;
          const undone = advance(after, { type: 'undo' });
          expect(undone.edit).toEqual(before.edit);
          expect(advance(undone, { type: 'redo' }).edit).toEqual(after.edit);
        });
      }),
    );
  });

  it('undoing everything gives the first edit, redoing everything the last', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { states } = runAll(numbers);
        const last = states.at(-1) ?? startHistory(EMPTY_EDIT);
        let history = last;
        while (canUndo(history)) history = advance(history, { type: 'undo' });
        expect(history.edit).toEqual(EMPTY_EDIT);
        for (let i = 0; i < last.past.length; i += 1) history = advance(history, { type: 'redo' });
        expect(history.edit).toEqual(last.edit);
      }),
    );
  });

  it('a journal written and read replays to the same history, and every edit on the way is sound', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { commands, states } = runAll(numbers);
        for (const state of states) assertEdit(state.edit);
        const read = commands.map((command) => editCommandSchema.parse(JSON.parse(JSON.stringify(command))));
        expect(replay(EMPTY_EDIT, read)).toEqual(states.at(-1));
      }),
    );
  });

  it('a new change forgets what could be redone; nothing to undo is refused', () => {
    const first = advance(startHistory(lane('a', 'b')), { type: 'clips.remove', ids: ['a'] });
    const undone = advance(first, { type: 'undo' });
    const changed = advance(undone, { type: 'clip.rename', id: 'b', name: 'B' });
    expect(problemOf(() => advance(changed, { type: 'redo' }))).toBe('nothing_to_redo');
    expect(problemOf(() => advance(startHistory(EMPTY_EDIT), { type: 'undo' }))).toBe('nothing_to_undo');
  });

  it('keeps a bounded number of steps', () => {
    let history = startHistory(lane('a'));
    for (let i = 0; i < LONGEST_HISTORY + 10; i += 1) history = advance(history, { type: 'clip.rename', id: 'a', name: String(i) });
    expect(history.past).toHaveLength(LONGEST_HISTORY);
  });
});

describe('assertEdit', () => {
  it('finds repeated ids and empty ranges', () => {
    expect(problemOf(() => assertEdit(lane('a', 'a')))).toBe('duplicate_clip');
    expect(problemOf(() => assertEdit({ ...EMPTY_EDIT, clips: [clip('a', 5, 5)] }))).toBe('range_invalid');
    expect(problemOf(() => assertEdit(lane('a', 'b')))).toBe('none');
  });
});
