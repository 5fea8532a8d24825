import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSeconds } from '../../time.ts';
import type { Sentence, SummaryLength } from '../types.ts';
import { cleanSentence, clipsOfSummary, formatSummary, keyTerms, summarise } from './index.ts';
import { readingLength } from './words.ts';

const timed = (texts: readonly string[]): Sentence[] =>
  texts.map((text, line) => ({ text, start: fromSeconds(line * 5), end: fromSeconds(line * 5 + 5), speaker: null, line }));
const run = (sentences: readonly Sentence[], length: SummaryLength, language = 'en') => summarise({ sentences, vectors: null, language, length, chapters: null });

describe('cleanSentence', () => {
  it.each([
    ['en', "Yeah , so {vocalsound} the the battery of the remote is um too heavy .", 'The battery of the remote is too heavy.'],
    ['en', "Well , we 're going to test it tomorrow .", "We're going to test it tomorrow."],
    ['en', 'So many people bought it.', 'So many people bought it.'],
    ['en', '{laugh} Um , uh .', ''],
    ['en', 'So we th that " far - field " one is , uh , sort of slow .', 'We that "far-field" one is slow.'],
    ['en', 'That is some kind of a name, you know, for it.', 'That is some kind of a name, for it.'],
    ['zh', '嗯，那么，我们今天讨论一下明年的预算。', '我们今天讨论一下明年的预算。'],
  ])('%s: %s', (language, said, read) => {
    expect(cleanSentence(said, language)).toBe(read);
  });
});

describe('summarise', () => {
  const word = fc.constantFrom('budget', 'the', 'remote', 'is', 'of', 'control', '预算', 'שלום', '🎬', 'we', 'design', 'energy', 'uh', 'market.');
  const texts = fc.array(fc.array(word, { maxLength: 40 }).map((words) => words.join(' ')), { maxLength: 40 });

  it('keeps to a budget of words, in order of the text, by valid indexes', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 300 }), (said, value) => {
        const sentences = timed(said);
        const { sentences: chosen } = run(sentences, { unit: 'words', value });
        // A single sentence stands even where the shortest is too long.
        if (chosen.length > 1) expect(chosen.reduce((sum, { text }) => sum + readingLength(text), 0)).toBeLessThanOrEqual(value);
        const indexes = chosen.map(({ sentence }) => sentence);
        expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
        for (const { sentence, start } of chosen) expect(start).toBe(sentences[sentence]?.start);
      }),
    );
  });

  it('keeps to seconds and to a number of sentences', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 5, max: 60 }), (said, value) => {
        expect(run(timed(said), { unit: 'seconds', value }).sentences.length).toBeLessThanOrEqual(value / 5);
        expect(run(timed(said), { unit: 'sentences', value }).sentences.length).toBeLessThanOrEqual(value);
      }),
    );
  });

  it('has nothing to say of nothing, and all of a text shorter than asked for', () => {
    expect(run([], { unit: 'words', value: 100 })).toMatchObject({ sentences: [], terms: [] });
    expect(run(timed(['The committee approved the budget of the new school.']), { unit: 'words', value: 100 })).toMatchObject({
      whole: true,
      sentences: [{ sentence: 0, text: 'The committee approved the budget of the new school.' }],
    });
  });

  it('gives short answers too where all fits, and leaves out what was broken off where not', () => {
    const texts = ['Yes.', 'The committee approved the budget of the new school.', 'The school is the largest building of the', 'Where the pupils of the old school now are.'];
    expect(run(timed(texts), { unit: 'words', value: 100 }).sentences).toHaveLength(4);
    expect(run(timed(texts), { unit: 'words', value: 15 })).toMatchObject({ whole: false, sentences: [{ sentence: 1 }] });
  });

  it('goes by the meaning: the middle of the talk, and nothing twice', () => {
    // The same sentence form throughout, so that only vectors tell them apart: 0, 1 and 3 are about one thing, 2 is about another; 1 says what 0 says.
    const texts = ['The red house of the village is old.', 'The old house of the village is red.', 'The fast boat of the island is blue.', 'The small barn of the village is grey.'];
    const vectors = [[1, 0.1, 0], [1, 0.1, 0.01], [0, 0, 1], [0.8, 0.6, 0]].map((values) => {
      const norm = Math.hypot(...values);
      return Float32Array.from(values, (value) => value / norm);
    });
    const summary = summarise({ sentences: timed(texts), vectors, language: 'en', length: { unit: 'sentences', value: 2 }, chapters: null });
    expect(summary.method).toBe('meaning');
    expect(summary.sentences.map(({ sentence }) => sentence)).toEqual([0, 3]);
  });

  it('survives one word said 10,000 times', () => {
    expect(run(timed([Array.from({ length: 10_000 }, () => 'word').join(' ')]), { unit: 'words', value: 50 }).sentences.map(({ text }) => text)).toEqual(['Word.']);
    expect(keyTerms(timed(Array.from({ length: 10_000 }, () => 'word')), 'en', 5)).toHaveLength(1);
  });
});

describe('what is made of a summary', () => {
  const summary = run(timed(['The committee approved the budget of the new school.', 'The school opens in the autumn of next year.', 'The teachers are hired by the city in the spring.']), { unit: 'words', value: 100 });

  it('is a cut whose neighbours are one clip', () => {
    expect(clipsOfSummary(summary)).toEqual([{ start: 0, end: fromSeconds(15) }]);
    expect(clipsOfSummary({ sentences: summary.sentences.filter((_, index) => index !== 1) })).toHaveLength(2);
  });

  it('is Markdown with times', () => {
    expect(formatSummary(summary, 'md', { title: 'School', terms: 'Key terms' })).toMatch(/^# School\n\n- \*\*[0:]+\*\* The committee approved/u);
  });
});
