import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommand, assertEdit, EditError, editCommandSchema, editSchema, EMPTY_EDIT, type EditChange, type EditCommand, type UnderstandingChange } from './edit.ts';
import { changesBetween, settingsBetween } from './editDifference.ts';
import { advance, canRedo, canUndo, replay, startHistory, type EditHistory } from './editHistory.ts';
import { flicks } from './time.ts';
import { DEFAULT_UNDERSTANDING, type Chapter } from './understanding/types.ts';

const MEDIA = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const chapter = (id: string, start: number | null, title = id): Chapter => ({ id, title, start: start === null ? null : flicks(start), firstSentence: 0, touched: true });
const put = (chapters: Chapter[] | null, media = MEDIA): EditChange => ({ type: 'chapters.set', media, chapters });
const setting = (change: UnderstandingChange['change'], media = MEDIA): UnderstandingChange => ({ type: 'understanding.set', media, change });

const problemOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof EditError) return error.problem;
    throw error;
  }
  return 'none';
};

describe('chapters of a media', () => {
  it('become those given, leave those of others, and are taken away by null', () => {
    const both = [put([chapter('x', 0), chapter('y', 50)]), put([chapter('x', 7)], OTHER)].reduce(applyCommand, EMPTY_EDIT);
    expect(both.chapters[MEDIA]?.map((each) => each.id)).toEqual(['x', 'y']);
    const after = applyCommand(both, put(null));
    expect(after.chapters).toEqual({ [OTHER]: [chapter('x', 7)] });
    expect(applyCommand(after, put([])).chapters[MEDIA]).toEqual([]);
    expect(both.chapters[MEDIA]).toHaveLength(2);
  });

  it.each<[string, Chapter[], string]>([
    ['an id twice', [chapter('x', 0), chapter('x', 5)], 'duplicate_chapter'],
    ['no id', [chapter('', 0)], 'unknown_chapter'],
    ['two at one moment', [chapter('x', 5), chapter('y', 5)], 'position_invalid'],
    ['starts out of order', [chapter('x', 9), chapter('y', 5)], 'position_invalid'],
    ['no start', [chapter('x', null)], 'position_invalid'],
    ['an endless title', [chapter('x', 0, 't'.repeat(201))], 'name_too_long'],
  ])('refuse %s, from a command and in a project', (_what, chapters, problem) => {
    expect(problemOf(() => applyCommand(EMPTY_EDIT, put(chapters)))).toBe(problem);
    expect(problemOf(() => assertEdit({ ...EMPTY_EDIT, chapters: { [MEDIA]: chapters } }))).toBe(problem);
  });
});

describe('settings of the understanding', () => {
  it('are no step, start from the defaults, and stay as they are through undo and redo', () => {
    let history = advance(startHistory(EMPTY_EDIT), put([chapter('x', 0)]));
    history = advance(history, setting({ chapterDetail: 0.9 }));
    history = advance(history, setting({ reelLength: 20 }));
    expect(history.past).toHaveLength(1);
    expect(history.edit.understanding[MEDIA]).toEqual({ ...DEFAULT_UNDERSTANDING, chapterDetail: 0.9, reelLength: 20 });
    const undone = advance(history, { type: 'undo' });
    expect(undone.edit).toEqual({ ...EMPTY_EDIT, understanding: history.edit.understanding });
    const moved = advance(undone, setting({ chapterDetail: 0.1 }));
    expect(canRedo(moved)).toBe(true);
    const redone = advance(moved, { type: 'redo' });
    expect(redone.edit.understanding[MEDIA]).toMatchObject({ chapterDetail: 0.1, reelLength: 20 });
    expect(redone.edit.chapters[MEDIA]).toHaveLength(1);
  });

  it('change nothing that is named without a value', () => {
    const history = replay(EMPTY_EDIT, [setting({ reelLength: 20 }), setting({ reelLength: undefined, verbatim: true })]);
    expect(history.edit.understanding[MEDIA]).toEqual({ ...DEFAULT_UNDERSTANDING, reelLength: 20, verbatim: true });
  });
});

it('an edit written before there were chapters has none, and default settings', () => {
  expect(editSchema.parse({ clips: [], captions: [] })).toEqual(EMPTY_EDIT);
  expect(editSchema.parse({ clips: [], understanding: { [MEDIA]: { reelLength: 20 } } }).understanding[MEDIA]).toEqual({ ...DEFAULT_UNDERSTANDING, reelLength: 20 });
});

type Numbers = [number, number, number];
const steps = fc.array(fc.tuple(fc.nat(7), fc.nat(30), fc.nat(30)), { maxLength: 40 });

function commandFor(history: EditHistory, [kind, a, b]: Numbers): EditCommand {
  const media = a % 2 === 0 ? MEDIA : OTHER;
  if (kind === 6 && canUndo(history)) return { type: 'undo' };
  if (kind === 7 && canRedo(history)) return { type: 'redo' };
  if (kind === 0) return put(null, media);
  if (kind === 1) return { type: 'group', changes: [{ type: 'chapters.set', media, chapters: [] }, { type: 'chapters.set', media: OTHER, chapters: [chapter('g', b)] }] };
  if (kind === 2) return setting({ chapterDetail: b / 30 }, media);
  if (kind === 3) return setting({ verbatim: b % 2 === 0, summaryLength: { unit: 'words', value: b + 1 } }, media);
  return put(Array.from({ length: b % 4 }, (_, i) => chapter(`c${i}`, a + i * (b + 1))), media);
}

function runAll(numbers: Numbers[]): { commands: EditCommand[]; last: EditHistory } {
  const commands: EditCommand[] = [];
  const last = numbers.reduce((history, step) => {
    const command = commandFor(history, step);
    commands.push(command);
    return advance(history, command);
  }, startHistory(EMPTY_EDIT));
  return { commands, last };
}

describe('any list of these commands', () => {
  it('keeps the edit sound; undoing and redoing all of it moves the chapters and no setting', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { last } = runAll(numbers);
        assertEdit(last.edit);
        let history = last;
        while (canUndo(history)) {
          history = advance(history, { type: 'undo' });
          expect(history.edit.understanding).toEqual(last.edit.understanding);
        }
        expect(history.edit.chapters).toEqual({});
        for (let i = 0; i < last.past.length; i += 1) history = advance(history, { type: 'redo' });
        expect(history.edit).toEqual(last.edit);
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
      fc.property(steps, steps, (one, more) => {
        const from = runAll(one).last.edit;
        const to = runAll([...one, ...more]).last.edit;
        expect(replay(from, [...changesBetween(from, to), ...settingsBetween(from, to)]).edit).toEqual(to);
        expect([...changesBetween(to, structuredClone(to)), ...settingsBetween(to, structuredClone(to))]).toEqual([]);
      }),
    );
  });
});
