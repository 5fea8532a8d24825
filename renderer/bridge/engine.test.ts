import { describe, expect, it } from 'vitest';
import { CancelledError, ExpectedError } from '../../shared/errors.ts';
import { EngineEnd, settle } from '../testing/engine-end.ts';
import { MEDIA_ID } from '../testing/facts.ts';
import { EngineClient } from './engine.ts';

function connected(): { engine: EngineClient; end: EngineEnd } {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  return { engine, end };
}
const PROGRESS = { type: 'progress', stage: 'shots', done: 1, total: 2, unit: 'frames', rate: 100, eta: 1 };

describe('calls', () => {
  it('wait for the connection, then are asked and parsed', async () => {
    const engine = new EngineClient();
    const answer = engine.call('stepFrame', { media: MEDIA_ID, time: 0 as never, by: 1 });
    const end = new EngineEnd();
    engine.connect(end.port);
    end.answer('stepFrame', 28_224_000);
    expect(await answer).toBe(28_224_000);
  });
  it('reject an answer outside the contract', async () => {
    const { engine, end } = connected();
    const answer = engine.call('stepFrame', { media: MEDIA_ID, time: 0 as never, by: 1 });
    end.answer('stepFrame', 'soon');
    await expect(answer).rejects.toThrow();
  });
  it('reject with the expected error that the engine sent', async () => {
    const { engine, end } = connected();
    const answer = engine.call('doctor', {});
    end.reply({ kind: 'error', id: 1, error: { kind: 'expected', code: 'ffmpeg_missing', params: {} } });
    await expect(answer).rejects.toMatchObject({ code: 'ffmpeg_missing' });
  });
  it('tell the engine when they are given up', async () => {
    const { engine, end } = connected();
    const stop = new AbortController();
    const answer = engine.call('doctor', {}, stop.signal);
    stop.abort();
    await expect(answer).rejects.toBeInstanceOf(CancelledError);
    expect(end.requests.at(-1)).toEqual({ kind: 'cancel', id: 1 });
  });
  it('are asked again of a restarted engine, but not those that change something', async () => {
    const { engine, end } = connected();
    const question = engine.call('doctor', {});
    const change = engine.call('projectNew', {});
    engine.disconnect();
    expect(end.closed).toBe(true);
    await expect(change).rejects.toBeInstanceOf(ExpectedError);
    const next = new EngineEnd();
    engine.connect(next.port);
    expect(next.requests.map((request) => request.kind === 'call' && request.method)).toEqual(['doctor']);
    next.answer('doctor', { version: '1', ffmpeg: null, ffprobe: null, providers: [], models: [], library: null });
    expect((await question).version).toBe('1');
  });
});

describe('jobs', () => {
  it('yield batches and end', async () => {
    const { engine, end } = connected();
    const job = engine.start('proxy', { media: MEDIA_ID });
    end.reply({ kind: 'events', id: 1, events: [PROGRESS, PROGRESS] });
    end.reply({ kind: 'events', id: 1, events: [{ ...PROGRESS, done: 2 }] });
    end.reply({ kind: 'end', id: 1 });
    const done: number[] = [];
    for await (const batch of job) for (const event of batch) done.push(event.done);
    expect(done).toEqual([1, 1, 2]);
  });
  it('deliver what came before a failure, then throw it', async () => {
    const { engine, end } = connected();
    const job = engine.start('proxy', { media: MEDIA_ID });
    end.reply({ kind: 'events', id: 1, events: [PROGRESS] });
    end.reply({ kind: 'error', id: 1, error: { kind: 'expected', code: 'disk_full', params: {} } });
    let seen = 0;
    const reading = (async () => {
      for await (const batch of job) seen += batch.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'disk_full' });
    expect(seen).toBe(1);
  });
  it('go on over a restart of the engine', async () => {
    const { engine, end } = connected();
    const job = engine.start('proxy', { media: MEDIA_ID });
    const batches: number[] = [];
    const reading = (async () => {
      for await (const batch of job) batches.push(...batch.map((event) => event.done));
    })();
    end.reply({ kind: 'events', id: 1, events: [PROGRESS] });
    await settle();
    engine.disconnect();
    const next = new EngineEnd();
    engine.connect(next.port);
    expect(next.asked('proxy')).toHaveLength(1);
    next.reply({ kind: 'events', id: 1, events: [{ ...PROGRESS, done: 2 }] });
    next.reply({ kind: 'end', id: 1 });
    await reading;
    expect(batches).toEqual([1, 2]);
  });
  it('end at once when cancelled while there is no engine', async () => {
    const engine = new EngineClient();
    const job = engine.start('proxy', { media: MEDIA_ID });
    job.cancel();
    await expect((async () => { for await (const batch of job) void batch; })()).rejects.toBeInstanceOf(CancelledError);
    const end = new EngineEnd();
    engine.connect(end.port);
    expect(end.requests).toEqual([]);
  });
  it('survive a message that is none of the contract', async () => {
    const { engine, end } = connected();
    const answer = engine.call('doctor', {});
    end.reply({ kind: 'nonsense' });
    end.answer('doctor', { version: '2', ffmpeg: null, ffprobe: null, providers: [], models: [], library: null });
    expect((await answer).version).toBe('2');
  });
});
