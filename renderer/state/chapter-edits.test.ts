import { describe, expect, it } from 'vitest';
import { fromSeconds } from '../../shared/time.ts';
import type { Chapter, Sentence } from '../../shared/understanding/types.ts';
import { chapterAt, chapterRange, mergeChapter, moveChapter, renameChapter, splitChapter } from './chapter-edits.ts';

const sentences: Sentence[] = Array.from({ length: 10 }, (_, line) => ({ text: `Sentence ${line}.`, start: fromSeconds(line * 2), end: fromSeconds(line * 2 + 1.5), speaker: null, line }));
const chapter = (id: string, seconds: number): Chapter => ({ id, title: id.toUpperCase(), start: fromSeconds(seconds), firstSentence: seconds / 2, touched: false });
const list = [chapter('a', 0), chapter('b', 8), chapter('c', 14)];

describe('chapters by hand', () => {
  it('knows where each begins and ends', () => {
    expect([0, 7.9, 8, 30].map((seconds) => chapterAt(list, fromSeconds(seconds)))).toEqual([0, 0, 1, 2]);
    expect(chapterRange(list, 1, fromSeconds(20))).toEqual({ start: fromSeconds(8), end: fromSeconds(14) });
    expect(chapterRange(list, 2, fromSeconds(20))).toEqual({ start: fromSeconds(14), end: fromSeconds(20) });
  });

  it('splits in order of time at the sentence that is said there, and not twice', () => {
    const split = splitChapter(list, sentences, fromSeconds(3), { id: 'n', title: 'New' });
    expect(split?.map(({ id, firstSentence }) => [id, firstSentence])).toEqual([['a', 0], ['n', 1], ['b', 4], ['c', 7]]);
    expect(splitChapter(list, sentences, fromSeconds(8), { id: 'n', title: 'New' })).toBeNull();
  });

  it('merges into the one before, which the first has not', () => {
    expect(mergeChapter(list, 'b')?.map(({ id, touched }) => [id, touched])).toEqual([['a', true], ['c', false]]);
    expect(mergeChapter(list, 'a')).toBeNull();
  });

  it('moves a beginning only between its neighbours', () => {
    expect(moveChapter(list, sentences, 'b', fromSeconds(10))?.[1]).toMatchObject({ id: 'b', start: fromSeconds(10), firstSentence: 5, touched: true });
    expect(moveChapter(list, sentences, 'b', fromSeconds(14))).toBeNull();
    expect(moveChapter(list, sentences, 'b', fromSeconds(0))).toBeNull();
  });

  it('keeps titles to one line, and an empty one changes nothing', () => {
    expect(renameChapter(list, 'c', '  The \n end ')?.[2]).toMatchObject({ title: 'The end', touched: true });
    expect(renameChapter(list, 'c', '   ')).toBeNull();
    expect(renameChapter(list, 'c', 'C')).toBeNull();
  });
});
