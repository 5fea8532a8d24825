/** Runs ffmpeg and tells how far it is. */
import type { ProgressEvent } from '../../shared/events.ts';
import { pipeName, startTool } from '../media/process.ts';
import { ProgressReader, progressOptions } from '../media/progress.ts';
import { linesOf } from './lines.ts';

export interface ProgressScope {
  /** Units of other work that went before: they count as done, not for the rate. */
  earlier?: number;
  /** Units done before this run, and of the whole job; null while the whole is unknown. */
  before: number;
  total: number | null;
  unit: 'frames' | 'seconds' | 'items';
  startedMs: number;
}

export interface RunContext {
  /** File name for the sentence when it fails. */
  name: string;
  target: string;
  signal?: AbortSignal;
}

export function progressEvent(done: number, scope: ProgressScope, nowMs: number): ProgressEvent {
  const seconds = Math.max(0.001, (nowMs - scope.startedMs) / 1000);
  const { earlier = 0 } = scope;
  const rate = done / seconds;
  const eta = scope.total !== null && rate > 0 ? Math.max(0, (scope.total - earlier - done) / rate) : null;
  return { type: 'progress', stage: 'export', done: Math.round(earlier) + done, total: scope.total, unit: scope.unit, rate, eta };
}

/** Streams progress until ffmpeg has ended well. Throws as `startTool`'s `done`. Returns the run's own units and its log. */
export async function* runFfmpeg(args: readonly string[], scope: ProgressScope, context: RunContext): AsyncGenerator<ProgressEvent, { units: number; log: string }> {
  const run = await startTool('ffmpeg', ['-y', ...progressOptions(pipeName(0)), '-nostats', ...args], { pipes: 1, ...context });
  let units = 0;
  const reports: number[] = [];
  const reader = new ProgressReader(({ frame, seconds }) => {
    units = (scope.unit === 'frames' ? frame : seconds) ?? units;
    reports.push(units);
  });
  try {
    for await (const line of linesOf(run.pipes[0])) {
      reader.push(`${line}\n`);
      for (const done of reports.splice(0)) yield progressEvent(scope.before + done, scope, Date.now());
    }
    await run.done;
    return { units, log: run.log() };
  } finally {
    run.stop();
  }
}
