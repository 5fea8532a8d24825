/** The engine's end of a port, for tests: records what was asked and answers what the test says. */
import type { PortReply, PortRequest } from '../../shared/ipc/engine.ts';
import type { EnginePort } from '../bridge/engine.ts';

export class EngineEnd {
  readonly requests: PortRequest[] = [];
  closed = false;
  /** Give this to `EngineClient.connect`. */
  readonly port: EnginePort;

  constructor() {
    this.port = {
      onmessage: null,
      postMessage: (message) => this.requests.push(structuredClone(message)),
      close: () => {
        this.closed = true;
      },
    };
  }

  reply(message: PortReply | Record<string, unknown>): void {
    this.port.onmessage?.({ data: structuredClone(message) } as MessageEvent);
  }

  /** Requests of one method or job, in order. */
  asked(name: string): Extract<PortRequest, { args?: unknown }>[] {
    return this.requests.filter((request) => (request.kind === 'call' && request.method === name) || (request.kind === 'start' && request.job === name)) as Extract<PortRequest, { args?: unknown }>[];
  }

  /** Answers the latest request of a method. */
  answer(method: string, result: unknown): void {
    const request = this.asked(method).at(-1);
    if (!request) throw new Error(`${method} was not asked`);
    this.reply({ kind: 'result', id: request.id, result });
  }
}

/** Lets everything that is due now happen. */
export const settle = (milliseconds = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
