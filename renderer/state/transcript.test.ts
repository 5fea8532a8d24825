import { describe, expect, it } from 'vitest';
import { fromSeconds } from '../../shared/time.ts';
import { someCue } from '../testing/captions.ts';
import { makeDocument, sentenceAt, textOf, wordAt } from './transcript-document.ts';
import { findWords } from './transcript-find.svelte.ts';
import { correctedCue, wordsOfCue } from './transcript-words.ts';

const range = (start: number, end: number) => ({ start: fromSeconds(start), end: fromSeconds(end) });
const texts = (words: readonly { text: string }[]): string => words.map((word) => word.text).join(' ');

describe('words of a cue', () => {
  it('stand where the text has them, over line breaks', () => {
    const cue = { ...someCue('a', 1, 'We choose to go'), text: 'We choose\nto go' };
    expect(wordsOfCue(cue).map((word) => cue.text.slice(word.from, word.to))).toEqual(['We', 'choose', 'to', 'go']);
    expect(wordsOfCue(cue).every((word) => word.space)).toBe(true);
  });

  it('get times between their neighbours when a person has written them', () => {
    const cue = { ...someCue('a', 0, 'We go'), text: 'We surely go' };
    const [, written, last] = wordsOfCue(cue);
    expect(written?.text).toBe('surely');
    expect(written?.start).toBe(fromSeconds(0.4));
    expect(written?.end).toBe(last?.start);
  });

  it('share out the time of an imported cue, also of Chinese without spaces', () => {
    const cue = { ...someCue('a', 0, 'x'), text: '我们选择登月。', words: [], end: fromSeconds(6) };
    const words = wordsOfCue(cue);
    expect(words.map((word) => word.text).join('')).toBe('我们选择登月。');
    expect(words.length).toBeGreaterThan(2);
    expect(words.at(-1)?.end).toBe(fromSeconds(6));
    expect(words.some((word) => word.space)).toBe(true);
    expect(words.slice(1).some((word) => word.space)).toBe(false);
  });

  it('keep their time when they are corrected', () => {
    const cue = someCue('a', 1, 'We chose to go');
    const word = wordsOfCue(cue)[1];
    const changed = word && correctedCue(cue, word, 'choose');
    expect(changed?.text).toBe('We choose to go');
    expect(changed?.touched).toBe(true);
    expect(changed?.words[1]).toMatchObject({ text: 'choose', start: word?.start, end: word?.end, confidence: 1 });
    expect(changed?.words.map((each) => each.text)).toEqual(['We', 'choose', 'to', 'go']);
  });

  it('become several, or none', () => {
    const cue = someCue('a', 0, 'We go');
    const [first, second] = wordsOfCue(cue);
    if (!first || !second) throw new Error('no words');
    const more = correctedCue(cue, first, 'All of us');
    expect(more?.words.map((word) => word.text)).toEqual(['All', 'of', 'us', 'go']);
    expect(more?.words[2]?.end).toBe(first.end);
    expect(correctedCue(cue, second, '')?.text).toBe('We');
    expect(correctedCue(someCue('b', 0, 'Um'), { ...first, cue: 'b', from: 0, to: 2 }, ' ')).toBeNull();
  });
});

describe('the document', () => {
  const cues = [someCue('a', 0, 'One two three.'), someCue('b', 2, 'Four five six.'), someCue('c', 10, 'Seven eight.', 'B')];

  it('parts paragraphs at pauses and speakers', () => {
    const document = makeDocument(cues, []);
    expect(document.paragraphs.map((paragraph) => texts(document.words.slice(paragraph.from, paragraph.to)))).toEqual(['One two three. Four five six.', 'Seven eight.']);
    expect(document.words.some((word) => word.cut)).toBe(false);
  });

  it('shows what is cut where it was cut', () => {
    const document = makeDocument(cues, [range(0, 2), range(3.4, 20)]);
    expect(texts(document.words)).toBe('One two three. Four five six. Seven eight.');
    expect(texts(document.words.filter((word) => word.cut))).toBe('Four five six.');
    expect(textOf(document, 0, 8, false)).toBe('One two three.\n\nSeven eight.');
  });

  it('follows the order of the lane', () => {
    const document = makeDocument(cues, [range(9, 20), range(0, 2)]);
    expect(texts(document.words.filter((word) => !word.cut))).toBe('Seven eight. One two three.');
    expect(document.words).toHaveLength(8);
    expect(document.paragraphs.map((paragraph) => paragraph.moved)).toEqual([true, false]);
    const swapped = makeDocument(cues, [range(0, 1), range(2.9, 20), range(1, 2.9)]);
    expect(swapped.paragraphs.filter((paragraph) => paragraph.moved).map((paragraph) => swapped.words[paragraph.from]?.text)).toEqual(['three.']);
  });

  it('finds the word at a time, whatever the order', () => {
    const document = makeDocument(cues, [range(9, 20), range(0, 9)]);
    expect(document.words[wordAt(document, fromSeconds(0.6))]?.text).toBe('two');
    expect(document.words[wordAt(document, fromSeconds(10.1))]?.text).toBe('Seven');
    expect(wordAt(document, fromSeconds(8))).toBe(-1);
  });

  it('knows sentences, and finds text over word ends', () => {
    const document = makeDocument(cues, []);
    expect(sentenceAt(document, 4)).toEqual({ from: 3, to: 6 });
    expect(findWords(document, 'THREE. fo')).toEqual([{ from: 2, to: 4 }]);
    expect(findWords(document, '  ')).toEqual([]);
  });

  it('takes the words of three hours in a moment, tightened a thousand times', () => {
    const long = Array.from({ length: 5000 }, (_, index) => someCue(`c${index}`, index * 3, 'one two three four five six'));
    const clips = Array.from({ length: 1000 }, (_, index) => range(index * 15, index * 15 + 13));
    const document = makeDocument(long, clips);
    expect(document.words).toHaveLength(30_000);
    expect(document.words.filter((word) => word.cut).length).toBeGreaterThan(1000);
  });
});
