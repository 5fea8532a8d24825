import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flicks, FLICKS_PER_SECOND, fromSeconds, toSeconds, type Flicks } from '../time.ts';
import { cuesOfSequence, type SequenceClip } from './sequence.ts';
import type { Cue, Word } from './types.ts';
import { placeWords } from './wordPlaces.ts';

const MEDIA = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);

const word = (text: string, start: number, end: number, space = true): Word => ({ text, start: fromSeconds(start), end: fromSeconds(end), confidence: 1, space });
const cue = (start: number, end: number, text: string, words: Word[] = [], more: Partial<Cue> = {}): Cue => ({
  id: `${text.slice(0, 8)}@${start}`, start: fromSeconds(start), end: fromSeconds(end), text, words, speaker: null, touched: false, spans: [], place: null, extras: {}, ...more,
});
const clip = (start: number, end: number, media = MEDIA): SequenceClip => ({ media, start: fromSeconds(start), end: fromSeconds(end) });
const of = (cues: Cue[], ...clips: SequenceClip[]): [number, number, string][] =>
  cuesOfSequence([{ media: MEDIA, cues }], clips).map(({ start, end, text }) => [toSeconds(start), toSeconds(end), text]);

/** "one two three four", a word a second from 1 on. */
const FOUR = cue(1, 5, 'one two\nthree four', [word('one', 1, 1.8), word('two', 2, 2.8), word('three', 3, 3.8), word('four', 4, 4.8)]);

describe('cues in a sequence', () => {
  it('move with their clip and are trimmed at its edges', () => {
    expect(of([cue(1, 3, 'first'), cue(4, 6, 'second'), cue(9, 10, 'gone')], clip(2, 5))).toEqual([[0, 1, 'first'], [2, 3, 'second']]);
  });

  it('follow the order of the clips, not of the media', () => {
    expect(of([cue(1, 2, 'first'), cue(4, 5, 'second')], clip(4, 6), clip(0, 3))).toEqual([[0, 1, 'second'], [3, 4, 'first']]);
  });

  it('appear twice where a clip does, under different ids', () => {
    const cues = cuesOfSequence([{ media: MEDIA, cues: [cue(1, 2, 'again')] }], [clip(0, 3), clip(0, 3)]);
    expect(cues.map(({ start }) => toSeconds(start))).toEqual([1, 4]);
    expect(cues[0]?.id).toBe('again@1');
    expect(new Set(cues.map(({ id }) => id)).size).toBe(2);
  });

  it('have the text of the words that are left', () => {
    expect(of([FOUR], clip(0, 2.9))).toEqual([[1, 2.9, 'one two']]);
    expect(of([FOUR], clip(2.9, 9))).toEqual([[0, 2.1, 'three four'].map((v) => v)].map(([a, b, c]) => [a, expect.closeTo(b as number, 9), c]));
  });

  it('stay one where a word was cut out of the middle', () => {
    const cues = cuesOfSequence([{ media: MEDIA, cues: [FOUR] }], [clip(0, 2), clip(3, 9)]);
    expect(cues.map(({ start, end, text }) => [toSeconds(start), toSeconds(end), text])).toEqual([[1, 4, 'one three four']]);
    expect(cues[0]?.words.map(({ text, start }) => [text, toSeconds(start)])).toEqual([['one', 1], ['three', 2], ['four', 3]]);
  });

  it('are split where something else comes between', () => {
    expect(of([FOUR], clip(0, 2.9), clip(0, 1, OTHER), clip(2.9, 9)).map(([, , text]) => text)).toEqual(['one two', 'three four']);
  });

  it('do not grow together when the parts changed places', () => {
    expect(of([FOUR], clip(3, 5), clip(1, 3)).map(([, , text]) => text)).toEqual(['three four', 'one two']);
  });

  it('of which no word is left are dropped, however long their rest', () => {
    expect(of([FOUR], clip(4.81, 5))).toEqual([]);
    expect(of([cue(1, 6, 'said', [word('said', 1, 2)])], clip(3, 9))).toEqual([]);
  });

  it('without known words keep their text, but a flash of them is dropped', () => {
    const imported = cue(1, 3, 'imported');
    expect(of([imported], clip(2.7, 9)).map(([, , text]) => text)).toEqual(['imported']);
    expect(of([imported], clip(2.9, 9))).toEqual([]);
    // Short as a whole, it was meant so.
    expect(of([cue(1, 1.1, 'blip')], clip(0, 9))).toHaveLength(1);
  });

  it('keep marks on the text that is left', () => {
    const marked = { ...FOUR, spans: [{ from: 4, to: 13, italic: true }] };
    const [left] = cuesOfSequence([{ media: MEDIA, cues: [marked] }], [clip(0, 2), clip(3, 9)]);
    expect(left?.text).toBe('one three four');
    expect(left?.spans.map(({ from, to }) => left.text.slice(from, to))).toEqual(['three']);
    const [whole] = cuesOfSequence([{ media: MEDIA, cues: [marked] }], [clip(2, 3), clip(3, 9)]);
    expect(whole?.spans.map(({ from, to }) => whole.text.slice(from, to))).toEqual(['two\nthree']);
  });

  it('keep text without a time with the word before it', () => {
    const mixed = cue(0, 4, '“one” (laughs) two', [word('one', 0, 1), word('two', 3, 4)]);
    expect(of([mixed], clip(0, 2))).toEqual([[0, 2, '“one” (laughs)']]);
    expect(of([mixed], clip(2.5, 4))).toEqual([[0, 1.5, 'two']]);
  });

  it('of Chinese find their pieces across a line break', () => {
    const chinese = cue(0, 4, '今天天\n气很好。', [word('今天', 0, 1, false), word('天气', 1, 2, false), word('很好。', 2, 3, false)]);
    expect(of([chinese], clip(1, 4)).map(([, , text]) => text)).toEqual(['天\n气很好。']);
  });
});

/** A track of cues with words, times in hundredths of a second so that nothing is lost in rounding. */
const hundredth = (n: number): Flicks => flicks((n * FLICKS_PER_SECOND) / 100);
const trackArbitrary = fc
  .array(fc.record({ gap: fc.integer({ min: 0, max: 200 }), words: fc.array(fc.record({ pause: fc.integer({ min: 0, max: 40 }), length: fc.integer({ min: 1, max: 60 }) }), { minLength: 1, maxLength: 6 }), tail: fc.integer({ min: 0, max: 80 }) }), { maxLength: 12 })
  .map((shapes) => {
    let at = 0;
    let count = 0;
    return shapes.map(({ gap, words, tail }, index): Cue => {
      const start = at + gap;
      at = start;
      const said = words.map(({ pause, length }): Word => {
        const from = at + pause;
        at = from + length;
        count += 1;
        return { text: `w${count}`, start: hundredth(from), end: hundredth(at), confidence: 1, space: true };
      });
      at += tail;
      return { ...cue(0, 1, said.map(({ text }) => text).join(' '), said), id: `c${index}`, start: hundredth(start), end: hundredth(at) };
    });
  });
const clipsArbitrary = fc.array(fc.record({ start: fc.integer({ min: 0, max: 3000 }), length: fc.integer({ min: 1, max: 800 }), media: fc.constantFrom(MEDIA, MEDIA, MEDIA, OTHER) }), { maxLength: 10 })
  .map((shapes) => shapes.map(({ start, length, media }): SequenceClip => ({ media, start: hundredth(start), end: hundredth(start + length) })));

describe('any cut', () => {
  it('of the whole media changes nothing', () => {
    fc.assert(fc.property(trackArbitrary, (cues) => {
      const all = [{ media: MEDIA, start: flicks(0), end: hundredth(100_000) }];
      expect(cuesOfSequence([{ media: MEDIA, cues }], all)).toEqual(cues);
    }));
  });

  it('into pieces that follow on gives what no cut gives', () => {
    fc.assert(fc.property(trackArbitrary, fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 20 }), (cues, cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), 100_000];
      const clips = edges.slice(1).map((end, i) => ({ media: MEDIA, start: hundredth(edges[i] ?? 0), end: hundredth(end) }));
      const plain = (all: Cue[]) => all.map(({ id, start, end, text, words }) => ({ id, start, end, text, words: words.map((each) => each.text) }));
      expect(plain(cuesOfSequence([{ media: MEDIA, cues }], clips))).toEqual(plain(cues));
    }));
  });

  it('says each word as often as clips hold its middle, at the time its clip is at', () => {
    fc.assert(fc.property(trackArbitrary, clipsArbitrary, (cues, clips) => {
      const expected: string[] = [];
      let offset = 0;
      for (const { media, start, end } of clips) {
        if (media === MEDIA) {
          for (const each of cues.flatMap(({ words }) => words)) {
            const middle = (each.start + each.end) / 2;
            if (middle >= start && middle < end) expected.push(`${each.text} ${Math.max(each.start, start) - start + offset}`);
          }
        }
        offset += end - start;
      }
      const said = cuesOfSequence([{ media: MEDIA, cues }], clips).flatMap(({ words }) => words.map((each) => `${each.text} ${each.start}`));
      expect(said.sort()).toEqual(expected.sort());
    }));
  });

  it('keeps cues in the sequence and in order, ids apart, words within their cue and its text their own', () => {
    fc.assert(fc.property(trackArbitrary, clipsArbitrary, (cues, clips) => {
      const total = clips.reduce((sum, { start, end }) => sum + end - start, 0);
      const made = cuesOfSequence([{ media: MEDIA, cues }], clips);
      expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
      for (const [i, each] of made.entries()) {
        expect(each.start).toBeGreaterThanOrEqual(made[i - 1]?.start ?? 0);
        expect(each.end).toBeGreaterThan(each.start);
        expect(each.end).toBeLessThanOrEqual(total);
        expect(each.text).toBe(each.words.map(({ text }) => text).join(' '));
        expect(placeWords(each)).toHaveLength(each.words.length);
        for (const said of each.words) expect(said.start >= each.start && said.end <= each.end && said.start <= said.end).toBe(true);
      }
    }));
  });
});
