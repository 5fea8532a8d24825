import { describe, expect, it } from 'vitest';
import { EngineClient } from '../bridge/engine.ts';
import { EngineEnd, settle } from '../testing/engine-end.ts';
import { MEDIA_ID } from '../testing/facts.ts';
import { Jobs } from './jobs.svelte.ts';

const progress = (done: number) => ({ type: 'progress', stage: 'proxy', done, total: 100, unit: 'frames', rate: 10, eta: 5 });

function setUp(): { jobs: Jobs; engine: EngineClient; end: EngineEnd } {
  const engine = new EngineClient();
  const end = new EngineEnd();
  engine.connect(end.port);
  return { jobs: new Jobs(), engine, end };
}

describe('Jobs', () => {
  it('shows the latest progress while a job runs, and nothing after it', async () => {
    const { jobs, engine, end } = setUp();
    const following = jobs.follow('proxy', 'a.mkv', engine.start('proxy', { media: MEDIA_ID }), () => undefined);
    end.reply({ kind: 'events', id: 1, events: [progress(10), progress(20)] });
    await settle();
    expect(jobs.foremost?.progress?.done).toBe(20);
    end.reply({ kind: 'end', id: 1 });
    expect(await following).toBe('done');
    expect(jobs.running).toEqual([]);
  });

  it('tells the engine to cancel, and ends as cancelled without an error', async () => {
    const { jobs, engine, end } = setUp();
    const following = jobs.follow('analysis', 'a.mp4', engine.start('proxy', { media: MEDIA_ID }), () => undefined);
    jobs.running[0]?.cancel();
    expect(jobs.running[0]?.stopping).toBe(true);
    expect(end.requests.at(-1)).toEqual({ kind: 'cancel', id: 1 });
    end.reply({ kind: 'error', id: 1, error: { kind: 'cancelled' } });
    expect(await following).toBe('cancelled');
  });

  it('rejects with what a job failed with', async () => {
    const { jobs, engine, end } = setUp();
    const following = jobs.follow('proxy', 'a.mkv', engine.start('proxy', { media: MEDIA_ID }), () => undefined);
    end.reply({ kind: 'error', id: 1, error: { kind: 'expected', code: 'disk_full', params: {} } });
    await expect(following).rejects.toMatchObject({ code: 'disk_full' });
    expect(jobs.running).toEqual([]);
  });

  it('puts an export before analysis, and that before the sound', async () => {
    const { jobs, engine } = setUp();
    const kinds = ['waveform', 'analysis', 'export'] as const;
    for (const kind of kinds) {
      void jobs.follow(kind, 'a.mp4', engine.start('proxy', { media: MEDIA_ID }), () => undefined);
      await settle();
      expect(jobs.foremost?.kind).toBe(kind);
    }
  });
});
