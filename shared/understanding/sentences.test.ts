/** Sentences of cues and lines: nothing is lost, times stay within the cues, and breaks fall where a reader would put them. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Cue, Speaker, Word } from '../captions/types.ts';
import { fromSeconds, toSeconds } from '../time.ts';
import { joinPieces, splitText } from './sentenceBreaks.ts';
import { sentencesOfCues, sentencesOfLines } from './sentences.ts';

const split = (text: string, language = 'en'): string[] => splitText(text, language).map((piece) => piece.text);
const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

let made = 0;
function cue(start: number, end: number, text: string, more: Partial<Cue> = {}): Cue {
  return { id: `c${made++}`, start: fromSeconds(start), end: fromSeconds(end), text, words: [], speaker: null, touched: false, spans: [], place: null, extras: {}, ...more };
}
const word = (text: string, start: number, end: number): Word => ({ text, start: fromSeconds(start), end: fromSeconds(end), confidence: 1, space: true });
const texts = (cues: Cue[], language = 'en', speakers: Speaker[] = []): string[] => sentencesOfCues(cues, speakers, language).map(({ text }) => text);

/** Text of letters of many scripts, marks, spaces and pictures. */
const anyText = fc
  .array(fc.constantFrom('hello', 'Mr.', 'U.S.', 'World', '3.5', '。', '你好', '今天', '?', '!', '.', ',', '…', '\n', ' ', 'こんにちは', '안녕', '😀', '👩‍👩‍👧', 'שלום', 'مرحبا', '"', '”', '(', ')', '：', ':', 'a', 'I'), { maxLength: 60 })
  .chain((parts) => fc.constantFrom('', ' ').map((between) => parts.join(between)));
const anyLanguage = fc.constantFrom('en', 'zh', 'ja', 'auto', 'ko', 'ar', 'und');

describe('breaks', () => {
  test.each([
    ['We met Mr. Smith yesterday. He was well.', ['We met Mr. Smith yesterday.', 'He was well.']],
    ['It is about U.S. policy in Asia. Nothing else.', ['It is about U.S. policy in Asia.', 'Nothing else.']],
    ['Take a fruit, e.g. this one. Or none.', ['Take a fruit, e.g. this one.', 'Or none.']],
    ['It rose by 3.5 percent. That is much.', ['It rose by 3.5 percent.', 'That is much.']],
    ['Prof. J. R. Miller spoke at 5 p.m. yesterday. Really?! Yes.', ['Prof. J. R. Miller spoke at 5 p.m. yesterday.', 'Really?!', 'Yes.']],
    ['He said “Stop it!” Then he left.', ['He said “Stop it!”', 'Then he left.']],
    ['So it was I. Nobody else.', ['So it was I.', 'Nobody else.']],
  ])('%s', (text, sentences) => {
    expect(split(text)).toEqual(sentences);
  });

  it('knows the marks of other scripts', () => {
    expect(split('今天天气很好。我们去公园吧！你去吗？', 'zh')).toEqual(['今天天气很好。', '我们去公园吧！', '你去吗？']);
    expect(split('今日は天気がいいです。「行こう！」と彼は言った。', 'ja')).toEqual(['今日は天気がいいです。', '「行こう！」と彼は言った。']);
    expect(split('هل أنت بخير؟ نعم.', 'ar')).toEqual(['هل أنت بخير؟', 'نعم.']);
    expect(split('我们用的是 GPT 3.5 版本。It works well. 很好。', 'zh')).toEqual(['我们用的是 GPT 3.5 版本。', 'It works well.', '很好。']);
  });

  it('finds nothing in nothing, and keeps text without letters', () => {
    expect(split('')).toEqual([]);
    expect(split(' \n ')).toEqual([]);
    expect(split('🎉🎉 👩‍👩‍👧')).toEqual(['🎉🎉 👩‍👩‍👧']);
  });

  it('parts lie in the text, in order, with nothing but white space between', () => {
    fc.assert(
      fc.property(anyText, anyLanguage, (text, language) => {
        let at = 0;
        for (const piece of splitText(text, language)) {
          expect(piece.from).toBeGreaterThanOrEqual(at);
          expect(text.slice(at, piece.from).trim()).toBe('');
          expect(text.slice(piece.from, piece.to)).toBe(piece.text);
          at = piece.to;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
    );
  });

  it('joins without a space between East Asian characters only', () => {
    expect(joinPieces(['今天', '很好。'])).toBe('今天很好。');
    expect(joinPieces(['the', 'end'])).toBe('the end');
    expect(joinPieces(['我们用', 'GPT'])).toBe('我们用 GPT');
  });
});

describe('of cues', () => {
  it('joins one over several cues and parts several in one by their words', () => {
    const cues = [
      cue(0, 2, 'The budget of the'),
      cue(2, 4, 'project is fixed. It will'),
      cue(4, 6, 'not change. Good.', { words: [word('not', 4, 4.3), word('change.', 4.3, 4.9), word('Good.', 5.4, 6)] }),
    ];
    const sentences = sentencesOfCues(cues, [], 'en');
    expect(sentences.map(({ text }) => text)).toEqual(['The budget of the project is fixed.', 'It will not change.', 'Good.']);
    expect(sentences.map(({ line }) => line)).toEqual([0, 1, 2]);
    expect(sentences.slice(1).map(({ start, end }) => [toSeconds(start ?? fromSeconds(-1)), toSeconds(end ?? fromSeconds(-1))])).toEqual([[expect.closeTo(3.4, 1), 4.9], [5.4, 6]]);
    expect(sentences[0]?.start).toBe(0);
  });

  it('ends one where the speaker changes or long silence follows, and names speakers', () => {
    const cues = [cue(0, 1, 'so I thought', { speaker: 's1' }), cue(1, 2, 'no you did not', { speaker: 's2' }), cue(2, 3, 'well', { speaker: 's2' }), cue(6, 7, 'anyway. Yes.', { speaker: 's2' })];
    const speakers = [{ id: 's1', name: 'Ann' }, { id: 's2', name: '' }] as Speaker[];
    expect(sentencesOfCues(cues, speakers, 'en').map(({ text, speaker }) => [speaker, text])).toEqual([
      ['Ann', 'so I thought'],
      ['s2', 'no you did not well'],
      ['s2', 'anyway.'],
      ['s2', 'Yes.'],
    ]);
  });

  it('parts text without marks at shorter pauses', () => {
    expect(texts([cue(0, 1, 'we begin here'), cue(1.1, 2, 'and go on'), cue(3, 4, 'something new')])).toEqual(['we begin here and go on', 'something new']);
    expect(texts([cue(0, 1, '今天我们'), cue(1.1, 2, '讲预算'), cue(3, 4, '接下来讲时间')], 'zh')).toEqual(['今天我们讲预算', '接下来讲时间']);
  });

  it('cuts 10,000 words without any mark, in one cue and in many', () => {
    const words = Array.from({ length: 10_000 }, (_, i) => `word${i}`);
    const one = sentencesOfCues([cue(0, 5000, words.join(' '))], [], 'en');
    const many = sentencesOfCues(words.map((text, i) => cue(i / 2, (i + 1) / 2, text)), [], 'en');
    for (const sentences of [one, many]) {
      expect(sentences.length).toBeGreaterThan(80);
      expect(sentences.length).toBeLessThan(300);
      expect(sentences.map(({ text }) => text).join(' ')).toBe(words.join(' '));
    }
  });

  it('keeps every letter in order, with times within the cues and ordered', () => {
    const timed = fc.array(fc.record({ text: anyText, gap: fc.integer({ min: 0, max: 40 }), length: fc.integer({ min: 1, max: 50 }), speaker: fc.constantFrom(null, 's1', 's2'), heard: fc.boolean() }), { maxLength: 12 });
    fc.assert(
      fc.property(timed, anyLanguage, (given, language) => {
        let now = 0;
        const cues = given.map(({ text, gap, length, speaker, heard }) => {
          const start = (now += gap / 10);
          now += length / 10;
          const heardWords = heard ? text.split(/\s+/u).filter(Boolean) : [];
          const step = (now - start) / Math.max(1, heardWords.length);
          return cue(start, now, text, { speaker, words: heardWords.map((each, i) => word(each, start + i * step, start + (i + 1) * step)) });
        });
        const sentences = sentencesOfCues(cues, [], language);
        expect(bare(sentences.map(({ text }) => text).join(''))).toBe(bare(cues.map(({ text }) => text).join('')));
        let [line, time] = [0, 0];
        for (const sentence of sentences) {
          const [start, end] = [sentence.start ?? -1, sentence.end ?? -1];
          expect(sentence.line).toBeGreaterThanOrEqual(line);
          expect(start).toBeGreaterThanOrEqual(time);
          expect(end).toBeGreaterThanOrEqual(start);
          const begun = cues[sentence.line];
          expect(begun && start >= begun.start && start <= begun.end).toBe(true);
          expect(end).toBeLessThanOrEqual(cues.at(-1)?.end ?? 0);
          [line, time] = [sentence.line, start];
        }
      }),
    );
  });
});

describe('of lines', () => {
  const turns = (lines: string[], language = 'auto'): (string | null)[][] => sentencesOfLines(lines, language).map(({ speaker, text }) => [speaker, text]);

  it('takes a name before a colon for the speaker', () => {
    expect(turns(['Speaker 1: Hello there.', 'Grad E: I guess.', 'María de la Cruz: Sí.', '张三：你好。', '主持人: 欢迎。'])).toEqual([
      ['Speaker 1', 'Hello there.'],
      ['Grad E', 'I guess.'],
      ['María de la Cruz', 'Sí.'],
      ['张三', '你好。'],
      ['主持人', '欢迎。'],
    ]);
    expect(turns(['alice: hi', 'bob: hi', 'alice: bye', 'bob: bye']).map(([speaker]) => speaker)).toEqual(['alice', 'bob', 'alice', 'bob']);
  });

  it.each(['时间：下午三点', 'http://example.com is an address', '12:30 we met', 'at 12:30 we met', 'one more thing: we must go', 'I have an idea: we go home', 'Note: this is important', '例如：苹果和梨'])('takes no name from %s', (line) => {
    expect(turns([line])).toEqual([[null, line]]);
  });

  it('keeps line numbers: one sentence a line, several of a turn, empty lines counted', () => {
    expect(sentencesOfLines(['One.', '', 'A: Two. Three.', '  ', '四。五。'], 'auto').map(({ line, text }) => [line, text])).toEqual([[0, 'One.'], [2, 'Two.'], [2, 'Three.'], [4, '四。'], [4, '五。']]);
    const lines = Array.from({ length: 50 }, (_, i) => `Sentence number ${i} , with spaces before marks .`);
    expect(sentencesOfLines(lines, 'en').map(({ line }) => line)).toEqual(lines.map((_, i) => i));
  });

  it('cuts a line of 10,000 Chinese characters without marks', () => {
    const sentences = sentencesOfLines(['我们讨论项目预算'.repeat(1250)], 'zh');
    expect(sentences.length).toBeGreaterThan(40);
    expect(sentences.map(({ text }) => text).join('')).toBe('我们讨论项目预算'.repeat(1250));
  });

  it('keeps every letter in order', () => {
    fc.assert(
      fc.property(fc.array(anyText.map((text) => text.replace(/\n/g, ' ')), { maxLength: 8 }), anyLanguage, (lines, language) => {
        const sentences = sentencesOfLines(lines, language);
        const said = lines.map((_, line) => {
          const own = sentences.filter((sentence) => sentence.line === line);
          return `${own[0]?.speaker ?? ''}${own.map(({ text }) => text).join('')}`;
        });
        expect(said.map(bare)).toEqual(lines.map(bare));
        for (const { start, end } of sentences) expect([start, end]).toEqual([null, null]);
      }),
    );
  });
});
