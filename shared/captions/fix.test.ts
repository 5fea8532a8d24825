import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needOf } from './measures.ts';
import { checkCues, fixCue, fixCues, RULES } from './rules.ts';
import { makeCues } from './segment.ts';
import { ALICE, CONTEXT, cue, KENNEDY, LINCOLN, LUXUN, speak, speakInTurns } from './testWords.ts';
import type { CaptionContext } from './ruleTypes.ts';
import { FLICKS_PER_SECOND, fromSeconds } from '../time.ts';
import { RULE_PROFILES, type CaptionRules, type Cue, type RuleProfileId } from './types.ts';

const solid = (cues: readonly Cue[]): string => cues.map((each) => each.text.replace(/\s/g, '')).join('');
const codes = (cues: readonly Cue[], rules: CaptionRules, context: CaptionContext): string[] => checkCues(cues, rules, context).map(({ cue: id, code }) => `${id} ${code}`);
const seconds = (each: Cue): [number, number] => [each.start / FLICKS_PER_SECOND, each.end / FLICKS_PER_SECOND].map((time) => Math.round(time * 1000) / 1000) as [number, number];
const NE = RULES['netflix-en'];

describe('checking', () => {
  it('finds each fault, and nothing where there is none', () => {
    const cues = [
      cue('fine', 0, 2, 'All is well here.'),
      cue('long', 3, 8, 'This line is longer than the forty-two that are allowed.'),
      cue('lines', 9, 12, 'One.\nTwo.\nThree.'),
      cue('fast', 13, 14, 'Nobody can read this in one second.'),
      cue('short', 15, 15.4, 'Oh.'),
      cue('slow', 16, 24, 'Eight seconds.'),
      cue('near', 24.05, 26, 'Next.'),
      cue('over', 25, 28, 'Over it.'),
      cue('break', 30, 33, 'She looked at the\nold house again.'),
      cue('uneven', 34, 37, 'She said goodbye to everybody there\nagain.'),
      cue('two', 38, 41, 'Are you well? - Not at all.'),
      cue('none', 42, 44, ' \n '),
    ];
    expect(codes(cues, NE, CONTEXT)).toEqual([
      'long line_too_long',
      'lines too_many_lines',
      'fast too_fast',
      'short too_short',
      'slow too_long',
      'near gap_too_small',
      'over overlap',
      'break bad_break',
      'uneven unbalanced',
      'two speakers_mixed',
      'none empty',
    ]);
  });

  it('says how much and how much is allowed, in the rule’s unit', () => {
    const found = checkCues([cue('a', 1, 2, 'Nobody can read this in one second.'), cue('b', 2.02, 4, 'Yes.')], NE, { ...CONTEXT, frameRate: { num: 25, den: 1 } });
    expect(found).toEqual([
      { cue: 'a', code: 'too_fast', value: 35, limit: 20 },
      { cue: 'b', code: 'gap_too_small', value: 0.5, limit: 2 },
    ]);
  });

  it('takes times as files round them', () => {
    // 2 frames at 24 are 83.3 ms and five sixths of a second 833.3: in hundredths as ASS writes them.
    expect(codes([cue('a', 1, 1.83, 'Yes.'), cue('b', 1.91, 4, 'No.')], NE, CONTEXT)).toEqual([]);
  });

  it('knows the range, cuts, words and Chinese widths', () => {
    const context = { ...CONTEXT, cuts: [10, 20].map(fromSeconds), range: { start: fromSeconds(0), end: fromSeconds(30) } };
    const cues = [cue('early', -1, 1, 'Early.'), cue('on', 10, 12, 'On it.'), cue('off', 18, 19.8, 'Near it.'), cue('late', 28, 31, 'Late.')];
    expect(codes(cues, NE, context)).toEqual(['early negative_time', 'off near_cut', 'late negative_time']);
    expect(codes([cue('w', 1, 3, 'one two three four')], RULES['short-form'], CONTEXT)).toEqual(['w too_many_words']);
    expect(codes([cue('z', 1, 5, '一二三四五六七八九十一二三四五六')], RULES['netflix-zh'], { ...CONTEXT, language: 'zh' })).toEqual([]);
    expect(codes([cue('z', 1, 5, '一二三四五六七八九十一二三四五六七')], RULES['netflix-zh'], { ...CONTEXT, language: 'zh' })).toEqual(['z line_too_long']);
  });
});

describe('mending', () => {
  const mended = (cues: readonly Cue[], context: Partial<CaptionContext> = {}): Cue[] => {
    const { cues: fixed, unmet } = fixCues(cues, NE, { ...CONTEXT, ...context });
    expect(unmet).toEqual([]);
    return fixed;
  };

  it('breaks lines anew and moves marks with the text', () => {
    const [first] = mended([cue('a', 1, 5, 'She looked at the\nold house again and went inside it.', { spans: [{ from: 18, to: 27, italic: true }] })]);
    expect(first?.text).toBe('She looked at the old house again\nand went inside it.');
    expect(first?.spans).toEqual([{ from: 18, to: 27, italic: true }]);
  });

  it('splits what no layout holds, at its clauses, with the times of the words', () => {
    const words = speak('When they came home at last in the evening, they found that somebody had been there, and everything had been eaten.');
    const end = (words.at(-1)?.end ?? 0) / FLICKS_PER_SECOND;
    const fixed = mended([cue('a', 1, end, words.map((word) => word.text).join(' '), { words, speaker: 'A' })]);
    expect(fixed.map((each) => [each.id, each.speaker, each.text])).toEqual([
      ['a', 'A', 'When they came home\nat last in the evening,'],
      ['a~2', 'A', 'they found that somebody had been there,\nand everything had been eaten.'],
    ]);
    expect(fixed.flatMap((each) => each.words)).toEqual(words);
    expect(fixed[1]?.start).toBe(fixed[1]?.words[0]?.start);
  });

  it('ends the earlier cue sooner, and the later one later where that is not enough', () => {
    expect(mended([cue('a', 1, 4, 'Good morning.'), cue('b', 3, 5, 'Good evening.')]).map(seconds)).toEqual([
      [1, 2.917],
      [3, 5],
    ]);
    expect(mended([cue('a', 1, 4, 'Good morning to all of you who have come here.'), cue('b', 1.5, 5, 'Hello.')]).map(seconds)).toEqual([
      [1, 3.25],
      [3.333, 5],
    ]);
  });

  it('gives time after, before and at the cost of a neighbour that has some', () => {
    expect(mended([cue('a', 1, 1.2, 'Good morning to you.')]).map(seconds)).toEqual([[1, 2]]);
    const [, middle] = mended([cue('a', 0, 0.9, 'Go.'), cue('b', 1.4, 1.6, 'Good morning to you.'), cue('c', 2.1, 5, 'Hello there.')]);
    expect(middle && seconds(middle)).toEqual([1.017, 2.017]);
  });

  it('joins a cue that is too short with its neighbour', () => {
    expect(mended([cue('a', 1, 1.3, 'Yes.'), cue('b', 1.4, 4, 'I think so too.')], { range: { start: fromSeconds(1), end: fromSeconds(9) } }).map((each) => [each.id, each.text])).toEqual([['a', 'Yes. I think so too.']]);
  });

  it('never joins two speakers', () => {
    const { cues, unmet } = fixCues([cue('a', 1, 1.3, 'Yes.', { speaker: 'A' }), cue('b', 1.4, 2.3, 'I think so too.', { speaker: 'B' })], NE, { ...CONTEXT, range: { start: fromSeconds(1), end: fromSeconds(2.3) } });
    expect(cues.length).toBe(2);
    expect(unmet.map(({ cue: id, code }) => [id, code])).toEqual([['a', 'too_short']]);
  });

  it('mends one cue and leaves the others’ faults', () => {
    const cues = [cue('a', 1, 1.2, 'Good morning to you.'), cue('b', 5, 5.1, 'Good evening to you.')];
    const { cues: fixed, unmet } = fixCue(cues, 'b', NE, CONTEXT);
    expect(unmet).toEqual([]);
    expect(fixed[0]).toBe(cues[0]);
    expect(fixed[1] && seconds(fixed[1])).toEqual([5, 6]);
    expect(fixed[1]?.touched).toBe(true);
  });

  it.each(RULE_PROFILES)('leaves nothing to mend of real speech: %s', (profile: RuleProfileId) => {
    const rules = RULES[profile];
    const chinese = profile === 'netflix-zh';
    const dialogue = speakInTurns(ALICE, { word: 0.16, character: 0.06 });
    const cuts = [2, 5.2, 9.1, 9.9, 14, 20.4, 21, 26].map(fromSeconds);
    const context: CaptionContext = { ...CONTEXT, cuts, language: chinese ? 'zh' : 'en' };
    const sources = chinese ? [speak(LUXUN, { sentence: 0.9, clause: 0.4 })] : [speak(KENNEDY, { word: 0.16, character: 0.06 }), speak(LINCOLN, { word: 0.16, character: 0.06 }), dialogue.words];
    for (const words of sources) {
      const made = makeCues(words, { rules, context, speakers: words === dialogue.words ? dialogue.speakers : [], idPrefix: 'c' });
      const { cues, unmet } = fixCues(made, rules, context);
      expect(unmet.filter(({ code }) => code !== 'near_cut')).toEqual([]);
      expect(unmet.length).toBeLessThan(cues.length / 4);
      expect(cues.flatMap((each) => each.words)).toEqual(words);
    }
  });
});

const anyText = fc
  .array(fc.constantFrom('the', 'a', 'old', 'house', 'and', 'went', 'home,', 'quickly.', 'I', 'you', 'Really?', '- No.', 'antidisestablishmentarianism', '今天', '我们去公园。', '的', '42', '\n'), { minLength: 0, maxLength: 30 })
  .map((parts) => parts.join(' '));
const anyCues = fc
  .array(fc.record({ start: fc.double({ min: -2, max: 40, noNaN: true }), length: fc.double({ min: -0.2, max: 12, noNaN: true }), text: anyText, speaker: fc.constantFrom(null, 'A', 'B') }), { maxLength: 20 })
  .map((items) => items.map(({ start, length, text, speaker }, i) => cue(`c${i}`, start, start + length, text, { speaker })));
const anyContext = fc.record({
  frameRate: fc.constantFrom({ num: 24, den: 1 }, { num: 30000, den: 1001 }, { num: 25, den: 1 }),
  cuts: fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { maxLength: 12 }).map((times) => times.sort((a, b) => a - b).map(fromSeconds)),
  language: fc.constantFrom('en', 'zh', 'fr'),
  range: fc.constantFrom(null, { start: fromSeconds(0), end: fromSeconds(45) }, { start: fromSeconds(1), end: fromSeconds(20) }),
});
const anyProfile = fc.constantFrom(...RULE_PROFILES);

describe('whatever the cues', () => {
  it('a second mending changes nothing, no text is lost, nothing overlaps, all is in range', () => {
    fc.assert(
      fc.property(anyCues, anyProfile, anyContext, (cues, profile, context) => {
        const { cues: fixed, unmet } = fixCues(cues, RULES[profile], context);
        const again = fixCues(fixed, RULES[profile], context);
        expect(again.cues).toEqual(fixed);
        expect(unmet).toEqual(checkCues(fixed, RULES[profile], context));
        const sorted = [...cues].sort((a, b) => a.start - b.start || a.end - b.end);
        expect(solid(fixed)).toBe(solid(sorted));
        fixed.forEach((each, i) => {
          expect(each.end).toBeGreaterThan(each.start);
          expect(each.start).toBeGreaterThanOrEqual(context.range?.start ?? 0);
          expect(each.end).toBeLessThanOrEqual(context.range?.end ?? Infinity);
          if (i > 0) expect(each.start).toBeGreaterThanOrEqual(fixed[i - 1]?.end ?? 0);
        });
        expect(new Set(fixed.map((each) => each.id)).size).toBe(fixed.length);
      }),
      { numRuns: 300 },
    );
  });

  it('what stays too short or too fast has no silence left beside it', () => {
    fc.assert(
      fc.property(anyCues, anyProfile, anyContext, (cues, profile, context) => {
        const rules = RULES[profile];
        const { cues: fixed, unmet } = fixCues(cues, rules, { ...context, cuts: [] });
        for (const { cue: id, code } of unmet) {
          expect(code).not.toMatch(/^(empty|overlap|negative_time|too_many_words|speakers_mixed|too_long)$/);
          if (code !== 'too_short' && code !== 'too_fast') continue;
          const i = fixed.findIndex((each) => each.id === id);
          const own = fixed[i];
          const until = Math.min(fixed[i + 1]?.start ?? Infinity, context.range?.end ?? Infinity);
          if (own) expect(until - own.start, id).toBeLessThan(needOf(own, rules) + fromSeconds(0.1));
        }
      }),
      { numRuns: 200 },
    );
  });
});
