import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Word } from '../captions/types.ts';
import { mergeRanges } from '../ranges.ts';
import { flicks, fromSeconds, toSeconds } from '../time.ts';
import { DEFAULT_FILLERS, findFillers, findRepeats, findSilences, planTighten, type Removal, type SilenceOptions } from './index.ts';
import { similarity } from './similarity.ts';

/** Peaks of [seconds, loudness] stretches, 100 buckets a second. */
function peaksOf(...stretches: [number, number][]): Float32Array {
  const buckets = stretches.flatMap(([seconds, level]) => Array.from({ length: Math.round(seconds * 100) }, () => [-level, level / 2, level / 3]));
  return Float32Array.from(buckets.flat());
}
const seconds = (list: readonly { start: Word['start']; end: Word['end'] }[]): [number, number][] => list.map(({ start, end }) => [toSeconds(start), toSeconds(end)]);
const OPTIONS: SilenceOptions = { threshold: 0.04, minimum: 0.5, margin: 0.2 };

describe('findSilences', () => {
  it('keeps the margin beside sounds and none at the media’s ends', () => {
    const peaks = peaksOf([1, 0], [2, 0.5], [3, 0.01], [1, 0.3], [2, 0]);
    const found = findSilences(peaks, 100, fromSeconds(10), OPTIONS);
    expect(seconds(found)).toEqual([[10, 10.8], [13.2, 15.8], [17.2, 19]]);
    expect(found[1]).toMatchObject({ kind: 'silence', reason: 'silence', text: '' });
    expect(new Set(found.map((each) => each.id)).size).toBe(3);
  });

  it('takes a peak at the threshold for sound, also a negative one, and a short click between silences for silence', () => {
    expect(seconds(findSilences(peaksOf([1, 0.5], [1, 0.04], [1, 0.5]), 100, flicks(0), OPTIONS))).toEqual([]);
    expect(seconds(findSilences(peaksOf([1, 0.5], [1, 0], [0.09, 0.9], [1, 0], [1, 0.5]), 100, flicks(0), OPTIONS))).toEqual([[1.2, 2.89]]);
    expect(seconds(findSilences(peaksOf([1, 0.5], [1, 0], [0.1, 0.9], [1, 0], [1, 0.5]), 100, flicks(0), OPTIONS))).toEqual([[1.2, 1.8], [2.3, 2.9]]);
    // A short sound at the end is the end of the sound, not noise between silences.
    expect(seconds(findSilences(peaksOf([1, 0.5], [1, 0], [0.05, 0.9]), 100, flicks(0), OPTIONS))).toEqual([[1.2, 1.8]]);
  });

  it('leaves silences shorter than the minimum, and those that their margins fill', () => {
    const peaks = peaksOf([1, 0.5], [0.49, 0], [1, 0.5], [0.5, 0], [1, 0.5]);
    expect(seconds(findSilences(peaks, 100, flicks(0), OPTIONS)).map(([from]) => from)).toEqual([2.69]);
    expect(findSilences(peaks, 100, flicks(0), { ...OPTIONS, margin: 0.25 })).toEqual([]);
  });

  it('counts what the picture shows after the sound has ended', () => {
    expect(seconds(findSilences(peaksOf([1, 0.5]), 100, flicks(0), { ...OPTIONS, end: fromSeconds(4) }))).toEqual([[1.2, 4]]);
    expect(seconds(findSilences(new Float32Array(0), 100, flicks(0), { ...OPTIONS, end: fromSeconds(4) }))).toEqual([[0, 4]]);
  });

  it('never takes a loud moment that is not a short click', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.constantFrom(0, 0.039, 0.05, 1)), { maxLength: 30 }), fc.double({ min: 0, max: 0.6, noNaN: true }), (list, margin) => {
        const peaks = peaksOf(...list.map(([length, level]): [number, number] => [length / 100, level]));
        const found = findSilences(peaks, 100, flicks(0), { ...OPTIONS, margin, shortestSound: 0 });
        for (const { start, end } of found) {
          for (let bucket = Math.round(toSeconds(start) * 100); bucket < Math.round(toSeconds(end) * 100); bucket += 1) expect(-(peaks[bucket * 3] ?? 0)).toBeLessThan(0.04);
        }
        expect(mergeRanges(found)).toHaveLength(found.length);
      }),
    );
  });
});

/** Words of a text: `|` is a pause of a second; a CJK text is one piece a character unless spaces part it. */
function say(text: string): Word[] {
  let at = 1;
  const words: Word[] = [];
  for (const piece of text.split(/\s+/)) {
    if (piece === '|') at += 1;
    else {
      words.push({ text: piece, start: fromSeconds(at), end: fromSeconds(at + 0.3), confidence: 1, space: /^[\x20-\x7f]/.test(piece) });
      at += 0.35;
    }
  }
  return words;
}
const texts = (found: readonly Removal[]): string[] => found.map((each) => each.text);
const reasons = (found: readonly Removal[]): string[] => found.map((each) => each.reason);

describe('findFillers', () => {
  it.each<[string, string[]]>([
    ['So, um, this is uh the Ummm plan', ['um,', 'uh', 'Ummm']],
    ['I like it and you know him', []],
    ['It was, like, huge. You know, | we | I mean | went', ['like,', 'You know,', 'I mean']],
    ['He said like | nothing', []],
    ['the umbrella and her error', []],
    ['That is, you know what I mean, fine', ['you know what I mean,']],
    ['嗯， 我 觉 得 那 个 人 很 好', ['嗯，']],
    ['我们， 那 个， 明天 去。 然后 他 走 了。 就是， 呃 好', ['那个，', '就是，', '呃']],
    ['好 啊。 啊， 我 来 了', ['啊，']],
  ])('in “%s”', (text, expected) => {
    expect(texts(findFillers(say(text)))).toEqual(expected);
  });

  it('goes to the middle of the pauses beside it and looks for a person’s own phrases', () => {
    const words = say('well um then hmm');
    const [um] = findFillers(words);
    expect(um && seconds([um])).toEqual([[1.325, 1.675]]);
    expect(texts(findFillers(words, { mine: [{ text: 'Well Um', setOff: false }] }))).toEqual(['well um']);
    expect(findFillers(words, {})).toEqual([]);
    expect(findFillers([], DEFAULT_FILLERS)).toEqual([]);
  });

  it('takes no word that is not in a list', () => {
    const word = fc.constantFrom('um', 'you', 'know', 'like,', 'I', 'mean', 'cat.', '|', '嗯', '那', '个', 'so,');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (pieces) => {
        const words = say(pieces.join(' '));
        for (const { start, end, text } of findFillers(words)) {
          const gone = words.filter((each) => each.start < end && each.end > start);
          const plain = gone.map((each) => each.text.toLowerCase().replace(/[,.]/g, '')).join('');
          expect(gone.every((each) => text.includes(each.text))).toBe(true);
          expect(Object.values(DEFAULT_FILLERS).flat().map((each) => each.text.toLowerCase().replaceAll(' ', ''))).toContain(plain);
        }
      }),
    );
  });
});

describe('findRepeats', () => {
  it.each<[string, string[], string[]]>([
    ['I I I think so', ['I I'], ['stutter']],
    ['I think I think we we go', ['I think', 'we'], ['stutter', 'stutter']],
    ['the the- the plan is very very good', ['the the-'], ['stutter']],
    ['We went home. Home is nice, he had had enough, five five nine', [], []],
    ['我 我 想 看 看， 谢 谢', ['我'], ['stutter']],
    ['我们 我们 今天 去', ['我们'], ['stutter']],
  ])('stutters in “%s”', (text, expected, why) => {
    expect(texts(findRepeats(say(text)))).toEqual(expected);
    expect(reasons(findRepeats(say(text)))).toEqual(why);
  });

  it('keeps the last of several takes, and what was said between them', () => {
    const found = findRepeats(say('Welcome to the show about trains. No, wait. Welcome to our show about trains. | Welcome to the show about big trains. Today we ride.'));
    expect(texts(found)).toEqual(['Welcome to the show about trains.', 'Welcome to our show about trains.']);
    expect(reasons(found)).toEqual(['repeated_sentence', 'repeated_sentence']);
  });

  it('takes the short parts of a repeated sentence with it, as one', () => {
    const said = 'And so my fellow Americans | ask not | what your country can do for you | ask what you can do for your country. |';
    expect(texts(findRepeats(say(`${said} ${said}`)))).toEqual(['And so my fellow Americans ask not what your country can do for you ask what you can do for your country.']);
    expect(findRepeats(say(`${said} Then he went home.`))).toEqual([]);
  });

  it('finds Chinese takes by their characters', () => {
    expect(texts(findRepeats(say('今 天 我 们 来 讲 火 车。 | 今 天 我 们 来 讲 讲 火 车。 很 好 看')))).toEqual(['今天我们来讲火车。']);
  });

  it('takes a start that was given up, but no whole sentence and no short answer', () => {
    expect(texts(findRepeats(say('So the main | So the main idea is simple.')))).toEqual(['So the main']);
    expect(findRepeats(say('He went away. He went away because of rain.'))).toEqual([]);
    expect(findRepeats(say('Thank you. Thank you. Yes, exactly. Yes, exactly.'))).toEqual([]);
  });

  it('does not look further than a minute ahead', () => {
    const later = say('This is how it ends today.').map((word) => ({ ...word, start: flicks(word.start + fromSeconds(70)), end: flicks(word.end + fromSeconds(70)) }));
    expect(findRepeats([...say('This is how it ends today.'), ...later])).toEqual([]);
  });

  it('measures likeness by what is common in order', () => {
    expect(similarity(['a', 'b', 'c'], ['a', 'b', 'c'])).toBe(1);
    expect(similarity(['a', 'b', 'c', 'd'], ['d', 'c', 'b', 'a'])).toBe(0.25);
    expect(similarity(['a'], ['a', 'b', 'c', 'd'])).toBe(0);
  });
});

describe('planTighten', () => {
  const range = (start: number, end: number): { start: Word['start']; end: Word['end'] } => ({ start: fromSeconds(start), end: fromSeconds(end) });
  it('joins what overlaps and says the time saved', () => {
    const plan = planTighten([range(5, 6), range(1, 3), range(2, 4), range(4, 4.5)]);
    expect(seconds(plan.ranges)).toEqual([[1, 4.5], [5, 6]]);
    expect(toSeconds(plan.saved)).toBe(4.5);
  });

  it('drops a flash between two removals only where no word is', () => {
    const words = say('one two'); // 1 to 1.3 and 1.35 to 1.65
    expect(seconds(planTighten([range(0, 1.3), range(1.35, 2)], words).ranges)).toEqual([[0, 2]]);
    expect(seconds(planTighten([range(0, 1.28), range(1.35, 2)], words).ranges)).toEqual([[0, 1.28], [1.35, 2]]);
    expect(seconds(planTighten([range(0, 1.3), range(1.35, 2)]).ranges)).toEqual([[0, 1.3], [1.35, 2]]);
  });
});
