/** What a session's owner and its worker say to each other. Both are ours and of one build: typed, not parsed. */
import type { Provider } from '../../shared/settings.ts';
import type { Tensor } from './types.ts';

export type ToWorker =
  | { kind: 'load'; path: string; provider: Provider; threads: number; runtime: string | null }
  | { kind: 'run'; id: number; inputs: Record<string, Tensor> }
  | { kind: 'close' };

export type FromWorker =
  /** The session is ready. */
  | { kind: 'loaded' }
  /** `milliseconds`: the run alone, without queueing and transfer. */
  | { kind: 'result'; id: number; outputs: Record<string, Tensor>; milliseconds: number }
  /** `id` null: loading failed. `reason` is the runtime's own text, for the log. */
  | { kind: 'failed'; id: number | null; reason: string };

/** The ArrayBuffers to hand over with a message. */
export function buffersOf(tensors: Record<string, Tensor>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  return [...buffers];
}
