import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ExpectedError, throwIfCancelled } from '../../shared/errors.ts';
import { portReplySchema, type ControlReply, type PortReply } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import { effectOf } from '../../shared/style/effect.ts';
import type { ClipEffect } from '../../shared/style/types.ts';
import { ZERO } from '../../shared/time.ts';
import { EngineHost, type HostedEngine } from './control.ts';
import { silentLog } from './log.ts';
import { fromNodePort } from './ports.ts';
import type { EngineJobs, EngineMethods } from './server.ts';

const OPEN = 'a'.repeat(32);
const FOREIGN = 'b'.repeat(32);
const GRANT = 'c'.repeat(32);

interface Recorded {
  calls: { name: string; args: unknown }[];
  running: number;
  closed: boolean;
}

/** Another media stands behind the people. */
const behind = (media: string): ClipEffect => ({ ...effectOf({ id: 'none' }, ZERO), background: { mode: 'media', media } });

/** An engine that records what reaches it. */
function recordingEngine(): HostedEngine & Recorded {
  const recorded: Recorded = { calls: [], running: 0, closed: false };
  const note =
    <R>(name: string, result: R) =>
    (args: unknown): Promise<R> => {
      recorded.calls.push({ name, args });
      return Promise.resolve(result);
    };
  const pooled = Buffer.from('picture');
  const methods = {
    ...Object.fromEntries(
      ['waveform', 'syncFrames', 'stepFrame', 'searchTags', 'exportPlan', 'doctor', 'projectAppend', 'projectLoad', 'projectNew', 'projectSave'].map(
        (name) => [name, note(name, [])],
      ),
    ),
    picture: note('picture', pooled),
    thumbnails: () => Promise.reject(new TypeError('a bug with a /secret/path')),
  } as unknown as EngineMethods;
  async function* many(args: { stages?: string[] }, signal: AbortSignal): AsyncGenerator<unknown> {
    recorded.running += 1;
    recorded.calls.push({ name: 'job', args });
    try {
      for (let index = 0; index < 10_000; index += 1) {
        throwIfCancelled(signal);
        if (index % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        yield { type: 'preview', time: ZERO, picture: String(index) };
        yield { type: 'progress', stage: 'shots', done: index, total: null, unit: 'frames', rate: 1, eta: null };
      }
    } finally {
      recorded.running -= 1;
    }
  }
  async function* write(args: { target: { path: string } }): AsyncGenerator<unknown> {
    recorded.calls.push({ name: 'export', args });
    await Promise.resolve();
    yield { type: 'file', path: args.target.path, bytes: 1, index: 0 };
  }
  const jobs = { analyze: many, waveform: many, proxy: many, exportClips: write, exportKeyframes: write, exportContactSheet: write, exportTable: write } as unknown as EngineJobs;
  return Object.assign(recorded, {
    methods,
    jobs,
    openMedia: (path: string) =>
      path === '/films/missing.mp4' ? Promise.reject(new ExpectedError('file_missing', { name: 'missing.mp4' })) : Promise.resolve({ id: OPEN, path } as unknown as Media),
    openProject: () => Promise.resolve([]),
    addToProject: () => Promise.resolve(),
    setProvider: () => undefined,
    setImageTextModel: () => undefined,
    checkImageTextModel: () => Promise.resolve(),
    readStylePicture: () => Promise.reject(new ExpectedError('style_picture_unreadable', { name: 'torn.png', megapixels: 120 })),
    onProxy: () => undefined,
    onOpened: () => undefined,
    close: () => {
      recorded.closed = true;
      return Promise.resolve();
    },
  });
}

let engine: ReturnType<typeof recordingEngine>;
let host: EngineHost;
let control: ControlReply[];
let window: MessageChannel;
let replies: PortReply[];
let quits: number;

beforeEach(async () => {
  engine = recordingEngine();
  control = [];
  replies = [];
  quits = 0;
  host = new EngineHost(engine, { send: (reply) => control.push(reply), logger: silentLog(), quit: () => (quits += 1) });
  window = new MessageChannel();
  window.port1.on('message', (message) => replies.push(portReplySchema.parse(message)));
  await host.receive({ kind: 'connect' }, [fromNodePort(window.port2)]);
  await host.receive({ kind: 'open', id: 1, path: '/films/a.mp4' }, []);
});
afterEach(() => window.port1.close());

const send = (message: unknown): void => window.port1.postMessage(message);
const call = (method: string, args: unknown, id = 1): void => send({ kind: 'call', id, method, args });
const start = (job: string, args: unknown, id = 1): void => send({ kind: 'start', id, job, args });
const isLast = (reply: PortReply): boolean => reply.kind !== 'events';
/** Waits until `count` requests have been answered for good. */
async function answers(count: number): Promise<PortReply[]> {
  const deadline = Date.now() + 20_000;
  while (replies.filter(isLast).length < count) {
    if (Date.now() > deadline) throw new Error(`only ${replies.length} replies`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return replies.filter(isLast);
}
const refusal = (code: string, id = 1): PortReply => ({ kind: 'error', id, error: { kind: 'expected', code: code as 'bad_request', params: {} } });

describe('a window', () => {
  it('gets answers, and pictures without what else was in their buffer', async () => {
    call('picture', { media: OPEN, picture: 'k0' });
    const [reply] = await answers(1);
    expect(reply?.kind).toBe('result');
    const { result } = reply as { result: Uint8Array };
    expect(Buffer.from(result).toString()).toBe('picture');
    expect(result.buffer.byteLength).toBe(7);
  });

  it.each([
    ['an unknown method', { kind: 'call', id: 1, method: 'constructor', args: {} }],
    ['an unknown job', { kind: 'start', id: 1, job: '__proto__', args: {} }],
    ['an unknown kind', { kind: 'eval', id: 1, code: '1' }],
    ['arguments that are missing', { kind: 'call', id: 1, method: 'picture' }],
    ['arguments of another type', { kind: 'call', id: 1, method: 'picture', args: { media: OPEN, picture: 7 } }],
    ['a path in place of an id', { kind: 'call', id: 1, method: 'picture', args: { media: '/etc/passwd', picture: 'x' } }],
    ['a path in place of a grant', { kind: 'start', id: 1, job: 'exportTable', args: { media: OPEN, format: 'csv', grant: '../../etc/cron.d/x' } }],
    ['more thumbnails than allowed', { kind: 'call', id: 1, method: 'thumbnails', args: { media: OPEN, start: 0, step: 1, count: 1e9, height: 90, exact: true } }],
  ])('is refused %s', async (_what, message) => {
    send(message);
    expect(await answers(1)).toEqual([refusal('bad_request')]);
    expect(engine.calls).toEqual([]);
  });

  it('cannot reach media that was not opened for it, by any way of naming it', async () => {
    call('picture', { media: FOREIGN, picture: 'x' }, 1);
    call('searchTags', { query: 'dog', media: [OPEN, FOREIGN], limit: 5 }, 2);
    call('exportPlan', { ranges: [{ media: FOREIGN, start: 0, end: 1, name: '' }], join: false, mode: 'auto' }, 3);
    start('analyze', { media: FOREIGN, stages: ['shots'] }, 4);
    start('exportClips', { ranges: [{ media: FOREIGN, start: 0, end: 1, name: '' }], join: false, mode: 'auto', grant: GRANT }, 5);
    const request = { media: OPEN, start: 0, end: 1, effect: behind(FOREIGN), picture: null };
    start('renderClip', request, 6);
    start('stylePreview', { request, at: 0, height: 360 }, 7);
    start('stylePreview', { request: { ...request, media: FOREIGN, effect: behind(OPEN) }, at: 0, height: 360 }, 8);
    start('styleGallery', { media: FOREIGN, time: 0, height: 90, pictures: [] }, 9);
    call('exportPlan', { ranges: [{ media: OPEN, start: 0, end: 1, name: '', effect: behind(FOREIGN) }], join: false, mode: 'auto' }, 10);
    const refused = [...(await answers(10))].sort((a, b) => a.id - b.id);
    expect(refused).toEqual(Array.from({ length: 10 }, (_, i) => refusal('not_granted', i + 1)));
    expect(engine.calls).toEqual([]);
  });

  it('passes on what is wrong with a picture that was chosen as a style', async () => {
    await host.receive({ kind: 'readStylePicture', id: 9, path: '/films/torn.png' }, []);
    expect(control).toContainEqual({ kind: 'failed', id: 9, error: { kind: 'expected', code: 'style_picture_unreadable', params: { name: 'torn.png', megapixels: 120 } } });
  });

  it('searches no further than what was opened for it', async () => {
    call('searchTags', { query: 'dog', media: null, limit: 5 });
    await answers(1);
    expect(engine.calls).toEqual([{ name: 'searchTags', args: { query: 'dog', media: [OPEN], limit: 5 } }]);
  });

  it('writes only where it was granted to, once, and other fields name no place', async () => {
    await host.receive({ kind: 'grant', id: 1, grant: GRANT, path: '/films/out.csv', overwrite: true }, []);
    const args = { media: OPEN, format: 'csv', grant: GRANT, path: '/etc/passwd', target: { path: '/etc/passwd', overwrite: true } };
    start('exportTable', args, 1);
    await answers(1);
    expect(engine.calls).toEqual([{ name: 'export', args: { media: OPEN, format: 'csv', target: { path: '/films/out.csv', overwrite: true } } }]);
    expect(control).toContainEqual({ kind: 'written', path: '/films/out.csv' });
    start('exportTable', args, 2);
    start('exportTable', { ...args, grant: 'd'.repeat(32) }, 3);
    expect((await answers(3)).slice(1)).toEqual([refusal('not_granted', 2), refusal('not_granted', 3)]);
    expect(engine.calls).toHaveLength(1);
  });

  it('gets 10,000 events in order, in at most 60 messages a second', async () => {
    const began = performance.now();
    start('analyze', { media: OPEN, stages: ['shots'] });
    expect(await answers(1)).toEqual([{ kind: 'end', id: 1 }]);
    const seconds = (performance.now() - began) / 1000;
    const batches = replies.flatMap((reply) => (reply.kind === 'events' ? [reply.events as { type: string; picture?: string }[]] : []));
    const pictures = batches.flat().filter((event) => event.type === 'preview');
    expect(pictures.map((event) => Number(event.picture))).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
    expect(batches.length).toBeLessThanOrEqual(Math.ceil(seconds * 60) + 2);
    for (const batch of batches) expect(batch.filter((event) => event.type === 'progress').length).toBeLessThanOrEqual(1);
  });

  it('cancels a job, and may not start two under one id', async () => {
    start('analyze', { media: OPEN, stages: ['shots'] }, 7);
    start('analyze', { media: OPEN, stages: ['shots'] }, 7);
    expect(await answers(1)).toEqual([refusal('bad_request', 7)]);
    send({ kind: 'cancel', id: 7 });
    send({ kind: 'cancel', id: 99 });
    expect((await answers(2))[1]).toEqual({ kind: 'error', id: 7, error: { kind: 'cancelled' } });
    expect(engine.running).toBe(0);
  });

  it('that goes away leaves no job running', async () => {
    start('analyze', { media: OPEN, stages: ['shots'] });
    while (engine.running === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    window.port1.close();
    while (engine.running > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(engine.running).toBe(0);
  });

  it('is told that there was a bug, not where', async () => {
    call('thumbnails', { media: OPEN, start: 0, step: 1, count: 1, height: 90, exact: true });
    const [reply] = await answers(1);
    expect(reply).toMatchObject({ kind: 'error', error: { kind: 'bug' } });
    expect(JSON.stringify(reply)).not.toContain('.ts:');
  });

  it('may send anything at all and is still served', async () => {
    const junk = fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true, withSparseArray: true });
    fc.assert(
      fc.property(junk, fc.constantFrom('call', 'start', 'cancel', null), (value, kind) => {
        try {
          send(kind === null ? value : { kind, id: 5, method: value, job: value, args: value });
        } catch (error) {
          // What can't be cloned never leaves the window.
          if (!(error instanceof DOMException)) throw error;
        }
      }),
      { numRuns: 300 },
    );
    call('picture', { media: OPEN, picture: 'k0' }, 1000);
    while (!replies.some((reply) => reply.id === 1000)) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(replies.find((reply) => reply.id === 1000)?.kind).toBe('result');
    expect(engine.calls).toEqual([{ name: 'picture', args: { media: OPEN, picture: 'k0' } }]);
  });
});

describe('the control channel', () => {
  it('answers an open that fails, ignores what is malformed, and quits', async () => {
    await host.receive({ kind: 'open', id: 2, path: '/films/missing.mp4' }, []);
    expect(control.at(-1)).toEqual({ kind: 'failed', id: 2, error: { kind: 'expected', code: 'file_missing', params: { name: 'missing.mp4' } } });
    const before = control.length;
    for (const message of [null, 7, 'quit', { kind: 'grant', id: 1, grant: 'short', path: '/x', overwrite: true }, { kind: 'open', path: 3 }, { kind: 'connect' }]) {
      await host.receive(message, []);
    }
    expect(control).toHaveLength(before);
    await host.receive({ kind: 'quit' }, []);
    expect([quits, engine.closed]).toEqual([1, true]);
  });
});
