/**
 * One ONNX Runtime session on its own thread: `InferenceSession.run()` blocks the thread that calls it. Runs as a
 * worker thread, or as a child process while a provider is on trial (a driver's crash then ends only that process).
 */
import { parentPort } from 'node:worker_threads';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { buffersOf, type FromWorker, type ToWorker } from './protocol.ts';
import type { Tensor } from './types.ts';

type Runtime = Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor'>;

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
  const module = (await import(message.runtime ?? 'onnxruntime-node')) as Runtime & { default?: Runtime };
  runtime = module.default ?? module;
  session = await runtime.InferenceSession.create(message.path, {
    executionProviders: [message.provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: message.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Planned memory took 110 MB more for each TransNetV2 session and was no faster; DirectML refuses it anyway.
    enableMemPattern: false,
    // Failures arrive as exceptions; the runtime's own stderr lines would land in the middle of the command line's.
    logSeverityLevel: 4,
    // Waiting threads otherwise spin and take the cores from ffmpeg and from the other sessions: TransNetV2 and EfficientNet
    // in turn on two busy cores took 3.0 s of processor time with spinning and 1.75 s without, and twice the wall time.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
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
