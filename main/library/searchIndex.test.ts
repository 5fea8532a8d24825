import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromSeconds } from '../../shared/time.ts';
import type { Sentence } from '../../shared/understanding/types.ts';
import { fromFloat16, toFloat16 } from './float16.ts';
import { openLibrary } from './library.ts';
import { MIGRATIONS } from './migrations.ts';
import { picturesFact } from './pictureIndex.ts';
import type { Library } from './types.ts';
import { compareSigns, DIMENSIONS, mixedVectors, signsOf } from './windows.ts';
import { marksOf, queryWords } from './words.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
let folder: string;
let library: Library;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-index-'));
  library = openLibrary({ folder, searchTerms: () => [] });
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true, force: true });
});

const talk = (...texts: string[]): Sentence[] =>
  texts.map((text, line) => ({ text, line, speaker: null, start: fromSeconds(line), end: fromSeconds(line + 1) }));
const words = (query: string, media: string[] | null = null): string[] => {
  const found = library.found.words(queryWords(query), media, 50);
  const sentences = library.found.sentences(found.map(({ id }) => id));
  return found.map(({ id }) => sentences.get(id)?.text ?? '');
};
/** A unit vector that is mostly value `axis`. */
const vector = (axis: number, noise = 0.01): Float32Array => {
  const values = Float32Array.from({ length: DIMENSIONS }, (_, index) => (index === axis ? 1 : noise * Math.sin(index * (axis + 1))));
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
};

describe('embeddings', () => {
  it('come back as they were to three digits', () => {
    const values = vector(7, 0.05);
    library.putEmbeddings([['x', values], ['y', vector(1)]]);
    const back = library.getEmbedding('x');
    expect(back).toHaveLength(DIMENSIONS);
    values.forEach((value, index) => expect(back?.[index]).toBeCloseTo(value, 3));
    expect(library.getEmbedding('z')).toBeNull();
  });

  it('halves are the nearest there are', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), (value) => {
        const [back = NaN] = fromFloat16(Uint8Array.from(toFloat16(Float32Array.of(value))));
        expect(Math.abs(back - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25) * 1.01);
      }),
    );
  });
});

describe('signs', () => {
  it('count as many differences as there are', () => {
    const bits = fc.array(fc.boolean(), { minLength: DIMENSIONS, maxLength: DIMENSIONS });
    fc.assert(
      fc.property(bits, bits, (one, other) => {
        const asVector = (set: boolean[]): Float32Array => Float32Array.from(set, (bit) => (bit ? 1 : -1));
        const distances = new Uint16Array(3);
        compareSigns(signsOf([asVector(one)]), signsOf([asVector(other)]), distances, 1);
        expect([...distances]).toEqual([0, one.filter((bit, index) => bit !== other[index]).length, 0]);
      }),
      { examples: [[Array(DIMENSIONS).fill(true) as boolean[], Array(DIMENSIONS).fill(false) as boolean[]]] },
    );
  });

  it('are of the sentence mixed with its neighbours, the longer ones more', () => {
    const [first, second] = mixedVectors([vector(1, 0), vector(2, 0)], [1, 3]);
    const length = Math.hypot(0.475, 0.525);
    expect([first?.[1], first?.[2]].map((value) => value?.toFixed(3))).toEqual([(0.475 / length).toFixed(3), (0.525 / length).toFixed(3)]);
    expect(second?.[2]).toBeGreaterThan(first?.[1] ?? 1);
    expect(mixedVectors([], [])).toEqual([]);
  });
});

describe('words', () => {
  beforeEach(() => {
    library.indexSentences(A, 'k', talk('The budgets are running low.', 'We went home.', 'Nothing else.', 'x', 'y', 'z', 'A café in Zürich.', 'x', 'y', 'z', 'w', '我们今天讨论机器学习的预算', 'x', 'y', 'z', 'w', '狗在海滩上跑', 'x', 'y', 'z', 'w', '東京タワーに行きました'), null, null);
    library.indexSentences(B, 'k', talk('Budget talks 😀 began', '混合 text 与 machine learning 模型', 'a', 'b', 'c', 'd', '학교에서 배웠다'), null, null);
  });

  it.each([
    ['budget', ['Budget talks 😀 began', 'The budgets are running low.']],
    ['CAFE zurich', ['A café in Zürich.']],
    ['机器学习', ['我们今天讨论机器学习的预算']],
    ['海滩上的狗', ['狗在海滩上跑']],
    ['狗', ['狗在海滩上跑']],
    ['模型', ['混合 text 与 machine learning 模型']],
    ['タワー', ['東京タワーに行きました']],
    ['학교', ['학교에서 배웠다']],
    ['飞机', []],
    ['😀', []],
    ['', []],
    ['   ', []],
  ])('%s', (query, expected) => {
    expect(words(query)).toEqual(expected);
  });

  it.each(['"', '""', 'budget"', 'NEAR(a b)', 'words:x', 'budget OR', 'AND', '-budget', '^budget', 'bud*', '(budget', "'; DROP TABLE sentence; --", '{a b}:', 'budget + low', '\0', '\uD800', '%', 'x'.repeat(1000), '预'.repeat(1000)])('takes %j as words, not as syntax', (query) => {
    expect(() => words(query)).not.toThrow();
    if (/budget/.test(query)) expect(words(query)).toContain('The budgets are running low.');
  });

  it('never fails, whatever is asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (query) => {
        words(query);
        library.found.pictureText(queryWords(query), null, 5);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps to the media asked for, and forgets what was replaced or taken out', () => {
    expect(words('budget', [A])).toEqual(['The budgets are running low.']);
    expect(library.isIndexed(A, 'k')).toBe(true);
    library.indexSentences(A, 'k2', talk('Nothing of money.'), null, null);
    expect([library.isIndexed(A, 'k'), library.isIndexed(A, 'k2')]).toEqual([false, true]);
    expect(words('budget')).toEqual(['Budget talks 😀 began']);
    expect(words('money')).toEqual(['Nothing of money.']);
    library.forgetIndex(B);
    expect(words('budget')).toEqual([]);
    expect(library.found.talks()).toEqual([A]);
  });

  it('stores all of a talk or nothing', () => {
    const broken = [...talk('fine'), { ...talk('x')[0], text: Symbol('x') } as unknown as Sentence];
    expect(() => library.indexSentences(A, 'bad', broken, null, null)).toThrow();
    expect(library.isIndexed(A, 'k')).toBe(true);
    expect(words('low')).toEqual(['The budgets are running low.']);
  });

  it('marks the words of the query in a text', () => {
    const marked = (text: string, query: string): string[] => marksOf(text, queryWords(query)).map(([from, to]) => text.slice(from, to));
    expect(marked('The Budgets were low; a budget.', 'budget')).toEqual(['Budgets', 'budget']);
    expect(marked('我们讨论机器学习的预算', '机器学习')).toEqual(['机器', '学习']);
    expect(marked('Un café', 'CAFE')).toEqual(['café']);
    expect(marked('nothing', 'budget')).toEqual([]);
  });
});

describe('meaning', () => {
  it('finds the nearest sentence of each encoder, and says nothing below the least', () => {
    const vectors = Array.from({ length: 40 }, (_, axis) => vector(axis));
    library.indexSentences(A, 'k', talk(...vectors.map((_, index) => `s${index}`)), vectors, 'minilm');
    library.indexSentences(B, 'k', talk('other'), [vector(20)], 'e5');
    const found = library.found.meaning(vector(20), 'minilm', null, 5, 0.5);
    expect(found.map(({ media, sentence }) => [media, sentence])[0]).toEqual([A, 20]);
    expect(found).toHaveLength(1);
    expect(found[0]?.score).toBeGreaterThan(0.8);
    expect(library.found.meaning(vector(20), 'e5', null, 5, 0.5).map(({ media }) => media)).toEqual([B]);
    expect(library.found.meaning(vector(200), 'minilm', null, 5, 0.5)).toEqual([]);
    expect(library.found.meaning(vector(20), 'minilm', [B], 5, 0)).toEqual([]);
    expect(library.found.encoders()).toEqual(['e5', 'minilm']);
    library.forgetIndex(A);
    expect(library.found.meaning(vector(20), 'minilm', null, 5, 0)).toEqual([]);
  });

  it('sees what another process has indexed anew', () => {
    const other = openLibrary({ folder, searchTerms: () => [] });
    library.indexSentences(A, 'k', talk('one'), [vector(1)], 'minilm');
    expect(other.found.meaning(vector(1), 'minilm', null, 5, 0.5)).toHaveLength(1);
    library.indexSentences(A, 'k2', talk('two'), [vector(2)], 'minilm');
    expect(other.found.meaning(vector(1), 'minilm', null, 5, 0.5)).toEqual([]);
    expect(other.found.meaning(vector(2), 'minilm', null, 5, 0.5)).toHaveLength(1);
    other.close();
  });
});

describe('pictures', () => {
  it('are found by the text in them, in either language, and replaced as a whole', () => {
    const time = fromSeconds(3);
    library.putPictureText(A, [{ shot: 2, time, text: 'Quarterly revenue 季度收入', score: 0.9 }, { shot: 3, time, text: 'Thank you', score: 0.8 }]);
    expect(library.found.pictureText(queryWords('revenues'), null, 5)).toEqual([{ media: A, shot: 2, time, text: 'Quarterly revenue 季度收入', score: 0.9 }]);
    expect(library.found.pictureText(queryWords('收入'), [A], 5)).toHaveLength(1);
    expect(library.found.pictureText(queryWords('收入'), [B], 5)).toEqual([]);
    library.putPictureText(A, [{ shot: 1, time, text: 'Other', score: 1 }]);
    expect(library.found.pictureText(queryWords('revenue'), null, 5)).toEqual([]);
  });

  it('keep how their shots look', () => {
    library.putShotVectors(A, 'features', [{ shot: 0, vector: vector(3) }]);
    library.putShotVectors(A, 'joint', [{ shot: 0, vector: Float32Array.of(1, 0.5) }]);
    expect(library.shotVectors(A, 'joint')).toEqual([{ media: A, shot: 0, vector: Float32Array.of(1, 0.5) }]);
    expect(library.shotVectors(null, 'features')).toHaveLength(1);
    for (const media of [A, B]) library.putFact(picturesFact(media, 'features'), { key: 'x', done: 1 });
    library.forgetIndex(A);
    expect(library.shotVectors(null, 'features')).toEqual([]);
    // Else they would count as examined and never be looked at again.
    expect(library.getFact(picturesFact(A, 'features'))).toBeNull();
    expect(library.getFact(picturesFact(B, 'features'))).not.toBeNull();
  });
});

describe('an older library', () => {
  it('gets the new tables and keeps what it had', () => {
    library.close();
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'rushes-index-'));
    const old = new DatabaseSync(join(folder, 'library.db'));
    old.exec(`${MIGRATIONS[0] ?? ''}; PRAGMA user_version = 1; INSERT INTO fact VALUES ('a', '1')`);
    old.close();
    library = openLibrary({ folder, searchTerms: () => [] });
    expect(library.getFact('a')).toBe(1);
    library.indexSentences(A, 'k', talk('Found here'), null, null);
    expect(words('found')).toEqual(['Found here']);
  });
});
