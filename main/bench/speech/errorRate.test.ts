import { describe, expect, it } from 'vitest';
import { alignWords, countErrors, editDistance, rateOf, unitsOf } from './errorRate.ts';

describe('error rates', () => {
  it('counts a wrong, a missing and a further word', () => {
    expect(countErrors('The cat sat, on the mat.', 'the cat sits on mat now', 'en')).toEqual({ errors: 3, length: 6 });
  });
  it('counts Chinese by characters, in one script, without punctuation', () => {
    expect(unitsOf('這個，软件 OK。', 'zh')).toEqual([...'这个软件ok']);
    expect(countErrors('老洋房花园饭店', '老洋房花園飯點', 'zh')).toEqual({ errors: 1, length: 7 });
  });
  it('takes digits said one by one for the same in any writing only when asked', () => {
    expect(countErrors('one zero oh', '100', 'en').errors).toBe(3);
    expect(countErrors('one zero oh', '100', 'en', 'alike').errors).toBe(0);
    expect(countErrors('一三幺', '131', 'zh', 'alike').errors).toBe(0);
  });
  it('weighs files by their length', () => {
    expect(rateOf([{ errors: 1, length: 1 }, { errors: 0, length: 9 }])).toBe(0.1);
  });
  it('pairs equal words on a cheapest path', () => {
    expect(alignWords(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e'])).toEqual([[0, 0], [2, 2], [3, 3]]);
    expect(editDistance(['a', 'b'], [])).toBe(2);
  });
});
