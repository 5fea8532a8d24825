import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snippetPieces } from './snippet.ts';

const told = (text: string, marks: [number, number][]): string => snippetPieces(text, marks).map(({ text: part, marked }) => (marked ? `[${part}]` : part)).join('');

describe('a snippet', () => {
  it('marks what matches, each letter once', () => {
    expect(told('where the money is', [[10, 15]])).toBe('where the [money] is');
    expect(told('aaaa', [[1, 3], [0, 2]])).toBe('[aa][a]a');
    expect(told('short', [[3, 90], [7, 9], [2, 2]])).toBe('sho[rt]');
  });

  it('begins near the first match, with a whole word where there are spaces', () => {
    const text = 'And then, after a long while in which nothing of any note was said, we came to money';
    const shown = told(text, [[text.length - 5, text.length]]);
    expect(shown).toBe('…was said, we came to [money]');
  });

  it('never begins within a character', () => {
    const text = '🎬'.repeat(60) + '钱';
    expect(told(text, [[120, 121]]).startsWith('…🎬')).toBe(true);
  });

  it('leaves out nothing behind its beginning', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'grapheme' }), fc.array(fc.tuple(fc.integer({ min: -5, max: 250 }), fc.integer({ min: -5, max: 250 })), { maxLength: 6 }), (text, marks) => {
        const whole = snippetPieces(text, marks).map((piece) => piece.text).join('');
        expect(text.endsWith(whole.startsWith('…') && !text.endsWith(whole) ? whole.slice(1) : whole)).toBe(true);
      }),
    );
  });
});
