/** The worker's end of a program (program.ts): takes questions one after another, tells the body when an answer is no longer wanted. */
import { parentPort } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-node';
import { createSession, loadRuntime, type Runtime } from './ort.ts';
import type { FromProgram, ProgramModel, ToProgram } from './protocol.ts';

export interface ProgramSetup {
  runtime: Runtime;
  models: Record<string, ProgramModel>;
  /** Loads one of the models. `keepsMemory` as in `createSession`. */
  session(id: string, options?: { keepsMemory?: boolean }): Promise<InferenceSession>;
}

export interface ProgramBody {
  /** May throw anything once `dropped` says true: nobody waits. */
  answer(question: unknown, dropped: () => boolean): Promise<unknown>;
  /** What of an answer is handed over rather than copied; the body doesn't use it again. */
  buffers?(answer: unknown): ArrayBuffer[];
  close(): Promise<void>;
}

/** Runs the program of this worker thread. Called once, by its entry file. */
export function serveProgram(open: (setup: ProgramSetup) => Promise<ProgramBody>): void {
  const port = parentPort;
  if (!port) throw new Error('a program runs in a worker thread');
  const reply = (message: FromProgram, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const dropped = new Set<number>();
  let body: ProgramBody | null = null;
  let closed = false;
  let queue: Promise<void> = Promise.resolve();

  const handle = async (message: ToProgram): Promise<void> => {
    switch (message.kind) {
      case 'load':
        body = await open(await setupOf(message));
        return reply({ kind: 'loaded' });
      case 'ask': {
        const { id, question } = message;
        const isDropped = (): boolean => closed || dropped.has(id);
        if (!body || isDropped()) return;
        const answer = await body.answer(question, isDropped);
        return reply({ kind: 'answer', id, answer }, body.buffers?.(answer));
      }
      case 'close':
        await body?.close();
        return port.close();
      case 'drop':
        return;
    }
  };
  port.on('message', (message: ToProgram) => {
    // These count at once, whatever is under way.
    if (message.kind === 'close') closed = true;
    if (message.kind === 'drop') {
      dropped.add(message.id);
      return;
    }
    queue = queue.then(() => handle(message)).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      reply({ kind: 'failed', id: message.kind === 'ask' ? message.id : null, reason });
    });
  });
}

async function setupOf({ models, threads, runtime: module }: Extract<ToProgram, { kind: 'load' }>): Promise<ProgramSetup> {
  const runtime = await loadRuntime(module);
  const session = (id: string, { keepsMemory = true }: { keepsMemory?: boolean } = {}): Promise<InferenceSession> => {
    const model = models[id];
    if (!model) throw new Error(`the program was not given ${id}`);
    return createSession(runtime, { path: model.path, provider: model.provider, threads, keepsMemory });
  };
  return { runtime, models, session };
}
