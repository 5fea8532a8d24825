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

/** A model for a program: where its files are and what it runs on. */
export interface ProgramModel {
  path: string;
  provider: Provider;
  /** Paths by file name. */
  companions: Record<string, string>;
}

/** To a program: a worker that holds several models and does more with them than one run (program.ts). */
export type ToProgram =
  | { kind: 'load'; models: Record<string, ProgramModel>; threads: number; runtime: string | null }
  | { kind: 'ask'; id: number; question: unknown }
  /** The answer is not wanted any more. */
  | { kind: 'drop'; id: number }
  | { kind: 'close' };

export type FromProgram =
  | { kind: 'loaded' }
  | { kind: 'answer'; id: number; answer: unknown }
  /** `id` null: loading failed. */
  | { kind: 'failed'; id: number | null; reason: string };

/** The ArrayBuffers to hand over with a message. */
export function buffersOf(tensors: Record<string, Tensor>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  return [...buffers];
}
