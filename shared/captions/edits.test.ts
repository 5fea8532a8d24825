import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deleteCues, insertCue, mergeCues, retimeCue, setText, shiftCues, splitCue, stretchCues } from './edits.ts';
import { RULES } from './rules.ts';
import { cue, KENNEDY, LUXUN, speak } from './testWords.ts';
import { emptyTrack, mergeSpeakers, renameSpeaker, speakerName } from './track.ts';
import type { MediaId } from '../media.ts';
import { flicks, FLICKS_PER_SECOND, fromSeconds, ZERO, type Flicks } from '../time.ts';
import type { Cue, Word } from './types.ts';

const words = speak(KENNEDY).slice(0, 13);
const spoken = cue('a', 1, 9, 'And so, my fellow Americans:\nask not what your country can do for', { words: words.slice(0, 13), speaker: 'A' });
const times = (each: Cue | undefined): (number | undefined)[] => [each?.start, each?.end].map((time) => time && Math.round((time / FLICKS_PER_SECOND) * 1000) / 1000);
const texts = (each: Cue | undefined): string[] => each?.words.map((word) => word.text) ?? [];

describe('splitting', () => {
  it('is exact where the words have times', () => {
    const { remove, insert } = splitCue(spoken, 29, 'b');
    expect(remove).toEqual(['a']);
    expect(insert.map(({ id, text, start, end, touched }) => [id, text, start, end, touched])).toEqual([
      ['a', 'And so, my fellow Americans:', spoken.start, words[4]?.end, true],
      ['b', 'ask not what your country can do for', words[5]?.start, spoken.end, true],
    ]);
    expect(insert.flatMap((each) => each.words)).toEqual(words.slice(0, 13));
  });

  it('shares the time by length where they have none, and cuts marks', () => {
    const { insert } = splitCue(cue('a', 0, 10, 'Hello there', { spans: [{ from: 3, to: 9, bold: true }] }), 6, 'b');
    expect(insert.map(times)).toEqual([
      [0, 5],
      [5, 10],
    ]);
    expect(insert.map((each) => each.spans)).toEqual([[{ from: 3, to: 5, bold: true }], [{ from: 0, to: 3, bold: true }]]);
  });

  it('changes nothing at an end of the text', () => {
    for (const offset of [0, spoken.text.length]) expect(splitCue(spoken, offset, 'b')).toEqual({ remove: [], insert: [] });
  });

  it('parts a piece of Chinese in its middle', () => {
    const piece: Word = { text: '我们的房子', start: fromSeconds(0), end: fromSeconds(5), confidence: 0.9, space: false };
    const { insert } = splitCue(cue('a', 0, 5, '我们的房子', { words: [piece] }), 3, 'b');
    expect(insert.map((each) => [each.text, times(each), texts(each)])).toEqual([
      ['我们的', [0, 3], ['我们的']],
      ['房子', [3, 5], ['房子']],
    ]);
  });
});

describe('merging', () => {
  it('is undone by splitting: texts, words, marks and times', () => {
    const { insert } = splitCue(spoken, 29, 'b');
    const [merged] = mergeCues([...insert].reverse()).insert;
    expect(merged).toEqual({ ...spoken, touched: true });
  });

  it('lays out by rules, without a space in Chinese', () => {
    const layout = { rules: RULES['netflix-zh'], language: 'zh' };
    const [merged] = mergeCues([cue('a', 0, 1, '今天我们\n去公园，'), cue('b', 2, 3, '好不好？')], layout).insert;
    expect(merged?.text).toBe('今天我们去公园，好不好？');
    expect(merged && times(merged)).toEqual([0, 3]);
  });

  it('gives each speaker a line', () => {
    const [merged] = mergeCues([cue('a', 0, 1, 'Are you\nwell?', { speaker: 'A', spans: [{ from: 8, to: 12, italic: true }] }), cue('b', 1, 2, 'No.', { speaker: 'B', spans: [{ from: 0, to: 2, bold: true }] })]).insert;
    expect(merged?.text).toBe('- Are you well?\n- No.');
    expect(merged?.spans.map(({ from, to }) => merged.text.slice(from, to))).toEqual(['well', 'No']);
  });
});

describe('times', () => {
  it('shift as far as zero, words too', () => {
    const [a, b] = shiftCues([spoken, cue('b', 10, 11, 'B')], fromSeconds(-2)).insert;
    expect([times(a), times(b)]).toEqual([
      [0, 8],
      [9, 10],
    ]);
    expect(a?.words[0]?.start).toBe(flicks((words[0]?.start ?? 0) - FLICKS_PER_SECOND));
  });

  it('stretch between two points', () => {
    const at = (seconds: number): Flicks => fromSeconds(seconds);
    const { insert } = stretchCues([cue('a', 10, 20, 'A'), cue('b', 100, 101, 'B')], at(10), at(100), at(12), at(192));
    expect(insert.map(times)).toEqual([
      [12, 32],
      [192, 194],
    ]);
    expect(() => stretchCues([], at(1), at(1), at(0), at(2))).toThrow('range_invalid');
  });

  it('stay in order and above zero whatever the stretch', () => {
    const time = fc.integer({ min: 0, max: 1000 }).map(fromSeconds);
    fc.assert(
      fc.property(fc.array(fc.tuple(time, fc.integer({ min: 1, max: 10_000_000_00 })), { maxLength: 10 }), time, time, time, time, (items, a, b, c, d) => {
        fc.pre(a < b && c < d);
        const cues = items.sort((x, y) => x[0] - y[0]).map(([start, length], i) => ({ ...cue(`c${i}`, 0, 1, 'x'), start, end: flicks(start + length) }));
        const moved = stretchCues(cues, a, b, c, d).insert;
        moved.forEach((each, i) => {
          expect(each.start).toBeGreaterThanOrEqual(moved[i - 1]?.start ?? 0);
          expect(each.end).toBeGreaterThan(each.start);
        });
      }),
    );
  });

  it('of edges leave the words alone; of the whole cue take them along', () => {
    expect(retimeCue(spoken, fromSeconds(2), fromSeconds(9)).insert[0]?.words).toEqual(spoken.words);
    expect(retimeCue(spoken, fromSeconds(3), fromSeconds(11)).insert[0]?.words[0]?.start).toBe(flicks((words[0]?.start ?? 0) + 2 * FLICKS_PER_SECOND));
    expect(times(retimeCue(spoken, flicks(-5), flicks(-9)).insert[0])).toEqual([0, 0]);
  });

  it('come and go', () => {
    expect(insertCue({ id: 'n', start: flicks(-3), end: ZERO, text: 'New' }).insert[0]).toMatchObject({ id: 'n', start: 0, end: 1, touched: true, words: [] });
    expect(deleteCues([{ id: 'x' }])).toEqual({ remove: ['x'], insert: [] });
  });
});

describe('text written anew', () => {
  const written = (text: string, from: Cue = spoken): Cue => setText(from, text).insert[0] ?? from;

  it('keeps the words that stay and gives the others’ times to those in their place', () => {
    const after = written('And so, my dear Americans:\nask not what your country can do');
    expect(texts(after)).toEqual(['And', 'so,', 'my', 'dear', 'Americans:', 'ask', 'not', 'what', 'your', 'country', 'can', 'do']);
    expect(after.words[3]).toMatchObject({ start: words[3]?.start, end: words[3]?.end, confidence: 1 });
    expect(after.words[4]).toEqual(words[4]);
  });

  it('shares times when there are more or fewer, and takes a pause for what is new', () => {
    const more = written('And so, my good old Americans:\nask not what your country can do for');
    expect(more.words.slice(3, 5).map((word) => [word.text, word.start, word.end])).toEqual([
      ['good', words[3]?.start, more.words[4]?.start],
      ['old', more.words[3]?.end, words[3]?.end],
    ]);
    const added = written('And so, now, my fellow Americans:\nask not what your country can do for');
    expect(added.words[2]).toEqual({ text: 'now,', start: words[1]?.end, end: words[2]?.start, confidence: 1, space: true });
  });

  it('lets a change of case or punctuation keep its time', () => {
    const after = written('and so my fellow Americans:\nask not what your country can do for');
    expect(after.words[0]).toEqual({ ...words[0], text: 'and', confidence: 1 });
    expect(after.words[1]).toEqual({ ...words[1], text: 'so', confidence: 1 });
  });

  it('works by the character in Chinese', () => {
    const pieces = speak(LUXUN).slice(0, 4);
    const before = cue('z', 1, 5, pieces.map((piece) => piece.text).join(''), { words: pieces });
    const after = written('我冒着严寒，回到', before);
    expect(before.text).toBe('我冒了严寒，回到');
    expect(after.words.map((word) => word.text).join('')).toBe('我冒着严寒，回到');
    expect(after.words.at(-1)).toEqual(pieces.at(-1));
    expect(after.words.find((word) => word.text === '着')).toMatchObject({ confidence: 1 });
  });

  it('keeps marks on what stays', () => {
    const marked = cue('m', 0, 2, 'one two three', { spans: [{ from: 4, to: 7, italic: true }, { from: 8, to: 13, bold: true }] });
    const after = written('one or two three', marked);
    expect(after.spans.map(({ from, to }) => after.text.slice(from, to))).toEqual(['two', 'three']);
    expect(written('one three', marked).spans.map(({ from, to }) => 'one three'.slice(from, to))).toEqual(['three']);
  });

  it('gives words that are the text, in order of time, for any edit', () => {
    const text = fc.array(fc.constantFrom('And', 'so,', 'my', 'country', 'new', '今天', '我们', '-', '\n', 'x'), { maxLength: 20 }).map((parts) => parts.join(' ').trim());
    fc.assert(
      fc.property(text, text, (first, second) => {
        const after = written(second, written(first));
        expect(after.words.map((word) => word.text).join('')).toBe(first.trim() === '' ? '' : second.replace(/\s/g, ''));
        after.words.forEach((word, i) => {
          expect(word.end).toBeGreaterThanOrEqual(word.start);
          expect(word.start).toBeGreaterThanOrEqual(after.words[i - 1]?.start ?? 0);
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a track', () => {
  const track = {
    ...emptyTrack({ media: 'm' as MediaId, language: 'zh-Hans', name: '', kind: 'speech', id: 't' }),
    speakers: [{ id: 'A', name: '' }, { id: 'B', name: 'Bea' }],
    cues: [cue('1', 0, 1, 'x', { speaker: 'A' }), cue('2', 1, 2, 'y', { speaker: 'B' })],
  };

  it('begins with the rules of its language', () => expect(track.rules).toEqual(RULES['netflix-zh']));
  it('knows its speakers’ names', () => expect(['A', 'B', 'C', null].map((id) => speakerName(track, id))).toEqual(['A', 'Bea', null, null]));
  it('renames and merges speakers', () => {
    expect(renameSpeaker(track, 'A', ' Ann ')[0]).toEqual({ id: 'A', name: 'Ann' });
    const { speakers, cues } = mergeSpeakers(track, 'A', 'B');
    expect(speakers.map(({ id }) => id)).toEqual(['B']);
    expect(cues).toEqual({ remove: ['1'], insert: [{ ...track.cues[0], speaker: 'B' }] });
    expect(mergeSpeakers(track, 'A', 'X').speakers).toBe(track.speakers);
  });
});
