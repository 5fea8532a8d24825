import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInCues, PatternError, replaceMatches, type FindQuery } from './find.ts';
import { Pattern } from './pattern.ts';
import { cue, KENNEDY, speak } from './testWords.ts';

const query = (text: string, more: Partial<FindQuery> = {}): FindQuery => ({ text, regex: false, caseSensitive: false, wholeWord: false, ...more });
const cues = [cue('a', 0, 2, 'The old house\nof Mr. Smith'), cue('b', 3, 4, 'HOUSES and a house.'), cue('c', 5, 6, '我们的房子')];
const found = (text: string, more: Partial<FindQuery> = {}): string[] => findInCues(cues, query(text, more)).map((match) => `${match.cue} ${match.from} ${match.text}`);

describe('finding', () => {
  it('finds text as it is, whatever its case and line breaks', () => {
    expect(found('house')).toEqual(['a 8 house', 'b 0 HOUSE', 'b 13 house']);
    expect(found('house', { caseSensitive: true })).toEqual(['a 8 house', 'b 13 house']);
    expect(found('house', { wholeWord: true })).toEqual(['a 8 house', 'b 13 house']);
    expect(found('house of')).toEqual(['a 8 house\nof']);
    expect(found('mr.')).toEqual(['a 17 Mr.']);
    expect(found('.*')).toEqual([]);
    expect(found('房子', { wholeWord: true })).toEqual(['c 3 房子']);
  });

  it('finds regular expressions with their groups', () => {
    expect(found(String.raw`\b(\w+)s?\b$`, { regex: true })).toEqual(['a 8 house', 'a 21 Smith']);
    expect(findInCues(cues, query('(o)(?<rest>ld|f)', { regex: true })).map(({ groups }) => groups)).toEqual([
      ['old', 'o', 'ld'],
      ['of', 'o', 'f'],
    ]);
  });

  it('tells what is no regular expression', () => {
    for (const text of ['(', '[a', 'a**', '(?<n', '\\', '{1}', '(?<=a']) {
      expect(() => found(text, { regex: true }), text).toThrow(PatternError);
    }
    expect(() => found('a'.repeat(1001), { regex: true })).toThrow('too_long');
  });

  it('gives up a pattern that tries everything instead of hanging', () => {
    const long = [cue('x', 0, 9, `${'a'.repeat(60)}!`)];
    for (const text of ['(a+)+b', '(a|a)*b', '(a*)*b', '(.*)(.*)(.*)(.*)(.*)(.*)x', '(?:a?){60}a{60}b', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      expect(() => findInCues(long, query(text, { regex: true })), text).toThrow('too_slow');
    }
    expect(() => findInCues([cue('x', 0, 9, 'ab'.repeat(20_000))], query('(?:ab)*c', { regex: true }))).toThrow('too_slow');
  });
});

describe('matching is the platform’s', () => {
  const leaf = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\d', '\\s', '\\b', '^', '$', 'é', '\\p{L}', '😀', '\\B');
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => a + b),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(?:${a}|${b})`),
      tie('tree').map((a) => `(${a})`),
      fc.tuple(tie('tree'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '*?', '+?', '??', '{0,1}?')).map(([a, sign]) => `(?:${a})${sign}`),
      fc.tuple(tie('tree'), fc.constantFrom('?=', '?!', '?<=', '?<!')).map(([a, sign]) => `(${sign}${a})`),
    ),
  }));
  const text = fc.array(fc.constantFrom('a', 'b', 'A', ' ', '1', 'é', '😀', '\n'), { maxLength: 10 }).map((parts) => parts.join(''));

  it('for any pattern and text', () => {
    fc.assert(
      fc.property(tree, text, fc.boolean(), (source, subject, caseSensitive) => {
        let own: [number, string][];
        try {
          own = new Pattern(source, caseSensitive).matches(subject).map(({ from, groups }) => [from, groups[0] ?? '']);
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError);
          return;
        }
        const native = [...subject.matchAll(new RegExp(source, caseSensitive ? 'gmu' : 'gimu'))].filter((match) => match[0] !== '').map((match): [number, string] => [match.index, match[0]]);
        expect(own).toEqual(native);
      }),
      { numRuns: 3000 },
    );
  });

  it('groups and back references too', () => {
    for (const [source, subject] of [
      ['(a)|(b)', 'ab'],
      ['(?:(a)|b)*', 'ab'],
      ['(\\w)\\1', 'xaabb'],
      ['(?<one>a+)(b)?', 'aaab aa'],
      ['((a)(b)?)+', 'aba'],
      ['(?=(a+))a*b', 'aab'],
      ['(\\w+)\\s(\\w+)', 'John Smith'],
    ] as const) {
      const native = [...subject.matchAll(new RegExp(source, 'gmu'))].filter((match) => match[0] !== '').map((match) => [...match]);
      expect(new Pattern(source, true).matches(subject).map(({ groups }) => groups), source).toEqual(native);
    }
  });
});

describe('replacing', () => {
  const replaced = (text: string, search: string, replacement: string, more: Partial<FindQuery> = {}): string | undefined => {
    const one = [cue('a', 0, 2, text)];
    return replaceMatches(one, findInCues(one, query(search, more)), replacement).insert[0]?.text;
  };

  it('puts groups and changes case', () => {
    expect(replaced('Smith, John', '(\\w+), (\\w+)', '$2 $1', { regex: true })).toBe('John Smith');
    expect(replaced('hello world', '\\b\\w', '\\u$&', { regex: true })).toBe('Hello World');
    expect(replaced('hello big world', '(big) (\\w+)', '\\U$1\\E $2 $3 $$', { regex: true })).toBe('hello BIG world $3 $');
    expect(replaced('one, two', ', ', ',\\n', { regex: true })).toBe('one,\ntwo');
    expect(replaced('costs 5', '5', '$1')).toBe('costs $1');
  });

  it('keeps the times of words around and takes those of the words replaced', () => {
    const words = speak(KENNEDY).slice(0, 13);
    const one = cue('a', 1, 9, words.map((word) => word.text).join(' '), { words });
    const [after] = replaceMatches([one], findInCues([one], query('fellow americans')), 'friends').insert;
    expect(after?.text).toBe('And so, my friends: ask not what your country can do for');
    expect(after?.touched).toBe(true);
    expect(after?.words[3]).toEqual({ text: 'friends:', start: words[3]?.start, end: words[4]?.end, confidence: 1, space: true });
    expect(after?.words.filter((_, i) => i !== 3)).toEqual(words.filter((_, i) => i !== 3 && i !== 4));
  });

  it('passes over what does not fit any more, and cues without a match', () => {
    const matches = findInCues(cues, query('house'));
    const changed = cues.map((each) => (each.id === 'b' ? { ...each, text: 'Another text.' } : each));
    expect(replaceMatches(changed, matches, 'home').insert.map(({ text }) => text)).toEqual(['The old home\nof Mr. Smith']);
  });
});
