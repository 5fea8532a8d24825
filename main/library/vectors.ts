/** sqlite-vec in a database, and vectors as it takes them. */
import { getLoadablePath } from 'sqlite-vec';
import type { DatabaseSync } from '@photostructure/sqlite';

type Handle = InstanceType<typeof DatabaseSync>;

/** A file inside the packaged app's archive can't be loaded by the system; the same file lies beside it. */
const unpacked = (path: string): string => path.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2');

/**
 * Loads sqlite-vec and forbids loading again. Returns why it can't be used (no build for this system, not allowed to load), else null.
 */
export function loadVectors(handle: Handle): Error | null {
  try {
    handle.enableLoadExtension(true);
    try {
      handle.loadExtension(unpacked(getLoadablePath()));
    } finally {
      handle.enableLoadExtension(false);
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** One signed byte a value. The scale is the vector's own, because only angles are compared: error of a cosine below 0.01. */
export function toInt8(vector: Float32Array): Uint8Array {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = largest > 0 ? 127 / largest : 0;
  const out = new Int8Array(vector.length);
  for (let index = 0; index < vector.length; index += 1) out[index] = Math.round((vector[index] ?? 0) * scale);
  return new Uint8Array(out.buffer);
}
