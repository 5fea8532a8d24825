import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fromSeconds } from '../../shared/time.ts';
import type { FoundMoment } from '../../shared/understanding/types.ts';
import { EngineClient } from '../bridge/engine.ts';
import { EngineEnd } from '../testing/engine-end.ts';
import { MEDIA_ID } from '../testing/facts.ts';
import { Search } from './search.svelte.ts';
import { namesOfLabel } from './tag-names.ts';

const found = (second: number, snippet = 'dog', kind: FoundMoment['kind'] = 'tag'): FoundMoment => ({
  media: MEDIA_ID,
  mediaName: 'a.mp4',
  start: fromSeconds(second),
  end: fromSeconds(second + 1),
  shot: second,
  snippet,
  marks: [],
  kind,
  lists: [kind === 'speech' ? 'words' : 'tags'],
  score: 0.9,
  picture: null,
});

interface Counts {
  tags?: { label: string; count: number }[];
  terms?: { term: string; count: number }[];
}

function setUp({ tags = [], terms = [] }: Counts = {}, locale: 'en' | 'zh-CN' = 'en'): { search: Search; end: EngineEnd } {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  const around = { currentMedia: () => MEDIA_ID, tagCounts: () => tags, terms: () => terms, namesOf: (label: string) => namesOfLabel(label, locale) };
  return { search: new Search(engine, around), end };
}

/** Answers the latest question that asked all lists (`null`), or only some. */
function answer(end: EngineEnd, moments: FoundMoment[], lists: 'all' | 'quick' = 'all'): Promise<unknown> {
  const request = end.asked('search').findLast(({ args }) => ((args as { lists: unknown }).lists === null) === (lists === 'all'));
  end.reply({ kind: 'result', id: request?.id ?? -1, result: moments });
  return vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('searching', () => {
  it('asks once for what was typed in one go, in this file: everything, and the quick lists beside it', async () => {
    const { search, end } = setUp();
    for (const text of ['d', 'do', 'dog']) search.type(text);
    await vi.advanceTimersByTimeAsync(500);
    const whole = { query: 'dog', media: [MEDIA_ID], limit: 500 };
    expect(end.asked('search').map((request) => request.args)).toEqual([{ ...whole, lists: null }, { ...whole, lists: ['words', 'text'] }]);
    await answer(end, [found(3)]);
    expect(search.moments?.map((each) => each.shot)).toEqual([3]);
    expect(search.busy).toBe(false);
  });

  it('shows what the quick lists found until the whole answer is here, and never after it', async () => {
    const { search, end } = setUp();
    void search.pick('money');
    await answer(end, [found(7, 'the money', 'speech')], 'quick');
    expect(search.moments?.map((each) => each.shot)).toEqual([7]);
    expect(search.busy).toBe(true);
    await answer(end, [found(2, 'cash', 'speech'), found(7, 'the money', 'speech')]);
    expect(search.moments?.map((each) => each.shot)).toEqual([2, 7]);
    void search.pick('dog');
    await answer(end, [found(1)]);
    await answer(end, [found(9)], 'quick');
    expect(search.moments?.map((each) => each.shot)).toEqual([1]);
  });

  it('does not say that nothing was found before everything was asked', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    await answer(end, [], 'quick');
    expect(search.moments).toBeNull();
    await answer(end, []);
    expect(search.moments).toEqual([]);
  });

  it('drops a late answer to an earlier question', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    const first = end.asked('search')[0];
    void search.pick('cat');
    end.reply({ kind: 'result', id: first?.id ?? 0, result: [found(1, 'dog')] });
    await answer(end, [found(2, 'cat')]);
    expect(search.moments?.map((each) => each.snippet)).toEqual(['cat']);
  });

  it('keeps the picks on their moments when more moments arrive, and when kinds are hidden', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    await answer(end, [found(5), found(9)]);
    search.select(1, 'replace');
    void search.run();
    await answer(end, [found(1, 'a dog', 'speech'), found(5), found(9)]);
    expect(search.pickedMoments.map((each) => each.shot)).toEqual([9]);
    expect(search.lead).toBe(2);
    expect(search.counts).toEqual({ speech: 1, tag: 2, text: 0, picture: 0 });
    search.toggleKind('tag');
    expect(search.moments?.map((each) => each.shot)).toEqual([5, 9]);
    expect(search.lead).toBe(1);
    search.toggleKind('tag');
    expect(search.lead).toBe(2);
  });

  it('moves nothing that lies at or above the pointer, and sorts it in when the pointer is gone', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    await answer(end, [found(5), found(9), found(12)]);
    search.point(1);
    void search.run();
    await answer(end, [found(1), found(9), found(5), found(12), found(20)]);
    expect(search.moments?.map((each) => each.shot)).toEqual([5, 9, 1, 12, 20]);
    search.point(-1);
    expect(search.moments?.map((each) => each.shot)).toEqual([1, 9, 5, 12, 20]);
  });

  it('picks by Shift from the last and toggles by Ctrl', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    await answer(end, [0, 1, 2, 3, 4].map((second) => found(second)));
    search.select(1, 'replace');
    search.select(3, 'extend');
    expect([...search.picked]).toEqual([1, 2, 3]);
    search.select(2, 'toggle');
    expect(search.pickedMoments.map((each) => each.shot)).toEqual([1, 3]);
  });

  it('ends with an empty query, and says why it failed', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    end.reply({ kind: 'error', id: 1, error: { kind: 'expected', code: 'library_locked', params: {} } });
    await vi.advanceTimersByTimeAsync(0);
    expect(search.error).toMatchObject({ code: 'library_locked' });
    search.type('');
    expect(search.moments).toBeNull();
    expect(search.error).toBeNull();
    expect(search.active).toBe(false);
  });

  it('asks again once when much becomes known in short time, and not at all without a question', async () => {
    const { search, end } = setUp();
    search.refreshSoon();
    await vi.advanceTimersByTimeAsync(2000);
    expect(end.asked('search')).toHaveLength(0);
    void search.pick('dog');
    await answer(end, [found(1)]);
    for (let i = 0; i < 10; i += 1) search.refreshSoon();
    await vi.advanceTimersByTimeAsync(2000);
    // What is shown stays until the whole answer: the quick lists are asked only once.
    expect(end.asked('search').map(({ args }) => (args as { lists: unknown }).lists)).toEqual([null, ['words', 'text'], null]);
  });
});

describe('shots like a shot', () => {
  const shot = { media: MEDIA_ID, mediaName: 'a.mp4', shot: 11 };

  it('are asked for in place of a query, and again in another scope', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    await answer(end, [found(1)]);
    void search.findLike(shot);
    expect(search.query).toBe('');
    expect(search.moments).toBeNull();
    end.answer('similarShots', [found(4, '', 'picture')]);
    await vi.advanceTimersByTimeAsync(0);
    expect(search.moments?.map((each) => each.shot)).toEqual([4]);
    search.setScope('all');
    expect(end.asked('similarShots').map(({ args }) => args)).toEqual([
      { media: MEDIA_ID, shot: 11, within: [MEDIA_ID], limit: 500 },
      { media: MEDIA_ID, shot: 11, within: null, limit: 500 },
    ]);
  });

  it('give way to what is typed', async () => {
    const { search, end } = setUp();
    void search.findLike(shot);
    end.answer('similarShots', [found(4, '', 'picture')]);
    await vi.advanceTimersByTimeAsync(0);
    search.type('dog');
    expect(search.like).toBeNull();
    expect(search.moments).toBeNull();
  });
});

describe('suggestions', () => {
  const counts = [
    { label: 'person', count: 40 },
    { label: 'beagle', count: 3 },
    { label: 'dog', count: 7 },
  ];
  it('are the most frequent tags while nothing is typed', () => {
    expect(setUp({ tags: counts }).search.suggestions.map((each) => each.name)).toEqual(['person', 'dog', 'beagle']);
  });
  it('match broader terms: a beagle is a dog', () => {
    const { search } = setUp({ tags: counts });
    search.query = 'dog';
    expect(search.suggestions.map((each) => each.label)).toEqual(['dog', 'beagle']);
  });
  it('are named and matched in Chinese too', () => {
    const { search } = setUp({ tags: counts }, 'zh-CN');
    search.query = '狗';
    expect(search.suggestions.map((each) => each.label)).toContain('dog');
    expect(search.suggestions.find((each) => each.label === 'dog')?.name).toBe('狗');
  });
  it('tell key terms of the talk too, with some room of their own while nothing is typed', () => {
    const tags = Array.from({ length: 20 }, (_, index) => ({ label: `thing ${index}`, count: 100 - index }));
    const { search } = setUp({ tags, terms: [{ term: 'interest rate', count: 5 }, { term: 'thing of the past', count: 2 }] });
    expect(search.suggestions.filter(({ kind }) => kind === 'term').map(({ name }) => name)).toEqual(['interest rate', 'thing of the past']);
    expect(search.suggestions).toHaveLength(12);
    search.query = 'rate';
    expect(search.suggestions).toEqual([{ kind: 'term', label: 'interest rate', name: 'interest rate', count: 5 }]);
  });
});
