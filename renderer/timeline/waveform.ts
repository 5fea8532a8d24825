import { FLICKS_PER_SECOND } from '../../shared/time.ts';
import { createEmitter } from './loading.ts';
import { createLru } from './lru.ts';
import type { WaveformSource } from './types.ts';

/** `samples`: min, max, rms of each bucket from `from` on, fewer than `count` at the end or while incomplete. */
export type WaveformLoader = (request: { level: number; from: number; count: number }, signal: AbortSignal) => Promise<{ samples: Float32Array; complete: boolean }>;

export const FLOATS_PER_BUCKET = 3;
export const COARSEST_LEVEL = 6;
const BLOCK = 2048;
const CACHE_BYTES = 24 * 2 ** 20;
const IN_FLIGHT = 2;

/** Flicks a bucket of `level` lasts: level 0 has 100 buckets a second, each further one a fourth. */
export function bucketDuration(level: number): number {
  return (FLICKS_PER_SECOND / 100) * 4 ** level;
}

/** The coarsest level that still has at least one bucket a pixel; level 0 when even that has not. */
export function levelFor(flicksPerPixel: number): number {
  let level = 0;
  while (level < COARSEST_LEVEL && bucketDuration(level + 1) <= flicksPerPixel) level++;
  return level;
}

interface Block {
  samples: Float32Array;
  /** Answered while the audio was still being read, so there may be more now. */
  stale: boolean;
  complete: boolean;
}

/** A bounded cache of blocks of 2048 buckets in front of `load`. */
export function createWaveformSource(load: WaveformLoader): WaveformSource {
  const cache = createLru<string, Block>(CACHE_BYTES);
  const open = new Set<Block>();
  const running = new Map<string, AbortController>();
  const changed = createEmitter();
  let wishes = new Map<string, { level: number; block: number }>();
  let disposed = false;

  async function fetchBlock(key: string, level: number, block: number): Promise<void> {
    const abort = new AbortController();
    running.set(key, abort);
    try {
      const { samples, complete } = await load({ level, from: block * BLOCK, count: BLOCK }, abort.signal);
      if (disposed) return;
      const entry = { samples, complete, stale: false };
      cache.set(key, entry, samples.byteLength + 64);
      if (!complete) open.add(entry);
    } catch {
      if (!abort.signal.aborted && !disposed) {
        const entry = { samples: cache.get(key)?.samples ?? new Float32Array(0), complete: false, stale: false };
        cache.set(key, entry, 64);
        open.add(entry);
      }
    } finally {
      running.delete(key);
      if (!disposed) changed.emit();
    }
  }

  return {
    get(level, from, count) {
      const first = Math.floor(Math.max(0, from) / BLOCK);
      const last = Math.floor((Math.max(0, from) + count - 1) / BLOCK);
      const out = new Float32Array(count * FLOATS_PER_BUCKET).fill(NaN);
      let any = false;
      for (let block = first; block <= last; block++) {
        const key = `${level}:${block}`;
        const entry = cache.get(key);
        if (!entry || entry.stale) wishes.set(key, { level, block });
        if (!entry) continue;
        const skip = Math.max(0, from - block * BLOCK) * FLOATS_PER_BUCKET;
        const part = entry.samples.subarray(skip, skip + out.length);
        const at = Math.max(0, block * BLOCK - from) * FLOATS_PER_BUCKET;
        out.set(part.subarray(0, out.length - at), at);
        any ||= part.length > 0;
      }
      return any ? out : null;
    },
    flush() {
      for (const [key, abort] of running) if (!wishes.has(key)) abort.abort();
      for (const [key, { level, block }] of wishes) {
        if (disposed || running.size >= IN_FLIGHT) break;
        if (!running.has(key)) void fetchBlock(key, level, block);
      }
      wishes = new Map();
    },
    refresh() {
      for (const block of open) block.stale = true;
      open.clear();
      changed.emit();
    },
    onchange: changed.subscribe,
    dispose() {
      disposed = true;
      for (const abort of running.values()) abort.abort();
      cache.clear();
    },
  };
}
