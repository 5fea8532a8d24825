import { describe, expect, it } from 'vitest';
import { doubtOf } from './guards.ts';
import { LanguageTracker } from './language.ts';
import { toSimplified } from './script.ts';
import { heardChunk, spoken } from './testHearing.ts';

describe('text nobody said', () => {
  it.each([
    ['a sure text stays though the beginning sounded empty', { noSpeech: 0.9, meanLogProbability: -0.2 }, null],
    ['no speech and an unsure text', { noSpeech: 0.4, meanLogProbability: -0.6 }, 'no_speech'],
    ['a text that is hardly probable', { noSpeech: 0, meanLogProbability: -0.95 }, 'improbable'],
    ['a text that repeats itself and is unsure', { compression: 2.6, meanLogProbability: -0.6 }, 'repetitive'],
    ['a sentence said again and again', { compression: 6 }, null],
  ] as const)('%s', (_name, facts, expected) => {
    expect(doubtOf(heardChunk('thank you for watching', facts), 2)).toBe(expected);
  });

  it('more syllables than a mouth can say', () => {
    const chunk = heardChunk('subtitles by the amateur community of imaginary translators');
    expect(doubtOf(chunk, 0.6)).toBe('too_fast');
    expect(doubtOf(chunk, 3)).toBeNull();
    expect(doubtOf(heardChunk('请不吝点赞订阅转发打赏支持明镜与点点栏目'), 0.5)).toBe('too_fast');
  });
});

describe('Chinese', () => {
  it('is Simplified with full-width marks, and Latin and numbers keep theirs', () => {
    const written = toSimplified(spoken('這 個 軟 體 叫 v3.5, 後 來 , 皇 后 說 : 乾 淨 嗎 ?').map((word) => ({ ...word, space: word.text === 'v3.5,' })));
    expect(written.map(({ text, space }) => (space ? ' ' : '') + text).join('')).toBe('这个软体叫 v3.5,后来，皇后说：干净吗？');
  });
});

describe('language', () => {
  it('stays unless another is sure and the present one unlikely, over enough speech', () => {
    const tracker = new LanguageTracker('auto');
    expect(tracker.ask).toBe('auto');
    expect(tracker.accept(heardChunk('hello there', { language: 'en' }), 5)).toBe(true);
    const doubtful = heardChunk('x', { language: 'en', languages: [{ language: 'de', probability: 0.55 }, { language: 'en', probability: 0.3 }] });
    const solid = heardChunk('x', { language: 'en', languages: [{ language: 'zh', probability: 0.97 }, { language: 'en', probability: 0.01 }] });
    expect(tracker.otherFor(doubtful, 10)).toBeNull();
    expect(tracker.otherFor(solid, 1)).toBeNull();
    expect(tracker.otherFor(solid, 10)).toBe('zh');
    expect(new LanguageTracker('en').otherFor(solid, 10)).toBeNull();
  });

  it('of a short piece does not become that of what follows', () => {
    const tracker = new LanguageTracker('auto', 'en');
    expect(tracker.accept(heardChunk('好', { language: 'zh' }), 1)).toBe(false);
    expect(tracker.ask).toBe('en');
    expect(tracker.accept(heardChunk('你好吗', { language: 'zh' }), 6)).toBe(true);
    expect(tracker.ask).toBe('zh');
  });
});
