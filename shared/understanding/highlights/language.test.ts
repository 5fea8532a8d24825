import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSeconds } from '../../time.ts';
import type { Sentence } from '../types.ts';
import { centralityOf } from './centrality.ts';
import { emotionsOf } from './emotion.ts';

const said = (text: string, seconds = text.length / 12): Sentence => ({ text, start: fromSeconds(0), end: fromSeconds(seconds), speaker: null, line: 0 });
const order = (...texts: string[]): number[] => {
  const values = emotionsOf(texts.map((text) => said(text)));
  return values.map((_, index) => index).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
};

describe('feeling', () => {
  it('ranks English by words and marks', () => {
    expect(order('The table has four columns.', 'I was absolutely terrified, it was a nightmare!', 'We were happy with the table.')).toEqual([1, 2, 0]);
    expect(order('We won.', 'We won!')).toEqual([1, 0]);
    expect(order('That is the plan for today.', 'Is that the plan for today?')).toEqual([1, 0]);
  });

  it('ranks Chinese, by the longest word at each place', () => {
    expect(order('这个表格有四列。', '天哪，太可怕了，简直是噩梦！', '我们对这个表格很高兴。')).toEqual([1, 2, 0]);
    // 没想到 holds 想 and 到 only by chance, 爱死 is one strong word and not 爱 and 死.
    expect(emotionsOf([said('爱死了')])[0]).toBeLessThan(1.01);
  });

  it('grows with the pace, compared with the rest of the talk', () => {
    const steady = Array.from({ length: 9 }, () => said('We went on to the next page of it.', 4));
    const values = emotionsOf([...steady, said('We went on to the next page of it.', 2)]);
    expect(values[9]).toBeGreaterThan(values[0]! + 0.3);
  });

  it('bears any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 8 }), (texts) => {
        const sentences = texts.map((text): Sentence => ({ ...said(text), start: null, end: null }));
        for (const value of [...emotionsOf(sentences), ...centralityOf(texts, null)]) expect(Number.isFinite(value) && value >= 0).toBe(true);
      }),
    );
  });
});

describe('centrality', () => {
  const talk = ['The budget for energy went up again.', 'My cat sleeps in the kitchen all day.', 'We cut the energy budget by insulation.', 'Energy costs are most of the budget now.', 'Yes.'];

  it('by words: what is said of the topic stands above what is not', () => {
    const [budget, cat, cut, costs, yes] = centralityOf(talk, null);
    expect(Math.min(budget!, cut!, costs!)).toBeGreaterThan(cat!);
    expect(yes).toBe(0);
  });

  it('by vectors: the cosine to their mean', () => {
    const vectors = [[1, 0], [0, 1], [1, 0]].map((vector) => Float32Array.from(vector));
    expect(centralityOf(talk.slice(0, 3), vectors).map((value) => Number(value.toFixed(4)))).toEqual([0.8944, 0.4472, 0.8944]);
  });

  it('takes pairs of characters where no spaces part words', () => {
    const [one, other, two] = centralityOf(['能源预算又增加了', '我的猫整天在厨房睡觉', '我们减少了能源预算'], null);
    expect(Math.min(one!, two!)).toBeGreaterThan(other!);
  });
});
