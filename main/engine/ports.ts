/** One face for the two kinds of message port: Node's (tests, plain Node) and Electron's (utilityProcess). */
import type { MessagePort } from 'node:worker_threads';

/**
 * Messages are copied, not transferred: Electron's ports transfer only ports, and the largest answer is a few hundred kilobytes.
 */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** What Electron's MessagePortMain gives in a utilityProcess. */
export interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export function fromElectronPort(port: ElectronPort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}

export function fromNodePort(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}

/** A copy of a typed array or Buffer that owns its whole buffer: a view of a shared pool would be sent with the pool's other content. */
export function alone<T extends Uint8Array | Float32Array>(view: T): T extends Uint8Array ? Uint8Array : T;
export function alone(view: Uint8Array | Float32Array): Uint8Array | Float32Array {
  if (view instanceof Float32Array) return view.byteLength === view.buffer.byteLength ? view : Float32Array.from(view);
  if (view.byteLength === view.buffer.byteLength && !Buffer.isBuffer(view)) return view;
  return Uint8Array.from(view);
}
