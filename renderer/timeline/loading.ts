/** What the picture and waveform sources share. */
import type { Subscribe } from './types.ts';

export interface Emitter {
  emit(): void;
  readonly subscribe: Subscribe;
}

export function createEmitter(): Emitter {
  const listeners = new Set<() => void>();
  return {
    emit: () => listeners.forEach((listener) => listener()),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Null in, null out; a picture that does not decode is null too, as the strip then keeps its placeholder. */
export async function decodeJpeg(jpeg: Uint8Array | null): Promise<ImageBitmap | null> {
  if (!jpeg) return null;
  try {
    return await createImageBitmap(new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }));
  } catch {
    return null;
  }
}
