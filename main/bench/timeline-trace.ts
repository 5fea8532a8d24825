/** Reads a Chromium trace: what the page's main thread did in each frame. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const traceSchema = z.object({
  traceEvents: z.array(z.object({ name: z.string(), ph: z.string(), pid: z.number(), tid: z.number(), ts: z.number(), dur: z.number().optional(), tdur: z.number().optional(), args: z.record(z.string(), z.unknown()).optional() })),
});
type TraceEvent = z.infer<typeof traceSchema>['traceEvents'][number];

export interface FrameBusy {
  /** Milliseconds from start to end of the tasks: what the person waits, other programs' turns on the processor included. */
  readonly wall: number[];
  /** Milliseconds of the processor that the tasks used. */
  readonly processor: number[];
}

/**
 * What the main thread did in each frame: script, style, layout, painting the canvas and handing the frame on. A frame
 * lasts from one animation-frame callback's turn to the next; a task belongs to the frame it began in.
 */
export function busyPerFrame(path: string): FrameBusy {
  const { traceEvents } = traceSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const main = mainThread(traceEvents);
  if (!main) throw new Error('the trace has no page');
  const own = traceEvents.filter((event) => event.pid === main.pid && event.tid === main.tid);
  const tasks = own.filter((event) => event.ph === 'X' && event.name === 'RunTask').sort((a, b) => a.ts - b.ts);
  const starts = frameTasks(tasks, own);
  const wall = new Array<number>(Math.max(0, starts.length - 1)).fill(0);
  const processor = [...wall];
  let frame = -1;
  for (const task of tasks) {
    while (frame + 1 < starts.length && task.ts >= (starts[frame + 1] as number)) frame++;
    if (frame < 0 || frame >= wall.length) continue;
    wall[frame] = (wall[frame] as number) + (task.dur ?? 0) / 1000;
    processor[frame] = (processor[frame] as number) + (task.tdur ?? 0) / 1000;
  }
  return { wall, processor };
}

/** The renderer's main thread that ran animation frames. */
function mainThread(events: readonly TraceEvent[]): { pid: number; tid: number } | null {
  const counts = new Map<string, { pid: number; tid: number; count: number }>();
  for (const event of events) {
    if (event.name !== 'FireAnimationFrame') continue;
    const key = `${event.pid}:${event.tid}`;
    const entry = counts.get(key) ?? { pid: event.pid, tid: event.tid, count: 0 };
    counts.set(key, { ...entry, count: entry.count + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0] ?? null;
}

/** Start times of the tasks in which animation frames ran. */
function frameTasks(tasks: readonly TraceEvent[], own: readonly TraceEvent[]): number[] {
  const fired = own.filter((event) => event.name === 'FireAnimationFrame').map((event) => event.ts).sort((a, b) => a - b);
  const starts: number[] = [];
  let next = 0;
  for (const task of tasks) {
    while (next < fired.length && (fired[next] as number) < task.ts) next++;
    const end = task.ts + (task.dur ?? 0);
    if (next < fired.length && (fired[next] as number) <= end) starts.push(task.ts);
    while (next < fired.length && (fired[next] as number) <= end) next++;
  }
  return starts;
}
