/** What is known of ONNX Runtime and of this machine without loading anything native. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { z } from 'zod';
import type { Provider } from '../../shared/settings.ts';

/** Best first. The CPU is not a candidate: it is what the others are measured against. */
const CANDIDATES: Partial<Record<NodeJS.Platform, readonly Provider[]>> = {
  linux: ['cuda', 'webgpu'],
  win32: ['cuda', 'dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
};

/** The library that onnxruntime-node does not bring along: there when a person or a package put it beside the others. */
const CUDA_LIBRARY: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libonnxruntime_providers_cuda.so',
  win32: 'onnxruntime_providers_cuda.dll',
};

export interface RuntimeFacts {
  version: string;
  /** Folder of the native libraries for this platform. */
  libraries: string;
}

/** Version and folder of onnxruntime-node. Throws when it is not installed: nothing runs then. */
export function runtimeFacts(): RuntimeFacts {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const root = dirname(dirname(entry)).replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
  const folder = existsSync(root) ? realpathSync(root) : dirname(dirname(entry));
  const manifest = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  return { version: manifest.version, libraries: join(folder, 'bin', 'napi-v6', platform(), arch()) };
}

/** Providers worth a trial on this platform, best first. Those whose library is missing are left out. */
export function presentCandidates({ libraries }: RuntimeFacts, system = platform()): Provider[] {
  return (CANDIDATES[system] ?? []).filter((provider) => {
    if (provider !== 'cuda') return true;
    const library = CUDA_LIBRARY[system];
    return library !== undefined && existsSync(join(libraries, library));
  });
}

/** Name of the processor; part of what measured speeds are kept under. */
export function processorName(): string {
  return cpus()[0]?.model.trim() ?? arch();
}

/** This machine as far as speed goes. */
export function machineName(): string {
  return `${platform()}-${arch()}-${processorName()}-${availableParallelism()}`;
}
