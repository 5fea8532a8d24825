/**
 * One ONNX Runtime session on its own thread: `InferenceSession.run()` blocks the thread that calls it. Runs as a
 * worker thread, or as a child process while a provider is on trial (a driver's crash then ends only that process).
 */
import { parentPort } from 'node:worker_threads';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { createSession, loadRuntime, type Runtime } from './ort.ts';
import { buffersOf, type FromWorker, type ToWorker } from './protocol.ts';
import type { Tensor } from './types.ts';

let runtime: Runtime | null = null;
let session: InferenceSession | null = null;
let closed = false;
let queue: Promise<void> = Promise.resolve();

function reply(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  if (parentPort) parentPort.postMessage(message, transfer);
  else process.send?.(message);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function load(message: Extract<ToWorker, { kind: 'load' }>): Promise<void> {
  runtime = await loadRuntime(message.runtime);
  session = await createSession(runtime, message);
  reply({ kind: 'loaded' });
}

function toPlain(tensor: OrtTensor): Tensor {
  const { type, data } = tensor;
  if (type === 'float32' && data instanceof Float32Array) return { type, dims: [...tensor.dims], data: owned(data) };
  if (type === 'uint8' && data instanceof Uint8Array) return { type, dims: [...tensor.dims], data: owned(data) };
  if (type === 'int64' && data instanceof BigInt64Array) return { type, dims: [...tensor.dims], data: owned(data) };
  throw new Error(`an output is of type ${type}, which no model of the manifest has`);
}

/** A view of its whole buffer, so that the buffer can be handed over. */
function owned<T extends Uint8Array | Float32Array | BigInt64Array>(data: T): T {
  return data.byteLength === data.buffer.byteLength ? data : (data.slice() as T);
}

async function run(message: Extract<ToWorker, { kind: 'run' }>): Promise<void> {
  if (!runtime || !session) throw new Error('run before load');
  const feeds: Record<string, OrtTensor> = {};
  for (const [name, { type, data, dims }] of Object.entries(message.inputs)) feeds[name] = new runtime.Tensor(type, data, dims);
  const began = performance.now();
  const results = await session.run(feeds);
  const milliseconds = performance.now() - began;
  const outputs: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(results)) outputs[name] = toPlain(tensor as OrtTensor);
  reply({ kind: 'result', id: message.id, outputs, milliseconds }, buffersOf(outputs));
}

async function close(): Promise<void> {
  await session?.release();
  if (parentPort) parentPort.close();
  else process.disconnect();
}

function receive(message: ToWorker): void {
  // Runs that still wait are dropped: their callers were told already.
  if (message.kind === 'close') closed = true;
  queue = queue.then(async () => {
    try {
      switch (message.kind) {
        case 'load':
          return await load(message);
        case 'run':
          return closed ? undefined : await run(message);
        case 'close':
          return await close();
      }
    } catch (error) {
      reply({ kind: 'failed', id: message.kind === 'run' ? message.id : null, reason: reasonOf(error) });
    }
  });
}

if (parentPort) parentPort.on('message', receive);
else process.on('message', (message) => receive(message as ToWorker));
