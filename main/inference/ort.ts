/** ONNX Runtime as every worker of ours loads it. */
import type { InferenceSession } from 'onnxruntime-node';
import type { Provider } from '../../shared/settings.ts';

export type Runtime = Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor'>;

/** `module`: what to load in place of onnxruntime-node (tests). */
export async function loadRuntime(module: string | null): Promise<Runtime> {
  const loaded = (await import(module ?? 'onnxruntime-node')) as Runtime & { default?: Runtime };
  return loaded.default ?? loaded;
}

export interface GraphOptions {
  path: string;
  provider: Provider;
  threads: number;
  /** False: what a run took is given back after it, for graphs that take much and run seldom. Default true. */
  keepsMemory?: boolean;
}

export function createSession(runtime: Runtime, { path, provider, threads, keepsMemory = true }: GraphOptions): Promise<InferenceSession> {
  return runtime.InferenceSession.create(path, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Planned memory took 110 MB more for each TransNetV2 session and was no faster; DirectML refuses it anyway.
    enableMemPattern: false,
    enableCpuMemArena: keepsMemory,
    // Failures arrive as exceptions; the runtime's own stderr lines would land in the middle of the command line's.
    logSeverityLevel: 4,
    // Waiting threads otherwise spin and take the cores from ffmpeg and from the other sessions: TransNetV2 and EfficientNet
    // in turn on two busy cores took 3.0 s of processor time with spinning and 1.75 s without, and twice the wall time.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}
