import { describe, expect, it } from 'vitest';
import type { Item } from './item.ts';
import { LanguageTracker } from './language.ts';
import { judge } from './requeue.ts';
import { heardChunk } from './testHearing.ts';
import { SPEECH_RATE, type RecognisedChunk, type RecognisedWord } from './types.ts';

const at = (seconds: number): number => Math.round(seconds * SPEECH_RATE);

/** A piece from 100 s on whose speech is at these seconds of it. */
function piece(length: number, ...speech: [number, number][]): Item {
  const start = at(100);
  return {
    audio: {
      start,
      end: start + at(length),
      stretches: speech.map(([from, to]) => ({ start: start + at(from), end: start + at(to), cutBefore: false, cutAfter: false })),
      pcm: new Float32Array(at(length)),
      voice: new Float32Array(Math.ceil(at(length) / 512)),
    },
    language: null,
    prompt: '',
    depth: 0,
    earlier: null,
  };
}

function heard(times: [string, number, number][], facts: Partial<RecognisedChunk> = {}): RecognisedChunk {
  const words = times.map(([text, start, end], index): RecognisedWord => ({ text, start, end, space: index > 0, confidence: 0.9, segment: 0 }));
  const text = words.map((word) => word.text).join(' ');
  return heardChunk(text, { words, segments: [{ start: 0, end: words.at(-1)?.end ?? 0, text, meanLogProbability: -0.2 }], ...facts });
}

const span = ({ audio }: Item): [number, number] => [audio.start / SPEECH_RATE - 100, audio.end / SPEECH_RATE - 100];
const english = (): LanguageTracker => new LanguageTracker('auto', 'en');

describe('speech that a hearing passed over is heard by itself', () => {
  it('after the last word', () => {
    const { pieces, again } = judge(piece(10, [0, 4], [5, 9]), heard([['hello', 0.2, 1], ['there.', 1.1, 3.9]]), english());
    expect(again.map(span)).toEqual([[5, 9]]);
    expect(pieces.map(({ heard: { text } }) => text)).toEqual(['hello there.']);
  });

  it('between words, which then are two pieces', () => {
    const { pieces, again } = judge(piece(12, [0, 2], [3, 8], [9, 12]), heard([['hello', 0.2, 1.9], ['goodbye.', 9.2, 11.8]]), english());
    expect(again.map(span)).toEqual([[3, 8]]);
    expect(pieces.map(({ item, heard: { text, words } }) => [...span(item), text, words[0]?.start])).toEqual([
      [0, 3, 'hello', 0.2],
      [8, 12, 'goodbye.', expect.closeTo(1.2, 5)],
    ]);
  });

  it('but not the last words themselves, when their segment is said to end before them', () => {
    const words: [string, number, number][] = [['your', 8, 8.3], ['country.', 8.4, 9]];
    const early = heard(words, { segments: [{ start: 0, end: 8.2, text: '', meanLogProbability: -0.2 }] });
    const { pieces, again } = judge(piece(9.5, [7.9, 9.5]), early, english());
    expect(again).toEqual([]);
    expect(pieces[0]?.heard.words.map(({ text }) => text)).toEqual(['your', 'country.']);
  });

  it('but not a breath, and not for ever', () => {
    const short = heard([['hello', 0.2, 1], ['there.', 1.1, 3.4]]);
    expect(judge(piece(5, [0, 4.3]), short, english()).again).toEqual([]);
    expect(judge({ ...piece(20, [0, 20]), depth: 6 }, short, english()).again).toEqual([]);
  });
});

describe('another hearing', () => {
  const chinese = { languages: [{ language: 'zh', probability: 0.97 }, { language: 'en', probability: 0.01 }] };

  it('in the language it sounds like, which is taken only when its text is likelier', () => {
    const doubtful = heard([['he', 0.1, 1], ['how.', 1, 4]], { ...chinese, meanLogProbability: -0.8 });
    const item = piece(4, [0, 4]);
    const { pieces, again } = judge(item, doubtful, english());
    expect(pieces).toEqual([]);
    expect(again[0]).toMatchObject({ language: 'zh', earlier: { why: 'language' } });
    const other = (meanLogProbability: number): RecognisedChunk => heard([['你好。', 0.1, 4]], { language: 'zh', ...chinese, meanLogProbability });
    const second = again[0] ?? item;
    expect(judge(second, other(-0.3), english()).pieces[0]?.heard.text).toBe('你好。');
    expect(judge(second, other(-0.75), english()).pieces[0]?.heard.text).toBe('he how.');
  });

  it('with a prompt where many words came without any mark', () => {
    const bare = heard(Array.from({ length: 30 }, (_, index) => [`word${index}`, index / 3, (index + 1) / 3]));
    const item = piece(10, [0, 10]);
    const { again } = judge(item, bare, english());
    expect(again[0]?.prompt).toMatch(/\./);
    const marked = heard(Array.from({ length: 30 }, (_, index) => [index % 10 === 9 ? `word${index}.` : `word${index}`, index / 3, (index + 1) / 3]));
    expect(judge(again[0] ?? item, marked, english()).pieces[0]?.heard.text).toContain('word9.');
    expect(judge(again[0] ?? item, bare, english()).pieces[0]?.heard.text).toBe(bare.text);
  });

  it('of both sides of the longest silence where the whole gave nothing sound', () => {
    const noise = heard([['thank', 0.1, 4], ['you.', 4, 9]], { meanLogProbability: -1.4 });
    const { pieces, again } = judge(piece(9, [0, 2], [2.5, 4], [6, 9]), noise, english());
    expect(pieces).toEqual([]);
    expect(again.map(span)).toEqual([[0, 4], [6, 9]]);
  });
});
