import { describe, expect, it, vi } from 'vitest';
import { EngineClient } from '../bridge/engine.ts';
import { EngineEnd, settle } from '../testing/engine-end.ts';
import { someMedia } from '../testing/facts.ts';
import { Examinations } from './examinations.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { MediaEntry } from './media-list.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string];

function setUp() {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  const entries = new Map(ids.map((id) => [id, new MediaEntry(someMedia(60, id, `${id.slice(0, 1)}.mp4`))]));
  const toasts = new Toasts();
  const examinations = new Examinations(engine, new Jobs(), toasts, (id) => entries.get(id) ?? null);
  const asked = (): string[] => end.asked('examinePictures').map(({ args }) => (args as { media: string }).media);
  const last = (): number => end.asked('examinePictures').at(-1)?.id ?? -1;
  return { examinations, end, entries, toasts, asked, last };
}

describe('examining pictures', () => {
  it('goes through the files one after another, and tells whenever more is known', async () => {
    const { examinations, end, asked, last } = setUp();
    const told = vi.fn();
    examinations.onProgress = told;
    for (const id of [ids[0], ids[1], ids[0]]) examinations.start(id);
    expect(asked()).toEqual([ids[0]]);
    expect(examinations.of(ids[1])?.status).toBe('waiting');
    end.reply({ kind: 'events', id: last(), events: [{ type: 'progress', stage: 'pictures', done: 3, total: 10, unit: 'items', rate: 1, eta: 7 }] });
    await settle(60);
    expect(examinations.of(ids[0])?.progress?.done).toBe(3);
    expect(told).toHaveBeenCalledWith(ids[0]);
    end.reply({ kind: 'end', id: last() });
    await settle(60);
    expect(examinations.of(ids[0])?.status).toBe('done');
    expect(asked()).toEqual([ids[0], ids[1]]);
  });

  it('stops one that waits or runs, and goes on with the next', async () => {
    const { examinations, end, asked, last } = setUp();
    for (const id of ids) examinations.start(id);
    examinations.cancel(ids[1]);
    examinations.cancel(ids[0]);
    expect(end.requests.at(-1)).toMatchObject({ kind: 'cancel', id: last() });
    end.reply({ kind: 'error', id: last(), error: { kind: 'cancelled' } });
    await settle(60);
    expect(ids.map((id) => examinations.of(id)?.status)).toEqual(['cancelled', 'cancelled', 'running']);
    expect(asked()).toEqual([ids[0], ids[2]]);
  });

  it('says why it failed, and leaves out what was closed before its turn', async () => {
    const { examinations, end, entries, toasts, asked, last } = setUp();
    for (const id of ids) examinations.start(id);
    entries.delete(ids[1]);
    end.reply({ kind: 'error', id: last(), error: { kind: 'expected', code: 'library_locked', params: {} } });
    await settle(60);
    expect(examinations.of(ids[0])?.status).toBe('failed');
    expect(toasts.items).toHaveLength(1);
    expect(asked()).toEqual([ids[0], ids[2]]);
  });
});
