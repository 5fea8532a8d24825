import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BREAK, Breaks } from './breaks.ts';
import { checkCues, RULES } from './rules.ts';
import { CueBuilder, makeCues } from './segment.ts';
import { ALICE, CONTEXT, KENNEDY, later, LINCOLN, LUXUN, speak, speakInTurns } from './testWords.ts';
import { flicks, FLICKS_PER_SECOND, fromSeconds } from '../time.ts';
import { RULE_PROFILES, type Cue, type RuleProfileId, type Word } from './types.ts';

const make = (words: readonly Word[], profile: RuleProfileId, speakers: readonly (string | null)[] = [], cuts: readonly number[] = []): Cue[] =>
  makeCues(words, {
    rules: RULES[profile],
    context: { ...CONTEXT, language: /[\u4e00-\u9fff]/.test(words[0]?.text ?? '') ? 'zh' : 'en', cuts: cuts.map(fromSeconds) },
    speakers,
    idPrefix: 'c',
  });
const texts = (cues: readonly Cue[]): string[] => cues.map((cue) => cue.text);

describe('cues of real speech', () => {
  it('keep every rule of every profile in English', () => {
    for (const profile of ['netflix-en', 'bbc', 'short-form'] as const) {
      for (const text of [KENNEDY, LINCOLN]) expect(checkCues(make(speak(text), profile), RULES[profile], CONTEXT), profile).toEqual([]);
    }
  });

  it('keep the Chinese rules, breaking after punctuation and never before 的 or 了', () => {
    const cues = make(speak(LUXUN), 'netflix-zh');
    expect(checkCues(cues, RULES['netflix-zh'], { ...CONTEXT, language: 'zh' }).filter(({ code }) => code !== 'too_fast')).toEqual([]);
    for (const line of cues.flatMap((cue) => cue.text.split('\n'))) {
      expect(line).not.toMatch(/^[的地得了着过吗呢吧，。！？；：]/);
      expect(line).not.toMatch(/[在把被对从向和与是不]$/);
    }
    expect(texts(cues)).toContain('我冒了严寒，回到相隔二千余里，\n别了二十余年的故乡去。');
  });

  it('end at clauses and keep an article with its noun', () => {
    expect(texts(make(speak(KENNEDY), 'netflix-en')).slice(0, 3)).toEqual([
      'And so, my fellow Americans:\nask not what your country can do for you.',
      'Ask what you can do for your country.',
      'My fellow citizens of the world,\nask not what America will do for you,',
    ]);
    const breaks = new Breaks('en');
    for (const text of [KENNEDY, LINCOLN]) {
      const lines = make(speak(text), 'netflix-en').flatMap((cue) => cue.text.split('\n'));
      lines.slice(1).forEach((line, i) => {
        const before = lines[i]?.split(' ').at(-1) ?? '';
        expect(breaks.cost(before, line.split(' ')[0] ?? '', true), `${lines[i]} | ${line}`).toBeLessThan(BREAK.bad);
      });
    }
  });

  it('are balanced rather than filled', () => {
    const [only] = make(speak('We have come to dedicate a portion of that field.'), 'netflix-en');
    expect(only?.text).toBe('We have come to dedicate\na portion of that field.');
  });

  it('end between speakers', () => {
    const { words, speakers } = speakInTurns(ALICE);
    const cues = make(words, 'netflix-en', speakers);
    expect(cues.map(({ speaker, text }) => [speaker, text.replace('\n', ' ')]).slice(0, 3)).toEqual(ALICE.slice(0, 3));
    expect(checkCues(cues, RULES['netflix-en'], CONTEXT).map(({ code }) => code).filter((code) => code !== 'too_fast')).toEqual([]);
  });

  it('end where the picture is cut', () => {
    const text = 'He opened the door and went into the garden and there was nobody';
    const words = speak(text);
    const garden = words.findIndex((word) => word.text === 'into');
    const at = (words[garden]?.start ?? 0) / FLICKS_PER_SECOND;
    const without = texts(make(words, 'bbc'));
    const cut = make(words, 'bbc', [], [at]);
    expect(cut.some((cue) => cue.text.replace('\n', ' ').startsWith('into the garden'))).toBe(true);
    expect(texts(cut)).not.toEqual(without);
  });

  it('give a short word the time it needs, early if there is silence', () => {
    const words = [...speak('Go!', { start: 5 }), ...later(speak('And then they all went home together.', { start: 0 }), fromSeconds(5.5))];
    const cues = make(words, 'netflix-en');
    expect(checkCues(cues, RULES['netflix-en'], CONTEXT)).toEqual([]);
  });
});

const anyWords = fc
  .array(
    fc.record({
      text: fc.constantFrom('the', 'a', 'country', 'of', 'go,', 'moon.', 'I', 'antidisestablishmentarianism', 'Mr.', 'Smith', 'yes!', '的', '我们', '今天。', '-', '3', 'and'),
      pause: fc.constantFrom(0, 0, 0, 0.02, 0.3, 1.2, 2.5),
      length: fc.constantFrom(0, 0.05, 0.2, 0.6, 9),
      space: fc.boolean(),
      speaker: fc.constantFrom(null, 'A', 'A', 'B'),
    }),
    { maxLength: 120 },
  )
  .map((items) => {
    let time = 0;
    const words = items.map(({ text, pause, length, space }): Word => {
      const start = time + pause;
      time = start + length;
      return { text, space, confidence: 1, start: fromSeconds(start), end: fromSeconds(time) };
    });
    return { words, speakers: items.map((item) => item.speaker) };
  });
const anyProfile = fc.constantFrom(...RULE_PROFILES);

describe('whatever the words', () => {
  it('no word is lost or moved, no cue overlaps, none mixes speakers', () => {
    fc.assert(
      fc.property(anyWords, anyProfile, ({ words, speakers }, profile) => {
        const cues = make(words, profile, speakers);
        expect(cues.flatMap((cue) => cue.words)).toEqual(words);
        let at = 0;
        cues.forEach((cue, i) => {
          expect(cue.text.replace(/\s/g, '')).toBe(cue.words.map((word) => word.text).join(''));
          expect(cue.end).toBeGreaterThan(cue.start);
          if (i > 0) expect(cue.start).toBeGreaterThanOrEqual(cues[i - 1]?.end ?? 0);
          const own = new Set(speakers.slice(at, at + cue.words.length).filter((speaker) => speaker !== null));
          expect(own.size).toBeLessThanOrEqual(1);
          expect(cue.speaker).toBe([...own][0] ?? null);
          at += cue.words.length;
        });
        expect(new Set(cues.map((cue) => cue.id)).size).toBe(cues.length);
      }),
      { numRuns: 300 },
    );
  });

  it('they come out the same however they are handed over', () => {
    fc.assert(
      fc.property(anyWords, anyProfile, fc.array(fc.nat(12), { maxLength: 60 }), ({ words, speakers }, profile, sizes) => {
        const builder = new CueBuilder({ rules: RULES[profile], context: { ...CONTEXT, language: 'zh' }, idPrefix: 'c' });
        const cues: Cue[] = [];
        let at = 0;
        for (const size of [...sizes, words.length]) {
          cues.push(...builder.push(words.slice(at, at + size), speakers.slice(at, at + size)));
          at += size;
        }
        cues.push(...builder.finish());
        expect(cues).toEqual(makeCues(words, { rules: RULES[profile], context: { ...CONTEXT, language: 'zh' }, speakers, idPrefix: 'c' }));
      }),
      { numRuns: 200 },
    );
  });
});

describe('streaming', () => {
  it('gives cues soon: never a hundred words behind, mostly under fifty', () => {
    const words = Array.from({ length: 6 }, (_, i) => later(speak(i % 2 === 0 ? KENNEDY : LINCOLN), fromSeconds(i * 60))).flat();
    const builder = new CueBuilder({ rules: RULES['netflix-en'], context: CONTEXT, idPrefix: 'c' });
    let given = 0;
    const behind = words.map((word, i) => {
      given += builder.push([word]).flatMap((cue) => cue.words).length;
      return i + 1 - given;
    });
    expect(Math.max(...behind)).toBeLessThan(100);
    expect(behind.toSorted((a, b) => a - b)[Math.floor(behind.length * 0.75)]).toBeLessThan(50);
  });

  it('gives cues even of speech that never pauses nor differs', () => {
    const words = Array.from({ length: 2000 }, (_, i): Word => ({ text: 'la', space: true, confidence: 1, start: fromSeconds(i * 0.3), end: fromSeconds(i * 0.3 + 0.25) }));
    const builder = new CueBuilder({ rules: RULES['netflix-en'], context: CONTEXT, idPrefix: 'c' });
    const streamed = builder.push(words);
    expect(streamed.flatMap((cue) => cue.words).length).toBeGreaterThan(1600);
    expect([...streamed, ...builder.finish()]).toEqual(make(words, 'netflix-en'));
  });

  it('goes on after its end', () => {
    const builder = new CueBuilder({ rules: RULES['netflix-en'], context: CONTEXT, idPrefix: 'c' });
    const first = [...builder.push(speak('One two three.')), ...builder.finish()];
    const second = [...builder.push(later(speak('Four five six.'), flicks(10 * FLICKS_PER_SECOND))), ...builder.finish()];
    expect([...first, ...second].map(({ id, text }) => [id, text])).toEqual([
      ['c1', 'One two three.'],
      ['c2', 'Four five six.'],
    ]);
  });
});
