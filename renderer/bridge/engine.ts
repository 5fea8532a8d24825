/**
 * The window's client of the engine: requests with one answer, and jobs whose events are an async iterable.
 * Every reply is parsed. When the engine restarts, a new port arrives and what was running is asked again: the
 * engine answers from its stored results first, so a consumer must take the same event twice.
 */
import { CancelledError, ExpectedError, fromWireError } from '../../shared/errors.ts';
import {
  ENGINE_JOBS,
  ENGINE_METHODS,
  portReplySchema,
  type EngineArgs,
  type EngineJob,
  type EngineMethod,
  type EngineResult,
  type JobArgs,
  type JobEvent,
  type PortReply,
  type PortRequest,
} from '../../shared/ipc/engine.ts';
import { EventQueue } from './event-queue.ts';

/** The part of MessagePort that is used; tests give one end of a MessageChannel. */
export interface EnginePort {
  postMessage(message: PortRequest): void;
  onmessage: ((event: MessageEvent) => void) | null;
  start?(): void;
  close(): void;
}

/** A running job: iterate it for batches of events; it throws what the engine threw. */
export interface Job<Event> extends AsyncIterable<Event[]> {
  cancel(): void;
}

interface Call {
  kind: 'call';
  request: Extract<PortRequest, { kind: 'call' }>;
  parse: (result: unknown) => unknown;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}
interface Running {
  kind: 'start';
  request: Extract<PortRequest, { kind: 'start' }>;
  parse: (event: unknown) => unknown;
  queue: EventQueue<unknown>;
}

/** Methods that change something: asked again after a restart they might be done twice, so they fail instead. */
const NOT_REPEATED = new Set<EngineMethod>(['projectAppend', 'projectNew', 'projectSave']);

export class EngineClient {
  #port: EnginePort | null = null;
  #nextId = 1;
  readonly #open = new Map<number, Call | Running>();
  readonly #onConnect = new Set<(again: boolean) => void>();
  #connectedBefore = false;

  /** Calls `listener` after each connection; `again` is true for a restarted engine. */
  onConnect(listener: (again: boolean) => void): () => void {
    this.#onConnect.add(listener);
    return () => this.#onConnect.delete(listener);
  }

  /** Takes a port to a (new) engine and asks again what is still open. */
  connect(port: EnginePort): void {
    this.disconnect();
    this.#port = port;
    port.onmessage = (event) => this.#receive(event.data);
    port.start?.();
    for (const entry of this.#open.values()) port.postMessage(entry.request);
    const again = this.#connectedBefore;
    this.#connectedBefore = true;
    for (const listener of this.#onConnect) listener(again);
  }

  /** The engine is gone: what must not be done twice fails with `engine_stopped`; the rest waits for the next port. */
  disconnect(): void {
    if (!this.#port) return;
    this.#port.onmessage = null;
    this.#port.close();
    this.#port = null;
    for (const [id, entry] of this.#open) {
      if (entry.kind === 'call' && NOT_REPEATED.has(entry.request.method)) {
        this.#open.delete(id);
        entry.reject(new ExpectedError('engine_stopped'));
      }
    }
  }

  /**
   * One question, one parsed answer. Rejects with ExpectedError, CancelledError or Error (a bug). When `signal` fires
   * the engine is told, and the call rejects with CancelledError at once.
   */
  call<M extends EngineMethod>(method: M, args: EngineArgs<M>, signal?: AbortSignal): Promise<EngineResult<M>> {
    const id = this.#nextId++;
    const schema = ENGINE_METHODS[method].result;
    return new Promise<EngineResult<M>>((resolve, reject) => {
      signal?.addEventListener('abort', () => {
        if (!this.#open.delete(id)) return;
        this.#port?.postMessage({ kind: 'cancel', id });
        reject(new CancelledError());
      });
      this.#send(id, {
        kind: 'call',
        request: { kind: 'call', id, method, args },
        parse: (result) => schema.parse(result),
        resolve: (result) => resolve(result as EngineResult<M>),
        reject,
      });
    });
  }

  /** Starts a job. Iterating it yields parsed events in batches, as they came over the port. */
  start<J extends EngineJob>(job: J, args: JobArgs<J>): Job<JobEvent<J>> {
    const id = this.#nextId++;
    const schema = ENGINE_JOBS[job].event;
    const queue = new EventQueue<unknown>();
    this.#send(id, { kind: 'start', request: { kind: 'start', id, job, args }, parse: (event) => schema.parse(event), queue });
    const cancel = (): void => {
      if (!this.#open.has(id)) return;
      if (this.#port) {
        this.#port.postMessage({ kind: 'cancel', id });
        return;
      }
      this.#open.delete(id);
      queue.fail(new CancelledError());
    };
    return { cancel, [Symbol.asyncIterator]: () => queue.batches() as AsyncIterator<JobEvent<J>[]> };
  }

  #send(id: number, entry: Call | Running): void {
    this.#open.set(id, entry);
    this.#port?.postMessage(entry.request);
  }

  #receive(data: unknown): void {
    const parsed = portReplySchema.safeParse(data);
    if (!parsed.success) {
      console.error('engine sent a message outside its contract', parsed.error.message);
      return;
    }
    const reply = parsed.data;
    const entry = this.#open.get(reply.id);
    if (!entry) return;
    try {
      if (entry.kind === 'call') this.#settleCall(entry, reply);
      else this.#feedJob(entry, reply);
    } catch (error) {
      this.#open.delete(reply.id);
      const failure = error instanceof Error ? error : new Error(String(error));
      if (entry.kind === 'call') entry.reject(failure);
      else entry.queue.fail(failure);
    }
  }

  #settleCall(entry: Call, reply: PortReply): void {
    this.#open.delete(reply.id);
    if (reply.kind === 'result') entry.resolve(entry.parse(reply.result));
    else if (reply.kind === 'error') entry.reject(fromWireError(reply.error));
    else entry.reject(new Error(`engine answered a call with ${reply.kind}`));
  }

  #feedJob(entry: Running, reply: PortReply): void {
    switch (reply.kind) {
      case 'events':
        entry.queue.push(reply.events.map(entry.parse));
        return;
      case 'end':
        this.#open.delete(reply.id);
        entry.queue.end();
        return;
      case 'error':
        this.#open.delete(reply.id);
        entry.queue.fail(fromWireError(reply.error));
        return;
      case 'result':
        throw new Error('engine answered a job with a result');
    }
  }
}
