import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEncoder, type LanguageEncoder } from '../analysis/language/encoder.ts';
import { createInference } from '../inference/index.ts';
import { searchTerms } from '../inference/labels.ts';
import { buildWorker, MODELS } from '../inference/testRuntime.ts';
import type { Inference } from '../inference/types.ts';
import { openTemporaryLibrary } from '../library/library.ts';
import type { EncoderName, Library } from '../library/types.ts';
import type { AnalysisEvent } from '../../shared/events.ts';
import { fromSeconds } from '../../shared/time.ts';
import type { FoundMoment, Sentence, SearchList } from '../../shared/understanding/types.ts';
import { fuse, type Hit } from './fusion.ts';
import { search } from './search.ts';

const ENGLISH = 'a'.repeat(32);
const CHINESE = 'c'.repeat(32);
const FILM = 'f'.repeat(32);
const PRINTING = ['The earliest printers had few workers.', 'The paper was bought from merchants in the south.', 'The cost incurred in making one Bible was more than a house in the town.', 'Later the types were cast in lead with some tin.', 'Ink was made of soot and oil.'];
let library: Library;
let worker: Awaited<ReturnType<typeof buildWorker>>;
let inference: Inference;
let encoder: LanguageEncoder;

const talk = (texts: readonly string[]): Sentence[] => texts.map((text, line) => ({ text, line, speaker: null, start: fromSeconds(line * 4), end: fromSeconds(line * 4 + 4) }));
const filler = (count: number, text: string): string[] => Array.from({ length: count }, (_, index) => text.replace('#', String(index + 1)));
async function put(media: string, texts: readonly string[], language: EncoderName): Promise<void> {
  library.indexSentences(media, 'k', talk(texts), await encoder.embed(texts, { language, kind: 'passage' }), language);
}
const shot = (index: number): AnalysisEvent => ({ type: 'shot', index, start: fromSeconds(index * 10), end: fromSeconds(index * 10 + 10), startFrame: index * 250, endFrame: index * 250 + 250, transitionIn: index === 0 ? 'start' : 'cut', confidence: 1 });
const tag = (at: number, label: string, score: number): AnalysisEvent => ({ type: 'tag', shot: at, label, score, source: 'imagenet', detections: [] });
const find = (query: string, lists: SearchList[] | null = null, media: string[] | null = null, limit = 20): Promise<FoundMoment[]> => search({ query, media, lists, limit }, { library, encoder });

beforeAll(async () => {
  worker = await buildWorker({ 'language-worker': 'main/analysis/language/worker.ts' });
  library = openTemporaryLibrary(searchTerms);
  inference = createInference({ workerPath: worker.workerPath, modelsDir: MODELS, facts: library, provider: 'cpu' });
  encoder = openEncoder(inference, library);
  await put(ENGLISH, [...filler(8, 'The train to the city leaves at # every morning.'), 'We can only spend two hundred euros this year.', ...filler(8, 'The trees in the park are # metres tall.'), 'The quokka is a small animal.'], 'minilm');
  await put(CHINESE, [...filler(8, '早上#点的火车开往城里。'), '今年我们的经费只有两百欧元。', ...filler(8, '公园里的树有#米高。'), '机器学习 model 的训练'], 'e5');
  library.append({ media: FILM, stage: 'shots', modelHash: '', params: '' }, [0, 1, 2, 3].map(shot), null);
  library.append({ media: FILM, stage: 'keyframes', modelHash: '', params: '' }, [{ type: 'keyframe', shot: 2, rank: 0, time: fromSeconds(25), frame: 5, picture: 'k2' }], null);
  library.append({ media: FILM, stage: 'tags', modelHash: '', params: '' }, [tag(0, 'golden retriever', 0.6), tag(1, 'seashore', 0.6), tag(2, 'golden retriever', 0.6), tag(2, 'seashore', 0.6), tag(3, 'laptop', 0.9)], null);
  library.putPictureText(FILM, [{ shot: 3, time: fromSeconds(33), text: 'Quarterly revenue 季度收入', score: 0.9 }]);
}, 120_000);
afterAll(async () => {
  await encoder.close();
  await inference.close();
  worker.remove();
  library.close();
});

describe('search with the real encoders', () => {
  it('finds a sentence by a word, with the word marked', async () => {
    const [best] = await find('quokkas');
    expect(best).toMatchObject({ media: ENGLISH, kind: 'speech', snippet: 'The quokka is a small animal.', start: fromSeconds(17 * 4) });
    expect(best?.lists).toContain('words');
    expect(best?.marks.map(([from, to]) => best.snippet.slice(from, to))).toEqual(['quokka']);
  });

  it('finds a sentence by what it means, without a word in common', async () => {
    expect((await find('where they talk about money', ['meaning']))[0]?.snippet).toBe('We can only spend two hundred euros this year.');
    expect((await find('谈钱的地方', ['meaning']))[0]?.snippet).toBe('今年我们的经费只有两百欧元。');
  });

  it('finds Chinese by words, by one character, and in mixed text', async () => {
    expect((await find('经费', ['words']))[0]?.media).toBe(CHINESE);
    expect((await find('欧', ['words'])).map(({ snippet }) => snippet)).toEqual(['今年我们的经费只有两百欧元。']);
    const [mixed] = await find('model 机器学习', ['words']);
    expect(mixed?.marks.map(([from, to]) => mixed.snippet.slice(from, to))).toEqual(['机器', '学习', 'model']);
  });

  it('finds shots by what their tags mean: the one with both first', async () => {
    for (const query of ['puppy by the sea', '海边的小狗']) {
      const found = await find(query, ['tags']);
      expect(found[0]).toMatchObject({ media: FILM, shot: 2, kind: 'tag', picture: 'k2' });
      expect(found.map((moment) => moment.shot)).not.toContain(3);
    }
    expect((await find('狗', ['tags'])).map((moment) => moment.shot).sort()).toEqual([0, 2]);
  });

  it('finds text in the picture', async () => {
    expect((await find('revenue'))[0]).toMatchObject({ media: FILM, shot: 3, kind: 'text', lists: ['text'], start: fromSeconds(30) });
    expect((await find('收入', ['text']))[0]?.marks).toHaveLength(1);
  });

  it('keeps results five sentences apart, within the media and the limit asked for', async () => {
    const found = await find('train to the city', ['words', 'meaning'], [ENGLISH]);
    expect(new Set(found.map(({ media }) => media))).toEqual(new Set([ENGLISH]));
    const lines = found.map(({ start }) => start / fromSeconds(4)).sort((a, b) => a - b);
    lines.slice(1).forEach((line, index) => expect(line - (lines[index] ?? 0)).toBeGreaterThanOrEqual(5));
    expect(await find('train', null, null, 1)).toHaveLength(1);
    expect(found[0]?.lists.slice().sort()).toEqual(['meaning', 'words']);
  });

  it('finds what a question\'s frame asks for: "where they talk about money"', async () => {
    const media = 'b'.repeat(32);
    await put(media, PRINTING, 'minilm');
    const [first] = await find('where they talk about money', ['meaning'], [media]);
    library.forgetIndex(media);
    expect(first?.snippet).toContain('cost incurred');
  });

  it.each(['', '   ', '😀🎬', '"', '(((', '*'])('finds nothing for %j', async (query) => {
    expect(await find(query)).toEqual([]);
  });

  it.each(['"train', 'NEAR(train, 5)', 'train AND', 'x'.repeat(1000), '火'.repeat(1000), '😀 train', '\uD83D'])('takes %j as it is', async (query) => {
    await expect(find(query)).resolves.toBeInstanceOf(Array);
  });

  it('goes on by words when the encoder fails, and says which list is missing', async () => {
    const missing: SearchList[] = [];
    const broken = { embed: () => Promise.reject(new Error('gone')) };
    const found = await search({ query: 'quokka', media: null, lists: null, limit: 5 }, { library, encoder: broken, onMissing: (list) => missing.push(list) });
    expect(found[0]?.media).toBe(ENGLISH);
    expect(new Set(missing)).toEqual(new Set(['meaning', 'tags']));
  });
});

describe('fusion', () => {
  const sentence = (index: number): Hit => ({ media: ENGLISH, start: index, end: index + 1, sentence: index, shot: null, line: index, speaker: null, kind: 'speech', text: `s${index}` });
  const shotHit = (from: number, to: number): Hit => ({ ...sentence(from), end: to, sentence: null, shot: from, kind: 'tag', text: 'tag' });

  it('sums reciprocal ranks, and joins neighbours and the shot that a sentence is said in', () => {
    const found = fuse([{ list: 'words', hits: [sentence(40), sentence(10)] }, { list: 'meaning', hits: [sentence(10), sentence(12)] }, { list: 'tags', hits: [shotHit(5, 20), shotHit(60, 70)] }], 10);
    expect(found.map(({ text, lists }) => [text, lists])).toEqual([['s10', ['tags', 'meaning', 'words']], ['s40', ['words']], ['tag', ['tags']]]);
    expect(found[0]?.score).toBeCloseTo(1 / 62 + 1 / 61 + 1 / 61, 10);
  });
});
