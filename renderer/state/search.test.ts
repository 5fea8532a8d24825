import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Moment } from '../../shared/ipc/engine.ts';
import { fromSeconds } from '../../shared/time.ts';
import { EngineClient } from '../bridge/engine.ts';
import { EngineEnd } from '../testing/engine-end.ts';
import { MEDIA_ID } from '../testing/facts.ts';
import { Search } from './search.svelte.ts';
import { namesOfLabel } from './tag-names.ts';

const moment = (shot: number, label = 'dog'): Moment => ({ media: MEDIA_ID, mediaName: 'a.mp4', shot, start: fromSeconds(shot), end: fromSeconds(shot + 1), label, score: 0.9, source: 'coco', picture: null });

function setUp(counts: { label: string; count: number }[] = [], locale: 'en' | 'zh-CN' = 'en'): { search: Search; end: EngineEnd } {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  return { search: new Search(engine, { currentMedia: () => MEDIA_ID, tagCounts: () => counts, namesOf: (label) => namesOfLabel(label, locale) }), end };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('searching', () => {
  it('asks once for what was typed in one go, in this file', async () => {
    const { search, end } = setUp();
    for (const text of ['d', 'do', 'dog']) search.type(text);
    await vi.advanceTimersByTimeAsync(500);
    expect(end.asked('searchTags').map((request) => request.args)).toEqual([{ query: 'dog', media: [MEDIA_ID], limit: 500 }]);
    end.answer('searchTags', [moment(3)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(search.moments?.map((each) => each.shot)).toEqual([3]);
    expect(search.busy).toBe(false);
  });

  it('drops a late answer to an earlier question', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    const first = end.asked('searchTags')[0];
    void search.pick('cat');
    end.reply({ kind: 'result', id: first?.id ?? 0, result: [moment(1, 'dog')] });
    end.answer('searchTags', [moment(2, 'cat')]);
    await vi.advanceTimersByTimeAsync(0);
    expect(search.moments?.map((each) => each.label)).toEqual(['cat']);
  });

  it('keeps the picks on their moments when more moments arrive', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    end.answer('searchTags', [moment(5), moment(9)]);
    await vi.advanceTimersByTimeAsync(0);
    search.select(1, 'replace');
    void search.run();
    end.answer('searchTags', [moment(1), moment(5), moment(9)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(search.pickedMoments.map((each) => each.shot)).toEqual([9]);
    expect(search.lead).toBe(2);
  });

  it('picks by Shift from the last and toggles by Ctrl', async () => {
    const { search, end } = setUp();
    void search.pick('dog');
    end.answer('searchTags', [0, 1, 2, 3, 4].map((shot) => moment(shot)));
    await vi.advanceTimersByTimeAsync(0);
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
  });
});

describe('suggestions', () => {
  const counts = [
    { label: 'person', count: 40 },
    { label: 'beagle', count: 3 },
    { label: 'dog', count: 7 },
  ];
  it('are the most frequent tags while nothing is typed', () => {
    expect(setUp(counts).search.suggestions.map((each) => each.name)).toEqual(['person', 'dog', 'beagle']);
  });
  it('match broader terms: a beagle is a dog', () => {
    const { search } = setUp(counts);
    search.query = 'dog';
    expect(search.suggestions.map((each) => each.label)).toEqual(['dog', 'beagle']);
  });
  it('are named and matched in Chinese too', () => {
    const { search } = setUp(counts, 'zh-CN');
    search.query = '狗';
    expect(search.suggestions.map((each) => each.label)).toContain('dog');
    expect(search.suggestions.find((each) => each.label === 'dog')?.name).toBe('狗');
  });
});
