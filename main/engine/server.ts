/**
 * Serves one window over its port. The window is not trusted: every message is parsed, media must have been opened for it, and
 * outputs are named by grants only. Whatever arrives is answered or logged; nothing that arrives ends the process.
 */
import { z } from 'zod';
import { ExpectedError, toWireError, type WireError } from '../../shared/errors.ts';
import {
  ENGINE_JOBS,
  ENGINE_METHODS,
  portRequestSchema,
  type EngineArgs,
  type EngineJob,
  type EngineMethod,
  type EngineResult,
  type JobEvent,
  type PortReply,
  type PortRequest,
} from '../../shared/ipc/engine.ts';
import type { CaptionTrack } from '../../shared/captions/types.ts';
import type { MediaId } from '../../shared/media.ts';
import type { ClipEffect } from '../../shared/style/types.ts';
import { sendBatched } from './batch.ts';
import type { Grants, Target } from './grants.ts';
import type { Logger } from './log.ts';
import { alone, type Port } from './ports.ts';

type JobInput<J extends EngineJob> = z.output<(typeof ENGINE_JOBS)[J]['args']>;
/** A grant has become the place it stands for. */
export type Granted<A> = A extends { grant: string } ? Omit<A, 'grant'> & { target: Target } : A;

/** What the engine offers a window, by the contract's names. */
export type EngineMethods = { [M in EngineMethod]: (args: Granted<EngineArgs<M>>) => Promise<EngineResult<M>> };
export type EngineJobs = { [J in EngineJob]: (args: Granted<JobInput<J>>, signal: AbortSignal) => AsyncIterable<JobEvent<J>> };
export interface EngineFace {
  methods: EngineMethods;
  jobs: EngineJobs;
}

export interface ServerOptions {
  grants: Grants;
  logger: Logger;
  /** A file was written for the window: the app may reveal it. */
  onWritten?: (path: string) => void;
}

/** More at once than any window of ours starts: a runaway page is told so instead of filling the memory. */
const MOST_JOBS = 200;
const MOST_CALLS = 1000;

const idSchema = z.object({ id: z.number().int() });

type CallRequest = Extract<PortRequest, { kind: 'call' }>;
type StartRequest = Extract<PortRequest, { kind: 'start' }>;

export class PortServer {
  readonly #port: Port;
  readonly #engine: EngineFace;
  readonly #options: ServerOptions;
  readonly #jobs = new Map<number, AbortController>();
  #calls = 0;
  #closed = false;

  constructor(port: Port, engine: EngineFace, options: ServerOptions) {
    this.#port = port;
    this.#engine = engine;
    this.#options = options;
    port.onClose(() => this.#stop());
    port.onMessage((message) => void this.#receive(message));
  }

  /** Cancels the window's jobs and closes the port. */
  close(): void {
    this.#stop();
    this.#port.close();
  }

  #stop(): void {
    this.#closed = true;
    for (const controller of this.#jobs.values()) controller.abort();
  }

  async #receive(message: unknown): Promise<void> {
    const parsed = portRequestSchema.safeParse(message);
    if (!parsed.success) {
      this.#options.logger.warn({ issues: parsed.error.issues.slice(0, 3) }, 'malformed message from a window');
      const { data } = idSchema.safeParse(message);
      if (data) this.#reply({ kind: 'error', id: data.id, error: toWireError(new ExpectedError('bad_request')) });
      return;
    }
    const request = parsed.data;
    switch (request.kind) {
      case 'call':
        return this.#call(request);
      case 'start':
        return this.#start(request);
      case 'cancel':
        this.#jobs.get(request.id)?.abort();
    }
  }

  async #call(request: CallRequest): Promise<void> {
    this.#calls += 1;
    try {
      if (this.#calls > MOST_CALLS) throw new ExpectedError('bad_request');
      const args = this.#admit(request.method, ENGINE_METHODS[request.method].args, request.args);
      const method = this.#engine.methods[request.method] as (args: unknown) => Promise<unknown>;
      this.#reply({ kind: 'result', id: request.id, result: clean(await method(args)) });
    } catch (error) {
      this.#reply({ kind: 'error', id: request.id, error: this.#wire(error, request.method) });
    } finally {
      this.#calls -= 1;
    }
  }

  async #start(request: StartRequest): Promise<void> {
    const { id } = request;
    const controller = new AbortController();
    const isNew = !this.#jobs.has(id);
    try {
      if (!isNew || this.#jobs.size >= MOST_JOBS) throw new ExpectedError('bad_request');
      const args = this.#admit(request.job, ENGINE_JOBS[request.job].args, request.args);
      this.#jobs.set(id, controller);
      const job = this.#engine.jobs[request.job] as (args: unknown, signal: AbortSignal) => AsyncIterable<JobEvent<EngineJob>>;
      await sendBatched(job(args, controller.signal), (events) => this.#sendEvents(id, events), controller.signal);
      this.#reply({ kind: 'end', id });
    } catch (error) {
      this.#reply({ kind: 'error', id, error: this.#wire(error, request.job) });
    } finally {
      if (isNew) this.#jobs.delete(id);
    }
  }

  #sendEvents(id: number, events: JobEvent<EngineJob>[]): void {
    for (const event of events) if (event.type === 'file') this.#options.onWritten?.(event.path);
    this.#reply({ kind: 'events', id, events });
  }

  /** Parses arguments, checks the media they name and takes the grant. Throws 'bad_request' or 'not_granted'. */
  #admit(name: string, schema: z.ZodType, raw: unknown): unknown {
    const parsed = schema.safeParse(raw);
    if (!parsed.success) {
      this.#options.logger.warn({ name, issues: parsed.error.issues.slice(0, 3) }, 'malformed arguments from a window');
      throw new ExpectedError('bad_request');
    }
    const args = parsed.data as Record<string, unknown>;
    for (const id of mediaIn(args)) this.#options.grants.requireMedia(id);
    // "Everything" is everything that was opened for this window.
    if (name === 'searchTags' && args.media === null) return { ...args, media: this.#options.grants.media };
    if (typeof args.grant !== 'string') return args;
    const { grant, ...rest } = args;
    return { ...rest, target: this.#options.grants.takeTarget(grant) };
  }

  /** A bug goes to the log with its stack; the window is told only that there was one. */
  #wire(error: unknown, name: string): WireError {
    const wire = toWireError(error);
    if (wire.kind !== 'bug') return wire;
    this.#options.logger.error({ err: error }, `${name} failed`);
    return { kind: 'bug', detail: `${name}: ${error instanceof Error ? error.message : 'unknown'}` };
  }

  #reply(reply: PortReply): void {
    if (this.#closed) return;
    try {
      this.#port.post(reply);
    } catch (error) {
      this.#options.logger.error({ err: error }, 'a reply could not be sent');
    }
  }
}

/** Ids of media that the arguments of any method or job name. Clips of a project are checked when they are exported. */
function mediaIn(args: Record<string, unknown>): MediaId[] {
  const ids: MediaId[] = [];
  if (typeof args.media === 'string') ids.push(args.media);
  if (Array.isArray(args.media)) ids.push(...(args.media as MediaId[]));
  if (isTrack(args.track)) ids.push(args.track.media);
  const placed = [...(Array.isArray(args.ranges) ? (args.ranges as Placed[]) : []), ...(isPlaced(args.request) ? [args.request] : []), ...(isPlaced(args) ? [args] : [])];
  for (const { media, effect } of placed) ids.push(media, ...(effect?.background?.mode === 'media' ? [effect.background.media] : []));
  return ids;
}

/** A range of a media, perhaps with another behind its people. */
type Placed = { media: MediaId; effect?: ClipEffect };

function isPlaced(value: unknown): value is Placed {
  return typeof value === 'object' && value !== null && 'effect' in value && 'media' in value;
}

function isTrack(value: unknown): value is CaptionTrack {
  return typeof value === 'object' && value !== null && 'cues' in value && 'media' in value;
}

/** Pictures and samples without the rest of a shared buffer behind them. */
function clean(result: unknown): unknown {
  if (result instanceof Uint8Array || result instanceof Float32Array) return alone(result);
  if (Array.isArray(result) && result.some((item) => item instanceof Uint8Array)) {
    return result.map((item: unknown) => (item instanceof Uint8Array ? alone(item) : item));
  }
  if (typeof result === 'object' && result !== null && 'samples' in result && result.samples instanceof Float32Array) {
    return { ...result, samples: alone(result.samples) };
  }
  return result;
}
