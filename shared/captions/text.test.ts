import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BREAK, Breaks } from './breaks.ts';
import { breakText, turnsOf } from './lines.ts';
import { piecesOfText } from './pieces.ts';
import { RULES } from './rules.ts';
import { joinWords, moveSpans, oneLine, visibleLength } from './text.ts';

describe('length', () => {
  const english = RULES['netflix-en'];
  const chinese = RULES['netflix-zh'];
  it.each([
    ['Hello there', 11, 5.5],
    ['你好，世界。', 12, 6],
    ['“你好”', 6, 4],
    ['ABC公司', 7, 3.5],
    ['e\u0301te\u0301', 3, 1.5],
    ['👍🏽', 2, 1],
    ['a\nb', 2, 1],
    ['שלום\u200f', 4, 2],
  ])('of %s is %d in a Latin profile and %d in the Chinese one', (text, latin, wide) => {
    expect(visibleLength(text, chinese)).toBe(wide);
    expect(visibleLength(text, english)).toBe(latin);
  });
});

describe('running text', () => {
  it('joins words and lines as the script does', () => {
    expect(joinWords([{ text: 'So', space: true }, { text: 'it', space: true }, { text: '’s', space: false }])).toBe('So it’s');
    expect(oneLine('Hello\nthere')).toBe('Hello there');
    expect(oneLine('今天，\n我们去')).toBe('今天，我们去');
    expect(oneLine('안녕\n하세요')).toBe('안녕 하세요');
    expect(oneLine('用\nRushes 剪辑')).toBe('用Rushes 剪辑');
  });

  it('carries marks over a new layout', () => {
    expect(moveSpans('今天，\n我们去', '今天，我们去', [{ from: 1, to: 6, bold: true }])).toEqual([{ from: 1, to: 5, bold: true }]);
    expect(moveSpans('a\nb', 'a b', [{ from: 1, to: 2, bold: true }])).toEqual([]);
  });

  it('has pieces that are the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', ' ', '\n', '我', '们', '，', '“', '”', 'の', 'ก', 'า', '.', '-', '😀') }), (text) => {
        const pieces = piecesOfText(text, 'zh');
        expect(pieces.map((piece) => piece.text).join('')).toBe(text.replace(/\s/g, ''));
        for (const piece of pieces) expect(text.startsWith(piece.text, piece.from)).toBe(true);
      }),
    );
  });
});

describe('breaks', () => {
  const english = new Breaks('en');
  it.each([
    ['home.', 'They', BREAK.sentence],
    ['Mr.', 'Smith', BREAK.bad],
    ['U.S.', 'Navy', BREAK.bad],
    ['home,', 'and', BREAK.clause],
    ['home', 'because', BREAK.conjunction],
    ['home', 'with', BREAK.preposition],
    ['the', 'house', BREAK.bad],
    ['of', 'the', BREAK.bad],
    ['John', 'Kennedy', BREAK.bad],
    ["don't", 'know', BREAK.bad],
    ['she', 'went', BREAK.bad],
    ['20', 'percent', BREAK.bad],
    ['went', 'quickly', BREAK.plain],
  ])('between “%s” and “%s” cost %d in English', (before, after, cost) => expect(english.cost(before, after, true)).toBe(cost));

  it('know Chinese, French and Arabic', () => {
    const chinese = new Breaks('zh');
    expect(chinese.cost('美丽', '的', false)).toBe(BREAK.bad);
    expect(chinese.cost('在', '公园', false)).toBe(BREAK.bad);
    expect(chinese.cost('公园', '。', false)).toBe(BREAK.never);
    expect(chinese.cost('《', '故乡', false)).toBe(BREAK.never);
    expect(chinese.cost('下雨，', '我们', false)).toBe(BREAK.clause);
    expect(chinese.cost('下雨', '但是', false)).toBe(BREAK.conjunction);
    expect(new Breaks('fr').cost('la', 'maison', true)).toBe(BREAK.bad);
    expect(new Breaks('fr').cost('maison', 'blanche', true)).toBe(BREAK.plain);
    expect(new Breaks('ar').cost('مرحبا،', 'كيف', true)).toBe(BREAK.clause);
    expect(new Breaks('ja').cost('私', 'は', false)).toBe(BREAK.bad);
  });

  it('lay a text out in as few lines as hold it', () => {
    const layout = { rules: RULES['netflix-en'], language: 'en' };
    expect(breakText('Short\nenough.', layout)).toBe('Short enough.');
    expect(breakText('I told him about the boat that we had seen in the bay.', layout)).toBe('I told him about the boat\nthat we had seen in the bay.');
    expect(breakText('- Are you coming? - No.', layout)).toBe('- Are you coming?\n- No.');
    const three = { ...layout, rules: { ...layout.rules, lineLength: 20, lines: 3 } };
    expect(breakText('I told him about the boat that we had seen in the bay.', three).split('\n').map((line) => line.length <= 20)).toEqual([true, true, true]);
    expect(turnsOf('- Yes.\n- No, not\nat all.')).toEqual(['- Yes.', '- No, not at all.']);
  });
});
