/** Events on their way to a window: gathered into at most 60 messages a second, however many there are. */

/** Between two messages of one job. The window draws no more often than that. */
export const BATCH_INTERVAL_MS = 17;
/** A fuller batch holds up the job until it is sent. */
const BATCH_LIMIT = 5000;

const isProgress = (event: unknown): event is { type: 'progress'; stage?: string } =>
  typeof event === 'object' && event !== null && 'type' in event && event.type === 'progress';

/**
 * Drains a job into `send`. The first event leaves at once; of progress in one batch only the latest of a stage is kept.
 * Rejects with what the job rejects with, after sending what came before.
 */
export async function sendBatched<E>(source: AsyncIterable<E>, send: (events: E[]) => void, signal: AbortSignal): Promise<void> {
  let batch: E[] = [];
  let timer: NodeJS.Timeout | null = null;
  let last = -Infinity;
  let flushed: () => void = () => undefined;
  const flush = (): void => {
    timer = null;
    if (batch.length > 0 && !signal.aborted) send(batch);
    batch = [];
    last = performance.now();
    flushed();
  };
  try {
    for await (const event of source) {
      if (isProgress(event)) batch = batch.filter((older) => !isProgress(older) || older.stage !== event.stage);
      batch.push(event);
      timer ??= setTimeout(flush, Math.max(0, BATCH_INTERVAL_MS - (performance.now() - last)));
      if (batch.length >= BATCH_LIMIT) await new Promise<void>((resolve) => (flushed = resolve));
    }
  } finally {
    if (timer) clearTimeout(timer);
    flush();
  }
}
