import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, bundleFolder } from '../../e2e/bundle.ts';
import type { WireError } from '../../shared/errors.ts';
import type { AnalysisEvent, ShotEvent } from '../../shared/events.ts';
import { controlReplySchema, portReplySchema, type ControlReply, type EngineArgs, type EngineJob, type EngineMethod, type EngineResult, type JobArgs } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { fromSeconds, toSeconds } from '../../shared/time.ts';
import { runningChildren } from '../media/process.ts';
import { EngineHost } from './control.ts';
import { Engine } from './engine.ts';
import { silentLog } from './log.ts';
import { fromNodePort } from './ports.ts';

const SAMPLES = join(import.meta.dirname, '../../e2e/media');
let folder: string;
let workerPath: string;
const at = (name: string): string => join(folder, name);

/** A window in plain Node: the real engine behind the real ports. */
class TestWindow {
  readonly control: ControlReply[];
  readonly host: EngineHost;
  readonly engine: Engine;
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { events: unknown[]; settle: (outcome: { result?: unknown; error?: WireError }) => void }>();
  #nextId = 1;

  constructor(engine: Engine, host: EngineHost, control: ControlReply[], port: MessagePort) {
    [this.engine, this.host, this.control, this.#port] = [engine, host, control, port];
    port.on('message', (message) => {
      const reply = portReplySchema.parse(message);
      const waiting = this.#waiting.get(reply.id);
      if (reply.kind === 'events') waiting?.events.push(...reply.events);
      else if (reply.kind === 'error') waiting?.settle({ error: reply.error });
      else waiting?.settle({ result: reply.kind === 'result' ? reply.result : undefined });
    });
  }

  static async open(data: string): Promise<TestWindow> {
    const control: ControlReply[] = [];
    const engine = await Engine.open({ dataDir: at(data), workerPath, provider: 'cpu', logger: silentLog() });
    const host = new EngineHost(engine, { send: (reply) => control.push(controlReplySchema.parse(reply)), logger: silentLog(), quit: () => undefined });
    const { port1, port2 } = new MessageChannel();
    await host.receive({ kind: 'connect' }, [fromNodePort(port2)]);
    return new TestWindow(engine, host, control, port1);
  }

  async media(path: string): Promise<Media> {
    const id = this.#nextId++;
    await this.host.receive({ kind: 'open', id, path }, []);
    const reply = this.control.find((each) => 'id' in each && each.id === id);
    if (reply?.kind !== 'opened') throw new Error(JSON.stringify(reply));
    return reply.media;
  }

  async grant(name: string): Promise<string> {
    const grant = (this.#nextId++).toString(16).padStart(32, '0');
    await this.host.receive({ kind: 'grant', id: 1000, grant, path: at(name), overwrite: false }, []);
    return grant;
  }

  async call<M extends EngineMethod>(method: M, args: EngineArgs<M>): Promise<EngineResult<M>> {
    const { outcome } = this.#send({ kind: 'call', method, args });
    const { result, error } = await outcome;
    if (error) throw new Error(JSON.stringify(error));
    return result as EngineResult<M>;
  }

  start<J extends EngineJob>(job: J, args: JobArgs<J>): { id: number; events: unknown[]; outcome: Promise<{ error?: WireError }> } {
    return this.#send({ kind: 'start', job, args });
  }

  cancel(id: number): void {
    this.#port.postMessage({ kind: 'cancel', id });
  }

  #send(request: Record<string, unknown>): { id: number; events: unknown[]; outcome: Promise<{ result?: unknown; error?: WireError }> } {
    const id = this.#nextId++;
    const events: unknown[] = [];
    const outcome = new Promise<{ result?: unknown; error?: WireError }>((settle) => this.#waiting.set(id, { events, settle }));
    this.#port.postMessage({ id, ...request });
    return { id, events, outcome };
  }

  async close(): Promise<void> {
    await this.host.close();
    this.#port.close();
  }
}

let window: TestWindow;
let bikes: Media;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-engine-'));
  await bundle({ 'inference-worker': 'main/inference/worker.ts' }, bundleFolder('engine'));
  workerPath = join(bundleFolder('engine'), 'inference-worker.js');
  // Three shots.
  execFileSync('ffmpeg', ['-v', 'error', '-t', '5', '-i', join(SAMPLES, 'bikes.mp4'), '-c:v', 'libx264', '-preset', 'ultrafast', at('bikes.mp4')]);
  window = await TestWindow.open('data');
  bikes = await window.media(at('bikes.mp4'));
});
afterAll(async () => {
  await window.close();
  expect(runningChildren()).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

const shotsOf = (events: unknown[]): ShotEvent[] => (events as AnalysisEvent[]).filter((event) => event.type === 'shot');

describe('analysis through the window’s port', () => {
  it('is one run for two who ask, streams, and is searchable and instant afterwards', async () => {
    const args = { media: bikes.id, stages: ['shots', 'keyframes', 'tags'] as ('shots' | 'keyframes' | 'tags')[] };
    const [first, second] = [window.start('analyze', args), window.start('analyze', args)];
    expect(await first.outcome).toEqual({ result: undefined });
    expect(await second.outcome).toEqual({ result: undefined });
    expect(shotsOf(first.events)).toHaveLength(3);
    expect(shotsOf(second.events)).toEqual(shotsOf(first.events));
    expect((first.events as AnalysisEvent[])[0]?.type).toBe('preview');
    const again = window.start('analyze', args);
    await again.outcome;
    expect(again.events.at(-1)).toMatchObject({ type: 'done', cached: true, shots: 3 });

    const [moment] = await window.call('searchTags', { query: '汽车', media: null, limit: 10 });
    expect(moment).toMatchObject({ media: bikes.id, mediaName: 'bikes.mp4', label: 'car', source: 'coco' });
    expect(await window.call('searchTags', { query: 'vehicle', media: [bikes.id], limit: 10 })).not.toEqual([]);
    const jpeg = await window.call('picture', { media: bikes.id, picture: moment?.picture ?? '' });
    expect(jpeg?.subarray(0, 3)).toEqual(Uint8Array.of(0xff, 0xd8, 0xff));
  }, 180_000);

  it('ends soon when the last who asked cancels, and nothing of it runs on', async () => {
    const media = await window.media(join(SAMPLES, 'bigbuckbunny.mp4'));
    const jobs = [1, 2].map(() => window.start('analyze', { media: media.id, stages: ['shots'] }));
    while (runningChildren().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const job of jobs) window.cancel(job.id);
    for (const job of jobs) expect(await job.outcome).toEqual({ error: { kind: 'cancelled' } });
    while (runningChildren().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(runningChildren()).toEqual([]);
  });
});

describe('playing and looking', () => {
  it('gives thumbnails, sync frames and exact frame steps', async () => {
    const strip = await window.call('thumbnails', { media: bikes.id, start: fromSeconds(0), step: fromSeconds(1), count: 4, height: 90, exact: false });
    expect(strip.map((picture) => picture?.[0])).toEqual([0xff, 0xff, 0xff, 0xff]);
    const sync = await window.call('syncFrames', { media: bikes.id });
    expect(sync[0]).toBe(bikes.video?.startTime);
    expect(await window.call('syncFrames', { media: bikes.id })).toEqual(sync);
    expect(window.engine.library.getSyncFrames(bikes.id)).toHaveLength(sync.length);
    const next = await window.call('stepFrame', { media: bikes.id, time: fromSeconds(2), by: 3 });
    expect(toSeconds(next ?? fromSeconds(0))).toBeCloseTo(2.12, 6);
    expect(await window.call('stepFrame', { media: bikes.id, time: fromSeconds(0), by: -1 })).toBeNull();
  });

  it('reads a waveform once, at every zoom level', async () => {
    const speech = await window.media(join(SAMPLES, 'jfk.flac'));
    const before = await window.call('waveform', { media: speech.id, level: 0, from: 0, count: 10 });
    expect(before).toMatchObject({ total: 0, complete: false });
    expect(await window.start('waveform', { media: speech.id }).outcome).toEqual({ result: undefined });
    const fine = await window.call('waveform', { media: speech.id, level: 0, from: 0, count: 20_000 });
    expect(fine).toMatchObject({ total: 1100, complete: true, bucketsPerSecond: 100 });
    const coarse = await window.call('waveform', { media: speech.id, level: 2, from: 1, count: 2 });
    expect([coarse.total, coarse.bucketsPerSecond, coarse.samples.length]).toEqual([69, 6.25, 6]);
    const covered = fine.samples.slice(16 * 3, 32 * 3).filter((_value, index) => index % 3 === 1);
    expect(coarse.samples[1]).toBe(Math.max(...covered));
  });

  it('makes a proxy once and tells the app where it is', async () => {
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=2', '-c:v', 'mpeg4', at('old.avi')]);
    const media = await window.media(at('old.avi'));
    expect(media.playability.how).toBe('proxy');
    expect(await window.start('proxy', { media: media.id }).outcome).toEqual({ result: undefined });
    const told = window.control.filter((reply) => reply.kind === 'proxy');
    expect(told).toEqual([{ kind: 'proxy', media: media.id, path: expect.stringContaining(at('data/proxies')) as string }]);
    expect(existsSync(told[0]?.path ?? '')).toBe(true);
    await window.start('proxy', { media: media.id }).outcome;
    expect(window.control.filter((reply) => reply.kind === 'proxy')).toHaveLength(2);
  });
});

describe('a file that changes while it is open', () => {
  it('moved: told as missing; opened in its new place: goes on. Replaced: told as changed', async () => {
    copyFileSync(join(SAMPLES, 'testvideo.mp4'), at('clip.mp4'));
    const media = await window.media(at('clip.mp4'));
    renameSync(at('clip.mp4'), at('elsewhere.mp4'));
    const analyze = (): Promise<{ error?: WireError }> => window.start('analyze', { media: media.id, stages: ['shots'] }).outcome;
    expect(await analyze()).toEqual({ error: { kind: 'expected', code: 'file_missing', params: { name: 'clip.mp4' } } });
    expect((await window.media(at('elsewhere.mp4'))).id).toBe(media.id);
    expect(await window.call('stepFrame', { media: media.id, time: media.startTime, by: 1 })).not.toBeNull();
    writeFileSync(at('elsewhere.mp4'), 'something else');
    expect(await analyze()).toMatchObject({ error: { kind: 'expected', code: 'file_changed' } });
  });
});

describe('export and project', () => {
  it('plans first, then writes where it was granted, and tells the app', async () => {
    const ranges = [{ media: bikes.id, start: fromSeconds(0), end: fromSeconds(2), name: 'first' }];
    const [planned] = await window.call('exportPlan', { ranges, join: false, mode: 'exact', burn: false });
    expect(planned).toMatchObject({ how: 'encode', why: 'asked_exact' });
    const job = window.start('exportClips', { ranges, join: false, mode: 'exact', grant: await window.grant('first.mp4') });
    expect(await job.outcome).toEqual({ result: undefined });
    expect(window.control.at(-1)).toEqual({ kind: 'written', path: at('first.mp4') });
    const table = window.start('exportTable', { media: bikes.id, format: 'csv', grant: await window.grant('shots.csv') });
    expect(await table.outcome).toEqual({ result: undefined });
    expect(readFileSync(at('shots.csv'), 'utf8').trim().split('\n')).toHaveLength(4);
  });

  it('keeps the project over a restart, and in a file', async () => {
    const clip = { id: 'c1', media: bikes.id, start: fromSeconds(1), end: fromSeconds(2), name: 'one' };
    await window.call('projectAppend', { commands: [{ type: 'clips.insert', at: 0, clips: [clip] }] });
    await window.call('projectSave', { grant: await window.grant('edit.rushes') });
    await window.close();
    window = await TestWindow.open('data');
    const loaded = await window.call('projectLoad', {});
    expect(loaded.edit.clips).toEqual([clip]);
    expect(loaded.media.map((media) => media.id)).toContain(bikes.id);
    expect(window.control.filter((reply) => reply.kind === 'media').map((reply) => reply.media.id)).toContain(bikes.id);
    expect(await window.call('stepFrame', { media: bikes.id, time: fromSeconds(1), by: 1 })).not.toBeNull();
    await window.call('projectNew', {});
    expect((await window.call('projectLoad', {})).edit.clips).toEqual([]);
    await window.host.receive({ kind: 'openProject', id: 900, path: at('edit.rushes') }, []);
    expect(window.control).toContainEqual({ kind: 'projectOpened', id: 900 });
    expect((await window.call('projectLoad', {})).edit.clips).toEqual([clip]);
  });
});

describe('closing', () => {
  it('ends whatever runs and leaves no process', async () => {
    const other = await TestWindow.open('data-closing');
    const media = await other.media(join(SAMPLES, 'bigbuckbunny.mp4'));
    const job = other.start('analyze', { media: media.id, stages: ['shots', 'keyframes', 'tags'] });
    while (runningChildren().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await other.close();
    expect(runningChildren()).toEqual([]);
    void job;
  });
});
