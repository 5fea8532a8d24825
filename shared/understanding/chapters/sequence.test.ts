import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flicks } from '../../time.ts';
import type { Chapter } from '../types.ts';
import { chaptersOfSequence } from './sequence.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const chapter = (title: string, start: number | null): Chapter => ({ id: title, title, start: start === null ? null : flicks(start), firstSentence: 0, touched: false });
const clip = (media: string, start: number, end: number) => ({ media, start: flicks(start), end: flicks(end) });
const chapters = { [A]: [chapter('one', 0), chapter('two', 100), chapter('three', 200)], [B]: [chapter('late', 50)] };
const shown = (clips: Parameters<typeof chaptersOfSequence>[1]) => chaptersOfSequence(chapters, clips).map(({ title, start }) => [title, start]);

test('chapters move with the cut; one whose beginning was cut begins with its first kept moment', () => {
  expect(shown([clip(A, 0, 300)])).toEqual([['one', 0], ['two', 100], ['three', 200]]);
  expect(shown([clip(A, 20, 80), clip(A, 150, 220)])).toEqual([['one', 0], ['two', 60], ['three', 110]]);
  expect(shown([clip(A, 120, 140)])).toEqual([['two', 0]]);
});

test('neighbours of one chapter are one; coming back to a chapter begins it again', () => {
  expect(shown([clip(A, 0, 10), clip(A, 30, 40), clip(A, 110, 120), clip(A, 50, 60)])).toEqual([['one', 0], ['two', 20], ['one', 30]]);
});

test('several media; where none is on yet, none is told; a media without chapters goes on with the one before', () => {
  expect(shown([clip(B, 0, 60), clip(A, 90, 110), clip('c'.repeat(32), 0, 10), clip(A, 105, 115)])).toEqual([['late', 50], ['one', 60], ['two', 70]]);
  expect(chaptersOfSequence({ [A]: [chapter('untimed', null)] }, [clip(A, 0, 10)])).toEqual([]);
});

test('any cut: at every moment the chapter is the one that the media has there', () => {
  const clips = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 90 })).map(([start, length]) => clip(A, start, start + length)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(clips, (cut) => {
      const found = chaptersOfSequence(chapters, cut);
      let at = 0;
      for (const { start, end } of cut) {
        for (let time: number = start; time < end; time += 7) {
          const wanted = time < 100 ? 'one' : time < 200 ? 'two' : 'three';
          expect(found.findLast((each) => (each.start ?? 0) <= at + time - start)?.title).toBe(wanted);
        }
        at += end - start;
      }
      expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    }),
  );
});
