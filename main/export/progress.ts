/** Runs ffmpeg and tells how far it is. */
import type { ProgressEvent } from '../../shared/events.ts';
import { startTool } from '../media/process.ts';
import { progressArguments } from './arguments.ts';
import { linesOf } from './lines.ts';

export interface ProgressScope {
  /** Units done before this run, and of the whole job; null while the whole is unknown. */
  before: number;
  total: number | null;
  unit: 'frames' | 'seconds';
  startedMs: number;
}

export interface RunContext {
  /** File name for the sentence when it fails. */
  name: string;
  target: string;
  signal?: AbortSignal;
}

/** One `key=value` block of ffmpeg's `-progress` output as units done; null for a block without them. */
export function unitsDone(block: ReadonlyMap<string, string>, unit: ProgressScope['unit']): number | null {
  const value = unit === 'frames' ? Number(block.get('frame')) : Number(block.get('out_time_us')) / 1e6;
  return Number.isFinite(value) && value >= 0 ? value : null;
}

export function progressEvent(done: number, scope: ProgressScope, nowMs: number): ProgressEvent {
  const seconds = Math.max(0.001, (nowMs - scope.startedMs) / 1000);
  const rate = done / seconds;
  const eta = scope.total !== null && rate > 0 ? Math.max(0, (scope.total - done) / rate) : null;
  return { type: 'progress', stage: 'export', done, total: scope.total, unit: scope.unit, rate, eta };
}

/** Streams progress until ffmpeg has ended well. Throws as `startTool`'s `done`. Returns the run's own units and its log. */
export async function* runFfmpeg(args: readonly string[], scope: ProgressScope, context: RunContext): AsyncGenerator<ProgressEvent, { units: number; log: string }> {
  const run = await startTool('ffmpeg', [...progressArguments(), ...args], { pipes: 1, ...context });
  let units = 0;
  try {
    const [pipe] = run.pipes;
    if (pipe) {
      let block = new Map<string, string>();
      for await (const line of linesOf(pipe)) {
        const [key = '', value = ''] = line.split('=', 2);
        block.set(key.trim(), value.trim());
        if (key !== 'progress') continue;
        units = unitsDone(block, scope.unit) ?? units;
        block = new Map();
        yield progressEvent(scope.before + units, scope, Date.now());
      }
    }
    await run.done;
    return { units, log: run.log() };
  } finally {
    run.stop();
  }
}
