import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CancelledError, throwIfCancelled } from '../../shared/errors.ts';
import { Limiter, SharedRun } from './jobs.ts';

const never = new AbortController().signal;
const isProgress = (event: number): boolean => event < 0;
/** Negative numbers stand for progress: of several in a row the latest counts. */
const share = (source: (signal: AbortSignal) => AsyncIterable<number>): SharedRun<number> =>
  new SharedRun(source, (newer, older) => isProgress(newer) && isProgress(older));

async function take(source: AsyncIterable<number>, count = Infinity): Promise<number[]> {
  const taken: number[] = [];
  if (count === 0) return taken;
  for await (const event of source) {
    taken.push(event);
    if (taken.length >= count) break;
  }
  return taken;
}

describe('a shared run', () => {
  it('gives every watcher everything from the beginning, whenever it comes, and only the latest progress', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const run = share(async function* () {
      yield 1;
      yield -1;
      yield -2;
      await gate;
      yield 2;
    });
    const early = take(run.watch(never));
    await pause(5);
    const late = take(run.watch(never));
    open();
    expect(await late).toEqual([1, -2, 2]);
    expect((await early).filter((event) => event > 0)).toEqual([1, 2]);
    expect(await take(run.watch(never))).toEqual([1, -2, 2]);
  });

  it('ends for all as it ended: with the failure after what came before it', async () => {
    const run = share(async function* () {
      yield 1;
      await pause(1);
      throw new RangeError('broken');
    });
    const seen: number[] = [];
    const watch = async (): Promise<void> => {
      for await (const event of run.watch(never)) seen.push(event);
    };
    await expect(watch()).rejects.toThrow('broken');
    await expect(watch()).rejects.toThrow('broken');
    expect(seen).toEqual([1, 1]);
  });

  it('goes on when one watcher leaves, and is cancelled and cleaned up when the last one does', async () => {
    let state = 'running';
    const run = share(async function* (signal) {
      try {
        for (let index = 0; ; index += 1) {
          throwIfCancelled(signal);
          yield index;
          await pause(1);
        }
      } finally {
        await pause(20);
        state = 'cleaned';
      }
    });
    const first = new AbortController();
    const watching = take(run.watch(first.signal));
    expect(await take(run.watch(never), 3)).toHaveLength(3);
    expect([state, run.ended]).toEqual(['running', false]);
    first.abort();
    await expect(watching).rejects.toBeInstanceOf(CancelledError);
    expect([state, run.ended]).toEqual(['cleaned', true]);
  });

  it('does not run ahead of a slow watcher without bound', async () => {
    let made = 0;
    const run = share(async function* () {
      while (made < 50_000) {
        made += 1;
        yield made;
      }
      await Promise.resolve();
    });
    const watcher = run.watch(never);
    await watcher.next();
    await pause(50);
    expect(made).toBeLessThan(5000);
    expect(await take(watcher)).toHaveLength(49_999);
  });
});

describe('a limiter', () => {
  it('lets as many in as it has places, in order, and a cancelled one leaves the queue', async () => {
    const limiter = new Limiter(1);
    const order: string[] = [];
    const leave = await limiter.enter(never);
    const stop = new AbortController();
    const second = limiter.enter(stop.signal).then(() => order.push('second'));
    const third = limiter.enter(never).then((free) => {
      order.push('third');
      free();
    });
    stop.abort();
    await expect(second).rejects.toBeInstanceOf(CancelledError);
    leave();
    leave();
    await third;
    expect(order).toEqual(['third']);
    expect(await take(limiter.stream(never, async function* () { yield 1; }))).toEqual([1]);
    await (await limiter.enter(never))();
  });
});
