import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapToCuts } from './cuts.ts';
import { checkCues, fixCues, RULES } from './rules.ts';
import { makeCues } from './segment.ts';
import { CONTEXT, cue, KENNEDY, LINCOLN, speak } from './testWords.ts';
import { FLICKS_PER_SECOND, fromSeconds } from '../time.ts';
import { RULE_PROFILES, type Cue } from './types.ts';

const RULE = RULES['netflix-en'];
const context = (...cuts: number[]): typeof CONTEXT => ({ ...CONTEXT, cuts: cuts.map(fromSeconds) });
const times = (cues: readonly Cue[]): number[][] => cues.map((each) => [each.start, each.end].map((time) => Math.round((time / FLICKS_PER_SECOND) * 1000) / 1000));
/** Two frames at 24. */
const GAP = 0.083;

describe('an edge near a cut', () => {
  it('starts on it and ends two frames before it', () => {
    expect(times(snapToCuts([cue('a', 10.3, 13.2, 'Hello.')], RULE, context(10, 13)))).toEqual([[10, 13 - GAP]]);
    expect(times(snapToCuts([cue('a', 9.8, 12.7, 'Hello.')], RULE, context(10, 13)))).toEqual([[10, 13 - GAP]]);
  });

  it('moves out to half a second when it starts early, and stays when it is far', () => {
    expect(times(snapToCuts([cue('a', 9.6, 12, 'Hello.')], RULE, context(10)))).toEqual([[9.5, 12]]);
    expect(times(snapToCuts([cue('a', 9.5, 12.5, 'Hello.')], RULE, context(10, 13)))).toEqual([[9.5, 12.5]]);
  });

  it('takes the end of the cue before with it', () => {
    expect(times(snapToCuts([cue('a', 7, 10.2, 'Hello.'), cue('b', 10.3, 13, 'Hello.')], RULE, context(10)))).toEqual([
      [7, 10 - GAP],
      [10, 13],
    ]);
  });

  it('stays on for half a second where its text needs the time', () => {
    expect(times(snapToCuts([cue('a', 9.1, 10.2, 'Twenty letters here.')], RULE, context(10)))).toEqual([[9.1, 10.5]]);
  });

  it('stays where it is when neither can be', () => {
    const cues = [cue('a', 9.1, 10.2, 'Twenty letters here.'), cue('b', 10.3, 11.3, 'Twenty letters here.')];
    const snapped = snapToCuts(cues, RULE, context(10));
    expect(checkCues(snapped, RULE, context(10)).map(({ code }) => code)).toEqual(['near_cut', 'near_cut']);
    expect(snapped).toEqual(cues);
    expect(snapped[0]).toBe(cues[0]);
  });

  it('is left alone by rules that don’t ask', () => {
    const cues = [cue('a', 10.1, 12, 'Hello.')];
    expect(snapToCuts(cues, RULES['short-form'], context(10))).toEqual(cues);
  });
});

describe('whatever cues and cuts', () => {
  const cuts = fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { maxLength: 40 }).map((list) => list.sort((a, b) => a - b).map(fromSeconds));
  it('doing it again changes nothing, and no rule that was kept is broken', () => {
    fc.assert(
      fc.property(cuts, fc.constantFrom(...RULE_PROFILES), fc.constantFrom(KENNEDY, LINCOLN), (list, profile, text) => {
        const rules = RULES[profile];
        const where = { ...CONTEXT, cuts: list };
        const before = makeCues(speak(text), { rules, context: where, speakers: [], idPrefix: 'c' });
        const after = snapToCuts(before, rules, where);
        expect(snapToCuts(after, rules, where)).toEqual(after);
        const count = (cues: readonly Cue[], near: boolean): number => checkCues(cues, rules, where).filter(({ code }) => (code === 'near_cut') === near).length;
        expect(count(after, false)).toBeLessThanOrEqual(count(before, false));
        expect(count(after, true)).toBeLessThanOrEqual(count(before, true));
        expect(fixCues(after, rules, where).unmet.filter(({ code }) => code !== 'near_cut' && code !== 'too_fast')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
